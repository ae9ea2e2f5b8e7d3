"""The command behind a reference table: its options, and what is refused before any run."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ...engine.errors import InputError, TransferError
from ..keeping.atomic_files import make_folder
from ..planning import door_to_model
from ..planning.checks import check_province, check_provinces
from ..planning.options import FuturesOptions
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

    Parameters
    ----------
    write : callable
        Makes and writes the table from province, runs, scale, seed, workers and out; gives the
        exit code.
    module : str
        Name of the module inside the package, for the help.
    document : str or None
        What the help says.
    runs : int
        Futures if nothing else is asked.
    several : bool
        Whether the table is of ``provinces``, a list, all of them if none is named.
    arguments : sequence of str, optional
        Those of the command line if absent.

    Returns
    -------
    int
        What ``write`` gave; 1 if it failed, 2 if the input is refused.
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
        FuturesOptions.from_words(vars(given))
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


def report_failures(failures: Sequence[Failed]) -> int:
    """Name the runs that failed on standard error; give the exit code, 1 if there are any."""
    for failed in failures:
        print(f"{failed.run.run_id}: {failed.kind}: {failed.message}", file=sys.stderr)
    return 1 if failures else 0
