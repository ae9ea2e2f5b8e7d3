"""Estimate the discrepancy of the model from forecasts that were made in the past.

The points of a backtest are few, and those of one origin miss together: two forecasts for 2017
share the year 2017. Each origin therefore counts as one observation of each series, however many
years it is held against, and a weak prior stands beside them.

The prior's centres are figures of a prototype of the contract channel, fitted over 31 provinces to
data up to 2017 (ADVICE.md, 'Forecast and honest bands'): ``sd = sqrt((c v)^2 + 0.04^2) h^k`` with
v = 0.15 and c = 0.5, 1.0, 0.75 for value, number and inflow; k = 0.6, 0.6, 0.35; carry 0.75 a year.
They rest on the very years that are held against, in part, and on another model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize

from ..forecasting.discrepancy import SERIES, Discrepancy, SeriesDiscrepancy
from ..keeping.provenance import hash_of_mechanisms
from .points import Forecasts, Point, points_of

FloatArray = npt.NDArray[np.float64]

PROTOTYPE: Final = (0.5, 1.0, 0.75, 0.75)
"""The prototype's c of each of `SERIES`."""

DEGREES_OF_FREEDOM: Final = 4.0
"""Of Student's t: the rms of the prototype's errors was up to twice their robust spread."""

OBSERVATION_ERROR: Final[Mapping[str, float]] = {
    "contract_value_output": 0.05,
    "contract_count_output": 0.12,
    "contract_value_inflow": 0.13,
    "contract_count_inflow": 0.12,
}
"""``ln_error`` of the series in ``observed.csv`` of Shaanxi, 2014-2017. Given, not estimated: a few points
cannot tell an error of the statistics from one of the model, and a forecast is held against both."""

_FARTHEST: Final = 3.5
"""Spreads of the prior beyond which no scale is sought."""


@dataclass(frozen=True)
class PriorOfPath:
    """What is believed of how errors grow and go on, before any backtest: normal, cut at 0 and 1."""

    growth_power: float = 0.5
    growth_power_sd: float = 0.2
    carry: float = 0.75
    carry_sd: float = 0.3

    def bounds(self, wide: int, carries: int) -> list[tuple[float, float]]:
        """Bound a search in units of the priors' spreads: growth power, so many wide numbers, carries."""
        power, carry = (
            (-middle / sd, (1.0 - middle) / sd)
            for middle, sd in ((self.growth_power, self.growth_power_sd), (self.carry, self.carry_sd))
        )
        return [power, *[(-_FARTHEST, _FARTHEST)] * wide, *[carry] * carries]


@dataclass(frozen=True)
class Prior(PriorOfPath):
    """What is believed before the backtest of one province.

    ``scale`` is the median of each series' scale, within a factor of two either way, two times in three.
    """

    scale: Mapping[str, float] = field(
        default_factory=lambda: {
            name: math.hypot(c * 0.15, 0.04) for name, c in zip(SERIES, PROTOTYPE, strict=True)
        }
    )
    scale_ln_sd: float = 0.7


@dataclass(frozen=True)
class Shape:
    """The numbers that are estimated; scale and carry by series, see `discrepancy.SeriesDiscrepancy`."""

    scale: Mapping[str, float]
    carry: Mapping[str, float]
    growth_power: float


def fitted_shape(points: Sequence[Point]) -> Shape:
    """Find the shape, of the series that have points, under which what came was least surprising.

    The prior is counted in; degrees of freedom and the error of the statistics are held.
    """
    prior, series = Prior(), sorted({point.series for point in points})
    forecasts = Forecasts(points)
    of = [(point.series, point.origin) for point in points]
    weights = np.array([1.0 / of.count(mine) for mine in of])  # points of one origin and series count as one

    def shape_of(numbers: FloatArray) -> Shape:
        # A scale is sought as its logarithm in units of the prior's spread, all others likewise.
        scales, carries = numbers[1 : 1 + len(series)], numbers[1 + len(series) :]
        return Shape(
            {
                name: prior.scale[name] * math.exp(prior.scale_ln_sd * x)
                for name, x in zip(series, scales, strict=True)
            },
            {name: prior.carry + prior.carry_sd * x for name, x in zip(series, carries, strict=True)},
            prior.growth_power + prior.growth_power_sd * float(numbers[0]),
        )

    def surprise(numbers: FloatArray) -> float:
        shape = shape_of(numbers)
        scale, carry, error = (
            np.array([by_series[name] for name, _ in of])
            for by_series in (shape.scale, shape.carry, OBSERVATION_ERROR)
        )
        scores = forecasts.log_density(scale, carry, shape.growth_power, error, DEGREES_OF_FREEDOM)
        return 0.5 * float(numbers @ numbers) - float(weights @ scores)

    bounds = prior.bounds(len(series), len(series))
    starts = [np.zeros(len(bounds)), *(np.full(len(bounds), x) for x in (-0.8, 0.8))]
    starts = [np.clip(start, [low for low, _ in bounds], [high for _, high in bounds]) for start in starts]
    found = [minimize(surprise, start, method="L-BFGS-B", bounds=bounds) for start in starts]
    return shape_of(min(found, key=lambda one: float(one.fun)).x)


def estimate(points: pd.DataFrame, *, source: str = "rolling-origin backtest of this model") -> Discrepancy:
    """Estimate the discrepancy from the points of a backtest, a table of `points.POINT_COLUMNS`.

    It is the maximum of the log predictive density (Gneiting and Raftery 2007,
    doi:10.1198/016214506000001437) of the points, each origin weighing one, and the prior. ``source`` is
    written into the file.
    """
    taken = points_of(points)
    shape = fitted_shape(taken)
    return Discrepancy(
        source=source,
        points=len(taken),
        rules=hash_of_mechanisms(),
        degrees_of_freedom=DEGREES_OF_FREEDOM,
        growth_power=within(shape.growth_power),
        series={
            name: SeriesDiscrepancy(
                scale=shape.scale[name],
                carry=within(shape.carry[name]),
                observation_error=OBSERVATION_ERROR[name],
            )
            for name in SERIES
            if name in shape.scale
        },
    )


def within(share: float) -> float:
    """Cut a share that a search has moved beyond 0 or 1 by rounding."""
    return min(1.0, max(0.0, share))
