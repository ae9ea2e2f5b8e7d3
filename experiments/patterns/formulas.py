"""Yearly figures by name and year, of the observed or of every simulated future, and formulas over them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from ...scenarios.choosing.pack_years import shipped_years
from ..calibrating.compare_observed import figures_of
from ..planning.definitions import LAST_YEAR

FIRST_YEAR: Final = shipped_years().first

Value = Any
"""A number of the observed, or one number for each future."""


class Figures:
    """Yearly figures, of the observed or of all futures at once; KeyError where there is none."""

    def __init__(self, look: Callable[[str, int], Value]) -> None:
        self.at = look

    @classmethod
    def observed(cls, table: pd.DataFrame) -> Figures:
        """Look figures up in an observed table: columns indicator, year, value."""
        values = {
            (str(row["indicator"]), int(row["year"])): float(row["value"]) for row in table.to_dict("records")
        }
        return cls(lambda name, year: values[name, year])

    @classmethod
    def simulated(cls, wide: pd.DataFrame) -> Figures:
        """Look figures up in simulated years: index (future, year), one column an indicator."""
        return cls(lambda name, year: figures_of(wide, [name])[name].xs(year, level="year"))

    def sum(self, name: str) -> Value:
        """Sum of a flow over all years from the first to the last."""
        return sum(self.at(name, year) for year in range(FIRST_YEAR, LAST_YEAR + 1))


Formula = Callable[[Figures], Value]
"""What is worked out from figures; KeyError where one is missing."""


def at(name: str, year: int) -> Formula:
    """Give the figure of a year."""
    return lambda figures: figures.at(name, year)


def ratio(above: str, below: str, year: int) -> Formula:
    """Give one figure over another."""
    return lambda figures: figures.at(above, year) / figures.at(below, year)


def over(above: str, below: str) -> Formula:
    """Give the sum of one flow over that of another, all years together."""
    return lambda figures: figures.sum(above) / figures.sum(below)


def change(formula: Callable[[int], Formula], first: int, last: int) -> Formula:
    """Give the logarithm of what a formula of a year grew by."""
    return lambda figures: np.log(formula(last)(figures) / formula(first)(figures))


def yearly_growth(name: str, first: int, last: int) -> Formula:
    """Give the mean growth of a figure's logarithm a year."""
    whole = change(partial(at, name), first, last)
    return lambda figures: whole(figures) / (last - first)
