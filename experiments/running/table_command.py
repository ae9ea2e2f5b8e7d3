"""The command behind a reference table: its options, and what is refused before any run."""

from __future__ import annotations

import functools
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, ParamSpec

import pandas as pd

from ...engine.errors import InputError, TransferError
from ..keeping.atomic_files import make_folder
from ..keeping.store import Store
from ..planning import door_to_model
from ..planning.checks import check_province, check_provinces
from ..planning.options import FuturesOptions
from ..planning.runs import Failed

DEFAULT_FOLDER: Final = Path("results") / "reference"

Asked = ParamSpec("Asked")


def errors_in_one_line(command: Callable[Asked, int]) -> Callable[Asked, int]:
    """Have a command tell its errors on standard error: exit code 2 if input is refused, 1 if it failed."""

    @functools.wraps(command)
    def told(*arguments: Asked.args, **named: Asked.kwargs) -> int:
        try:
            return command(*arguments, **named)
        except TransferError as error:
            print(error, file=sys.stderr)
            return 2 if isinstance(error, InputError) else 1

    return told


def add_options(parser: ArgumentParser, scale: float = 0.1) -> None:
    """Add the options of every command that runs the model for a table."""
    parser.add_argument("--scale", type=float, default=scale)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the table")


@errors_in_one_line
def run_table(
    write: Callable[[Namespace], int],
    module: str,
    document: str | None,
    *,
    runs: int,
    scale: float = 0.1,
    several: bool = False,
    arguments: Sequence[str] | None = None,
) -> int:
    """Read the options of a table, refuse what cannot be run, and have the table written.

    ``write`` makes and writes it from province, runs, scale, seed, workers and out, and gives the exit code;
    1 if it failed, 2 if the input is refused. ``module`` inside the package and ``document`` are for the
    help, ``runs`` and ``scale`` are the defaults. ``several``: the table is of ``provinces``, a list, all of
    them if none is named. Arguments are those of the command line if absent.
    """
    parser = ArgumentParser(prog=f"python -m shaanxi_transfer.{module}", description=document)
    if several:
        parser.add_argument("--provinces", default="", help="names separated by commas; all by default")
    else:
        parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--runs", type=int, default=runs, help="number of futures")
    add_options(parser, scale)
    given = parser.parse_args(arguments)
    FuturesOptions.from_words(vars(given))
    known = door_to_model.provinces()
    if several:
        given.provinces = check_provinces(given.provinces, known) or known
    else:
        given.province = check_province(given.province, known)
    make_folder(given.out)
    return write(given)


def numbers_of(given: Namespace) -> dict[str, Any]:
    """Give runs, scale, seed and workers, by which a table is made."""
    return {name: getattr(given, name) for name in ("runs", "scale", "seed", "workers")}


def keep_table(given: Namespace, name: str, table: pd.DataFrame) -> Path:
    """Write a table into the folder that was asked for; give the file."""
    Store(given.out).write_csv(f"{name}.csv", table)
    return Path(given.out / f"{name}.csv")


def report_failures(failures: Sequence[Failed]) -> int:
    """Name the runs that failed on standard error; give the exit code, 1 if there are any."""
    for failed in failures:
        print(f"{failed.run.run_id}: {failed.kind}: {failed.message}", file=sys.stderr)
    return 1 if failures else 0
