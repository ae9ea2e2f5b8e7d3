"""Break rules by lot and see whether a test by hand notices: ``make mutants``.

Each mutant is one small change of a rule file in a copy of the package, under which the
tests `test_*_by_hand.py` run uncompiled until the first that fails; those that mention
the file come first. Why no library does this: decision 0001.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

REPOSITORY: Final = Path(__file__).resolve().parents[2]
RULES: Final = (
    "agents",
    "model/markets",
    "model/quarter",
    "model/state/registry.py",
    "model/state/accounts.py",
)
NO_RULES: Final = ("view.py", "capacity_start.py")
SECONDS: Final = 120
"""A test that takes longer under a mutant does not end."""

OTHER: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
"""Comparison or operation that takes another's place."""


class Mutant(NamedTuple):
    """A change of a file: what stands between two bytes, and what shall stand there."""

    file: Path
    line: int
    span: tuple[int, int]
    before: str
    after: str

    def applied(self, raw: bytes) -> bytes:
        """Give the file's bytes with the change."""
        return raw[: self.span[0]] + self.after.encode() + raw[self.span[1] :]


def changes(node: ast.AST, sectors: frozenset[str]) -> Iterator[str]:
    """Write what may stand in a node's place; brackets keep what surrounds it as it is."""
    text = ast.unparse
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OTHER:
            yield f"({text(left)} {text_of(op)} {text(right)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OTHER:
            yield f"(({text(left)}) {text_of(op)} ({text(right)}))"
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in OTHER:
            yield f"{text(target)} {text_of(op)}= {text(value)}"
        case ast.BoolOp(op=op, values=values):
            for k in range(len(values)):
                rest = values[:k] + values[k + 1 :]
                yield f"({text(ast.BoolOp(op, rest)) if rest[1:] else text(rest[0])})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"({text(operand)})"
        case ast.Constant(value=bool(flag)):
            yield str(not flag)
        case ast.Constant(value=float(number)):
            yield repr(number * 1.1 or 0.1)
        case ast.Constant(value=int(number)):
            yield repr(number + max(1, round(number / 10)))
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=args):
            yield f"{'max' if name == 'min' else 'min'}({', '.join(map(text, args))})"
        case ast.Call(func=func, args=args, keywords=[]):
            plain = [isinstance(arg, ast.Name | ast.Attribute) for arg in args]
            for k in range(len(args) - 1):
                if plain[k] and plain[k + 1]:
                    swapped = [*args[:k], args[k + 1], args[k], *args[k + 2 :]]
                    yield f"{text(func)}({', '.join(map(text, swapped))})"
        case ast.Name(id=name, ctx=ast.Load()) if name in sectors:
            yield from sorted(sectors - {name})


def text_of(op: ast.AST) -> str:
    """Write the sign that takes another's place."""
    other = OTHER[type(op)]()
    one = ast.Name("x")
    whole = ast.Compare(one, [other], [one]) if isinstance(other, ast.cmpop) else ast.BinOp(one, other, one)  # type: ignore[arg-type]
    return ast.unparse(whole).strip("x ")


def mutants_of(file: Path) -> Iterator[Mutant]:
    """List the mutants of a rule file: in the bodies of its functions, and in its constants."""
    raw = file.read_bytes()
    starts = [0]
    for row in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))
    body = ast.parse(raw).body
    named = [each for each in body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)]
    sectors = frozenset(ast.unparse(each.target) for each in named if ast.unparse(each).find("= SECTOR[") > 0)
    roots: list[ast.AST] = [each.value for each in named if isinstance(each.value, ast.Constant)]
    roots += [part for each in body if isinstance(each, ast.FunctionDef) for part in each.body]
    for node in (
        node for root in roots for node in ast.walk(root) if isinstance(node, ast.expr | ast.AugAssign)
    ):
        span = tuple(
            starts[at[0] - 1] + at[1]
            for at in ((node.lineno, node.col_offset), (node.end_lineno or 1, node.end_col_offset or 0))
        )
        for after in changes(node, sectors):
            yield Mutant(file, node.lineno, (span[0], span[1]), ast.unparse(node), after)


def is_killed(mutant: Mutant, package: Path) -> bool:
    """Say whether a test fails, or does not end, under a mutant."""
    file = package / mutant.file.relative_to(REPOSITORY)
    raw = file.read_bytes()
    tests = sorted(
        (REPOSITORY / "tests").rglob("test_*_by_hand.py"),
        key=lambda test: (mutant.file.stem not in test.read_text(encoding="utf-8"), test.name),
    )
    surroundings = {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": str(package.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "pytest", "-xqn0", "-p", "no:cacheprovider", *map(str, tests)]
    file.write_bytes(mutant.applied(raw))
    try:
        done = subprocess.run(
            command, cwd=REPOSITORY, env=os.environ | surroundings, capture_output=True, timeout=SECONDS, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_bytes(raw)
    return done.returncode != 0


def main() -> None:
    """Draw mutants, try each, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "results/mutants.md")
    asked = parser.parse_args()
    places = [REPOSITORY / place for place in RULES]
    files = [file for place in places for file in (sorted(place.glob("*.py")) if place.is_dir() else [place])]
    every = [mutant for file in files if file.name not in NO_RULES for mutant in mutants_of(file)]
    table = ["| place | before | after | fate |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "shaanxi_transfer"
        package.mkdir()
        for entry in REPOSITORY.iterdir():
            if entry.name in ("agents", "model"):
                shutil.copytree(entry, package / entry.name)
            elif not entry.name.startswith("."):
                (package / entry.name).symlink_to(entry)
        for mutant in random.Random(asked.seed).sample(every, asked.number):
            fate = "killed" if is_killed(mutant, package) else "**survived**"
            place = f"{mutant.file.relative_to(REPOSITORY).as_posix()}:{mutant.line}"
            table.append(f"| {place} | `{mutant.before}` | `{mutant.after}` | {fate} |")
            print(table[-1], flush=True)
    killed = sum(row.endswith(" killed |") for row in table)
    head = f"{killed} of {asked.number} killed, drawn by lot with seed {asked.seed} out of {len(every)}."
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text("\n".join([head, "", *table]) + "\n", encoding="utf-8")
    print(head)


if __name__ == "__main__":
    main()
