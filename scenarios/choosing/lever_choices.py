"""What a scenario chooses for each lever, and how choices are layered.

A choice is ``plan``, ``no_plan``, a number (instead of the plan's value, with the
lever's own start, ramp and end), or a dated path (in force from its first date on).
``keep`` is what the layer below chose. ``zero`` takes every lever away from 2010 on and
is there for ``all`` only. What is wrong with a choice is found in `lever_choice_checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from pydantic import WithJsonSchema

from ...engine.quarters import Quarter
from .adjustments import ADJUSTMENTS, canonical_keys, lay_adjustments
from .catalogue import lever_catalogue
from .dated_paths import PLAN_START, FloatArray, base_path, held, plan_path
from .schema import TASKS, Lever

__all__ = [
    "CHOICE_SCHEMA",
    "KEEP",
    "WORDS",
    "canonical_choices",
    "choice_of",
    "lay_over",
    "lever_path",
    "merged",
]

WORDS: Final = ("plan", "no_plan", "zero")

KEEP: Final = "keep"
"""What the layer below chose; stands in overlays and files with a base, never in a finished scenario."""

CHOICE_SCHEMA: Final = WithJsonSchema(
    {
        "anyOf": [
            {"enum": ["plan", "no_plan", "keep"]},
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
    return {name: _plain(choice) for name, choice in canonical_keys(choices).items()}


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
    ``keep`` holds what the lower one says, under a broader choice too: ``all: no_plan``
    with ``task_21: keep`` leaves of the lower one task 21 alone.
    """
    lower, upper = canonical_choices(lower), canonical_choices(upper)
    held = {name: _below(name, lower) for name, choice in upper.items() if choice == KEEP}
    kept = {name: choice for name, choice in lower.items() if name not in upper and _stays(name, upper)}
    return dict(sorted({**kept, **upper, **held}.items(), key=_broad_first))


def _stays(name: str, upper: Mapping[str, Any]) -> bool:
    """Tell whether a choice of the lower layer outlives the broader choices of the upper one."""
    lever = lever_catalogue().get(name)
    if lever is not None and lever.selector in upper:
        return bool(upper[lever.selector] == KEEP)
    return bool(upper.get("all", KEEP) == KEEP)


def _below(name: str, lower: Mapping[str, Any]) -> Any:
    """Give what a layer chooses for a lever, a task or all; what is unknown stays and is refused."""
    levers = lever_catalogue()
    if name in levers:
        return choice_of(levers[name], lower)
    known = name == "all" or name in TASKS
    return lower.get(name, lower.get("all", "no_plan")) if known else KEEP


def merged(lower: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Lay the entries of one scenario over another's: levers, adjustments, parameters, outside one by one."""
    result = {**lower, **upper}
    both: dict[str, Any] = {}
    for name in ("levers", "parameters", "outside"):
        below, above = lower.get(name, {}), upper.get(name, {})
        if not isinstance(above, dict):
            both[name] = above  # of a wrong type: refused when the whole is checked
            continue
        both[name] = lay_over(below, above) if name == "levers" else {**below, **above}
    for name in ADJUSTMENTS:
        if name in upper:
            both[name] = lay_adjustments(lower.get(name, {}), upper[name])
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
    lever: Lever,
    choices: Mapping[str, Any],
    plan_start: Quarter,
    first: Quarter,
    length: int,
    *,
    delay: int = 0,
    share: float = 1.0,
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
    delay : int
        Quarters by which start and end move further; a dated path is meant as written.
    share : float
        Share of the step from the base path to the plan that is taken; a number and a
        dated path are meant as written, and a switch has no share.

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
    later = plan_start.index - PLAN_START.index + delay
    path = plan_path(
        base,
        first,
        value=lever.plan if isinstance(choice, str) else choice,
        start=Quarter.parse(lever.start).later(later),
        ramp=lever.ramp,
        end=None if lever.end is None else Quarter.parse(lever.end).later(later),
    )
    if share == 1.0 or not isinstance(choice, str) or lever.unit == "switch":
        return path
    return base + share * (path - base)
