"""Who the players are, which coalitions of them are run, and in which orders their tasks come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..effects.packages import items_of, package_name
from .owen_values import Order, orders

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["Coalitions"]


@dataclass(frozen=True)
class Coalitions:
    """The projects of a scenario as players, and their tasks as members of groups.

    Attributes
    ----------
    players : tuple of str
        Projects that move a lever, and the measures of organisation together, in the plan's order.
    members : tuple of tuple of str
        Tasks of each that move a lever.
    seed : int
        By which orders are drawn, beside the number of the future.
    pairs : int
        Orders drawn in each future, each with its reverse.
    """

    players: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    seed: int
    pairs: int

    @classmethod
    def of(cls, scenario: Scenario, seed: int, pairs: int) -> Coalitions:
        """Find the players of a scenario; refuse one that moves no lever."""
        projects = items_of(scenario, "project")
        members = tuple(
            tuple(dict.fromkeys(lever.selector for lever in levers)) for levers in projects.values()
        )
        return cls(tuple(projects), members, seed, pairs)

    @cached_property
    def names(self) -> list[str]:
        """Names of the packages of all coalitions: number ``mask`` holds player i if its bit is set."""
        return [
            package_name([player for i, player in enumerate(self.players) if mask >> i & 1])
            for mask in range(1 << len(self.players))
        ]

    def orders_in(self, future: int) -> list[list[Order]]:
        """Give the orders of a future, by player: a function of the seed and the number of the future."""
        sizes = [len(tasks) for tasks in self.members]
        return orders(sizes, self.pairs, np.random.default_rng([self.seed, future]))

    def chain(self, player: int, order: Order) -> list[str]:
        """Name the packages of an order from before the first task of a player to after its last one."""
        before = [self.players[i] for i in sorted(order.before)]
        tasks = [self.members[player][place] for place in order.members]
        inside = [package_name([*before, *tasks[:count]]) for count in range(1, len(tasks))]
        mask = sum(1 << i for i in order.before)
        return [self.names[mask], *inside, self.names[mask | 1 << player]]

    def packages_in(self, future: int) -> list[str]:
        """Name all packages that a future is run in: every coalition, and what its orders need besides."""
        besides = [
            name
            for player, drawn in enumerate(self.orders_in(future))
            for order in drawn
            for name in self.chain(player, order)
        ]
        return list(dict.fromkeys([*self.names, *besides]))

    def by_future(self, futures: int) -> Sequence[Sequence[str]]:
        """Name the packages of each future."""
        return [self.packages_in(future) for future in range(futures)]
