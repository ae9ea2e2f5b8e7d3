"""Rivals of others, from quantile files, beside a frozen forecast: on the figures that both forecast.

A rival that forecasts a single figure would leave nothing to compare if only figures of all forecasters
counted. The frozen forecasters' own tables therefore stay as they are without it, and each pair of a rival
and a frozen forecaster is compared on the figures of that pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from ...engine.errors import InputError
from ..backtesting.quantile_scores import score_quantiles, wis_log
from ..backtesting.scores import BANDS, QUANTILES
from ..freezing.read_frozen import Frozen
from .file_names import origin_day
from .read_rival import RivalFile

__all__ = ["AGAINST_COLUMNS", "RIVAL_COLUMNS", "RIVAL_SCORE_COLUMNS", "Rivals", "rivals_beside"]

_FIGURE: Final = ["province", "indicator", "year"]
_MEASURES: Final = ("crps_log", "wis_log", "abs_log_error", *BANDS)

RIVAL_SCORE_COLUMNS: Final = (
    *("province", "forecaster", "indicator", "year", "horizon", "quantiles", "observed", "median"),
    *("crps_log", "wis_log", "abs_log_error", *QUANTILES, *BANDS),
)
"""Columns of ``rival_scores.csv``; ``quantiles`` says how many stand behind ``crps_log``."""

AGAINST_COLUMNS: Final = (
    *("rival", "forecaster", "figures"),
    *(f"{name}{end}" for name in _MEASURES for end in ("", "_rival")),
)
"""Columns of ``against_rivals.csv``: means over the figures that both forecast, the rival's behind each."""

RIVAL_COLUMNS: Final = (
    *("forecaster", "file", "checksum", "information_until", "forecasts", "scored", "without_outcome"),
    *("not_frozen", "rows_passed_over"),
)
"""Columns of ``rivals.csv``: what became of each file's forecasts, and rows of other kinds of output."""


class Rivals(NamedTuple):
    """Tables in `RIVAL_COLUMNS`, `RIVAL_SCORE_COLUMNS` and `AGAINST_COLUMNS`."""

    files: pd.DataFrame
    scores: pd.DataFrame
    against: pd.DataFrame


def rivals_beside(
    rivals: Sequence[RivalFile],
    frozen: Mapping[str, Frozen],
    outcomes: Iterable[Mapping[str, Any]],
    scores: pd.DataFrame,
) -> Rivals:
    """Score rivals and set each beside each frozen forecaster.

    Parameters
    ----------
    rivals : sequence of RivalFile
    frozen : mapping of str to Frozen
        By province.
    outcomes : iterable of mappings
        Observed figures that were forecast, in `observed_outcomes.OUTCOME_COLUMNS`.
    scores : DataFrame
        Of the frozen forecasters, in `score_tables.SCORE_COLUMNS`.

    Raises
    ------
    InputError
        If two files are of one rival, or one knew figures of other years than the frozen forecast.
    """
    _check_one_each(rivals)
    came = {(one["province"], one["indicator"], one["year"]): float(one["value"]) for one in outcomes}
    files, rows = [], []
    for rival in rivals:
        mine, not_frozen, without = [], 0, 0
        for forecast in rival.forecasts:
            place = frozen.get(forecast.province)
            if (
                place is None
                or forecast.indicator not in place.indicators
                or forecast.year not in place.years
            ):
                not_frozen += 1
                continue
            _check_origin(rival, place)
            outcome = came.get((forecast.province, forecast.indicator, forecast.year))
            if outcome is None:
                without += 1
                continue
            mine.append(
                {
                    "province": forecast.province,
                    "forecaster": rival.forecaster,
                    "indicator": forecast.indicator,
                    "year": forecast.year,
                    "horizon": forecast.year - rival.origin,
                    "quantiles": len(forecast.levels),
                    **score_quantiles(forecast.levels, forecast.values, outcome),
                }
            )
        rows += mine
        files.append(
            {
                "forecaster": rival.forecaster,
                "file": rival.file.name,
                "checksum": rival.checksum,
                "information_until": rival.origin,
                "forecasts": len(rival.forecasts),
                "scored": len(mine),
                "without_outcome": without,
                "not_frozen": not_frozen,
                "rows_passed_over": rival.passed_over,
            }
        )
    of_rivals = pd.DataFrame(rows, columns=[name for name in RIVAL_SCORE_COLUMNS if name != "wis_log"])
    of_rivals = of_rivals.assign(wis_log=wis_log(of_rivals))[list(RIVAL_SCORE_COLUMNS)]
    return Rivals(
        pd.DataFrame(files, columns=list(RIVAL_COLUMNS)), of_rivals, against_table(of_rivals, scores)
    )


def against_table(of_rivals: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Compare each rival with each judged forecaster, on the figures that both forecast."""
    judged = scores[scores["judged"].astype(bool)]
    if of_rivals.empty or judged.empty:  # tables without rows have no types on which to be joined
        return pd.DataFrame(columns=list(AGAINST_COLUMNS))
    judged = judged.assign(wis_log=wis_log(judged))
    columns = [*_FIGURE, "forecaster", *_MEASURES]
    pairs = judged[columns].merge(of_rivals[columns], on=_FIGURE, suffixes=("", "_rival"))
    rows: list[dict[str, Any]] = []
    groups: Any = pairs.groupby(["forecaster_rival", "forecaster"], sort=False, observed=True)
    for (rival, forecaster), mine in groups:
        means = {
            f"{name}{end}": float(mine[f"{name}{end}"].astype(float).mean())
            for name in _MEASURES
            for end in ("", "_rival")
        }
        rows.append({"rival": rival, "forecaster": forecaster, "figures": len(mine), **means})
    return pd.DataFrame(rows, columns=list(AGAINST_COLUMNS))


def _check_one_each(rivals: Sequence[RivalFile]) -> None:
    there: dict[str, RivalFile] = {}
    for one in rivals:
        if one.forecaster in there:
            raise InputError(
                f"this is a second file of {one.forecaster}, beside {there[one.forecaster].file}",
                key="rival",
                file=one.file,
                allowed="one file a rival; forecasts of several provinces stand in one",
            )
        there[one.forecaster] = one


def _check_origin(rival: RivalFile, frozen: Frozen) -> None:
    if rival.origin != frozen.origin:
        raise InputError(
            f"the rival knew figures up to {rival.origin}, the frozen forecast of {frozen.province} up to "
            f"{frozen.origin}",
            key="origin",
            file=rival.file,
            allowed=f"forecasts from {origin_day(frozen.origin)}",
        )
