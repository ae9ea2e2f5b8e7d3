"""Rules laid over whole plans: every start later, every step of money smaller.

A scenario's ``delay_quarters`` and ``scaled`` name selectors (``all``, ``money``, a task, a
lever; the narrower one wins) and change what the word ``plan`` means for them. They are kept
apart from the choices, so that the same overlay works upon any scenario.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from pydantic import WithJsonSchema

from ...engine.errors import InputError, nearest
from ..reading.likely_meaning import number_in
from ..reading.refusals import FieldProblem
from .catalogue import canonical_selector, lever_catalogue
from .schema import TASKS, Lever

__all__ = [
    "ADJUSTMENTS",
    "ADJUSTMENT_SCHEMA",
    "LARGEST_SHARE",
    "LONGEST_DELAY",
    "MONEY",
    "adjustment_of",
    "adjustment_problems",
    "adjustment_selectors",
    "canonical_adjustments",
    "canonical_keys",
    "lay_adjustments",
]

Number = TypeVar("Number", int, float)

MONEY: Final = "money"
"""Selector of every lever counted in yuan."""

ADJUSTMENTS: Final[Mapping[str, float]] = {"delay_quarters": 0, "scaled": 1.0}
"""Fields of a scenario that adjust the plan, and what each is where nothing is said."""

LONGEST_DELAY: Final = 40
LARGEST_SHARE: Final = 2.0
"""Beyond twice the plan's step a number was probably meant as percent; a dated path says such a thing."""

ADJUSTMENT_SCHEMA: Final = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": 0},
            {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
        ]
    }
)


def adjustment_selectors() -> list[str]:
    """Name all that an adjustment may select, the broadest first."""
    return ["all", MONEY, *TASKS, *lever_catalogue()]


def canonical_keys(given: Mapping[str, Any]) -> dict[str, Any]:
    """Spell selectors in one way; one that stands there in two spellings keeps both, and is refused later."""
    spelt: dict[str, list[str]] = {}
    for selector in given:
        try:
            name = MONEY if selector == MONEY else canonical_selector(selector)
        except InputError:
            name = selector
        spelt.setdefault(name, []).append(selector)
    return {
        (name if len(selectors) == 1 else selector): given[selector]
        for name, selectors in spelt.items()
        for selector in selectors
    }


def canonical_adjustments(given: Any) -> Any:
    """Spell selectors in one way, and read a bare number as one for ``all``; leave what is wrong as it is."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        given = {"all": given}
    if not isinstance(given, Mapping):
        return given
    result = canonical_keys(given)
    order = {name: place for place, name in enumerate(adjustment_selectors())}
    return dict(sorted(result.items(), key=lambda item: order.get(item[0], len(order))))


def lay_adjustments(lower: Any, upper: Any) -> Any:
    """Lay one set over another: the upper wins, and removes what is narrower below it."""
    lower, upper = canonical_adjustments(lower), canonical_adjustments(upper)
    if not isinstance(upper, dict) or not isinstance(lower, dict):
        return upper  # of a wrong type: refused when the whole is checked
    kept = {
        name: value
        for name, value in lower.items()
        if name not in upper and not any(_holds(broader, name) for broader in upper)
    }
    return canonical_adjustments({**kept, **upper})


def _holds(broader: str, name: str) -> bool:
    """Tell whether everything that ``name`` selects is selected by ``broader`` too."""
    lever = lever_catalogue().get(name)
    return broader == "all" or (lever is not None and broader in _selectors_of(lever)[1:])


def _selectors_of(lever: Lever) -> list[str]:
    """Name what selects a lever, the narrowest first."""
    money = [MONEY] if lever.in_money else []
    return [lever.id, lever.selector, *money, "all"]


def adjustment_of(lever: Lever, adjustments: Mapping[str, Number], otherwise: Number) -> Number:
    """Give the adjustment in force for one lever: its own, its task's, that for money, that for all."""
    return next((adjustments[one] for one in _selectors_of(lever) if one in adjustments), otherwise)


def adjustment_problems(field: str, adjustments: Mapping[str, float]) -> Iterator[FieldProblem]:
    """Find what is wrong with one of the two fields, after `canonical_adjustments`."""
    known = adjustment_selectors()
    for selector, value in adjustments.items():
        where = (field, selector)
        if selector not in known:
            yield FieldProblem(
                where,
                f"no lever, task or measure is called {selector!r}",
                "all, money, task_01 to task_25, organisation_1 to organisation_3, a lever's id",
                nearest(selector, known),
                at_key=True,
            )
        elif field == "delay_quarters":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LONGEST_DELAY:
                yield FieldProblem(where, f"{value!r} is no delay", f"0 to {LONGEST_DELAY} quarters, whole")
        else:
            yield from _share_problems(where, selector, value)


def _share_problems(where: tuple[str, ...], selector: str, value: Any) -> Iterator[FieldProblem]:
    allowed = f"0 to {LARGEST_SHARE:g}, as a share of the plan's step (1 is the plan)"
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield FieldProblem(where, f"{value!r} is not a share", allowed, number_in(value))
    elif value == 0.0 and math.copysign(1.0, value) < 0.0:
        yield FieldProblem(where, "minus zero", allowed, "0")
    elif not 0.0 <= value <= LARGEST_SHARE:
        percent = LARGEST_SHARE < value <= 100.0 * LARGEST_SHARE
        words = "looks like percent (divide by 100)" if percent else "is out of range"
        suggestion = f"{value / 100:g}" if percent else None
        yield FieldProblem(where, f"{value:g} {words}", allowed, suggestion)
    elif selector in (levers := lever_catalogue()) and levers[selector].unit == "switch":
        yield FieldProblem(
            where, f"{selector} is a switch, of which there is no share", "a lever with a size"
        )
