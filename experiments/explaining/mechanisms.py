"""The worlds that explain a number: one mechanism switched off, or one condition eased, all else the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from ..effects.knock_outs import MECHANISMS, switched_off

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["CONDITIONS", "TRIED", "WHOLE", "Knocked", "eased", "id_of"]

WHOLE: Final = "whole"
"""Name of the scenario as it is."""

CONDITIONS: Final[Mapping[str, tuple[str, float | str]]] = {
    "deals asked of an institution": ("demonstration_min_deals", "low"),
    "people asked of an institution": ("demonstration_min_staff", 1.0),
    "years asked of an institution": ("demonstration_min_years", 0.0),
    "deals that a broker's person closes": ("broker_deals_per_person", "high"),
    "seats in training": ("training_seats", "high"),
    "people who pass": ("training_pass_share", "high"),
    "incubators founded": ("incubators_founded", "high"),
    "incubators that close": ("incubator_exit_hazard", "low"),
    "maker spaces that close": ("maker_space_exit_hazard", "low"),
    "clients for whom a broker finds a partner": ("broker_success", "high"),
    "needs that a platform brings together": ("platform_contact", "high"),
    "sub-funds founded": ("fund_subfund_hazard", "high"),
    "capital that sub-funds raise": ("fund_fill_rate", "high"),
    "sub-funds that reach their size": ("fund_meets_target_share", "high"),
    "quarters of fund-raising": ("fund_closing_quarters", "low"),
}
"""Conditions that hold something back: a parameter or a lever, and where it is easiest: a bound of its prior
or of what is allowed, or a number."""

TRIED: Final[Mapping[str, tuple[str, ...]]] = {
    "demonstration_institutions": tuple(CONDITIONS)[:4],
    "trained_people": tuple(CONDITIONS)[4:6],
    "incubation_platforms": tuple(CONDITIONS)[6:9],
    "contract_value_output": ("deals that a broker's person closes", *tuple(CONDITIONS)[9:11]),
    "guidance_fund_committed": tuple(CONDITIONS)[11:],
}
"""Conditions that are eased for the indicator of a target; for another indicator all are."""

_KEPT: Final = 64


def id_of(words: str) -> str:
    """Make the name of a world of the words for what is changed in it.

    Examples
    --------
    >>> id_of("deals that a broker's person closes")
    'deals_that_a_brokers_person_closes'
    """
    return words.replace("'", "").replace(" ", "_").replace("-", "_").replace(",", "")


def eased(world: Scenario, condition: str) -> Scenario:
    """Give the world with a condition at its easiest; a lever is so from the plan's start on."""
    from ...scenarios import lever_catalogue

    name, value = CONDITIONS[condition]
    lever = lever_catalogue().get(name)
    if lever is not None:
        return world.set(**{name: getattr(lever, str(value))}, name=world.name)
    at = float(getattr(world.parameter_table()[name], value)) if isinstance(value, str) else value
    return world.set(parameters={name: at}, name=world.name)


class Knocked(Mapping[str, Any]):
    """A scenario, and the same without each mechanism or with each condition eased, by name.

    Parameters
    ----------
    scenario : Scenario
    indicator : str, optional
        What is explained; its conditions are eased, or all where it is of no target.
    """

    def __init__(self, scenario: Scenario, indicator: str = "") -> None:
        self.scenario, self.indicator = scenario, indicator
        self.mechanisms = {id_of(one): one for one in MECHANISMS}
        self.conditions = {id_of(one): one for one in TRIED.get(indicator, CONDITIONS)}

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to a worker without what was built here."""
        return Knocked, (self.scenario, self.indicator)

    @cached_property
    def _built(self) -> Any:
        return lru_cache(maxsize=_KEPT)(self._build)

    def __getitem__(self, name: str) -> Any:
        """Give a world; its name is what is changed in it."""
        return self._built(name)

    def _build(self, name: str) -> Scenario:
        if name == WHOLE:
            return self.scenario.set(name=name)
        if name in self.mechanisms:
            return switched_off(self.scenario, self.mechanisms[name]).set(name=name)
        return eased(self.scenario, self.conditions[name]).set(name=name)

    def __iter__(self) -> Iterator[str]:
        """Name every world, the whole one first."""
        return iter((WHOLE, *self.mechanisms, *self.conditions))

    def __len__(self) -> int:
        """How many there are."""
        return 1 + len(self.mechanisms) + len(self.conditions)
