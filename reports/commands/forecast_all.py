"""``forecast --all FOLDER``: every pack of a folder, and one table for all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ...engine.errors import InputError
from ..tables.taken_down import written_to
from ..words.of_provinces import province_name
from ..words.phrases import Language, say

if TYPE_CHECKING:
    from ...experiments.forecasting.options import ForecastOptions


def forecast_all_command(
    packs: Path, options: ForecastOptions, given: Mapping[str, Any], language: Language
) -> int:
    """Forecast all packs of a folder; 1 if runs failed or a province could not be forecast."""
    from ...experiments.forecast_all import forecast_all
    from ...experiments.planning.checks import check_provinces, packs_in

    for name in ("province", "freeze", "shard"):
        if given[name] is not None:
            problem = f"{given[name]} cannot be asked beside --all"
            raise InputError(problem, key=name, allowed="one of the two")
    there = packs_in(packs)
    names = check_provinces(given["provinces"] or "", list(there)) or list(there)
    typer.echo(say("forecast_all.packs", language, count=len(names), folder=packs))
    if given["dry_run"]:
        return 0

    def tell(name: str) -> None:
        typer.echo(say("forecast_all.done", language, name=province_name(name, language)))

    done = forecast_all(packs, options, tell, names)
    for name, why in done.refused.items():
        typer.echo(say("forecast_all.refused", language, name=province_name(name, language), why=why))
    key = "forecast_all.alone" if done.shifts.empty else "forecast_all.reconciled"
    typer.echo(say(key, language))
    typer.echo(say("forecast_all.written", language, folder=written_to(done.folder)))
    return 1 if done.refused or done.failed else 0
