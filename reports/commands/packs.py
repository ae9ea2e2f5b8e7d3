"""The command ``packs``: packs of provinces from a panel of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..words.phrases import check_language, say
from .options import Lang


def packs_command(
    panel: Annotated[
        list[Path],
        typer.Option("--panel", metavar="FILE.csv", help="The panel; as often as it has files."),
    ],
    last_year: Annotated[int, typer.Option("--last-year", help="Last year that is known.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the packs.")],
    province: Annotated[
        list[str] | None,
        typer.Option("--province", help="A province of the panel; all by default, as often as you like."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be made and what was found; write nothing.")
    ] = False,
    lang: Lang = None,
) -> int:
    """Make packs of provinces from a newer table of statistics, and say what it lacks and what looks odd."""
    language = check_language(lang)
    from ...scenarios.provinces.packs_from_panel import FINDINGS_FILE, packs_from_panel
    from ..tables.panel_report import report_lines

    made = packs_from_panel(panel, last_year, out, province or (), write=not dry_run)
    for line in report_lines(made, language):
        typer.echo(line)
    if not dry_run:
        typer.echo(say("panel.written", language, folder=out, findings=out / FINDINGS_FILE))
    return 0
