"""The levers of the page: below each project its tasks with the plan's words, and a slider for each lever."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...scenarios import declared_costs, lever_catalogue, task_text
from ...scenarios.choosing.adjustments import adjustment_of
from ...scenarios.choosing.lever_choices import choice_of
from ...scenarios.choosing.projects import projects_of_the_plan
from ..words.amounts import amount, axis_unit
from ..words.of_scenarios import task_words
from ..words.phrases import Language, say, title_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...scenarios import Lever, Scenario
    from .state import State

__all__ = ["Control", "Project", "Task", "controls_of"]

_STEPS: Final = 200
_WHOLE: Final = ("count", "people", "contracts")


@dataclass(frozen=True)
class Control:
    """One lever as the page shows it; numbers are in the lever's unit.

    Attributes
    ----------
    lever, title, quote : str
        Id; name; the plan's words for it.
    unit : str
        What stands behind a number that is divided by ``divisor``.
    low, high, step : float
        Of the slider.
    plan, without, own, value : float
        The plan's level, that without the plan, that of the chosen scenario, and where the slider stands.
    switch : bool
        Whether it is on or off.
    payer : str
        Who pays for it.
    """

    lever: str
    title: str
    quote: str
    unit: str
    divisor: float
    low: float
    high: float
    step: float
    plan: float
    without: float
    own: float
    value: float
    switch: bool
    payer: str


@dataclass(frozen=True)
class Task:
    """One task of the plan, or measure of organisation, with the levers that stand for it."""

    task: str
    heading: str
    text: str
    cost: str
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class Project:
    """One project of the plan with those of its tasks that have levers."""

    project: str
    title: str
    tasks: tuple[Task, ...]


def controls_of(state: State, own: Scenario, world: Scenario) -> list[Project]:
    """Give all levers as the page shows them.

    Parameters
    ----------
    state : State
        For its language.
    own : Scenario
        The scenario that was chosen, before any slider was moved.
    world : Scenario
        With the sliders where they stand.
    """
    language = state.language
    costs = costs_by_task(world)
    projects = []
    for project, tasks in projects_of_the_plan().items():
        found = []
        for task in tasks:
            levers = [lever for lever in lever_catalogue().values() if lever.selector == task]
            if levers:
                title = say(f"tasks.{task}", language)
                heading = _begun(
                    say("dashboard.task", language, task=task_words(task, language), title=title)
                )
                controls = tuple(_control(lever, own, world, language) for lever in levers)
                cost = amount(costs.get(task, 0.0), "yuan", language)
                found.append(Task(task, heading, task_text(task), cost, controls))
        projects.append(Project(project, _begun(say(f"tasks.{project}", language)), tuple(found)))
    return projects


def costs_by_task(world: Scenario) -> Mapping[str, float]:
    """Give what each task declares to cost more than without the plan, in yuan of all years together."""
    table = declared_costs(world)
    sums = (table["budget"] + table["administration"]).groupby(table["task"]).sum()
    return {str(task): float(value) for task, value in sums.items()}


def _control(lever: Lever, own: Scenario, world: Scenario, language: Language) -> Control:
    unit = axis_unit(lever.unit, lever.high, language)
    return Control(
        lever=lever.id,
        title=title_of(lever, language),
        quote=lever.quote,
        unit=_unit_words(lever.unit, unit.label),
        divisor=unit.divisor,
        low=lever.low,
        high=lever.high,
        step=step_of(lever),
        plan=lever.plan,
        without=level_without(lever),
        own=level_in(lever, own),
        value=level_in(lever, world),
        switch=lever.unit == "switch",
        payer=say(f"scenarios.payer_{lever.payer}", language),
    )


def _begun(title: str) -> str:
    """Begin a title with a capital letter."""
    return title[:1].upper() + title[1:]


def _unit_words(unit: str, label: str) -> str:
    return "" if unit in ("fraction", "switch", "count") else label


def step_of(lever: Lever) -> float:
    """Give the step of a lever's slider: whole things one by one, else a round number, some 200 to the end.

    Examples
    --------
    >>> catalogue = lever_catalogue()
    >>> [step_of(catalogue[one]) for one in ("training_seats", "voucher_budget", "publicity")]
    [1.0, 2000000.0, 0.005]
    """
    if lever.unit == "switch" or lever.unit.split("/")[0] in _WHOLE:
        return 1.0
    least = (lever.high - lever.low) / _STEPS
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        float(f"{times * power:g}") for times in (1.0, 2.0, 5.0, 10.0) if times * power >= 0.7 * least
    )


def level_without(lever: Lever) -> float:
    """Give the level of a lever without the plan, in the end."""
    if isinstance(lever.no_plan, dict):
        return float(lever.no_plan[max(lever.no_plan)])
    return float(lever.level_before if lever.no_plan is None else lever.no_plan)


def level_in(lever: Lever, world: Scenario) -> float:
    """Give the level that a scenario chooses for a lever; of a dated path the last."""
    choice = choice_of(lever, world.levers)
    if isinstance(choice, dict):
        return float(choice[max(choice)])
    if not isinstance(choice, str):
        return float(choice)
    without = level_without(lever)
    if choice != "plan":
        return without
    share = 1.0 if lever.unit == "switch" else adjustment_of(lever, world.scaled, 1.0)
    return without + share * (lever.plan - without)
