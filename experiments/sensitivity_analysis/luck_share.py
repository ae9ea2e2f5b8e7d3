"""How much of what a sensitivity analysis sees is luck, and how many futures keep it small.

Every point of a design meets the same futures. What a future does to all points alike
falls out of every comparison between points; what is left of luck is what it does to
some points and not to others, and the mean over R futures keeps an R-th of its variance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LARGEST_SHARE: Final = 0.05
"""Luck may have this share of the variance of the means; more futures are wanted otherwise."""

_RESAMPLES: Final = 200
_ROUNDING: Final = 1e-13


@dataclass(frozen=True, slots=True)
class LuckShare:
    """Variances of a table of points times futures, in the square of the output's unit.

    ``of_means`` is that over the points of the mean over the futures, luck included; ``of_luck`` that of one
    run about what its point and its future have in common with the others. ``low`` and ``high`` are the 95 %
    interval of `share`, from drawing the points again.
    """

    of_means: float
    of_luck: float
    futures: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of the variance of the means that is luck; 1 if it could all be."""
        return _share(self.of_means, self.of_luck / self.futures)

    @property
    def of_points(self) -> float:
        """Variance of the means without luck, 0 if luck could explain it all."""
        return max(0.0, self.of_means - self.of_luck / self.futures)


def luck_share(values: FloatArray, seed: int = 1) -> LuckShare:
    """Split the variance of a table (points, futures), two of each at least."""
    random = np.random.default_rng(seed)
    futures = values.shape[1]
    draws = [random.integers(len(values), size=len(values)) for _ in range(_RESAMPLES)]
    shares = []
    for rows in draws:
        means, luck = _variances(values[rows])
        shares.append(_share(means, luck / futures))
    low, high = np.quantile(shares, [0.025, 0.975])
    means, luck = _variances(values)
    return LuckShare(means, luck, futures, float(low), float(high))


def futures_needed(luck: LuckShare, largest_share: float = LARGEST_SHARE) -> int | None:
    """Give the least number of futures, two or more, that keeps luck under a share.

    None if the points are not distinct from luck at all.
    """
    if luck.of_luck == 0.0:
        return 2
    if luck.of_points == 0.0:
        return None
    return max(2, math.ceil((1.0 - largest_share) / largest_share * luck.of_luck / luck.of_points))


def _variances(values: FloatArray) -> tuple[float, float]:
    points, futures = values.shape
    means = values.mean(axis=1)
    left = values - means[:, np.newaxis] - values.mean(axis=0) + values.mean()
    left[np.abs(left) <= _ROUNDING * np.abs(values).max()] = 0.0
    return float(means.var(ddof=1)), float((left**2).sum() / ((points - 1) * (futures - 1)))


def _share(of_means: float, of_luck: float) -> float:
    if of_luck == 0.0:
        return 0.0
    return 1.0 if of_means <= 0.0 else min(1.0, of_luck / of_means)
