"""The tables of scored frozen forecasts: which points are shared, and what they sum up to."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ..backtesting.scores import BANDS, QUANTILES, summary_of_scores

_WHO: Final = ("province", "forecaster", "scenario", "judged")

SCORE_COLUMNS: Final = (
    *_WHO,
    *("shared", "indicator", "year", "horizon", "observed", "median", "crps_log", "abs_log_error"),
    *QUANTILES,
    *BANDS,
)
"""Columns of ``scores.csv``; ``shared`` says whether all forecasters forecast the figure."""

TARGET_COLUMNS: Final = (
    *_WHO,
    *("for_another", "target", "goal", "unit", "year", "observed", "reached", "probability", "brier"),
)
"""Columns of ``target_scores.csv``; ``for_another``: the goal was set for another province."""

SUMMARY_COLUMNS: Final = (
    *("judged", "shared", "forecaster", "scenario", "province", "indicator", "points", "figures"),
    *("crps_log", "abs_log_error"),
    *(f"{band}{end}" for band in BANDS for end in ("", "_low", "_high")),
)
"""Columns of ``summary.csv``; ``all`` stands for provinces or indicators taken together."""

BRIER_COLUMNS: Final = (
    *("judged", "for_another", "forecaster", "scenario", "target", "forecasts", "reached"),
    *("probability", "brier"),
)
"""Columns of ``brier.csv``."""

ALL: Final = "all"


def with_shared(scores: pd.DataFrame) -> pd.DataFrame:
    """Mark in ``shared`` the figures that every judged forecaster forecast: these alone may be compared."""
    figure = ["province", "indicator", "year"]
    judged = scores[scores["judged"].astype(bool)]
    known = judged.groupby(figure)["forecaster"].nunique()
    everyone = judged["forecaster"].nunique()
    places = pd.MultiIndex.from_frame(scores[figure])
    return scores.assign(shared=known.reindex(places).eq(everyone).to_numpy(bool))


def summary_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Sum scores (`with_shared`) up: by forecaster, by indicator, by province where there are several.

    The judged scenario has an empty name, for it may differ between provinces; rows of the other scenario
    have ``judged`` false.
    """
    if scores.empty:
        return pd.DataFrame(columns=list(SUMMARY_COLUMNS))
    labelled = scores.assign(scenario=scores["scenario"].where(~scores["judged"].astype(bool), ""))
    by = ["judged", "shared", "forecaster", "scenario"]
    finer: list[list[str]] = [[], ["indicator"]]
    if labelled["province"].nunique() > 1:
        finer.append(["province"])
    tables = [summary_of_scores(labelled, by=(*by, *more)) for more in finer]
    table = pd.concat(
        [
            one.assign(**{name: ALL for name in ("province", "indicator") if name not in one})
            for one in tables
        ],
        ignore_index=True,
    )
    return table[list(SUMMARY_COLUMNS)]


def brier_table(targets: pd.DataFrame) -> pd.DataFrame:
    """Sum the Brier scores of targets up over provinces.

    Number of forecasts, share that was reached, mean probability and mean Brier score, goals set for another
    province apart.
    """
    labelled = targets.assign(scenario=targets["scenario"].where(~targets["judged"].astype(bool), ""))
    rows = []
    by = ["judged", "for_another", "forecaster", "scenario", "target"]
    groups: Any = labelled.groupby(by, sort=False)
    for group, mine in groups:
        rows.append(
            {
                **dict(zip(by, group, strict=True)),
                "forecasts": len(mine),
                "reached": float(mine["reached"].astype(float).mean()),
                "probability": float(mine["probability"].mean()),
                "brier": float(mine["brier"].mean()),
            }
        )
    return pd.DataFrame(rows, columns=list(BRIER_COLUMNS))
