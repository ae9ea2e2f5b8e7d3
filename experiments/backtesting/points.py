"""Points of a backtest: what was forecast, draw by draw, and what came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln

from ...engine.errors import InputError
from ..forecasting.discrepancy import SERIES

FloatArray = npt.NDArray[np.float64]

POINT_COLUMNS: Final = (
    "origin",
    "indicator",
    "year",
    "draw",
    "ln_simulated",
    "ln_simulated_at_origin",
    "ln_observed",
    "ln_observed_at_origin",
)
"""Columns of the points: one row for each draw of each forecast. The simulation knows the years up to
``origin``; observed values are the same in all draws of a point."""


@dataclass(frozen=True)
class Point:
    """One forecast and what came: draws of the logarithm against one observed number.

    ``origin`` is the last year known, ``horizon`` the years from it. ``simulated`` and ``residual``, shape
    (draws,), are the simulated logarithm and, at the origin, the observed less the simulated one;
    ``futures`` are the numbers of the draws, of which some may have failed.
    """

    series: str
    origin: int
    horizon: int
    simulated: FloatArray
    residual: FloatArray
    observed: float
    futures: npt.NDArray[np.int64] | None = None


def futures_of(point: Point) -> npt.NDArray[np.int64]:
    """Give the numbers of a point's futures; without any they are counted from 0."""
    return np.arange(len(point.simulated)) if point.futures is None else point.futures


class Forecasts:
    """Many points side by side, for a search that judges them over and over.

    Points may have different numbers of draws.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        draws = [len(point.simulated) for point in points]
        shape = (len(points), max(draws))
        self._simulated, self._residual = np.full(shape, np.inf), np.zeros(shape)
        for place, point in enumerate(points):
            self._simulated[place, : draws[place]] = point.simulated
            self._residual[place, : draws[place]] = point.residual
        self._draws = np.array(draws, np.float64)
        self._horizon = np.array([point.horizon for point in points], np.float64)
        self._observed = np.array([point.observed for point in points])

    def log_density(
        self, scale: FloatArray, carry: FloatArray, power: float, error: FloatArray, freedom: float
    ) -> FloatArray:
        """Give the log density of what came, shape (points,): t noise about each draw, averaged over them.

        Scale, carry and error have one number a point, that of its series.
        """
        width = np.hypot(scale * self._horizon**power, error)
        away = self._observed[:, None] - self._simulated - (carry**self._horizon)[:, None] * self._residual
        constant = gammaln((freedom + 1.0) / 2.0) - gammaln(freedom / 2.0) - 0.5 * math.log(freedom * math.pi)
        # What a point lacks in draws is infinitely far away and adds nothing to the sum.
        bases = 1.0 + (away / width[:, None]) ** 2 / freedom
        densities: FloatArray = np.power(bases, -(freedom + 1.0) / 2.0).sum(axis=1)
        tiny = np.finfo(np.float64).tiny
        return np.log(np.maximum(densities, tiny) / self._draws) + constant - np.log(width)


def points_of(table: pd.DataFrame) -> list[Point]:
    """Take a table of `POINT_COLUMNS` apart; refuse missing columns and rows that are no forecasts."""
    if missing := [name for name in POINT_COLUMNS if name not in table.columns]:
        raise InputError(
            f"the points of the backtest lack {missing[0]!r}", key="points", allowed=", ".join(POINT_COLUMNS)
        )
    if table.empty:
        raise InputError("there is no point to estimate from", key="points", allowed="one forecast or more")
    numbers = table[list(POINT_COLUMNS[4:])].to_numpy(np.float64)
    wrong = ~np.isfinite(numbers).all(axis=1) | (table["year"] <= table["origin"]).to_numpy()
    wrong |= ~table["indicator"].isin(SERIES).to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"row {row + 1} of the points is no forecast: {table.iloc[row].to_dict()}",
            key="points",
            allowed=f"finite logarithms of {', '.join(SERIES)}, in a year after the origin",
        )
    points = []
    for _, rows in table.groupby(["indicator", "origin", "year"], sort=True):
        series, origin, year = (rows[name].iloc[0] for name in ("indicator", "origin", "year"))
        observed = rows["ln_observed"].to_numpy(np.float64)
        start = rows["ln_observed_at_origin"].to_numpy(np.float64)
        simulated = rows["ln_simulated"].to_numpy(np.float64)
        residual = start - rows["ln_simulated_at_origin"].to_numpy(np.float64)
        horizon, futures = int(year) - int(origin), rows["draw"].to_numpy(np.int64)
        points.append(
            Point(str(series), int(origin), horizon, simulated, residual, float(observed[0]), futures)
        )
    return points
