"""The energy score over provinces: whether a forecaster lets them rise and fall together as they do.

A province's score alone cannot see whether all provinces are forecast to miss together. Draws of one number
belong together; of a forecaster whose provinces share a nation they share its future, of any other they are
what they are, forecasts of independent provinces.

References
----------
Gneiting, Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal of the American
Statistical Association 102(477), 359-378, section 4.3.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["ENERGY_OF_BACKTEST", "energy_log", "energy_of_backtest"]

FloatArray = npt.NDArray[np.float64]

ENERGY_OF_BACKTEST: Final = (
    *("origin", "indicator", "year", "horizon", "forecaster", "provinces", "draws", "energy_log"),
)
"""Columns of the energy scores of a backtest; ``energy_log`` in natural logs, over the row's provinces."""


def energy_log(sample: FloatArray, outcome: FloatArray) -> float:
    """Give the fair energy score of joint draws, (draws, provinces), for outcomes, (provinces,)."""
    import scoringrules

    return float(scoringrules.es_ensemble(outcome, sample, estimator="fair", backend="numpy"))


def energy_of_backtest(scores: pd.DataFrame) -> pd.DataFrame:
    """Score the joint draws of every origin, series and year over the provinces that have the figure.

    Parameters
    ----------
    scores : DataFrame
        ``province``, ``origin``, ``indicator``, ``year``, ``horizon``, ``forecaster``, ``observed`` and
        ``draws`` of `stored_forecasts`; all forecasters on the same points.

    Returns
    -------
    DataFrame
        `ENERGY_OF_BACKTEST`. All forecasters of a row are scored by equally many draws, with the fair
        estimator, of which few draws make the score uncertain and not larger; futures that one of the
        provinces lacks are left out. Nothing of fewer than two provinces.
    """
    rows: list[dict[str, Any]] = []
    figures: Any = scores.groupby(["origin", "indicator", "year", "horizon"], sort=True)
    for key, mine in figures:
        joint = {}
        for name, of_one in mine.groupby("forecaster", sort=False):
            in_order = of_one.sort_values("province")
            sample = np.stack(list(in_order["draws"]), axis=1)
            outcome = np.log(in_order["observed"].to_numpy(np.float64))
            joint[str(name)] = sample[np.isfinite(sample).all(axis=1)], outcome
        many = min(len(sample) for sample, _ in joint.values())
        if many < 2 or mine["province"].nunique() < 2:
            continue
        for name, (sample, outcome) in joint.items():
            head = dict(zip(ENERGY_OF_BACKTEST, (*key, name, len(outcome), many), strict=False))
            rows.append({**head, "energy_log": energy_log(sample[:many], outcome)})
    return pd.DataFrame(rows, columns=list(ENERGY_OF_BACKTEST))
