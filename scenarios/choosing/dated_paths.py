"""Dated paths: what a lever is worth in each quarter, written by its dates of change.

A dated path is a mapping ``{"2011-Q1": 0.5, "2014-Q1": 0.6}``: each value holds
from its quarter until the next date. Before the first date it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..reading.refusals import FieldProblem
from .declared_targets import shipped_plan
from .pack_years import PackYears

__all__ = [
    "PLAN_START",
    "FloatArray",
    "base_path",
    "date_problems",
    "held",
    "plan_path",
    "quarters_between",
    "to_steps",
]

FloatArray = NDArray[np.float64]

PLAN_START: Final = Quarter.parse(shipped_plan().plan_start)
"""Quarter from which the levers of the shipped plan move."""


def quarters_between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """List all quarters from ``first`` to ``last``, both included."""
    return tuple(Quarter.from_index(i) for i in range(first.index, last.index + 1))


def held(path: Mapping[str, float], first: Quarter, length: int, before: FloatArray) -> FloatArray:
    """Lay a dated path over an earlier one.

    Parameters
    ----------
    path : mapping of "YYYY-Qn" to float
        Values, each in force until the next date.
    first : Quarter
        Quarter of element 0.
    length : int
        Number of quarters.
    before : ndarray of shape (length,)
        In force before the first date of ``path``.

    Returns
    -------
    ndarray of shape (length,)
    """
    result = before.copy()
    for date, value in sorted((Quarter.parse(text), value) for text, value in path.items()):
        position = max(date.index - first.index, 0)
        if position < length:
            result[position:] = value
    return result


def base_path(
    history: Mapping[str, float],
    no_plan: float | Mapping[str, float] | None,
    plan_start: Quarter,
    first: Quarter,
    length: int,
) -> FloatArray:
    """Give the path of the world without the plan.

    History up to the quarter before ``plan_start``; from then on the level of that
    quarter, unless a dated ``no_plan`` path says that it changes (for example
    because a programme is documented to end).

    Returns
    -------
    ndarray of shape (length,)
        One value per quarter from ``first`` on.
    """
    known = {date: value for date, value in history.items() if Quarter.parse(date) < plan_start}
    path = held(known, first, length, np.zeros(length))
    return held(no_plan, first, length, path) if isinstance(no_plan, Mapping) else path


def plan_path(
    base: FloatArray, first: Quarter, value: float, start: Quarter, ramp: int, end: Quarter | None
) -> FloatArray:
    """Move from the base path to the plan's value.

    The first quarter in which anything differs is ``start``; the value is reached
    in the quarter ``start + ramp`` and held to ``end`` (included), after which the
    lever is back on its base path. With ``ramp`` 0 the value is reached at once.

    Parameters
    ----------
    base : ndarray of shape (length,)
        Path without the plan.
    first : Quarter
        Quarter of element 0.
    value : float
        The value to reach.
    start : Quarter
        First quarter with a change.
    ramp : int
        Quarters from ``start`` until the value is reached.
    end : Quarter or None
        Last quarter in force.

    Returns
    -------
    ndarray of shape (length,)
    """
    result = base.copy()
    begin = start.index - first.index
    stop = len(base) if end is None else min(end.index - first.index + 1, len(base))
    level_before = float(base[begin - 1]) if 0 < begin <= len(base) else 0.0
    for position in range(max(begin, 0), stop):
        share = (position - begin + 1) / (ramp + 1)
        # At full share the value itself, not a sum that may differ in the last digit.
        result[position] = value if share >= 1.0 else level_before + share * (value - level_before)
    return result


def to_steps(quarterly: FloatArray, steps_per_quarter: int) -> FloatArray:
    """Repeat each quarter's value for each step inside that quarter."""
    return np.repeat(quarterly, steps_per_quarter)


def date_problems(start: str, end: str, plan_start: str, years: PackYears) -> Iterator[FieldProblem]:
    """Find what is wrong with the dates of a scenario, whose pack has these years."""
    first, last = years.start, Quarter(years.latest, 4)
    quarters: dict[str, Quarter] = {}
    for name, text in (("start", start), ("end", end), ("plan_start", plan_start)):
        try:
            quarters[name] = Quarter.parse(text)
        except InputError as error:
            yield FieldProblem((name,), error.problem, error.allowed)
    if len(quarters) < 3:
        return
    for name in ("start", "end"):
        if not first <= quarters[name] <= last:
            yield FieldProblem((name,), f"{quarters[name]} is out of range", f"{first} to {last}")
    if quarters["start"].quarter != 1:
        yield FieldProblem(("start",), f"{start} is not the first quarter of a year", "YYYY-Q1")
    if quarters["end"] < quarters["start"]:
        yield FieldProblem(("end",), f"{end} lies before the start", f"{start} or later")
    if quarters["plan_start"] <= quarters["start"]:
        yield FieldProblem(("plan_start",), f"{plan_start} is not after the start", f"later than {start}")
