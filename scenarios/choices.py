"""What a scenario chooses for each lever, how choices are layered, and what is refused.

A choice is ``plan``, ``no_plan``, a number (instead of the plan's value, with the
lever's own start, ramp and end), or a dated path (in force from its first date on).
``zero`` takes every lever away from 2010 on and is there for ``all`` only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from pydantic import WithJsonSchema

from ..engine.errors import InputError, nearest
from ..engine.quarters import Quarter
from .bounds import number_problem
from .catalogue import canonical_selector, lever_catalogue
from .paths import PLAN_START, FloatArray, base_path, held, plan_path
from .refusals import FieldProblem, number_in
from .schema import Lever

__all__ = [
    "CHOICE_SCHEMA",
    "WORDS",
    "canonical_choices",
    "choice_of",
    "choice_problems",
    "lay_over",
    "lever_path",
    "merged",
]

WORDS: Final = ("plan", "no_plan", "zero")

CHOICE_SCHEMA: Final = WithJsonSchema(
    {
        "anyOf": [
            {"enum": ["plan", "no_plan", "zero"]},
            {"type": "number"},
            {
                "type": "object",
                "patternProperties": {r"^\d{4}-Q[1-4]$": {"type": "number"}},
                "additionalProperties": False,
            },
        ]
    }
)

Choice = str | float | dict[str, float]


def canonical_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Spell selectors and dates in one way and make numbers floats; leave what is wrong as it is."""
    result: dict[str, Any] = {}
    for selector, choice in choices.items():
        try:
            name = canonical_selector(selector)
        except InputError:
            name = selector
        if name in result:
            # Kept under its own spelling, so that it is reported and not lost.
            name = selector
        result[name] = _plain(choice)
    return result


def _plain(choice: Any) -> Any:
    if isinstance(choice, Mapping):
        dates = {str(date): _plain(value) for date, value in choice.items()}
        return dict(sorted(dates.items()))
    number = isinstance(choice, int | float | np.integer | np.floating) and not isinstance(choice, bool)
    return float(choice) if number else choice


def lay_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one set of choices over another.

    The upper one wins. A choice for ``all`` removes every choice below it, one for a
    task those for the levers of that task; within one set the narrower selector wins.
    """
    lower, upper = canonical_choices(lower), canonical_choices(upper)
    if "all" in upper:
        lower = {}
    levers = lever_catalogue()
    kept = {
        name: choice
        for name, choice in lower.items()
        if name not in upper and not (name in levers and levers[name].selector in upper)
    }
    return dict(sorted({**kept, **upper}.items(), key=_broad_first))


def merged(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Lay the entries of one scenario over another's: levers, parameters and outside entry by entry."""
    result = {**lower, **upper}
    both: dict[str, dict[str, Any]] = {}
    for name in ("levers", "parameters", "outside"):
        below, above = lower.get(name, {}), upper.get(name, {})
        if not isinstance(above, dict):
            both[name] = above  # of a wrong type: refused when the whole is checked
            continue
        both[name] = lay_over(below, above) if name == "levers" else {**below, **above}
    return {**result, **both}


def _broad_first(item: tuple[str, Any]) -> tuple[int, str]:
    name = item[0]
    return (0 if name == "all" else 2 if name in lever_catalogue() else 1, name)


def choice_of(lever: Lever, choices: Mapping[str, Any]) -> Choice:
    """Give the choice for one lever: its own, its task's, that for all, or ``no_plan``."""
    for selector in (lever.id, lever.selector, "all"):
        if selector in choices:
            found: Choice = choices[selector]
            return found
    return "no_plan"


def lever_path(
    lever: Lever, choices: Mapping[str, Any], plan_start: Quarter, first: Quarter, length: int
) -> FloatArray:
    """Give the quarterly path of one lever in a scenario.

    Parameters
    ----------
    lever : Lever
        From the catalogue.
    choices : mapping
        The scenario's choices.
    plan_start : Quarter
        If it is moved, the lever's start and end move by the same number of quarters.
    first : Quarter
        Quarter of element 0.
    length : int
        Number of quarters.

    Returns
    -------
    ndarray of shape (length,)
        In the lever's unit.
    """
    zeroed = choices.get("all") == "zero"
    if zeroed:
        base = base_path({}, None, plan_start, first, length)
    else:
        base = base_path(lever.history, lever.no_plan, plan_start, first, length)
    choice = choice_of(lever, choices)
    if choice in ("no_plan", "zero"):
        return base
    if isinstance(choice, dict):
        return held(choice, first, length, base)
    delay = plan_start.index - PLAN_START.index
    return plan_path(
        base,
        first,
        value=lever.plan if isinstance(choice, str) else choice,
        start=Quarter.parse(lever.start).later(delay),
        ramp=lever.ramp,
        end=None if lever.end is None else Quarter.parse(lever.end).later(delay),
    )


def choice_problems(choices: Mapping[str, Any], plan_start: Quarter, end: Quarter) -> Iterator[FieldProblem]:
    """Find what is wrong with the choices of a scenario.

    Parameters
    ----------
    choices : mapping
        After `canonical_choices`.
    plan_start : Quarter
        Nothing may change before it.
    end : Quarter
        Last quarter of the scenario.
    """
    levers = lever_catalogue()
    seen: set[str] = set()
    for selector, choice in choices.items():
        where = ("levers", selector)
        try:
            name = canonical_selector(selector)
        except InputError as error:
            yield FieldProblem(where, error.problem, error.allowed, error.suggestion, at_key=True)
            continue
        if name in seen or (name != selector and name in choices):
            yield FieldProblem(where, f"{selector} and {name} are the same selector", "one of them")
        seen.add(name)
        if isinstance(choice, str):
            yield from _word_problems(where, choice, name)
        elif isinstance(choice, dict):
            if name not in levers:
                yield FieldProblem(where, "a dated path for several levers at once", "plan, no_plan")
            elif not choice:
                yield FieldProblem(where, "an empty dated path", "YYYY-Qn: value, or no_plan")
            else:
                yield from _path_problems(where, choice, levers[name], plan_start, end)
        elif isinstance(choice, bool) or not isinstance(choice, float):
            yield FieldProblem(
                where, f"{choice!r} is not a choice", "plan, no_plan, a number, or YYYY-Qn: value"
            )
        elif name not in levers:
            yield FieldProblem(where, "a number for several levers at once", "plan, no_plan")
        else:
            yield from _number_problems(where, choice, levers[name])


def _word_problems(where: tuple[str, ...], choice: str, name: str) -> Iterator[FieldProblem]:
    if choice not in WORDS:
        allowed = "plan, no_plan, zero" if name == "all" else "plan, no_plan, a number, or YYYY-Qn: value"
        yield FieldProblem(
            where, f"{choice!r} is not a choice", allowed, number_in(choice) or nearest(choice, WORDS)
        )
    elif choice == "zero" and name != "all":
        yield FieldProblem(
            where,
            "zero rewrites the history from 2010 on and is allowed for all levers together only",
            "plan, no_plan, a number, or YYYY-Qn: value (0 takes the lever away from the plan's start on)",
            "0",
        )


def _number_problems(where: tuple[str, ...], value: Any, lever: Lever) -> Iterator[FieldProblem]:
    if isinstance(value, bool) or not isinstance(value, float):
        yield FieldProblem(where, f"{value!r} is not a number", f"a number in {lever.unit}", number_in(value))
    elif not math.isfinite(value):
        yield FieldProblem(where, f"{value} is not a finite number", "a finite number")
    else:
        problem = number_problem(where, value, lever.unit, lever.low, lever.high)
        if problem and not (value == 0.0 and lever.level_before == 0.0):
            yield problem


def _path_problems(
    where: tuple[str, ...], path: dict[str, Any], lever: Lever, plan_start: Quarter, end: Quarter
) -> Iterator[FieldProblem]:
    for date, value in path.items():
        here = (*where, date)
        try:
            quarter = Quarter.parse(date)
        except InputError as error:
            yield FieldProblem(here, error.problem, error.allowed)
            continue
        if quarter < plan_start:
            yield FieldProblem(
                here,
                f"{date} lies before the plan's start: history is the same in every scenario",
                f"{plan_start} to {end}",
            )
        elif quarter > end:
            yield FieldProblem(
                here, f"{date} lies after the scenario's end and has no effect", f"{plan_start} to {end}"
            )
        yield from _number_problems(here, value, lever)
