"""What a benchmark finds: rows of one table, and the arithmetic that they share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np


class Row(NamedTuple):
    """A row of the table.

    Attributes
    ----------
    name : str
        What was measured.
    value : float or None
        None where this machine has not got what it takes; the name then says what.
    unit : str
    demand, aim : float, optional
        What the design asks for. More is better where the aim lies above the demand.
    """

    name: str
    value: float | None
    unit: str
    demand: float | None = None
    aim: float | None = None

    @property
    def of_demand(self) -> float | None:
        """How much of the demand it takes, 1 at the demand and less where it is better."""
        return self._share(self.value)

    @property
    def aim_of_demand(self) -> float | None:
        """The same of the aim."""
        return self._share(self.aim)

    def _share(self, value: float | None) -> float | None:
        if self.demand is None or not value:
            return None
        more_is_better = self.aim is not None and self.aim > self.demand
        return self.demand / value if more_is_better else value / self.demand


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Exponent with which times grow with sizes: the slope of their logarithms, by least squares.

    Examples
    --------
    >>> round(exponent([1, 10, 100], [3, 30, 300]), 3)
    1.0
    """
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def cpu_seconds(action: Callable[[], object]) -> float:
    """Processor time of one call in this process, s."""
    start = time.process_time()
    action()
    return time.process_time() - start


def best_of(times: int, action: Callable[[], object]) -> float:
    """The least processor time of several calls, s."""
    return min((cpu_seconds(action) for _ in range(times)), default=math.inf)
