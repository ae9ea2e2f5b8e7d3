"""What is wrong with a number of a unit: percent for a fraction, wan for yuan, out of bounds."""

from __future__ import annotations

import math
from typing import Final

from ...engine.units import UNITS
from .likely_meaning import typed
from .refusals import FieldProblem

__all__ = ["LEAST_SHARE", "lever_number_problem", "number_problem"]

_NEVER_NEGATIVE: Final = frozenset(UNITS) - {"ln", "elasticity", "points", "per year", "date"}

_WHOLE: Final = frozenset(unit for unit in UNITS if unit.split("/")[0] in ("count", "people", "contracts"))

LEAST_SHARE: Final = 1e-4
"""A positive amount up to this share of its upper bound is taken to be counted in wan: an amount within
the bounds that is typed in units of ten thousand yuan is never more than that."""


_MOST: Final = {"yuan": 1e13, "count": 1e7, "people": 1e7, "contracts": 1e8}
"""Beyond this a number was mistyped, whatever its own bounds say; see `_MOST_OTHERWISE` for other units."""

_MOST_OTHERWISE: Final = 1e4


def number_problem(
    where: tuple[str, ...], value: float, unit: str, low: float | None = None, high: float | None = None
) -> FieldProblem | None:
    """Tell what is wrong with a number of a unit, or give None.

    Parameters
    ----------
    where : tuple of str
        Place of the number in its entry.
    value : float
        The number.
    unit : str
        Key of `engine.units.UNITS`.
    low, high : float, optional
        Bounds.
    """
    if value == 0.0 and math.copysign(1.0, value) < 0.0:
        return FieldProblem(where, "minus zero", "0, without a sign", "0")
    fraction = unit == "fraction"
    span = f"{low:g} to {high:g} {unit}" if low is not None and high is not None else unit
    if fraction and 1.0 < value <= 100.0:
        return FieldProblem(
            where,
            f"{value:g} looks like percent, but this is a fraction (divide by 100)",
            span if low is not None else "0 to 1",
            f"{value / 100:g}",
        )
    if fraction and not 0.0 <= value <= 1.0:
        return FieldProblem(where, f"{value:g} is not a fraction", span if low is not None else "0 to 1")
    if unit == "switch" and value not in (0.0, 1.0):
        return FieldProblem(where, f"{value:g} is not a switch", "0 or 1")
    if value < 0.0 and unit in _NEVER_NEGATIVE:
        return FieldProblem(where, f"{value:g} is negative", span if low is not None else f"0 or more {unit}")
    if low is None or high is None:
        return None
    if not low <= value <= high:
        return FieldProblem(
            where, f"{value:g} is outside the bounds", span, _whole_yuan(value, unit, low, high)
        )
    if unit.startswith("yuan") and 0.0 < value <= high * LEAST_SHARE:
        return FieldProblem(
            where,
            f"{value:g} is very little money",
            f"0, or more than {high * LEAST_SHARE:g}, up to {high:g} {unit}, in whole yuan",
            _whole_yuan(value, unit, low, high),
        )
    return None


def lever_number_problem(
    where: tuple[str, ...], value: float, unit: str, low: float, high: float
) -> FieldProblem | None:
    """Tell what is wrong with a lever's number, or give None: as `number_problem`, and counts are whole."""
    most = _MOST.get(unit.split("/")[0], _MOST_OTHERWISE)
    if abs(value) > most:
        return FieldProblem(where, f"{value:g} is too large", f"at most {most:g} {unit}")
    problem = number_problem(where, value, unit, low, high)
    if problem is None and unit in _WHOLE and value != round(value):
        return FieldProblem(where, f"{value:g} is not whole", f"a whole number of {unit}", f"{round(value)}")
    return problem


def _whole_yuan(value: float, unit: str, low: float, high: float) -> str | None:
    """Find the amount that was meant by a number in units of ten thousand or a hundred million yuan."""
    if not unit.startswith("yuan"):
        return None
    least = max(low, high * LEAST_SHARE)
    meant = [typed(value * factor) for factor in (1e4, 1e8) if least <= value * factor <= high]
    return f"{' or '.join(meant)} (whole yuan, not wan or yi)" if meant else None
