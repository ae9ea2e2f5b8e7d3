"""How good a forecast was: CRPS of the log, error of the median, and whether bands held the outcome.

The same scores serve the model and its rivals, so that they can be set side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..forecasting.target_and_indicator_tables import wilson_interval

FloatArray = npt.NDArray[np.float64]

QUANTILES: Final = {"q025": 0.025, "q10": 0.10, "q25": 0.25, "q75": 0.75, "q90": 0.90, "q975": 0.975}
"""Column of the table of scores to the probability of its quantile."""

BANDS: Final = {"inside_50": ("q25", "q75"), "inside_80": ("q10", "q90"), "inside_95": ("q025", "q975")}
"""Column that says whether a central band holds the outcome, to the ends of that band."""


def crps(sample: npt.ArrayLike, observed: npt.ArrayLike) -> FloatArray:
    """Give the continuous ranked probability score of samples, without the bias of few draws.

    ``sample`` has the shape (..., draws), two draws or more, and ``observed`` that without the last axis, all
    finite and in one unit, here mostly logs. In this unit 0 is best; it lies below zero by chance where few
    draws lie near the outcome: the mean over many samples is that of the whole distribution.

    With m draws x, sorted, and outcome y::

        mean |x_i - y|  -  sum over pairs i < j of |x_i - x_j| / (m (m - 1))

    the energy form of the score, with m - 1 in place of m (the fair score). The sum over pairs
    is that of (2 i - m - 1) x_i over the sorted draws, i from 1.

    Gneiting, Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal
    of the American Statistical Association 102(477), 359-378, equation 21.
    Ferro (2014), Fair scores for ensemble forecasts, Quarterly Journal of the Royal
    Meteorological Society 140(683), 1917-1923.
    """
    draws = np.asarray(sample, dtype=np.float64)
    outcome = np.asarray(observed, dtype=np.float64)
    count = draws.shape[-1] if draws.ndim else 0
    if count < 2:
        raise InputError(f"a sample of {count} draws has no spread", key="draws", allowed="two draws or more")
    if not (np.isfinite(draws).all() and np.isfinite(outcome).all()):
        raise InputError("a draw or an outcome is not finite", key="draws", allowed="finite numbers")
    draws = np.sort(draws, axis=-1)
    distance = np.abs(draws - outcome[..., np.newaxis]).mean(axis=-1)
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0
    result: FloatArray = np.asarray(distance - draws @ weights / (count * (count - 1.0)))
    return result


def score_sample(draws: npt.ArrayLike, observed: float) -> dict[str, float | bool]:
    """Score one forecast of one figure.

    Draws and outcome are in levels (yuan, contracts) above zero, finite, two draws or more.

    Gives ``observed``, ``median`` and the columns of `QUANTILES` in levels; ``crps_log`` and
    ``abs_log_error`` in natural logs (0.1 is about a tenth of the value); the columns of `BANDS`, True if the
    band holds the outcome, its ends included.

    Sample quantiles are those at rank p (m + 1) (Weibull's, number 6 of Hyndman and Fan): the
    outcome then lies below the quantile with probability p when it is drawn like the m draws,
    however few they are. Fewer than 39 draws have no 95 % band; the extremes stand in for it.

    Hyndman, Fan (1996), Sample quantiles in statistical packages, American Statistician 50(4),
    361-365.
    """
    sample = np.asarray(draws, dtype=np.float64)
    if sample.ndim != 1:
        raise InputError(
            f"draws of shape {sample.shape}", key="draws", allowed="one list of draws for one figure"
        )
    for key, values in (("draws", sample), ("observed", np.asarray(observed, dtype=np.float64))):
        if not (np.isfinite(values) & (values > 0.0)).all():
            raise InputError("has no logarithm", key=key, allowed="finite numbers above zero")
    # One call for all of them, so that a draw equal to the outcome has an equal log.
    *logs, outcome = np.log(np.append(sample, observed))
    middle = float(np.median(logs))
    score: dict[str, float | bool] = {"observed": float(observed), "median": float(np.exp(middle))}
    score["crps_log"] = float(crps(logs, outcome))
    score["abs_log_error"] = abs(middle - float(outcome))
    ends = dict(zip(QUANTILES, np.quantile(logs, list(QUANTILES.values()), method="weibull"), strict=True))
    score.update({name: float(np.exp(end)) for name, end in ends.items()})
    for band, (low, high) in BANDS.items():
        score[band] = bool(ends[low] <= outcome <= ends[high])
    return score


def summary_of_scores(scores: pd.DataFrame, by: Sequence[str] = ("forecaster",)) -> pd.DataFrame:
    """Sum scores up, one row a forecaster or whatever is asked for.

    ``scores`` have one row a forecast of one figure: the columns of `score_sample`, ``indicator``, ``year``,
    those of ``by``, and ``province`` if there are several.

    Gives the columns of ``by``, ``points`` (forecasts scored), ``figures`` (different observed figures among
    them), means of ``crps_log`` and ``abs_log_error``, and for each band the fraction of points inside with
    its 95 % Wilson interval. Rows stand in the order in which the scores name them.

    The interval takes points for independent. Those of one origin, one observed year or one
    province are not: the true uncertainty of a coverage is larger, most of all where
    ``figures`` is much smaller than ``points``.
    """
    for name in (*by, "indicator", "year", "crps_log", "abs_log_error", *BANDS):
        if name not in scores:
            raise InputError(
                f"the scores have no column {name!r}", key="scores", allowed=", ".join(scores.columns)
            )
    names = list(by)
    figure = [name for name in ("province", "indicator", "year") if name in scores]
    rows: list[dict[str, Any]] = []
    for group, mine in scores.groupby(names, sort=False, observed=True):
        row: dict[str, Any] = dict(zip(names, group, strict=True))
        row["points"] = len(mine)
        row["figures"] = len(mine.drop_duplicates(figure))
        row["crps_log"] = float(mine["crps_log"].mean())
        row["abs_log_error"] = float(mine["abs_log_error"].mean())
        for band in BANDS:
            held = int(mine[band].sum())
            low, high = wilson_interval(held, len(mine))
            row |= {band: held / len(mine), f"{band}_low": low, f"{band}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def points_in_words(scores: pd.DataFrame) -> str:
    """Say in English, for the foot of a table, on how much evidence its scores stand; not of an empty one."""
    figure = [name for name in ("province", "indicator", "year") if name in scores]
    points = scores.groupby("forecaster", sort=False).size()
    figures = len(scores.drop_duplicates(figure))
    count = str(points.min()) if points.min() == points.max() else f"{points.min()} to {points.max()}"
    low, high = wilson_interval(round(0.8 * points.max()), int(points.max()))
    return (
        f"{count} points a forecaster: {figures} observed figures, forecast from "
        f"{scores['origin'].nunique()} origins; points that share an origin or a year are not independent. "
        f"Even if they were, a coverage of 0.80 would be known as {low:.2f} to {high:.2f} only."
    )
