"""The discrepancy of the model, learnt from all provinces together.

The form is that of `discrepancy`; the scale of a series in a province is ``c v``, with v the spread of
its own growth up to the origin, drawn towards what is typical of the provinces, and c one number a series for
all provinces. How far v is drawn, c, the carry, the growth with the horizon and the degrees of freedom of
Student's t are estimated together: the maximum of the log predictive density of what came, each province,
origin and series weighing one, with the weak prior of `Prior`. The error of the statistics is given.

Provinces share their years: a national boom is missed in all of them at once, so that their number is not
that of independent observations.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from ..forecasting.discrepancy import SERIES, Discrepancy, SeriesDiscrepancy
from ..forecasting.predictive import BY_PLACE, noise_of_futures, standard_noise
from ..keeping.provenance import hash_of_mechanisms
from ..planning.definitions import LAST_YEAR
from ..planning.plan_of_runs import future_seed
from .discrepancy_estimate import OBSERVATION_ERROR, PROTOTYPE, PriorOfPath, within
from .points import Forecasts, Point, futures_of

FloatArray = npt.NDArray[np.float64]

DRAWS: Final = 2000
"""Draws of a forecast that is scored."""

LARGEST_SCALE: Final = 2.0
"""What the file of a discrepancy allows."""


class Volatility(NamedTuple):
    """Spread of a series' growth.

    ``variance`` is that of the logarithm's growth in a year about its mean, nan without two growths;
    ``growths`` are the independent ones, one less than there are.
    """

    variance: float
    growths: int

    def shrunk(self, towards: float, weight: float) -> float:
        """Give the standard deviation, drawn towards a variance that counts as so many growths.

        Examples
        --------
        >>> Volatility(0.04, 4).shrunk(0.01, 4.0) ** 2
        0.025
        """
        if self.growths < 1:
            return math.sqrt(towards)
        return math.sqrt((self.growths * self.variance + weight * towards) / (self.growths + weight))


def volatility_of(series: Mapping[int, float], until: int) -> Volatility:
    """Measure the growth of a series up to a year; later figures are not looked at.

    Years may be missing: a random walk's growth over n years has n times the variance of one year's.
    """
    known = sorted(year for year, value in series.items() if year <= until and value > 0.0)
    if len(known) < 3:
        return Volatility(math.nan, 0)
    logs = np.log([series[year] for year in known])
    years = np.diff(known)
    mean = (logs[-1] - logs[0]) / (known[-1] - known[0])
    freedom = len(years) - 1
    return Volatility(float((((np.diff(logs) - mean * years) ** 2) / years).sum() / freedom), freedom)


def typical(of_others: Iterable[Volatility]) -> float:
    """Give the median variance of others that have one; 0.15 squared if none has (the prototype's).

    The median, because a series that begins with next to nothing grows without measure.
    """
    known = [one.variance for one in of_others if one.growths >= 1]
    return float(np.median(known)) if known else 0.15**2


class PlacedPoint(NamedTuple):
    """A point of the backtest with its province.

    ``volatility`` is that of the series and ``typical`` the variance of growth of the other provinces'
    series, both up to the origin.
    """

    province: str
    point: Point
    volatility: Volatility
    typical: float


@dataclass(frozen=True)
class Prior(PriorOfPath):
    """What is believed before the backtest: the prototype's figures, in its own form of v, loosely.

    ``factor`` is the median of c of each series, ``weight`` as how many growths the typical spread counts;
    with ``whole_carry`` the carry is known to be 1.
    """

    factor: Mapping[str, float] = field(default_factory=lambda: dict(zip(SERIES, PROTOTYPE, strict=True)))
    factor_ln_sd: float = 0.7
    weight: float = 3.0
    weight_ln_sd: float = 1.0
    freedom_above_two: float = 2.0
    freedom_ln_sd: float = 1.0
    whole_carry: bool = False


@dataclass(frozen=True)
class PooledShape:
    """The numbers that are estimated; factor and carry by series.

    ``weight``: growths as which the typical spread counts beside a province's own.
    """

    factor: Mapping[str, float]
    carry: Mapping[str, float]
    growth_power: float
    weight: float
    degrees_of_freedom: float

    def scale(self, series: str, volatility: Volatility, typical: float) -> float:
        """Give the scale of a series after one year, in a province of this volatility."""
        return min(LARGEST_SCALE, self.factor[series] * volatility.shrunk(typical, self.weight))


def pooled_shape(
    points: Sequence[PlacedPoint],
    *,
    observation_error: Mapping[str, float] = OBSERVATION_ERROR,
    start: FloatArray | None = None,
    whole_carry: bool = False,
) -> tuple[PooledShape, FloatArray]:
    """Find the shape under which what came was least surprising, the prior counted in.

    Without points it has the prior's medians. Also gives the same in the units of the search, from which
    another may ``start``: a few points less move it little. With ``whole_carry`` nothing of a residual is
    ever forgotten, whatever the points say.
    """
    prior = Prior(whole_carry=whole_carry)
    bounds = prior.bounds(2 + len(SERIES), len(SERIES))
    middle = np.zeros(len(bounds))
    if not points:
        return _shape(middle, prior), middle
    surprise = _Surprise(points, observation_error, prior)
    found = minimize(surprise, middle if start is None else start, method="L-BFGS-B", bounds=bounds)
    return _shape(found.x, prior), np.asarray(found.x)


def _shape(numbers: FloatArray, prior: Prior) -> PooledShape:
    """Read a shape from numbers that are each in units of its prior's spread."""
    factors = numbers[3 : 3 + len(SERIES)]
    carries = numbers[3 + len(SERIES) :]
    return PooledShape(
        {
            name: prior.factor[name] * math.exp(prior.factor_ln_sd * float(x))
            for name, x in zip(SERIES, factors, strict=True)
        },
        {
            name: 1.0 if prior.whole_carry else within(prior.carry + prior.carry_sd * float(x))
            for name, x in zip(SERIES, carries, strict=True)
        },
        within(prior.growth_power + prior.growth_power_sd * float(numbers[0])),
        prior.weight * math.exp(prior.weight_ln_sd * float(numbers[1])),
        2.0 + prior.freedom_above_two * math.exp(prior.freedom_ln_sd * float(numbers[2])),
    )


class _Surprise:
    """Minus the log posterior density of a shape, for the search."""

    def __init__(self, points: Sequence[PlacedPoint], error: Mapping[str, float], prior: Prior) -> None:
        self._prior = prior
        self._forecasts = Forecasts([placed.point for placed in points])
        self._series = [SERIES.index(placed.point.series) for placed in points]
        self._error = np.array([error[placed.point.series] for placed in points])
        known = [placed.volatility for placed in points]
        self._growths = np.array([one.growths for one in known], np.float64)
        self._own = np.array([one.variance if one.growths else 0.0 for one in known])
        self._typical = np.array([placed.typical for placed in points])
        of = [(placed.province, placed.point.series, placed.point.origin) for placed in points]
        together = Counter(of)
        self._weights = np.array([1.0 / together[mine] for mine in of])

    def __call__(self, numbers: FloatArray) -> float:
        shape = _shape(numbers, self._prior)
        factor = np.array([shape.factor[name] for name in SERIES])[self._series]
        carry = np.array([shape.carry[name] for name in SERIES])[self._series]
        variance = (self._growths * self._own + shape.weight * self._typical) / (self._growths + shape.weight)
        scale = np.minimum(LARGEST_SCALE, factor * np.sqrt(variance))
        scores = self._forecasts.log_density(
            scale, carry, shape.growth_power, self._error, shape.degrees_of_freedom
        )
        return 0.5 * float(numbers @ numbers) - float(self._weights @ scores)


def predicted(
    placed: PlacedPoint,
    shape: PooledShape,
    seed: int,
    observation_error: Mapping[str, float] = OBSERVATION_ERROR,
    *,
    runs: int | None = None,
    by_place: bool = BY_PLACE,
) -> FloatArray:
    """Draw forecasts of a point with carry, discrepancy and error of the statistics, as logarithms.

    Parameters
    ----------
    placed : PlacedPoint
    shape : PooledShape
    seed : int
        Of the futures at the point's origin: draw i has the noise that a forecast has in future i.
    observation_error : mapping of str to float
        By series.
    runs : int, optional
        Futures that were to be run; by default those up to the last that was. Draw i is of run i modulo this.
    by_place : bool
        Whether the province has noise of its own; see `predictive.BY_PLACE`.

    Returns
    -------
    ndarray of shape (draws,)
        nan where the future failed.
    """
    point = placed.point
    futures = futures_of(point)
    runs = int(futures.max()) + 1 if runs is None else runs
    cycles, carry = max(1, DRAWS // runs), shape.carry[point.series]
    middle = np.full(runs, math.nan)
    middle[futures] = point.simulated + carry**point.horizon * point.residual
    one = SeriesDiscrepancy(
        scale=shape.scale(point.series, placed.volatility, placed.typical),
        carry=carry,
        observation_error=observation_error[point.series],
    )
    numbers = standard_noise(
        point.series,
        seeds_of(seed, cycles * runs),
        point.origin,
        max(point.horizon, LAST_YEAR - point.origin),  # the same luck for all years of a forecast
        placed.province if by_place else "",
    )
    noise = noise_of_futures(one, shape.growth_power, shape.degrees_of_freedom, *numbers)
    return np.asarray(np.tile(middle, cycles) + noise[:, point.horizon - 1])


@functools.lru_cache(maxsize=16)
def seeds_of(seed: int, futures: int) -> tuple[int, ...]:
    """Give the seeds of so many futures."""
    return tuple(future_seed(seed, future) for future in range(futures))


def discrepancy_of_province(
    shape: PooledShape,
    volatility: Mapping[str, tuple[Volatility, float]],
    *,
    points: int,
    source: str,
    observation_error: Mapping[str, float] = OBSERVATION_ERROR,
    drawn_from: Literal["posterior", "prior"] = "posterior",
) -> Discrepancy:
    """Give a province its discrepancy, in the form that forecasts read.

    ``volatility`` holds that of the province's series, and the typical variance, up to the last year that is
    known; ``points`` are the forecasts from which the shape was learnt, whose parameters were ``drawn_from``.
    """
    return Discrepancy(
        drawn_from=drawn_from,
        source=source,
        points=points,
        rules=hash_of_mechanisms(),
        degrees_of_freedom=shape.degrees_of_freedom,
        growth_power=shape.growth_power,
        series={
            name: SeriesDiscrepancy(
                scale=shape.scale(name, *volatility[name]),
                carry=shape.carry[name],
                observation_error=observation_error[name],
            )
            for name in SERIES
            if name in volatility
        },
    )
