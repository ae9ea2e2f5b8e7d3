"""What the page holds: numbers of an emulator, levers with their bounds, plans, targets, costs, commands."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ... import __version__
from ...experiments.emulating.carry_out import THIRD, Emulation
from ...experiments.emulating.statistics import COST_SHOWN
from ...experiments.listing.again_command import scenario_words
from ...scenarios import lever_catalogue
from ..words.amounts import axis_unit
from ..words.of_scenarios import task_words
from ..words.phrases import LANGUAGES, Language, say, title_of
from .page_words import words_of_page

if TYPE_CHECKING:
    from ...experiments.searching.search_space import Axis
    from ...scenarios import Scenario

__all__ = ["contents_of"]

_POWERS: Final = 14
_WITHOUT_UNIT: Final = ("fraction", "count", "switch")
_WHOLE: Final = ("count", "people", "contracts")


def contents_of(done: Emulation) -> dict[str, Any]:
    """Give all that the page holds beside markup and script, in both languages.

    Parameters
    ----------
    done : Emulation

    Returns
    -------
    dict
        Plain numbers and texts, in one order: the same emulator gives the same bytes.
    """
    scenario, points = done.study.scenario, done.points
    units = {one.unit for one in done.outputs}
    return {
        "version": __version__,
        "futures": len(done.statistics.futures),
        "points": len(points.fitted),
        "tests": len(points.held_back),
        "third": THIRD,
        "first_year": int(scenario.plan_start[:4]),
        "emulator": done.emulator.as_dict(),
        "outputs": [[one.id, one.kind, one.year, one.statistic] for one in done.outputs],
        "levers": [_lever(axis) for axis in points.axes],
        "rules": _rules(points.axes),
        "plans": [
            _plan(done, name, plan) for name, plan in zip(points.plan_names, points.plans, strict=True)
        ],
        "targets": [_target(done, place) for place in range(len(done.study.asked))],
        "costs": [_cost(done, name) for name in _costs_of(done)],
        "units": {unit: {one: _scales(unit, one) for one in LANGUAGES} for unit in sorted(units)},
        "options": _options(done),
        "words": {one: words_of_page(done, one) for one in LANGUAGES},
    }


def _both(title: Any) -> dict[str, str]:
    return {one: title_of(title, one) for one in LANGUAGES}


def _lever(axis: Axis) -> dict[str, Any]:
    """Give a lever: its bounds, by what its numbers are divided, and how it is called."""
    lever = lever_catalogue()[axis.lever]
    shown = {one: axis_unit(lever.unit, axis.high, one) for one in LANGUAGES}
    return {
        "id": axis.lever,
        "title": _both(lever),
        "task": {one: task_words(lever.selector, one) for one in LANGUAGES},
        "unit": {one: "" if lever.unit in _WITHOUT_UNIT else shown[one].label for one in LANGUAGES},
        "divisor": {one: shown[one].divisor for one in LANGUAGES},
        "without": axis.without,
        "low": axis.low,
        "high": axis.high,
        "whole": lever.unit.startswith(_WHOLE),
    }


def _rules(axes: Sequence[Axis]) -> list[dict[str, Any]]:
    """List what the levers' files say of two levers of the page together."""
    places = {axis.lever: place for place, axis in enumerate(axes)}
    found: list[dict[str, Any]] = []
    for name, place in places.items():
        lever = lever_catalogue()[name]
        if lever.within in places:
            found.append({"kind": "within", "one": place, "other": places[lever.within]})
        found += [
            {"kind": "sum", "one": place, "other": places[other]}
            for other in lever.sums_with
            if other in places
        ]
    return found


def _plan(done: Emulation, name: str, plan: Scenario) -> dict[str, Any]:
    """Give a plan: its levels, and what it came to as it is, which is no emulation."""
    paths = plan.quarterly_lever_paths()
    named = plan.name if name != "none" else "no_plan"
    words = ["no_plan"] if name == "none" else scenario_words(plan.model_dump()) or [f"{plan.name}.yaml"]
    titles = {one: say("simulator.no_plan", one) for one in LANGUAGES} if name == "none" else _both(plan)
    return {
        "id": named,
        "title": titles,
        "command": shlex.join(words),
        "levels": [float(paths[axis.lever][-1]) for axis in done.points.axes],
        "known": [float(f"{value:.7g}") for value in done.statistics.of(name)],
    }


def _target(done: Emulation, place: int) -> dict[str, Any]:
    one = done.study.asked[place]
    target = done.definitions.targets[one.id]
    return {
        "id": one.id,
        "title": _both(target),
        "unit": one.unit,
        "year": one.year,
        "goal": target.goal,
        "chance": any(output.id == one.id and output.kind == "chance" for output in done.outputs),
    }


def _costs_of(done: Emulation) -> list[str]:
    there = {one.id for one in done.outputs}
    return [name for name in COST_SHOWN if name in there]


def _cost(done: Emulation, name: str) -> dict[str, Any]:
    return {"id": name, "title": _both(done.definitions.of(name)), "unit": done.definitions.of(name).unit}


def _scales(unit: str, language: Language) -> list[list[Any]]:
    """Give from which amount on a unit is written how, the largest first."""
    found: list[list[Any]] = []
    for power in range(_POWERS):
        shown = axis_unit(unit, 10.0**power, language)
        label = "" if unit in _WITHOUT_UNIT else shown.label
        if not found or found[-1][1:] != [shown.divisor, label]:
            found.append([0.0 if not found else 10.0**power, shown.divisor, label])
    return found[::-1]


def _options(done: Emulation) -> str:
    """Write the options that a forecast of the same futures has; levers and scenario come before them."""
    options, scenario = done.study.options, done.study.scenario
    words = ["--runs", str(options.runs), "--scale", f"{options.scale:g}", "--seed", str(options.seed)]
    if scenario.province != "shaanxi":
        words += ["--province", scenario.province]
    return shlex.join(words)
