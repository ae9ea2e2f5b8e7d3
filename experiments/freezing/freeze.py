"""Freeze a finished forecast: one file that holds its question, its draws and its rivals'.

What is frozen is predictive (carried residual, discrepancy and error of the statistics included), not
the runs. The rivals forecast from the same figures up to the same year, and are frozen beside it, so that
nobody can choose a weaker opponent later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...engine.errors import InputError, RunError
from ...engine.words import SIDE_BY_SIDE, say
from ..backtesting.rivals import EVERY_RIVAL
from ..keeping.store import Store
from ..planning.definitions import Definitions
from .manifest_of_frozen import made_with, of_forecast
from .read_frozen import CHANCES, DRAWS, MANIFEST, QUANTILES, README, SEEDS
from .rivals_of_frozen import DRAWS as RIVAL_DRAWS
from .rivals_of_frozen import check_rivals_installed, rival_draws
from .sealed_zip import write_archive
from .tables_of_frozen import (
    DRAW_COLUMNS,
    bytes_of_csv,
    bytes_of_draws,
    chance_table,
    frozen_indicators,
    model_draws,
    quantile_table,
    seed_table,
    with_own_level,
)

if TYPE_CHECKING:
    from ...scenarios import Scenario


def check_freezable(worlds: Mapping[str, Scenario]) -> None:
    """Refuse, before any run is made, what could not be frozen.

    Raises
    ------
    InputError
        If the scenarios are of several provinces or know figures up to different years, no whole year is
        forecast, or statsmodels is missing.
    """
    check_rivals_installed()
    for about in ("province", "last observed year"):
        found = {_about(world)[about] for world in worlds.values()}
        if len(found) > 1:
            raise InputError(
                f"the scenarios have more than one {about}: {', '.join(map(str, sorted(found)))}",
                key="freeze",
                allowed=f"scenarios with the same {about}",
            )
    if not forecast_years(worlds):
        raise InputError(
            "no whole year after the last observed one is forecast",
            key="freeze",
            allowed="scenarios that run on past it",
        )


def freeze(
    file: Path,
    store: Store,
    worlds: Mapping[str, Scenario],
    definitions: Definitions,
    command: str,
    of_model: pd.DataFrame | None = None,
) -> str:
    """Write a frozen forecast; give its checksum.

    Parameters
    ----------
    file : Path
        Where it is to go.
    store : Store
        The finished forecast.
    worlds : mapping of str to Scenario
        Its scenarios.
    definitions : Definitions
        Indicators and targets.
    command : str
        What makes it again, as `manifest_of_frozen.command_of` says it.
    of_model : DataFrame, optional
        The model's own predictions, `mapped_levels.FittedLevels.predicted`, of a forecast whose level is from
        elsewhere: they are frozen beside it.

    Raises
    ------
    RunError
        If runs failed: those that fail are not like the others, and what is left is another forecast.
    InputError
        If the file has come up meanwhile.
    """
    _refuse_holes(store)
    identity = store.manifest()["identity"]
    from ..backtesting.all_provinces import all_provinces  # with libraries that no forecast needs

    seed, years = identity["seed"], forecast_years(worlds)
    wanted = tuple(frozen_indicators(definitions))
    own = model_draws(store, definitions, list(worlds), indicators=wanted, years=years)
    if of_model is not None:
        own = pd.concat(
            [own.assign(forecaster=identity["forecaster"]["name"]), with_own_level(own, of_model)],
            ignore_index=True,
        )
    pack = next(iter(worlds.values())).pack()
    rivals, without = rival_draws(
        pack, origin=years[0] - 1, last_year=years[-1], seed=seed, everyone=all_provinces(pack)
    )
    rivals = rivals[rivals["indicator"].isin(wanted)].assign(scenario="")
    there = list(dict.fromkeys(own["indicator"]))
    manifest = {
        **of_forecast(worlds, identity, definitions),
        **_contents(own, there, years, definitions),
        "rivals": {"names": list(EVERY_RIVAL), "draws": RIVAL_DRAWS, "seed": seed},
        "left_out": {"indicators": [name for name in wanted if name not in there], "rivals": without},
        "command": command,
        "made_with": made_with(),
    }
    draws = pd.concat([own, rivals[list(DRAW_COLUMNS)]], ignore_index=True)
    units = {**manifest["units"], **manifest["indicators"]}
    members = {
        README: "\n".join(say("frozen.readme", language) for language in SIDE_BY_SIDE).encode(),
        MANIFEST: _json(manifest),
        QUANTILES: bytes_of_csv(quantile_table(draws, units)),
        CHANCES: bytes_of_csv(chance_table(draws, definitions.targets)),
        SEEDS: bytes_of_csv(seed_table(own, seed)),
        DRAWS: bytes_of_draws(draws),
    }
    return write_archive(file, members)


def _refuse_holes(store: Store) -> None:
    if failed := len(store.failures()):
        raise RunError(
            f"{failed} runs failed, and a forecast with holes is not frozen: look into failures.csv, try "
            f"`shaanxi-transfer resume {store.folder} --again`, then give the same command once more"
        )


def _about(world: Scenario) -> dict[str, Any]:
    return {"province": world.pack().name, "last observed year": int(world.outside.observed_until)}


def forecast_years(worlds: Mapping[str, Scenario]) -> list[int]:
    """List the whole calendar years after the last observed one that all scenarios run through."""
    quarters = next(iter(worlds.values())).quarters
    until = max(int(world.outside.observed_until) for world in worlds.values())
    years = [quarter.year for quarter in quarters if quarter.year > until]
    return sorted({year for year in years if years.count(year) == 4})


def _contents(
    own: pd.DataFrame, there: Sequence[str], years: Sequence[int], definitions: Definitions
) -> dict[str, Any]:
    """Say what the tables hold."""
    return {
        "years": list(years),
        "futures": int(own["draw"].nunique()),
        "indicators": {name: definitions.of(name).unit for name in there},
        "targets": {
            name: {
                "indicator": target.indicator,
                "goal": float(target.goal),
                "unit": target.unit,
                "year": target.year,
                "how": target.how,
                "frozen": target.indicator in there and target.year in years,
            }
            for name, target in definitions.targets.items()
        },
    }


def _json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
