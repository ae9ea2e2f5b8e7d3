"""Tables of a backtest across provinces: how good, how honest, against whom, where worst.

Intervals come from drawing whole provinces again, see `intervals_over_provinces`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...experiments.backtesting.intervals_over_provinces import draws_of_provinces, interval_over_provinces
from ...experiments.backtesting.rivals import EVERY_RIVAL
from ...experiments.backtesting.scores import BANDS

__all__ = [
    *("FITTED", "MODEL", "PAST_ONLY", "RECONCILED", "SCORES", "best_rival", "by_province"),
    *("rounded", "summary_of_provinces"),
]

SCORES: Final = "backtest_provinces.csv"
"""The table of all scores, from which the others follow."""

MODEL: Final = "model"
FITTED: Final = "model_fitted"
PAST_ONLY: Final = "model_past_only"
RECONCILED: Final = "model_reconciled"
"""The model with carry and discrepancy from the other provinces; fitted alone; with those that the years up
to the origin show, which for the first one is the prior; and this last one reconciled with the nation, the
form in which it is frozen."""

Numbers = npt.NDArray[np.float64]

_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "all": (),
    "indicator": ("indicator",),
    "horizon": ("horizon",),
    "indicator and horizon": ("indicator", "horizon"),
}


def summary_of_provinces(
    scores: pd.DataFrame, seed: int, groups: Iterable[str] = tuple(_GROUPS), less_than: str = MODEL
) -> pd.DataFrame:
    """Sum scores up over provinces, with intervals.

    Parameters
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS`.
    seed : int
        Of the bootstrap.
    groups : iterable of {"all", "indicator", "horizon", "indicator and horizon"}
        What is told apart, one after the other.
    less_than : str
        The forecaster that the others are held against, the model in its last form by default.

    Returns
    -------
    DataFrame
        ``by``, ``indicator``, ``horizon`` (``all`` where not told apart), ``forecaster``, ``provinces``,
        ``points``; for ``crps_log``, ``abs_log_error`` and each band the mean and, with ``_low``
        and ``_high``, its 95 % interval; ``model_less``: CRPS of the model less that of the forecaster on the
        same points, below zero where the model is better, with its interval.
    """
    rows = []
    for by in groups:
        names = _GROUPS[by]
        parts = scores.groupby(list(names), sort=True) if names else [((), scores)]
        for group, mine in parts:
            named = dict(zip(names, group, strict=True))
            head = {"by": by, "indicator": "all", "horizon": "all", **named}
            rows += [{**head, **row} for row in _rows(mine, seed, less_than)]
    return pd.DataFrame(rows)


def _rows(scores: pd.DataFrame, seed: int, less_than: str) -> list[dict[str, Any]]:
    provinces = sorted(scores["province"].unique())
    again = draws_of_provinces(len(provinces), seed)
    place = ["province", "indicator", "origin", "year"]
    model = scores[scores["forecaster"] == less_than].set_index(place)["crps_log"]
    rows = []
    for forecaster, mine in scores.groupby("forecaster", sort=False):
        row: dict[str, Any] = {
            "forecaster": forecaster,
            "provinces": mine["province"].nunique(),
            "points": len(mine),
        }
        table = mine.set_index(place)[["crps_log", "abs_log_error", *BANDS]].astype(float)
        table["model_less"] = model.reindex(table.index) - table["crps_log"]
        sums = table.groupby(level="province").sum().reindex(provinces, fill_value=0.0)
        sizes = table.groupby(level="province").size().reindex(provinces, fill_value=0)
        counts: Numbers = np.asarray(sizes, dtype=np.float64)
        for name in table.columns:
            low, high = interval_over_provinces(sums[name].to_numpy(np.float64), counts, again)
            row |= {name: float(table[name].mean()), f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return rows


def best_rival(scores: pd.DataFrame) -> str:
    """Name the rival whose mean CRPS over all points is smallest."""
    rivals = scores[scores["forecaster"].isin(EVERY_RIVAL)]
    return str(rivals.groupby("forecaster")["crps_log"].mean().idxmin())


def by_province(scores: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Tell province by province how the model did beside its rivals, the worst first.

    Parameters
    ----------
    scores : DataFrame
        As for `summary_of_provinces`.
    facts : DataFrame
        Further columns, indexed by province.

    Returns
    -------
    DataFrame
        ``province``, ``points``, ``crps_log`` of the model, ``rival`` (the best over all provinces) and
        its ``crps_rival``, ``model_less`` (their difference), ``best_here`` and ``crps_best_here``
        (the best rival in this province, which nobody could have known), ``bias`` (mean of ln observed less
        ln median: above zero where the model was too low), ``worst_series``, the bands' coverage, and the
        facts.
    """
    rival = best_rival(scores)
    rows = []
    for province, mine in scores.groupby("province", sort=True):
        model = mine[mine["forecaster"] == MODEL]
        means = mine[mine["forecaster"].isin(EVERY_RIVAL)].groupby("forecaster")["crps_log"].mean()
        crps = float(model["crps_log"].mean())
        rows.append(
            {
                "province": province,
                "points": len(model),
                "crps_log": crps,
                "rival": rival,
                "crps_rival": float(means[rival]),
                "model_less": crps - float(means[rival]),
                "best_here": str(means.idxmin()),
                "crps_best_here": float(means.min()),
                "bias": float(np.log(model["observed"] / model["median"]).mean()),
                "worst_series": str(model.groupby("indicator")["crps_log"].mean().idxmax()),
                **{band: float(model[band].mean()) for band in BANDS},
            }
        )
    table = pd.DataFrame(rows).set_index("province").join(facts)
    return table.sort_values("model_less", ascending=False).reset_index()


def rounded(table: pd.DataFrame, digits: int = 6) -> pd.DataFrame:
    """Round numbers to so many significant digits: more would only make the repository larger."""
    floats = [str(name) for name in table if table[name].dtype == np.float64]
    return table.assign(**{name: [float(f"{x:.{digits}g}") for x in table[name]] for name in floats})
