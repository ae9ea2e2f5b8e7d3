"""What a scenario orders: levers in force and what it costs to run them, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...engine.columns import number_record, number_rows, row_at
from .administration import Administration

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ...scenarios import Scenario


class Policy:
    """The policy of a scenario, apart from the world that it meets.

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
        in_force: Levers = (
            row_at(self._levers, step) if step >= 0 else number_record(dict.fromkeys(self.paths, 0.0))
        )
        return in_force

    def orders(self, step: int) -> tuple[bytes, tuple[tuple[tuple[int, int], int], ...]]:
        """All that a policy orders in a step: two that order the same leave the world the same."""
        return self._levers[step].tobytes(), self.administration.due(step)
