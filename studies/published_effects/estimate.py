"""What every estimator gives: an effect, its interval, and upon how many it rests."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import t

__all__ = ["LEVEL", "Estimate", "effective_number", "in_logarithms", "with_t"]

LEVEL: Final = 0.95
"""Share of repetitions in which an interval should hold the true effect."""


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval.

    Attributes
    ----------
    effect : float
        In the unit that the estimator names.
    low, high : float
        The interval at `LEVEL`. It need not have the effect in its middle.
    treated, controls : int
        Upon how many units, or clusters where the estimator has them, the effect rests.
    left_out : int
        Units of the table that could tell nothing; each estimator says which.
    """

    effect: float
    low: float
    high: float
    treated: int
    controls: int
    left_out: int = 0

    def covers(self, value: float) -> bool:
        """Tell whether the interval holds a value."""
        return self.low <= value <= self.high


def with_t(
    effect: float, error: float, degrees: float, treated: int, controls: int, left_out: int = 0
) -> Estimate:
    """Give the interval of Student's t about an effect with this standard error."""
    reach = float(t.ppf(0.5 + LEVEL / 2.0, degrees)) * error
    return Estimate(effect, effect - reach, effect + reach, treated, controls, left_out)


def effective_number(weights: npt.NDArray[np.float64]) -> float:
    """Give how many clusters of equal weight tell as much as these.

    ``weights`` are the shares of the clusters in the variance of the treatment, once all else is taken out.
    Where one city of eleven is treated it has ten elevenths of it, and counts nearly alone.

    Carter, Schnepel, Steigerwald (2017), Review of Economics and Statistics 99(4), 698-709, for errors that
    are alike within and between clusters.

    Examples
    --------
    >>> round(effective_number(np.array([100.0] + [1.0] * 10)), 2)
    1.21
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def in_logarithms(ratio: Estimate, *, more: bool = False) -> Estimate:
    """Give a ratio as a logarithm, in which no effect is zero; ``more`` if it is what comes on top."""
    one = 1.0 if more else 0.0
    return replace(
        ratio,
        effect=math.log(one + ratio.effect),
        low=math.log(one + ratio.low),
        high=math.log(one + ratio.high),
    )
