"""The command behind a reference table: its options, and what is refused before any run."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError, TransferError
from ..keeping.atomic_files import make_folder
from ..keeping.store import Store
from ..planning import door_to_model
from ..planning.checks import check_numbers, check_province, check_provinces
from ..planning.runs import Failed

DEFAULT_FOLDER: Final = Path("results") / "reference"


def run_table(
    write: Callable[[Namespace], int],
    module: str,
    document: str | None,
    *,
    runs: int,
    several: bool = False,
    arguments: Sequence[str] | None = None,
) -> int:
    """Read the options of a table, refuse what cannot be run, and have the table written.

    ``write`` makes and writes it from province, runs, scale, seed, workers and out, and gives the exit code;
    1 if it failed, 2 if the input is refused. ``module`` inside the package and ``document`` are for the
    help, ``runs`` is the default. ``several``: the table is of ``provinces``, a list, all of them if none is
    named. Arguments are those of the command line if absent.
    """
    parser = ArgumentParser(prog=f"python -m shaanxi_transfer.{module}", description=document)
    if several:
        parser.add_argument("--provinces", default="", help="names separated by commas; all by default")
    else:
        parser.add_argument("--province", default="shaanxi")
    parser.add_argument("--runs", type=int, default=runs, help="number of futures")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder of the table")
    given = parser.parse_args(arguments)
    try:
        check_numbers(runs=given.runs, scale=given.scale, seed=given.seed, workers=given.workers)
        known = door_to_model.provinces()
        if several:
            given.provinces = check_provinces(given.provinces, known) or known
        else:
            given.province = check_province(given.province, known)
        make_folder(given.out)
        return write(given)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except TransferError as error:
        print(error, file=sys.stderr)
        return 1


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
