"""The command ``results``: all experiments of a folder, and one of their tables as one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..words.phrases import check_language
from .options import Form, Lang, RecordFile, check_format


def results_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder below which experiments lie.")
    ] = Path("results"),
    frame: Annotated[
        str | None,
        typer.Option(
            "--frame",
            metavar="TABLE",
            help="Print this table of all finished experiments as one CSV: differences, sweep, ranking ...",
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only experiments of this kind: forecast, sweep, ranking ...")
    ] = None,
    out: RecordFile = None,
    form: Form = "table",
    lang: Lang = None,
) -> int:
    """List all experiments of a folder: scenario, province, date, state, and what makes each again."""
    language, form = check_language(lang), check_format(form)
    from ...engine.errors import check_choice
    from ...experiments.planning.checks import check_file
    from ...experiments.planning.code_of_numbers import MADE_OF
    from ...experiments.results import results
    from ..tables.print_rows import print_rows
    from ..tables.results_rows import columns_of, count_line, experiment_rows

    if out is not None:
        check_file(out, (".csv",))
    if kind is not None:
        check_choice(kind, "--kind", MADE_OF)
    found = results(folder)
    found = found if kind is None else found.of(kind=kind)
    rows = found.table if frame is None else found.frame(frame)
    if out is not None or frame is not None or form == "csv":
        rows.to_csv(sys.stdout if out is None else out, index=False, lineterminator="\n")
        return 0
    typer.echo(count_line(found, language))
    if len(found):
        print_rows(columns_of(language), experiment_rows(found, language), "table")
    return 0
