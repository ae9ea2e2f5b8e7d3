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
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize

from ..forecasting.discrepancy import SERIES, Discrepancy, SeriesDiscrepancy
from ..keeping.provenance import hash_of_mechanisms
from .points import Forecasts, Point, points_of

FloatArray = npt.NDArray[np.float64]

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
class Prior:
    """What is believed before the backtest.

    ``scale`` is the median of each series' scale, within a factor of two either way, two times in three.
    Growth power and carry are normal, cut at 0 and 1.
    """

    scale: Mapping[str, float] = field(
        default_factory=lambda: {
            "contract_value_output": math.hypot(0.5 * 0.15, 0.04),
            "contract_count_output": math.hypot(1.0 * 0.15, 0.04),
            "contract_value_inflow": math.hypot(0.75 * 0.15, 0.04),
            "contract_count_inflow": math.hypot(0.75 * 0.15, 0.04),
        }
    )
    scale_ln_sd: float = 0.7
    growth_power: float = 0.5
    growth_power_sd: float = 0.2
    carry: float = 0.75
    carry_sd: float = 0.3


@dataclass(frozen=True)
class Shape:
    """The numbers that are estimated; scale and carry by series, see `discrepancy.SeriesDiscrepancy`."""

    scale: Mapping[str, float]
    carry: Mapping[str, float]
    growth_power: float


def fitted_shape(
    points: Sequence[Point],
    *,
    observation_error: Mapping[str, float] = OBSERVATION_ERROR,
    degrees_of_freedom: float = DEGREES_OF_FREEDOM,
    prior: Prior | None = None,
    carry: float | None = None,
    scale: float | None = None,
) -> Shape:
    """Find the shape under which what came was least surprising, the prior counted in.

    The error of the statistics is held. ``carry`` and ``scale`` may be held too, at one number in all series.
    The shape is of the series that have points.
    """
    prior = Prior() if prior is None else prior
    series = sorted({point.series for point in points})
    weights, forecasts = _weights(points), Forecasts(points)
    of_points = [point.series for point in points]

    def shape_of(numbers: FloatArray) -> Shape:
        # A scale is sought as its logarithm in units of the prior's spread, all others likewise.
        scales = [
            prior.scale[name] * math.exp(prior.scale_ln_sd * x)
            for name, x in zip(series, numbers[1:], strict=False)
        ]
        carries = [prior.carry + prior.carry_sd * x for x in numbers[1 + len(series) :]]
        return Shape(
            dict(zip(series, scales if scale is None else [scale] * len(series), strict=True)),
            dict(zip(series, carries if carry is None else [carry] * len(series), strict=True)),
            prior.growth_power + prior.growth_power_sd * float(numbers[0]),
        )

    def surprise(numbers: FloatArray) -> float:
        scores = _scores(of_points, forecasts, shape_of(numbers), observation_error, degrees_of_freedom)
        return 0.5 * float(numbers @ numbers) - float(weights @ scores)

    power = (-prior.growth_power / prior.growth_power_sd, (1.0 - prior.growth_power) / prior.growth_power_sd)
    kept = (-prior.carry / prior.carry_sd, (1.0 - prior.carry) / prior.carry_sd)
    bounds = [power, *[(-_FARTHEST, _FARTHEST)] * len(series), *[kept] * len(series)]
    starts = [np.zeros(len(bounds)), *(np.full(len(bounds), x) for x in (-0.8, 0.8))]
    starts = [np.clip(start, [low for low, _ in bounds], [high for _, high in bounds]) for start in starts]
    found = [minimize(surprise, start, method="L-BFGS-B", bounds=bounds) for start in starts]
    return shape_of(min(found, key=lambda one: float(one.fun)).x)


def _weights(points: Sequence[Point]) -> FloatArray:
    """Weigh the points so that those of one origin and series count as one."""
    of = [(point.series, point.origin) for point in points]
    return np.array([1.0 / of.count(mine) for mine in of])


def scores_of(
    points: Sequence[Point], shape: Shape, error: Mapping[str, float], freedom: float
) -> FloatArray:
    """Give the log density of what came at each point, array of shape (points,)."""
    return _scores([point.series for point in points], Forecasts(points), shape, error, freedom)


def _scores(
    series: Sequence[str], forecasts: Forecasts, shape: Shape, error: Mapping[str, float], freedom: float
) -> FloatArray:
    scale, carry, width = (
        np.array([of[name] for name in series]) for of in (shape.scale, shape.carry, error)
    )
    return forecasts.log_density(scale, carry, shape.growth_power, width, freedom)


def estimate(
    points: pd.DataFrame,
    *,
    source: str = "rolling-origin backtest of this model",
    observation_error: Mapping[str, float] = OBSERVATION_ERROR,
    degrees_of_freedom: float = DEGREES_OF_FREEDOM,
    prior: Prior | None = None,
) -> Discrepancy:
    """Estimate the discrepancy from the points of a backtest, a table of `points.POINT_COLUMNS`.

    It is the maximum of the log predictive density (Gneiting and Raftery 2007,
    doi:10.1198/016214506000001437) of the points, each origin weighing one, and the prior. ``source`` is
    written into the file; the error of the statistics, of the logarithm, is held.
    """
    taken = points_of(points)
    shape = fitted_shape(
        taken, observation_error=observation_error, degrees_of_freedom=degrees_of_freedom, prior=prior
    )
    return Discrepancy(
        source=source,
        points=len(taken),
        rules=hash_of_mechanisms(),
        degrees_of_freedom=float(degrees_of_freedom),
        growth_power=_within(shape.growth_power),
        series={
            name: SeriesDiscrepancy(
                scale=shape.scale[name],
                carry=_within(shape.carry[name]),
                observation_error=observation_error[name],
            )
            for name in SERIES
            if name in shape.scale
        },
    )


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


def log_scores(points: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Say whether the discrepancy earns its place: log scores of points whose origin was left out.

    Gives ``variant``, ``series`` (or ``all``), ``points``, ``seen`` and ``left_out``: mean log density of
    what came, with the point's own origin in and out of the estimate; higher is better. Variants:
    ``estimated``; ``carry 0`` and ``carry 1``, with the rest estimated; ``observation error only``, without
    discrepancy and carry. Origins share target years, so that what is left out is not all new. Options are
    those of `fitted_shape`.
    """
    taken = points_of(points)
    error = options.get("observation_error", OBSERVATION_ERROR)
    freedom = options.get("degrees_of_freedom", DEGREES_OF_FREEDOM)
    variants: dict[str, dict[str, Any]] = {
        "estimated": {},
        "carry 0": {"carry": 0.0},
        "carry 1": {"carry": 1.0},
        "observation error only": {"carry": 0.0, "scale": 0.0},
    }
    rows = []
    for variant, held in variants.items():
        whole = fitted_shape(taken, **options, **held)
        seen = scores_of(taken, whole, error, freedom)
        left_out = np.full(len(taken), math.nan)
        for origin in sorted({point.origin for point in taken}):
            others = [point for point in taken if point.origin != origin]
            mine = [place for place, point in enumerate(taken) if point.origin == origin]
            if {taken[place].series for place in mine} <= {point.series for point in others}:
                shape = fitted_shape(others, **options, **held)
                left_out[mine] = scores_of([taken[place] for place in mine], shape, error, freedom)
        for name in ("all", *(one for one in SERIES if any(point.series == one for point in taken))):
            rows_of = [place for place, point in enumerate(taken) if name in ("all", point.series)]
            rows.append((variant, name, len(rows_of), seen[rows_of].mean(), left_out[rows_of].mean()))
    return pd.DataFrame(rows, columns=["variant", "series", "points", "seen", "left_out"])
