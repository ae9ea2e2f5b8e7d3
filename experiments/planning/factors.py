"""What a sensitivity analysis varies: the levers of a scenario, its uncertain parameters, or both.

Every factor is a number u between 0 and 1. For a lever u is the share of its step from
``no_plan`` to what the scenario chooses; for a parameter it is a probability, mapped
through the distribution that the parameter declares, so that this distribution holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

import numpy as np

from ...engine.errors import InputError, check_choice, nearest
from ...engine.quarters import Quarter

if TYPE_CHECKING:
    from ...scenarios.choosing.schema import Lever, Parameter

__all__ = ["GROUPINGS", "KINDS", "Factor", "Grouping", "Kind", "Over", "choose_factors", "lever_setting"]

Kind = Literal["lever", "uncertainty"]
Over = Literal["levers", "uncertainties", "both"]
Grouping = Literal["task", "mechanism", "none"]

KINDS: Final[tuple[Over, ...]] = get_args(Over)
GROUPINGS: Final[tuple[Grouping, ...]] = get_args(Grouping)

LUCK: Final = "luck"
"""Name under which luck stands in the tables; no factor may have it."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that is varied.

    Attributes
    ----------
    name : str
        Id of the lever or of the parameter.
    title_en, title_zh : str
        For the reader.
    kind : {'lever', 'uncertainty'}
    task : str
        Task of a lever; empty for a parameter.
    mechanism : str
        Mechanism of a parameter; of a lever the file of the rule that reads it.
    unit : str
        Unit of ``low`` and ``high``.
    low, high : float
        A lever's level without the plan and as the scenario chooses it (of a dated path
        the last value); a parameter's 5 % and 95 % quantile.
    distribution : str
        ``share`` or ``switch`` for a lever, else what the parameter declares.
    """

    name: str
    title_en: str
    title_zh: str
    kind: Kind
    task: str
    mechanism: str
    unit: str
    low: float
    high: float
    distribution: str

    def group(self, by: Grouping) -> str:
        """Name the group it varies with; its own name if there are no groups.

        By task, a parameter goes with its mechanism, since it belongs to no task.
        """
        if by == "none":
            return self.name
        return self.task if by == "task" and self.task else self.mechanism


def choose_factors(scenario: Any, over: str, only: Sequence[str] | None = None) -> tuple[Factor, ...]:
    """List what can be varied in a scenario.

    Parameters
    ----------
    scenario : Scenario
        Its levers are those that it moves away from ``no_plan``; its uncertainties are
        the parameters that are not fixed.
    over : {'levers', 'uncertainties', 'both'}
        Which of the two.
    only : sequence of str, optional
        Ids of the factors wanted, in any order.

    Returns
    -------
    tuple of Factor
        In the order of the plan and of the parameter files.

    Raises
    ------
    InputError
        For an unknown or repeated name, with the nearest one, or if nothing is left to vary.
    """
    check_choice(over, "over", KINDS)
    found: list[Factor] = []
    if over != "uncertainties":
        found += _levers(scenario)
    if over != "levers":
        found += _uncertainties(scenario)
    if not found:
        raise InputError(
            f"{scenario.name!r} has no {over} to vary",
            key="over",
            allowed="a scenario that moves levers, such as action_plan, or over='uncertainties'",
        )
    return tuple(found) if only is None else _only(found, only, over)


def _only(found: Sequence[Factor], only: Sequence[str], over: str) -> tuple[Factor, ...]:
    known = [factor.name for factor in found]
    for place, name in enumerate(only):
        if name not in known:
            raise InputError(
                f"{name!r} is no factor of over={over!r}: not a lever that the scenario moves, "
                "not a parameter that is uncertain",
                key="only",
                allowed=f"{len(known)} names, among them {', '.join(known[:3])}",
                suggestion=nearest(name, known),
            )
        if name in only[:place]:
            raise InputError(f"{name!r} stands there twice", key="only", allowed="each factor once")
    if not only:
        raise InputError("no factor is named", key="only", allowed="names, separated by commas")
    return tuple(factor for factor in found if factor.name in only)


def _levers(scenario: Any) -> list[Factor]:
    """Give the levers whose path in the scenario is another than without the plan."""
    from ...scenarios import lever_catalogue
    from ...scenarios.choosing.lever_choices import choice_of, lever_path

    paths = scenario.quarterly_lever_paths()
    first, start = Quarter.parse(scenario.start), Quarter.parse(scenario.plan_start)
    factors = []
    for name, lever in lever_catalogue().items():
        path = paths[name]
        if choice_of(lever, scenario.levers) in ("no_plan", "zero"):
            continue
        without = lever_path(lever, {}, start, first, len(path))
        if np.array_equal(path, without):
            continue
        moved = int(np.flatnonzero(path != without)[-1])
        factors.append(
            Factor(
                name=name,
                title_en=lever.title_en,
                title_zh=lever.title_zh,
                kind="lever",
                task=lever.selector,
                mechanism=_mechanism(lever),
                unit=lever.unit,
                low=float(without[moved]),
                high=float(path[moved]),
                distribution="switch" if lever.unit == "switch" else "share",
            )
        )
    return factors


_MECHANISM_OF_RULE: Final = {
    "bank": "loan",
    "city_funds": "fund",
    "grant_programmes": "grants",
    "incubator": "incubation",
    "levers_in_force": "steering",
    "offers": "results",
    "result": "results",
    "sub_fund": "fund",
    "trainee": "training",
}
"""Files of rules whose parameters stand under another name."""


def _mechanism(lever: Lever) -> str:
    file = lever.rule.split(".")[1]
    return _MECHANISM_OF_RULE.get(file, file)


def _uncertainties(scenario: Any) -> list[Factor]:
    from ...scenarios.provinces.parameter_draws import quantile

    return [
        Factor(
            name=name,
            title_en=parameter.title_en,
            title_zh=parameter.title_zh,
            kind="uncertainty",
            task="",
            mechanism=parameter.mechanism,
            unit=parameter.unit,
            low=quantile(parameter, 0.05),
            high=quantile(parameter, 0.95),
            distribution=parameter.distribution,
        )
        for name, parameter in cast("Mapping[str, Parameter]", scenario.parameter_table()).items()
        if parameter.distribution != "fixed"
    ]


def lever_setting(lever: Lever, scenario: Any, share: float) -> tuple[Any, float | None]:
    """Say how a scenario is told to take a share of a lever's step.

    Parameters
    ----------
    lever : Lever
        From the catalogue.
    scenario : Scenario
        Whose choice for the lever is the whole step.
    share : float
        From 0 (as without the plan) to 1; a switch is on from a half.

    Returns
    -------
    choice : str, float or dict
        What the scenario chooses for the lever.
    scaled : float or None
        Its entry in ``scaled``; None if it needs none.
    """
    from ...scenarios.choosing.adjustments import adjustment_of
    from ...scenarios.choosing.lever_choices import choice_of

    choice = choice_of(lever, scenario.levers)
    if lever.unit == "switch":
        return (choice if share >= 0.5 else "no_plan"), None
    if isinstance(choice, str):
        return choice, share * float(adjustment_of(lever, scenario.scaled, 1.0))
    if isinstance(choice, dict):
        return {date: _between(lever, value, share) for date, value in choice.items()}, None
    return _between(lever, choice, share), None


def _between(lever: Lever, value: float, share: float) -> float:
    """Give the number at a share of the step; counts and yuan are whole, and no sum is absurdly small."""
    from ...scenarios.reading.number_checks import lever_number_problem

    level = lever.level_before + share * (value - lever.level_before)
    if lever_number_problem((), level, lever.unit, lever.low, lever.high) is None:
        return level
    whole = float(round(level))
    if lever_number_problem((), whole, lever.unit, lever.low, lever.high) is None:
        return whole
    # Between nothing and the least that a person would write down stands nothing.
    return lever.level_before if share < 0.5 else value
