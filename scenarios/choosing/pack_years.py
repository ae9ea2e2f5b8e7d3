"""The years of a pack: where its history begins and ends, and what hangs on its eve.

No year stands in the rules: a run asks its pack, and a pack says in its head what differs from the facts that
come with the package (`CALENDAR_FILE`). A pack whose dates are all later by some years gives the same run, as
many years later.
"""

from __future__ import annotations

import functools
from typing import Any, Final, NamedTuple

from ...engine.quarters import Quarter
from ..places import CALENDAR_FILE
from ..reading.yaml_with_places import read_yaml
from .declared_targets import shipped_plan

__all__ = ["PackYears", "calendar_of_sources", "shipped_years", "years_until"]

BEFORE: Final = 10
"""Years before the first simulated one in which stocks are built up, and from which on figures are read."""

SIMULATED: Final = 30
"""Years after the first one which a scenario may cover."""

FIRST_DRAWN: Final = 2010
"""What keys the luck of the first year, those after it in turn. Any number would do, and give other futures;
it must be the same for all packs, so that the years since the first one tell a year's luck."""


class PackYears(NamedTuple):
    """The years of a pack.

    Attributes
    ----------
    first : int
        First simulated year.
    last : int
        Last year that is known: the eve is its end.
    levels_of : int
        Year of which the parameters are levels whose names end with it in the shipped packs.
    plan_start, plan_end : Quarter
        When a plan starts that is made on the eve, and when it is over.
    training_from, platforms_from : float
        Dates from which trained people are counted, and platforms as new.
    """

    first: int
    last: int
    levels_of: int
    plan_start: Quarter
    plan_end: Quarter
    training_from: float
    platforms_from: float

    @property
    def start(self) -> Quarter:
        """First simulated quarter."""
        return Quarter(self.first, 1)

    @property
    def first_read(self) -> int:
        """Year from which on series are read, and outside paths run."""
        return self.first - BEFORE

    @property
    def latest(self) -> int:
        """Last year that a scenario may cover."""
        return self.first + SIMULATED

    def luck_of(self, year: int) -> int:
        """Give the number that keys the luck of a calendar year."""
        return year - self.first + FIRST_DRAWN


@functools.cache
def calendar_of_sources() -> dict[str, Any]:
    """Read the years of the facts that come with the package, once in a process."""
    return dict(read_yaml(CALENDAR_FILE).data)


@functools.cache
def shipped_years() -> PackYears:
    """Give the years of the packs that come with the package."""
    facts, plan = calendar_of_sources(), shipped_plan()
    return PackYears(
        first=facts["first_year"],
        last=facts["last_year"],
        levels_of=facts["levels_of"],
        plan_start=Quarter.parse(plan.plan_start),
        plan_end=Quarter.parse(plan.end),
        training_from=float(facts["counts_from"]["training"]),
        platforms_from=float(facts["counts_from"]["platforms"]),
    )


def years_until(last_year: int) -> PackYears:
    """Give the years of a pack that knows figures up to another year: what hangs on the eve moves with it."""
    shipped = shipped_years()
    later = last_year - shipped.last
    return shipped._replace(
        last=last_year,
        plan_start=shipped.plan_start.later(4 * later),
        plan_end=shipped.plan_end.later(4 * later),
        training_from=shipped.training_from + later,
        platforms_from=shipped.platforms_from + later,
    )
