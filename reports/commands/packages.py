"""What commands that make one table have in common: runs announced, with progress; how a folder is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from ..tables.taken_down import written_to
from ..words.phrases import Language, say
from .forecast import figure_lines

if TYPE_CHECKING:
    from ...experiments.effects.options import PackageOptions
    from ...experiments.effects.package_runs import Announcement, PackageStudy
    from ...experiments.planning.door_to_model import Model
    from ..figures.forecast import Drawn

    Options = TypeVar("Options", bound=PackageOptions)
    Study = TypeVar("Study", bound=PackageStudy)
    Done = TypeVar("Done")


def carried_out(
    options: Options,
    prepared: Callable[[Options], Study],
    carry_out: Callable[[Study, Model], Done],
    language: Language,
    *,
    log: str,
    dry_run: bool,
) -> Done:
    """Say what runs there will be, leave if no more is asked, and make them."""
    from ...experiments.planning.door_to_model import model
    from ..words.of_packages import announcement_line
    from .progress_bar import open_progress

    def announce(announced: Announcement) -> None:
        typer.echo(announcement_line(announced, language, dry_run=dry_run), err=not dry_run)
        if dry_run:
            raise typer.Exit

    with open_progress(language, log) as progress:
        study = prepared(options.but(announce=announce, progress=progress))
        return carry_out(study, model(options.own))


def shown(
    folder: Path,
    language: Language,
    write_figures: Callable[[Path, Language], Drawn],
    tell: Callable[[], None],
    *,
    failed: int = 0,
    command: str = "",
) -> int:
    """Draw what is in a finished folder, ``tell`` of it, and say where all is; give the exit code.

    ``command`` makes the figures again if they fail, by default that which goes on with the folder.
    """
    from ...experiments.running.batch import resume_command
    from .last_steps import LastSteps

    last = LastSteps(f"{command or resume_command(folder)} --lang {language}")
    pictures: Drawn | None = None
    with last.step("the figures"):
        pictures = write_figures(folder, language)
    tell()
    if failed:
        typer.echo(say("forecast.failed_runs", language, failed=failed, file=folder / "failures.csv"))
    typer.echo(say("forecast.written_to", language, folder=written_to(folder)))
    for line in figure_lines(pictures, language):
        typer.echo(line)
    return last.code()
