"""Sums that no order of the terms changes, for rules: ``math.fsum`` within compiled loops."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from .rules import rule

_MOST_PARTS: Final = 64
"""Parts that a sum may have: 40 numbers of 53 bits span all exponents."""

Floats = npt.NDArray[np.float64]


@rule
def two_sum(x: float, y: float) -> tuple[float, float]:
    """Add two numbers: their rounded sum, and what rounding left out."""
    if abs(x) < abs(y):
        x, y = y, x
    total = x + y
    return total, y - (total - x)


@rule
def exact_sum(numbers: Floats) -> float:
    """Sum numbers as if without rounding, and round once; equal to ``math.fsum`` to the bit.

    Shewchuk (1997), Adaptive precision floating-point arithmetic, Discrete & Computational Geometry 18(3).

    Parameters
    ----------
    numbers : ndarray of float64 of shape (n,)
        Finite, and so are their sums.
    """
    parts = np.empty(_MOST_PARTS)
    count = 0
    for i in range(len(numbers)):
        total = numbers[i]
        kept = 0
        for k in range(count):
            total, left = two_sum(total, parts[k])
            if left != 0.0:
                parts[kept] = left
                kept += 1
        parts[kept] = total
        count = kept + 1
    if count == 0:
        return 0.0
    # The parts do not overlap: add them from the greatest on, until one is rounded off.
    count -= 1
    total, left = parts[count], 0.0
    while count > 0 and left == 0.0:
        count -= 1
        total, left = two_sum(total, parts[count])
    # Half of a last bit was rounded to even: what is below it decides.
    if count > 0 and left != 0.0 and parts[count - 1] != 0.0 and (left > 0.0) == (parts[count - 1] > 0.0):
        twice = left * 2.0
        further = total + twice
        if further - total == twice:
            total = further
    return float(total)


@rule
def cumulate(weights: Floats) -> None:
    """Turn weights into cumulative shares of their sum, in place.

    Parameters
    ----------
    weights : ndarray of float64 of shape (n,)
        0 or more, not all zero. The last share is 1, or a last bit beside it.
    """
    everything, total = exact_sum(weights), 0.0
    for i in range(len(weights)):
        total += weights[i]
        weights[i] = total / everything
