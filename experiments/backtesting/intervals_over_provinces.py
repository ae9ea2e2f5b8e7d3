"""Intervals of means over points of many provinces, whole provinces drawn again.

Points of one province are not independent (the cluster bootstrap, Efron and Tibshirani 1993, An Introduction
to the Bootstrap, ch. 8). Years that all provinces share are not drawn again; the true uncertainty is larger.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["AGAIN", "draws_of_provinces", "interval_over_provinces"]

Numbers = npt.NDArray[np.float64]

AGAIN: Final = 2000
"""Draws of the bootstrap."""


def draws_of_provinces(provinces: int, seed: int) -> Numbers:
    """Draw so many provinces again, shape (`AGAIN`, provinces): how often each is among them."""
    shares = np.full(provinces, 1.0 / provinces)
    return np.random.default_rng(seed).multinomial(provinces, shares, AGAIN).astype(np.float64)


def interval_over_provinces(sums: Numbers, counts: Numbers, again: Numbers) -> tuple[float, float]:
    """Give the 95 % interval of a mean over points, from sums and numbers of points by province."""
    weight = again @ counts
    kept = weight > 0.0
    low, high = np.quantile((again @ sums)[kept] / weight[kept], [0.025, 0.975])
    return float(low), float(high)
