"""What a published figure and the same figure found in many futures have to say to each other.

The rules were fixed together with ``registered.csv``, before any mechanism was changed to meet a figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .estimate import Estimate
from .registered import Figure

__all__ = ["AGREE", "MISS", "OVERLAP", "SAYS_NOTHING", "Found", "verdict"]

AGREE: Final = "agree"
OVERLAP: Final = "overlap"
MISS: Final = "miss"
SAYS_NOTHING: Final = "says nothing"

_BAND: Final = (0.05, 0.5, 0.95)
_TOO_WIDE: Final = 5.0
"""Times the published effect: a band that is wider holds nearly everything."""

_SIGN_SHARE: Final = 0.9
"""Share of futures in which a sign has to hold."""


@dataclass(frozen=True)
class Found:
    """What a design gave over its futures.

    Attributes
    ----------
    q05, q50, q95 : float
        Of the estimates.
    covers_zero : float
        Share of futures whose interval holds zero.
    width : float
        Median width of the intervals.
    same_sign : float
        Share of futures whose estimate goes the published way; not a number where none is published.
    """

    q05: float
    q50: float
    q95: float
    covers_zero: float
    width: float
    same_sign: float

    @classmethod
    def over(cls, estimates: Sequence[Estimate], figure: Figure) -> Found:
        """Sum up the estimates of many futures."""
        effects = np.array([estimate.effect for estimate in estimates])
        q05, q50, q95 = np.quantile(effects, _BAND)
        towards = np.sign(figure.published) if not math.isnan(figure.published) else math.nan
        return cls(
            float(q05),
            float(q50),
            float(q95),
            float(np.mean([estimate.covers(0.0) for estimate in estimates])),
            float(np.median([estimate.high - estimate.low for estimate in estimates])),
            float(np.mean(np.sign(effects) == towards)) if towards else math.nan,
        )


def verdict(figure: Figure, found: Found) -> str:
    """Hold what was found against what was published.

    Parameters
    ----------
    figure : Figure
        As registered.
    found : Found

    Returns
    -------
    str
        *A number*: ``agree`` if it lies inside the band of 5 to 95 % of the estimates (of a bound: if their
        median keeps it), ``overlap`` if the published interval meets the band, else ``miss``; ``says
        nothing`` if the band is wider than five times the figure, or would agree and holds zero as well.
        *A zero*: ``agree`` if intervals cover it in the registered share of futures and the median is smaller
        than what would matter, ``says nothing`` if the intervals could not have told such an effect from
        none, else ``miss``. *A sign*: ``agree`` if it holds in nine futures of ten, else ``miss``.
    """
    if figure.kind == "sign":
        return AGREE if found.same_sign >= _SIGN_SHARE else MISS
    if figure.kind == "zero":
        if found.width > 2.0 * figure.matters:
            return SAYS_NOTHING
        agrees = found.covers_zero >= figure.zero_share and abs(found.q50) < figure.matters
        return AGREE if agrees else MISS
    low, high = _interval(figure)
    holds_zero = found.q05 <= 0.0 <= found.q95
    if math.isnan(figure.published):
        inside, size = low <= found.q50 <= high, min(abs(low), abs(high))
    else:
        inside, size = found.q05 <= figure.published <= found.q95, abs(figure.published)
    meets = found.q05 <= high and low <= found.q95
    if (inside or meets) and (holds_zero or found.q95 - found.q05 > _TOO_WIDE * size):
        return SAYS_NOTHING
    return AGREE if inside else OVERLAP if meets else MISS


def _interval(figure: Figure) -> tuple[float, float]:
    """Give the published interval; a bound reaches as far as there are numbers, a bare figure nowhere."""
    if math.isnan(figure.published):
        low = -math.inf if math.isnan(figure.low) else figure.low
        return low, math.inf if math.isnan(figure.high) else figure.high
    low = figure.published if math.isnan(figure.low) else figure.low
    return low, figure.published if math.isnan(figure.high) else figure.high
