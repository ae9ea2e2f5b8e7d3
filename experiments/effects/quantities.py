"""What a policy is judged by: targets in each way of counting, indicators of a year, costs of all years."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...engine.errors import InputError, nearest
from ...engine.quarters import Quarter
from ..forecasting.predictive import series_behind
from ..planning.definitions import Definitions
from .paired_effects import COST, FORGONE, GROSS

__all__ = ["COSTS", "PAID_BY", "Quantity", "indicators_of", "quantities_asked", "quantities_of", "years_of"]

PAID_BY: Final = ("public_cost_province", "public_cost_cities")

COSTS: Final = (COST, GROSS, *PAID_BY, *FORGONE)
"""What treasuries pay net of what comes back, gross, and by payer; taxes forgone. Costs are of all years from
the plan's start together."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a run.

    Attributes
    ----------
    kind : {'target', 'indicator', 'cost'}
    id : str
        The target, or the indicator.
    counting : str
        The way of counting a target; else empty.
    indicator : str
        Whose number it is.
    unit : str
    year : int
        Calendar year; of a cost the last of all that are summed.
    """

    kind: str
    id: str
    counting: str
    indicator: str
    unit: str
    year: int

    @property
    def head(self) -> tuple[str, str, str, str, int]:
        """How a table's row begins that speaks of it: kind, id, counting, unit, year."""
        return self.kind, self.id, self.counting, self.unit, self.year


def quantities_of(scenario: Any, definitions: Definitions, also: Sequence[str] = ()) -> list[Quantity]:
    """List what a table speaks of: targets judged before the scenario ends, costs, and what is asked.

    Parameters
    ----------
    scenario : Scenario
    definitions : Definitions
    also : sequence of str
        Indicators beside the targets, each in the scenario's last year.
    """
    begin, end = Quarter.parse(scenario.plan_start), Quarter.parse(scenario.end)
    found = [
        Quantity("target", name, counting, indicator, target.unit, target.year)
        for name, target in definitions.targets.items()
        for counting, indicator in target.countings.items()
        if indicator in definitions.indicators and begin <= Quarter(target.year, 4) <= end
    ]
    last = end.year if end.quarter == 4 else end.year - 1
    found += [Quantity("indicator", name, "", name, definitions.of(name).unit, last) for name in also]
    costs = [one for one in COSTS if one in definitions.indicators]
    return found + [Quantity("cost", name, "", name, definitions.of(name).unit, end.year) for name in costs]


def quantities_asked(asked: Sequence[str], scenario: Any, definitions: Definitions) -> list[Quantity]:
    """Find what a person asks for: by default each target as it is first counted.

    Parameters
    ----------
    asked : sequence of str
        Targets, indicators (also such as are a way of counting a target), or a cost.
    scenario : Scenario
    definitions : Definitions
        With the way of counting first that is meant.

    Raises
    ------
    InputError
        For a name that is neither; for one that no lever can touch, since it is judged before the plan
        starts, or after the scenario ends.
    """
    names = list(asked) or list(definitions.targets)
    known = [*definitions.targets, *definitions.indicators]
    for name in names:
        if name not in known and not (name.partition(".")[0] in definitions.indicators and "." in name):
            raise InputError(
                f"no target or indicator is called {name!r}",
                key="target",
                allowed=f"{', '.join(definitions.targets)}, or an indicator of `list indicators`",
                suggestion=nearest(name, known),
            )
    ready = quantities_of(scenario, definitions)
    first = {one.id: one for one in reversed(ready)}
    by_indicator = {one.indicator: one for one in reversed(ready)}
    found = []
    for name in names:
        if name in first or name in by_indicator:
            found.append(first.get(name) or by_indicator[name])
        elif name in definitions.targets:
            if asked:
                raise InputError(
                    f"no lever touches {name}: it is judged at the end of {definitions.targets[name].year},"
                    f" and {scenario.name!r} goes from {scenario.plan_start} to {scenario.end}",
                    key="target",
                    allowed=", ".join(one.id for one in ready if one.kind == "target") or "an indicator",
                )
        else:
            found += [one for one in quantities_of(scenario, definitions, [name]) if one.id == name]
    if not found:
        raise InputError(
            f"no target is judged between {scenario.plan_start} and {scenario.end}",
            key="target",
            allowed="an indicator of `list indicators`",
        )
    return found


def indicators_of(quantities: Sequence[Quantity], series: Collection[str]) -> tuple[str, ...]:
    """Name the indicators that runs have to keep, with the series by which they are predicted."""
    wanted = [one.indicator for one in quantities]
    behind = [name for one in wanted if (name := series_behind(one)) in series and name is not None]
    return tuple(dict.fromkeys([*wanted, *behind]))


def years_of(scenario: Any, observed_until: int | None) -> tuple[int, ...]:
    """List the years that runs have to keep: all in which a plan costs, and the last observed one."""
    begin, end = Quarter.parse(scenario.plan_start).year, Quarter.parse(scenario.end).year
    until = scenario.outside.observed_until if observed_until is None else observed_until
    return tuple(sorted({until, *range(begin, end + 1)}))
