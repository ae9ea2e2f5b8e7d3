"""The scores of a forecast of which only quantiles are known, by the rules by which draws are scored.

All in natural logarithms. The pinball loss at probability p of the quantile q for the outcome y is
(1{y < q} - p) (q - y), of `scoringrules`. Two sums of it:

- ``crps_log``: twice its integral over p, each quantile standing for the probabilities that lie nearest to
  it. With the 23 quantiles of the hubs this is the CRPS of a normal log within 0.2 %, with the 7 of `NEEDED`
  3 % too small; the plain mean over quantiles would be 11 % and 24 % too small.
- ``wis_log``: the weighted interval score of the median and the 50, 80 and 95 % bands, which is twice the
  mean of the pinball loss over the 7 quantiles. Taken alike of draws and of quantile files, it compares like
  with like.

References
----------
Gneiting, Ranjan (2011), Comparing density forecasts using threshold- and quantile-weighted scoring rules,
Journal of Business and Economic Statistics 29(3), 411-422.
Bracher, Ray, Gneiting, Reich (2021), Evaluating epidemic forecasts in an interval format, PLOS Computational
Biology 17(2), e1008618.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .scores import BANDS, QUANTILES

__all__ = ["NEEDED", "crps_of_quantiles", "nearest_to", "needed_quantiles", "score_quantiles", "wis_log"]

FloatArray = npt.NDArray[np.float64]

NEEDED: Final = tuple(sorted({0.5, *QUANTILES.values()}))
"""Probabilities that a forecast must give: the median and the ends of `scores.BANDS`."""

_COLUMNS: Final = tuple(
    "median" if level == 0.5 else name
    for level, name in sorted([(0.5, "median"), *((level, name) for name, level in QUANTILES.items())])
)


def crps_of_quantiles(levels: FloatArray, logs: FloatArray, outcome: npt.ArrayLike) -> FloatArray:
    """Give the CRPS from quantiles in logs, (..., levels), at probabilities that rise; outcomes are (...)."""
    import scoringrules

    came = np.asarray(outcome, np.float64)[..., np.newaxis]
    losses = scoringrules.quantile_score(came, logs, levels, backend="numpy")
    return np.asarray(2.0 * (nearest_to(levels) * losses).sum(axis=-1), np.float64)


def nearest_to(levels: FloatArray) -> FloatArray:
    """Give the share of all probabilities that lie nearest to each of some that rise."""
    return np.diff(np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2.0, [1.0]]))


def needed_quantiles(scores: pd.DataFrame) -> FloatArray:
    """Give the logarithms of the quantiles in `scores.score_sample`'s columns, shape (scores, `NEEDED`)."""
    return np.asarray(np.log(scores[list(_COLUMNS)].to_numpy(np.float64)), np.float64)


def wis_log(scores: pd.DataFrame) -> FloatArray:
    """Give the weighted interval score of each row of `scores.score_sample`'s columns, in logs."""
    import scoringrules

    if scores.empty:
        return np.empty(0)
    outcomes = np.log(scores["observed"].to_numpy(np.float64))
    found = scoringrules.crps_quantile(outcomes, needed_quantiles(scores), np.array(NEEDED), backend="numpy")
    return np.asarray(found, np.float64)


def score_quantiles(levels: FloatArray, values: FloatArray, observed: float) -> dict[str, float | bool]:
    """Score one forecast of one figure by its quantiles.

    ``levels`` rise and hold `NEEDED`; ``values`` and the outcome are in levels (yuan, contracts) above zero.
    Gives the columns of `scores.score_sample`.
    """
    # One call for all of them, so that a quantile equal to the outcome has an equal log.
    *logs, outcome = np.log(np.append(values, observed))
    at = dict(zip(levels.tolist(), logs, strict=True))
    score: dict[str, float | bool] = {"observed": float(observed), "median": float(np.exp(at[0.5]))}
    score["crps_log"] = float(crps_of_quantiles(levels, np.array(logs), outcome))
    score["abs_log_error"] = abs(float(at[0.5]) - float(outcome))
    score.update({name: float(np.exp(at[level])) for name, level in QUANTILES.items()})
    for band, (low, high) in BANDS.items():
        score[band] = bool(at[QUANTILES[low]] <= outcome <= at[QUANTILES[high]])
    return score
