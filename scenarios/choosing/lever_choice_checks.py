"""What is wrong with the choices of a scenario, said with the place of the entry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ...engine.errors import InputError, nearest
from ...engine.quarters import Quarter
from ..reading.likely_meaning import SWITCH_WORDS, meant_quarter, number_in
from ..reading.number_checks import lever_number_problem
from ..reading.refusals import FieldProblem
from .adjustments import adjustment_of
from .catalogue import canonical_selector, lever_catalogue
from .lever_choices import KEEP, WORDS, choice_of
from .schema import Lever

__all__ = ["choice_problems", "scaled_problems"]


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
                where,
                f"{choice!r} is not a choice",
                "plan, no_plan, a number, or YYYY-Qn: value",
                SWITCH_WORDS.get(str(choice).lower()),
            )
        elif name not in levers:
            yield FieldProblem(where, "a number for several levers at once", "plan, no_plan")
        else:
            yield from _number_problems(where, choice, levers[name])


def scaled_problems(scaled: Mapping[str, float], choices: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Find levers that a share of the plan's step would carry beyond their bounds."""
    for lever in lever_catalogue().values():
        share = adjustment_of(lever, scaled, 1.0)
        if share <= 1.0 or choice_of(lever, choices) != "plan":
            continue
        value = lever.level_before + share * (lever.plan - lever.level_before)
        if not lever.low <= value <= lever.high:
            yield FieldProblem(
                ("scaled",),
                f"{share:g} times the step of {lever.id} is {value:g}, outside the bounds",
                f"{lever.low:g} to {lever.high:g} {lever.unit}",
            )


def _word_problems(where: tuple[str, ...], choice: str, name: str) -> Iterator[FieldProblem]:
    if choice == KEEP:
        yield FieldProblem(where, "there is no layer below of which to keep anything", "plan, no_plan")
    elif choice not in WORDS:
        allowed = "plan, no_plan, zero" if name == "all" else "plan, no_plan, a number, or YYYY-Qn: value"
        meant = SWITCH_WORDS.get(choice.lower()) or number_in(choice) or nearest(choice, WORDS)
        yield FieldProblem(where, f"{choice!r} is not a choice", allowed, meant)
    elif choice == "zero" and name != "all":
        yield FieldProblem(
            where,
            "zero rewrites the whole history and is allowed for all levers together only",
            "plan, no_plan, a number, or YYYY-Qn: value (0 takes the lever away from the plan's start on)",
            "0",
        )


def _number_problems(where: tuple[str, ...], value: Any, lever: Lever) -> Iterator[FieldProblem]:
    if isinstance(value, bool) or not isinstance(value, float):
        yield FieldProblem(where, f"{value!r} is not a number", f"a number in {lever.unit}", number_in(value))
    elif not math.isfinite(value):
        yield FieldProblem(where, f"{value} is not a finite number", "a finite number")
    else:
        problem = lever_number_problem(where, value, lever.unit, lever.low, lever.high)
        # A lever that was not there before may stay away, whatever its lower bound.
        away = value == 0.0 and lever.level_before == 0.0 and math.copysign(1.0, value) > 0.0
        if problem and not away:
            yield problem


def _path_problems(
    where: tuple[str, ...], path: dict[str, Any], lever: Lever, plan_start: Quarter, end: Quarter
) -> Iterator[FieldProblem]:
    for date, value in path.items():
        here = (*where, date)
        try:
            quarter = Quarter.parse(date)
        except InputError as error:
            yield FieldProblem(here, error.problem, error.allowed, meant_quarter(date), at_key=True)
            continue
        if quarter < plan_start:
            yield FieldProblem(
                here,
                f"{date} lies before the plan's start: history is the same in every scenario",
                f"{plan_start} to {end}",
                at_key=True,
            )
        elif quarter > end:
            yield FieldProblem(
                here,
                f"{date} lies after the scenario's end and has no effect",
                f"{plan_start} to {end}",
                at_key=True,
            )
        yield from _number_problems(here, value, lever)
