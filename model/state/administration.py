"""What it costs to run the instruments that a scenario introduces or changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.government import PROVINCE
from ...engine.books import CAUSE, SECTOR, Books, pay_public
from ...engine.quarters import Quarter
from ...scenarios.choosing.catalogue import lever_catalogue

if TYPE_CHECKING:
    from ...scenarios import Scenario

_HOUSEHOLDS: Final = SECTOR["households"]
_ADMINISTRATION: Final = CAUSE["administration"]

_MEASURES: Final = {"organisation_1": 26, "organisation_2": 27, "organisation_3": 28}


class Administration:
    """Administrative costs by step.

    A lever costs its administration in each step from the plan's start in which it
    stands neither at zero nor where it stood in the quarter before. So `no_plan` pays
    nothing: what running the old instruments costs is not known, is the same in every
    scenario, and falls out of the comparison against `no_plan`.

    Parameters
    ----------
    scenario : Scenario
    paths : mapping of str to ndarray of float64 of shape (steps,)
        Levers in force.
    city_treasury : int
        Row of the treasury that pays for levers whose payer is the city: the capital's.

    Attributes
    ----------
    cost : ndarray of int64 of shape (steps, accounts)
        Yuan due in each step for each of the accounts.
    accounts : list of tuple of int
        Treasury and task of each account.
    """

    def __init__(
        self, scenario: Scenario, paths: Mapping[str, npt.NDArray[np.float64]], city_treasury: int
    ) -> None:
        start = Quarter.parse(scenario.plan_start).index - Quarter.parse(scenario.start).index
        first = max(0, start * (scenario.steps_per_year // 4))
        steps = len(next(iter(paths.values())))
        due: dict[tuple[int, int], npt.NDArray[np.int64]] = {}
        for name, lever in lever_catalogue().items():
            path = paths[name]
            cost = round(lever.admin_cost_per_year / scenario.steps_per_year)
            if cost == 0 or first >= steps:
                continue
            before = path[first - 1] if first > 0 else np.nan
            changed = (path != before) & (path != 0.0)
            changed[:first] = False
            if changed.any():
                treasury = PROVINCE if lever.payer == "province" else city_treasury
                task = lever.task if isinstance(lever.task, int) else _MEASURES[lever.task]
                account = due.setdefault((treasury, task), np.zeros(steps, dtype=np.int64))
                account += np.where(changed, cost, 0)
        self.accounts = sorted(due)
        self.cost = (
            np.stack([due[account] for account in self.accounts]) if due else np.zeros((0, steps), np.int64)
        )
        self._due: list[list[tuple[tuple[int, int], int]]] = [[] for _ in range(steps)]
        for step, place in np.argwhere(self.cost.T > 0).tolist():
            self._due[step].append((self.accounts[place], int(self.cost[place, step])))

    def due(self, step: int) -> tuple[tuple[tuple[int, int], int], ...]:
        """Treasury and task of each account that something is due on in a step, and the yuan."""
        return tuple(self._due[step])

    def pay(self, step: int, books: Books) -> None:
        """Pay the step's costs to the staff, as far as the treasuries have money."""
        treasuries = books.holders["government"].rows
        for (treasury, task), cost in self.due(step):
            amount = min(cost, int(treasuries["cash"][treasury]))
            if amount > 0:
                pay_public(
                    books.purse,
                    treasury,
                    _HOUSEHOLDS,
                    0,
                    amount,
                    _ADMINISTRATION,
                    task,
                    books.flows,
                    books.public,
                )
