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
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

REPOSITORY: Final = Path(__file__).resolve().parents[2]
RULES: Final = ("agents/*.py", "model/markets/*.py", "model/quarter/*.py", "model/state/[ar]*.py")
NO_RULES: Final = ("view.py", "capacity_start.py", "administration.py")
OTHER: Final[dict[type[ast.AST], str]] = {
    ast.Lt: ">=", ast.GtE: "<", ast.Gt: "<=", ast.LtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Pow: "*",
}  # fmt: skip
"""Sign that takes the place of a comparison or operation."""


class Mutant(NamedTuple):
    """A change of a file: what stands between two bytes, and what shall stand there."""

    file: Path
    line: int
    start: int
    end: int
    before: str
    after: str


def changes(node: ast.AST, sectors: frozenset[str]) -> Iterator[str]:
    """Write what may stand in a node's place; brackets keep what surrounds it as it is."""
    text = ast.unparse
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OTHER:
            yield f"({text(left)} {OTHER[type(op)]} {text(right)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OTHER:
            yield f"(({text(left)}) {OTHER[type(op)]} ({text(right)}))"
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in OTHER:
            yield f"{text(target)} {OTHER[type(op)]}= {text(value)}"
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


def mutants_of(file: Path) -> Iterator[Mutant]:
    """List the mutants of a rule file: in the bodies of its functions, and in its constants."""
    raw = file.read_bytes()
    starts = [0]
    for row in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))
    body = ast.parse(raw).body
    named = [each for each in body if isinstance(each, ast.AnnAssign)]
    sectors = frozenset(ast.unparse(each.target) for each in named if "= SECTOR[" in ast.unparse(each))
    roots: list[Any] = [each.value for each in named if isinstance(each.value, ast.Constant)]
    roots += [part for each in body if isinstance(each, ast.FunctionDef) for part in each.body]
    nodes: list[Any] = [node for root in roots for node in ast.walk(root)]
    for node in nodes:
        for after in changes(node, sectors):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            yield Mutant(file, node.lineno, start, end, ast.unparse(node), after)


def fate(mutant: Mutant, package: Path, seconds: float) -> str:
    """Run the tests under a mutant of the copy, and say what became of it."""
    file = package / mutant.file.relative_to(REPOSITORY)
    raw = file.read_bytes()
    tests = [*REPOSITORY.glob("tests/**/test_*_by_hand.py")]
    tests.sort(key=lambda test: (mutant.file.stem not in test.read_text(encoding="utf-8"), test.name))
    plain = {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *options, *map(str, tests)]
    file.write_bytes(raw[: mutant.start] + mutant.after.encode() + raw[mutant.end :])
    try:
        done = subprocess.run(command, env=os.environ | plain, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return "does not end"
    finally:
        file.write_bytes(raw)
    return "killed" if done.returncode else "**survived**"


def main() -> None:
    """Draw mutants, try each, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "results/mutants.md")
    asked = parser.parse_args()
    files = [file for part in RULES for file in sorted(REPOSITORY.glob(part)) if file.name not in NO_RULES]
    every = [mutant for file in files for mutant in mutants_of(file)]
    table = ["| place | before | after | fate |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "shaanxi_transfer"
        package.mkdir()
        for entry in REPOSITORY.iterdir():
            if entry.name in ("agents", "model"):
                shutil.copytree(entry, package / entry.name)
            elif not entry.name.startswith("."):
                (package / entry.name).symlink_to(entry)
        begun = time.monotonic()
        if fate(Mutant(files[0], 1, 0, 0, "", ""), package, 600.0) != "**survived**":
            sys.exit("the tests fail without any mutant: mend them first")
        seconds = 10.0 * (time.monotonic() - begun)
        for each in random.Random(asked.seed).sample(every, asked.number):
            cells = f"{each.file.relative_to(REPOSITORY)}:{each.line} | `{each.before}` | `{each.after}`"
            print(cells := f"| {cells} | {fate(each, package, seconds)} |", flush=True)
            table.append(cells)
    noticed = asked.number - sum("**survived**" in row for row in table)
    head = f"{noticed} of {asked.number} noticed; drawn with seed {asked.seed} of {len(every)}."
    asked.out.write_text("\n".join([head, "", *table, ""]), encoding="utf-8")
    print(head)


if __name__ == "__main__":
    main()
