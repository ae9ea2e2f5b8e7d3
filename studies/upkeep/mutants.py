"""Break rules by lot and see whether a test by hand notices: ``make mutants``.

Each mutant is one small change of a rule file in a copy of the package, under which the
tests `test_*_by_hand.py` run uncompiled until the first that fails. Those that mention
the file run first. Why no library does this: decision 0001.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parents[2]
RULES: Final = (
    "agents/*.py", "model/markets/*.py", "model/quarter/*.py", "model/state/registry.py", "model/state/accounts.py",
)  # fmt: skip
NO_RULES: Final = ("view.py", "capacity_start.py")
SECONDS: Final = 120

_TURNED: Final = {
    ast.Lt: (ast.GtE, ast.LtE), ast.LtE: (ast.Gt, ast.Lt), ast.Gt: (ast.LtE, ast.GtE), ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,), ast.Pow: (ast.Mult,),
}  # fmt: skip
"""What takes the place of a comparison (turned, and moved by its boundary) or of an operation."""


@dataclass(frozen=True)
class Mutant:
    """One change of a file: the text between two places, and what stands there instead."""

    file: Path
    line: int
    span: tuple[int, int]
    before: str
    after: str

    def applied(self, text: str) -> str:
        """Give the file's text with the change."""
        raw = text.encode()
        return (raw[: self.span[0]] + self.after.encode() + raw[self.span[1] :]).decode()


def _changes(node: ast.AST, sectors: frozenset[str]) -> Iterator[str]:
    """Write what may stand in a node's place."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for other in _TURNED.get(type(op), ()):
                yield ast.unparse(ast.Compare(left, [other()], [right]))
        case ast.BinOp(left=left, op=op, right=right):
            for other in _TURNED.get(type(op), ()):
                yield f"({ast.unparse(ast.BinOp(left, other(), right))})"
        case ast.AugAssign(target=target, op=op, value=value):
            for other in _TURNED.get(type(op), ()):
                yield ast.unparse(ast.AugAssign(target, other(), value))
        case ast.BoolOp(op=op, values=values):
            for k in range(len(values)):
                rest = values[:k] + values[k + 1 :]
                yield f"({ast.unparse(ast.BoolOp(op, rest) if len(rest) > 1 else rest[0])})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"({ast.unparse(operand)})"
        case ast.Constant(value=bool()):
            yield str(not node.value)
        case ast.Constant(value=float(number)):
            yield repr(number * 1.1 or 0.1)
        case ast.Constant(value=int(number)):
            yield repr(number + max(1, round(number / 10)))
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=args):
            yield f"{'max' if name == 'min' else 'min'}({', '.join(map(ast.unparse, args))})"
        case ast.Call(func=func, args=args, keywords=[]):
            plain = [k for k, arg in enumerate(args) if isinstance(arg, (ast.Name, ast.Attribute))]
            for k in plain:
                if k + 1 in plain:
                    swapped = [*args[:k], args[k + 1], args[k], *args[k + 2 :]]
                    yield f"{ast.unparse(func)}({', '.join(map(ast.unparse, swapped))})"
        case ast.Name(id=name, ctx=ast.Load()) if name in sectors:
            yield from sorted(sectors - {name})


def mutants_of(file: Path) -> Iterator[Mutant]:
    """List every mutant of a rule file: in the bodies of its functions, and in its constants."""
    text = file.read_text(encoding="utf-8")
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(text)
    sectors = frozenset(
        statement.target.id for statement in tree.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        and "SECTOR[" in ast.unparse(statement) and statement.target.id != "DESTINATION_SECTORS"
    )  # fmt: skip
    roots: list[ast.AST] = []
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef):
            roots += part.body
    roots += [
        each.value
        for each in tree.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.value, ast.Constant)
    ]
    seen = set()
    for root in roots:
        if isinstance(root, ast.Raise | ast.FunctionDef):
            continue
        for node in ast.walk(root):
            if not isinstance(node, ast.expr | ast.AugAssign):
                continue
            assert node.end_lineno is not None and node.end_col_offset is not None
            span = (
                starts[node.lineno - 1] + node.col_offset,
                starts[node.end_lineno - 1] + node.end_col_offset,
            )
            for after in _changes(node, sectors):
                if (span, after) not in seen and after != ast.unparse(node):
                    seen.add((span, after))
                    yield Mutant(file, node.lineno, span, ast.unparse(node), after)


def copy_of_package(folder: Path) -> Path:
    """Lay the package under its name in a folder: rules copied, all else linked."""
    package = folder / "shaanxi_transfer"
    package.mkdir()
    for entry in REPOSITORY.iterdir():
        if entry.name in ("agents", "model"):
            shutil.copytree(entry, package / entry.name)
        elif entry.name[0] != ".":
            (package / entry.name).symlink_to(entry)
    return package


def is_killed(mutant: Mutant, package: Path) -> bool:
    """Say whether a test fails, or does not end, under a mutant."""
    file = package / mutant.file.relative_to(REPOSITORY)
    text = file.read_text(encoding="utf-8")
    tests = [*(REPOSITORY / "tests").rglob("test_*_by_hand.py")]
    tests.sort(key=lambda test: (mutant.file.stem not in test.read_text(encoding="utf-8"), test.name))
    surroundings = {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": str(package.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        *map(str, tests),
    ]
    file.write_text(mutant.applied(text), encoding="utf-8")
    try:
        done = subprocess.run(
            command, cwd=REPOSITORY, env={**os.environ, **surroundings}, capture_output=True, timeout=SECONDS, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(text, encoding="utf-8")
    return done.returncode != 0


def main() -> None:
    """Draw mutants, try each, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results/mutants.md"))
    asked = parser.parse_args()
    files = sorted(
        file for pattern in RULES for file in REPOSITORY.glob(pattern) if file.name not in NO_RULES
    )
    every = [mutant for file in files for mutant in mutants_of(file)]
    drawn = random.Random(asked.seed).sample(every, asked.number)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        package = copy_of_package(Path(folder))
        for k, mutant in enumerate(drawn):
            fate = "killed" if is_killed(mutant, package) else "**survived**"
            place = f"{mutant.file.relative_to(REPOSITORY).as_posix()}:{mutant.line}"
            rows.append(f"| {k + 1} | {place} | `{mutant.before}` | `{mutant.after}` | {fate} |")
            print(rows[-1], flush=True)
    killed = sum("| killed |" in row for row in rows)
    head = f"Seed {asked.seed}: of {len(every)} mutants of {len(files)} rule files {asked.number} by lot, {killed} killed."
    lines = [head, "", "| | place | before | after | fate |", "|---|---|---|---|---|", *rows]
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(head)


if __name__ == "__main__":
    main()
