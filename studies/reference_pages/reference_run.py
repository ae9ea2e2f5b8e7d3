"""The command of a study that runs the model for its tables, figures and page."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ...experiments.keeping.atomic_files import make_folder
from ...experiments.running.table_command import add_options, errors_in_one_line

FIGURES: Final = "figures"


@errors_in_one_line
def run_reference(
    parser: ArgumentParser, make: Callable[[Namespace], int], arguments: Sequence[str] | None
) -> int:
    """Add the options that both studies have to the study's own, make the folders, and have all written.

    Gives the exit code of ``make``; 1 if it failed, 2 if the input is refused.
    """
    add_options(parser)
    parser.add_argument("--runs-below", type=Path, default=Path("results"), help="folder of the runs")
    parser.add_argument("--docs", type=Path, default=Path("docs") / "model", help="folder of the page")
    given = parser.parse_args(arguments)
    make_folder(given.out)
    make_folder(given.docs / FIGURES)
    return make(given)
