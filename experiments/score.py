"""Score frozen forecasts by what came: nothing is needed but the files and the observed figures.

Of each figure every forecaster's frozen draws are scored as in a backtest (`scores.score_sample`): fair
CRPS and absolute error of the logarithm, and whether the 50, 80 and 95 % bands hold it. Of each target the
frozen probability p is held against whether it was reached: Brier score (p - reached)^2.

The model is judged in the scenario that was chosen when it was frozen; its other scenario is scored beside
it and enters no comparison. Forecasters are compared on the figures that all of them forecast; rivals of
others, from quantile files, each beside each frozen forecaster on the figures that both forecast.

References
----------
Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78(1), 1-3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engine.errors import InputError
from .backtesting.scores import score_sample
from .freezing.energy_over_provinces import energy_table
from .freezing.observed_outcomes import read_outcomes
from .freezing.read_frozen import Frozen, read_frozen
from .freezing.score_tables import SCORE_COLUMNS, TARGET_COLUMNS, brier_table, summary_table, with_shared
from .freezing.tables_of_frozen import MODEL
from .hubverse.beside_frozen import Rivals, rivals_beside
from .hubverse.read_rival import read_rival, rival_files_of
from .planning import door_to_model
from .planning.checks import frozen_files_of

__all__ = ["Scored", "score"]

NOT_SCORED_COLUMNS: Final = ("province", "indicator", "year", "line", "reason")

KNOWN: Final = "already known when the forecast was frozen"
BEYOND: Final = "beyond the years that were forecast"
NOT_FROZEN: Final = "an indicator that was not frozen"
NO_FORECAST: Final = "a province without a frozen forecast here"
NO_LOGARITHM: Final = "some frozen draws are zero and have no logarithm"
REASONS: Final = (KNOWN, BEYOND, NOT_FROZEN, NO_FORECAST, NO_LOGARITHM)
"""Why an observed figure has no score."""


@dataclass(frozen=True)
class Scored:
    """Frozen forecasts held against what came.

    Attributes
    ----------
    frozen : tuple of Frozen
        What was scored.
    scores : DataFrame
        Columns of `score_tables.SCORE_COLUMNS`: one row a forecast of one figure.
    targets : DataFrame
        Columns of `score_tables.TARGET_COLUMNS`: one row a forecast of one target.
    summary : DataFrame
        Of `score_tables.summary_table`.
    brier : DataFrame
        Of `score_tables.brier_table`.
    not_scored : DataFrame
        Observed figures without a score: where they stand and why.
    energy : DataFrame
        Of `energy_over_provinces.energy_table`; empty where a single province is scored.
    rivals : Rivals
        Of `beside_frozen.rivals_beside`; its tables are empty where no rival is named.
    """

    frozen: tuple[Frozen, ...]
    scores: pd.DataFrame
    targets: pd.DataFrame
    summary: pd.DataFrame
    brier: pd.DataFrame
    not_scored: pd.DataFrame
    energy: pd.DataFrame
    rivals: Rivals

    @property
    def files(self) -> pd.DataFrame:
        """Give what was scored, one row a file: how much it knew, how many futures, which checksum."""
        return pd.DataFrame(
            {
                "province": [one.province for one in self.frozen],
                "information_until": [one.origin for one in self.frozen],
                "futures": [int(one.manifest["futures"]) for one in self.frozen],
                "judged_scenario": [one.judged for one in self.frozen],
                "identity_hash": [str(one.manifest["identity_hash"]) for one in self.frozen],
                "checksum": [one.checksum for one in self.frozen],
                "file": [one.file.name for one in self.frozen],
            }
        )


def score(
    files: str | Path | Sequence[str | Path],
    observed: str | Path,
    *,
    rivals: str | Path | Sequence[str | Path] = (),
) -> Scored:
    """Score frozen forecasts by observed figures.

    Parameters
    ----------
    files : path-like or sequence of them
        Of `forecast(..., freeze=FILE)`, one a province; a folder stands for all that are in it.
    observed : path-like
        CSV with the columns indicator, year, value, unit, and province if there are several.
    rivals : path-like or sequence of them
        Forecasts of others, quantile files of the hubverse (``<origin>-<team>-<model>.csv`` or parquet); a
        folder stands for all that are in and below it.

    Returns
    -------
    Scored

    Raises
    ------
    InputError
        If a file is no frozen forecast or was changed, two are of one province, the table or a rival's file
        is wrong (with line and key), or not one of its figures was forecast.
    """
    frozen = tuple(read_frozen(file) for path in _paths(files) for file in frozen_files_of(path))
    _check_one_each(frozen)
    units = {name: unit for one in frozen for name, unit in one.units.items()}
    known = door_to_model.provinces()
    origin = min(one.origin for one in frozen)
    outcomes = read_outcomes(Path(observed), units, [one.province for one in frozen], known, origin)
    places = list(dict.fromkeys([*(one.province for one in frozen), *known]))
    others = [read_rival(file, units, places) for path in _paths(rivals) for file in rival_files_of(path)]
    forecast: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    targets: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    by_province = {one.province: one for one in frozen}
    for row in outcomes.to_dict("records"):
        outcome = {str(name): value for name, value in row.items()}
        one = by_province.get(outcome["province"])
        reason = _reason(one, outcome)
        if one is None or reason is not None:
            left_out.append({**outcome, "reason": reason})
            continue
        forecast.append(outcome)
        scored = _scores(one, outcome)
        if not any(line["forecaster"] == MODEL for line in scored):
            left_out.append({**outcome, "reason": NO_LOGARITHM})
        scores += scored
        targets += _targets(one, outcome)
    if not scores and not targets:
        why = left_out[0]["reason"] if left_out else KNOWN
        raise InputError(
            f"not one of {len(outcomes)} figures was forecast; {why}",
            key="observed.year",
            file=observed,
            allowed=", ".join(f"{one.province} {one.years[0]} to {one.years[-1]}" for one in frozen),
        )
    points = with_shared(pd.DataFrame(scores, columns=list(SCORE_COLUMNS)))
    chances = pd.DataFrame(targets, columns=list(TARGET_COLUMNS))
    return Scored(
        frozen,
        points,
        chances,
        summary_table(points),
        brier_table(chances),
        pd.DataFrame(left_out, columns=list(NOT_SCORED_COLUMNS)),
        energy_table(frozen, points),
        rivals_beside(others, by_province, forecast, points),
    )


def _paths(given: str | Path | Sequence[str | Path]) -> list[Path]:
    return [Path(given)] if isinstance(given, (str, Path)) else [Path(one) for one in given]


def _check_one_each(frozen: Sequence[Frozen]) -> None:
    if not frozen:
        raise InputError("no frozen forecast is named", key="FILE", allowed="one file or more")
    there: dict[str, Path] = {}
    for one in frozen:
        if one.province in there:
            raise InputError(
                f"this is a second forecast of {one.province}, beside {there[one.province]}",
                file=one.file,
                allowed="one frozen forecast a province",
            )
        there[one.province] = one.file


def _reason(one: Frozen | None, outcome: dict[str, Any]) -> str | None:
    """Say why a figure cannot be scored, None if it can."""
    if one is None:
        return NO_FORECAST
    if outcome["year"] <= one.origin:
        return KNOWN
    if outcome["indicator"] not in one.indicators:
        return NOT_FROZEN
    return BEYOND if outcome["year"] not in one.years else None


def _head(one: Frozen, forecaster: str, scenario: str) -> dict[str, Any]:
    judged = scenario in ("", one.judged)
    return {"province": one.province, "forecaster": forecaster, "scenario": scenario, "judged": judged}


def _scores(one: Frozen, outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """Score every forecast of one figure whose draws have logarithms."""
    about = (one.draws["indicator"] == outcome["indicator"]) & (one.draws["year"] == outcome["year"])
    rows = []
    forecasts: Any = one.draws[about].groupby(["forecaster", "scenario"], sort=False, observed=True)
    for (forecaster, scenario), mine in forecasts["value"]:
        draws: npt.NDArray[np.float64] = mine.to_numpy(np.float64)
        if not (draws > 0.0).all():
            continue
        figure = {
            "indicator": outcome["indicator"],
            "year": outcome["year"],
            "horizon": outcome["year"] - one.origin,
        }
        scored = score_sample(draws, float(outcome["value"]))
        rows.append({**_head(one, str(forecaster), str(scenario)), **figure, **scored})
    return rows


def _targets(one: Frozen, outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """Hold the frozen chances of a target against whether it was reached."""
    about = (one.chances["indicator"] == outcome["indicator"]) & (one.chances["year"] == outcome["year"])
    rows = []
    for chance in one.chances[about].to_dict("records"):
        reached = bool(outcome["value"] >= chance["goal"])
        rows.append(
            {
                **_head(one, str(chance["forecaster"]), str(chance["scenario"])),
                "for_another": one.for_another,
                **{name: chance[name] for name in ("target", "goal", "unit", "year")},
                "observed": float(outcome["value"]),
                "reached": reached,
                "probability": float(chance["probability"]),
                "brier": (float(chance["probability"]) - reached) ** 2,
            }
        )
    return rows
