"""How unsteady a province's own series was, as far as it is known at an origin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np


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
