"""How far the model's walk of the outside world would have missed in the past.

The walk of `model.outside` after its last known year T: the logarithm goes on with the mean growth of
the last years (``drift_window_years``), this drift is itself uncertain by ``drift_sd``, and each year
adds a shock of ``shock_sd``. After h years the logarithm is then normal with the variance
``(drift_sd h)^2 + shock_sd^2 h``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

__all__ = ["LEVELS", "Miss", "Walk", "fitted_walk", "growth_rates", "misses"]

FloatArray = npt.NDArray[np.float64]

LEVELS: Final = (0.50, 0.80, 0.95)
"""Bands whose coverage is counted."""

HORIZONS: Final = (1, 2, 3)
FEWEST_YEARS_OF_GROWTH: Final = 2
"""Years of growth behind a drift, or its origin is left out: one year's growth is no mean."""

_SPREADS: Final = np.round(np.arange(0.0, 0.1501, 0.0025), 4)
_SUPPORT: Final = 2.0
"""Loss of log likelihood within which a spread counts as supported (Edwards 1972, Likelihood)."""


class Walk(NamedTuple):
    """How uncertain a walk is said to be, by year and of the logarithm."""

    drift_sd: float
    shock_sd: float

    def spread(self, horizon: int | FloatArray) -> FloatArray:
        """Give the standard deviation of the logarithm after some years."""
        years = np.asarray(horizon, np.float64)
        return np.sqrt((self.drift_sd * years) ** 2 + self.shock_sd**2 * years)


class Miss(NamedTuple):
    """One forecast of a driver and by how much it missed.

    Attributes
    ----------
    place : str
        Province, or the nation without one.
    origin, horizon : int
        Last known year, and years from it.
    error : float
        Logarithm of what came over what the drift gave.
    """

    place: str
    origin: int
    horizon: int
    error: float


def misses(place: str, series: Mapping[int, float], window: int) -> Iterator[Miss]:
    """Forecast a series from each of its years, as the model would have with what was known then.

    Parameters
    ----------
    place : str
    series : mapping of int to float
        Positive values by year; years may be missing.
    window : int
        Years whose growth gives the drift; the next earlier known year where that one is missing.

    Yields
    ------
    Miss
        For each known year up to three years after an origin.
    """
    years = sorted(series)
    for origin in years:
        base = max((year for year in years if year <= origin - window), default=years[0])
        if origin - base < FEWEST_YEARS_OF_GROWTH:
            continue
        drift = math.log(series[origin] / series[base]) / (origin - base)
        for horizon in HORIZONS:
            if origin + horizon in series:
                came = math.log(series[origin + horizon] / series[origin])
                yield Miss(place, origin, horizon, came - drift * horizon)


def growth_rates(series: Mapping[int, float]) -> list[tuple[int, int, float]]:
    """Give the growth a year between neighbouring known years: from, to, logarithm a year."""
    years = sorted(series)
    return [
        (one, next_one, math.log(series[next_one] / series[one]) / (next_one - one))
        for one, next_one in pairwise(years)
    ]


def coverage(errors: FloatArray, horizons: FloatArray, walk: Walk) -> dict[float, float]:
    """Give the share of errors inside each of the `LEVELS` of a walk's band."""
    standard = np.abs(errors) / walk.spread(horizons)
    return {level: float((standard <= norm.ppf(0.5 + level / 2.0)).mean()) for level in LEVELS}


class FittedWalk(NamedTuple):
    """The walk under which the misses were least surprising.

    Attributes
    ----------
    walk : Walk
        Of largest likelihood.
    drift_sd, shock_sd : tuple of float
        Of each the value of largest likelihood with the other as declared, then the lowest and the
        highest that are supported with the other free.
    gain : float
        Log likelihood gained over the declared walk; years that several origins or places share
        are counted once.
    """

    walk: Walk
    drift_sd: tuple[float, float, float]
    shock_sd: tuple[float, float, float]
    gain: float


def fitted_walk(missed: Sequence[Miss], declared: Walk) -> FittedWalk:
    """Fit the spreads to misses, over a grid from 0 to 0.15.

    Misses overlap: those of one target year share its shock, in all places too. Each target year
    therefore counts as one observation, however many origins and places it is seen from.
    """
    errors = np.array([miss.error for miss in missed])
    horizons = np.array([miss.horizon for miss in missed], np.float64)
    years = [miss.origin + miss.horizon for miss in missed]
    weights = np.array([1.0 / years.count(year) for year in years])

    def likelihood(walk: Walk) -> float:
        spread = walk.spread(horizons)
        if not spread.all():
            return -math.inf
        return float(weights @ norm.logpdf(errors, scale=spread))

    table = np.array([[likelihood(Walk(float(d), float(s))) for s in _SPREADS] for d in _SPREADS])
    best = np.unravel_index(int(np.argmax(table)), table.shape)
    enough = table >= table.max() - _SUPPORT
    drifts, shocks = _SPREADS[enough.any(axis=1)], _SPREADS[enough.any(axis=0)]
    alone = [
        max(_SPREADS.tolist(), key=lambda spread: likelihood(declared._replace(**{name: spread})))
        for name in Walk._fields
    ]
    return FittedWalk(
        Walk(float(_SPREADS[best[0]]), float(_SPREADS[best[1]])),
        (alone[0], float(drifts.min()), float(drifts.max())),
        (alone[1], float(shocks.min()), float(shocks.max())),
        float(table.max()) - likelihood(declared),
    )
