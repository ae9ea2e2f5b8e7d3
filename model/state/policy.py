"""What a scenario orders: levers in force and what it costs to run them, step by step."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, cast

from ...engine.columns import number_record, number_rows, row_at
from .administration import Administration

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ...scenarios import Scenario


KEPT: Final = 64
"""Policies that are kept, the latest: about 0.1 MB each."""


class Policy:
    """The policy of a scenario, apart from the world that it meets; see :func:`policy_of`.

    Parameters
    ----------
    scenario : Scenario
    city_treasury : int
        Row of the treasury that pays for levers whose payer is the city: the capital's.

    Attributes
    ----------
    paths : dict of str to ndarray of float64 of shape (steps,)
        Each lever's value in force.
    administration : Administration
        Costs of running what the plan introduces.
    steps : int
        Number of steps, from the scenario's start to its end.
    """

    def __init__(self, scenario: Scenario, city_treasury: int) -> None:
        self.paths = scenario.lever_paths()
        self.administration = Administration(scenario, self.paths, city_treasury)
        self._levers = number_rows(self.paths)
        self.steps = len(self._levers)

    def levers(self, step: int) -> Levers:
        """Levers in force in a step, as the record that rules read; all at zero before the first one."""
        if step < 0:
            return cast("Levers", number_record(dict.fromkeys(self.paths, 0.0)))
        # A copy, since one policy serves many runs.
        return cast("Levers", row_at(self._levers[step : step + 1].copy(), 0))

    def orders(self, step: int) -> tuple[bytes, tuple[tuple[tuple[int, int], int], ...]]:
        """All that a policy orders in a step: two that order the same leave the world the same."""
        return self._levers[step].tobytes(), self.administration.due(step)


class _Itself:
    """A scenario as the key of what is kept: the very object, since to hash its content takes longer."""

    __slots__ = ("scenario",)

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.scenario is other.scenario

    def __hash__(self) -> int:
        return id(self.scenario)


@functools.lru_cache(maxsize=KEPT)
def _policy_of(scenario: _Itself, city_treasury: int) -> Policy:
    return Policy(scenario.scenario, city_treasury)


def policy_of(scenario: Scenario, city_treasury: int) -> Policy:
    """Give the policy of a scenario: made once, however many futures it is run in.

    Parameters
    ----------
    scenario : Scenario
    city_treasury : int
        As for :class:`Policy`.
    """
    return _policy_of(_Itself(scenario), city_treasury)
