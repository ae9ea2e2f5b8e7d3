"""What `rank`, `attribute` and `search` have in common: packages of levers, announced, with progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import typer

from ..words.phrases import Language

if TYPE_CHECKING:
    from ...experiments.effects.options import PackageOptions
    from ...experiments.effects.package_runs import Announcement, PackageStudy
    from ...experiments.planning.door_to_model import Model

    Options = TypeVar("Options", bound=PackageOptions)
    Study = TypeVar("Study", bound=PackageStudy)
    Done = TypeVar("Done")


def carried_out(
    options: Options,
    prepared: Callable[[Options], Study],
    carry_out: Callable[[Study, Model], Done],
    language: Language,
    *,
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

    with open_progress(language) as progress:
        study = prepared(options.but(announce=announce, progress=progress))
        return carry_out(study, model(options.own))
