"""The command ``report``: a policy brief of one or several experiments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...engine.errors import LastStepError
from ..words.of_estimates import size_words
from ..words.phrases import check_language, say
from .last_steps import DONE_BUT
from .options import Lang, Out


def report_command(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Folders of forecast, compare, rank, attribute, search, sweep, why or sensitivity.",
        ),
    ],
    form: Annotated[
        str, typer.Option("--form", help="html (one page, nothing else is needed) or docx (extra `report`).")
    ] = "html",
    out: Out = None,
    lang: Lang = None,
) -> int:
    """Write a policy brief: the answer in words first, then figures, ranking, evidence and limits."""
    language = check_language(lang)
    from ..brief.commands_again import command_of_report
    from ..brief.write_brief import write_brief

    done = write_brief(folders, lang=language, form=form, out=out)
    again = command_of_report(folders, language, form, out)
    for caption, error in done.lost:
        what = say("brief.lost_figure", language, caption=caption)
        typer.echo(str(LastStepError(what, error, again)), err=True)
    size = size_words(done.file.stat().st_size)
    typer.echo(say("forecast.exported", language, size=size, file=done.file))
    return DONE_BUT if done.lost else 0
