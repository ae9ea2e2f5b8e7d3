"""The moment: calendar and outside world of a step, as the record that rules read."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from ...engine import luck
from ...engine.columns import row_at, row_dtype
from .calendar import Calendar
from .outside import OutsideWorld
from .registry import coverage_of_imports

if TYPE_CHECKING:
    from ...agents.inputs import Moment

YEAR_EFFECT = luck.mechanism("year effect of the entry threshold")

GROWTH_YEARS: Final = 3.0
"""Years over which the growth of output, in logarithms a year, is taken."""

NOW_FIELDS: Final = ("date", "dt", "output_index", "output_growth", "entry_threshold", "coverage_of_imports")
"""Numbers of the step that rules read, beside ``step`` itself."""

_NOW_DTYPE: Final = row_dtype([("step", np.int64), *((name, np.float64) for name in NOW_FIELDS)])


@functools.lru_cache(maxsize=256)
def _year_effect(seed: int, year: int) -> float:
    """Draw the luck of a year, by the number that keys it."""
    return luck.draw_normal(seed, int(YEAR_EFFECT), luck.key_of("year", year))


def moment(
    calendar: Calendar, outside: OutsideWorld, values: Mapping[str, float], seed: np.uint64, step: int
) -> Moment:
    """Give the numbers of a step.

    Parameters
    ----------
    calendar : Calendar
    outside : OutsideWorld
    values : mapping of str to float
        Parameters of the future.
    seed : int
    step : int

    Returns
    -------
    Row
        With ``step`` and :data:`NOW_FIELDS`.
    """
    date = calendar.date_of(step)
    year = calendar.quarter_of(step).year
    luck_of_year = _year_effect(int(seed), outside.years.luck_of(year))
    threshold_effect = values["entry_threshold_year_sd"] * luck_of_year
    numbers = (
        step,
        date,
        calendar.dt,
        outside.relative("output", date),
        math.log(outside.between("output", date) / outside.between("output", date - GROWTH_YEARS))
        / GROWTH_YEARS,
        values["entry_threshold"] * math.exp(threshold_effect),
        coverage_of_imports(
            outside.level("coverage_elsewhere", year),
            max(0.0, values["buyers_recorded_from"] - date),
            values["import_registration_decline"] * (1.0 - values["imports_follow_market"]),
        ),
    )
    record: Moment = row_at(np.array([numbers], dtype=_NOW_DTYPE), 0)
    return record
