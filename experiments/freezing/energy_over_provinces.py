"""The energy score of frozen draws over provinces: whether they rose and fell together, as provinces do.

See `energy_score`. The futures of files with one seed live in one nation, so that draws of one number belong
together, those of the share layer too; other rivals have their own luck in each province.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..backtesting.energy_score import energy_log
from .read_frozen import Frozen

__all__ = ["ENERGY_COLUMNS", "energy_table"]

ENERGY_COLUMNS: Final = ("indicator", "year", "forecaster", "provinces", "draws", "energy_log")
"""Columns of ``energy.csv``; ``energy_log`` in natural logs, over all provinces of the row."""

FloatArray = npt.NDArray[np.float64]


def energy_table(frozen: Sequence[Frozen], scores: pd.DataFrame) -> pd.DataFrame:
    """Score the judged draws of every series and year over the provinces that all forecasters forecast.

    ``scores`` are of `score_tables.with_shared`. All forecasters are scored by equally many draws, the first
    of each, with the fair estimator, of which few draws make the score uncertain and not larger. Nothing is
    scored where fewer than two provinces have an outcome, or the files were frozen with different seeds or
    scales: then no two draws belong together.
    """
    empty = pd.DataFrame(columns=list(ENERGY_COLUMNS))
    if len({(one.manifest.get("seed"), one.manifest.get("scale")) for one in frozen}) != 1:
        return empty
    judged = scores[scores["judged"].astype(bool) & scores["shared"].astype(bool)]
    draws = {one.province: _logs_of(one) for one in frozen} if judged["province"].nunique() > 1 else {}
    rows: list[dict[str, Any]] = []
    figures: Any = judged.groupby(["indicator", "year"], sort=False)
    for (indicator, year), mine in figures:
        outcomes = mine.drop_duplicates("province").set_index("province")["observed"]
        if len(outcomes) < 2:
            continue
        joint: dict[str, FloatArray] = {
            str(name): _joint([draws[place][name, indicator, year] for place in outcomes.index])
            for name in mine["forecaster"].unique()
        }
        many = min(len(sample) for sample in joint.values())
        if many < 2:
            continue
        for name, sample in joint.items():
            rows.append(
                {
                    "indicator": indicator,
                    "year": year,
                    "forecaster": name,
                    "provinces": len(outcomes),
                    "draws": many,
                    "energy_log": energy_log(sample[:many], np.log(outcomes.to_numpy(np.float64))),
                }
            )
    return pd.DataFrame(rows, columns=list(ENERGY_COLUMNS)) if rows else empty


def _logs_of(one: Frozen) -> dict[tuple[str, str, int], pd.Series[float]]:
    """Give logs by number of the draw, of each forecaster, indicator and year; of the model as judged."""
    groups: Any = one.judged_draws.groupby(["forecaster", "indicator", "year"], sort=False, observed=True)
    found = {}
    for key, part in groups:
        if (part["value"] > 0.0).all():
            found[str(key[0]), str(key[1]), int(key[2])] = pd.Series(
                np.log(part["value"].to_numpy(np.float64)), index=part["draw"].to_numpy()
            )
    return found


def _joint(parts: Sequence[pd.Series[float]]) -> FloatArray:
    """Put provinces beside each other, draw by draw; draws that one of them lacks are left out."""
    table = pd.concat(list(parts), axis=1, join="inner").sort_index()
    joint: FloatArray = table.to_numpy(np.float64)
    return joint
