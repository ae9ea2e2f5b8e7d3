"""Levers of a scenario that are set and can have no effect: too small for one grant, or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..engine.quarters import Quarter

if TYPE_CHECKING:
    from .scenario import Scenario


class WithoutEffect(NamedTuple):
    """Why a lever changes nothing.

    Attributes
    ----------
    lever : str
    needs : str
        The lever without which it acts on nothing; empty if it is too small.
    total, smallest : float
        Yuan from the plan's start to the scenario's end, and of the smallest grant; 0 if it stands alone.
    """

    lever: str
    needs: str = ""
    total: float = 0.0
    smallest: float = 0.0


def levers_without_effect(scenario: Scenario) -> list[WithoutEffect]:
    """Find the levers that are set since the plan's start and can change nothing until the end."""
    levers, paths = scenario.pack().catalogue, scenario.quarterly_lever_paths()
    parameters = scenario.parameter_table()
    first = max(0, Quarter.parse(scenario.plan_start).index - Quarter.parse(scenario.start).index)
    found = []
    for name, lever in levers.items():
        path = paths[name][first:]
        if lever.acts_with is not None:
            if (path != lever.level_before).any() and not paths[lever.acts_with][first:].any():
                found.append(WithoutEffect(name, needs=lever.acts_with))
        elif lever.smallest_grant is not None and path.any():
            total, grant = float(path.sum()) / 4.0, lever.smallest_grant
            if isinstance(grant, float):
                price = grant
            elif grant in levers:
                price = float(paths[grant][first:].min())
            else:
                # The least that a future may draw: what does not pay for that buys nothing in any of them.
                low = parameters[grant].low
                price = parameters[grant].value if low is None else low
            if total < price:
                found.append(WithoutEffect(name, total=total, smallest=price))
    return found
