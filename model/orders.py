"""Levers for single units, with dates of their own: how a reform that reached some and not others is enacted.

A scenario orders a lever for the whole province. An evaluation elsewhere compares universities that got posts
with universities that got none, cities under a programme with others. An order says so: a lever, its level,
for which units, from when. Ordinary runs have none, and nothing is asked of them (decision 0034).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.errors import InputError, nearest
from ..engine.quarters import Quarter

if TYPE_CHECKING:
    from ..engine.table import RowArray
    from ..scenarios import Scenario
    from .state.calendar import Calendar

__all__ = ["ORDERED", "Cities", "Keys", "Lot", "Order", "Orders", "in_lot"]

TARGET = luck.mechanism("share of units by lot, for which a lever is ordered")

ORDERED: Final = {
    "transfer_posts": "owner",
    "base_coverage": "firm",
    "firms_cultivated": "firm",
    "firm_research_platforms": "firm",
    "fast_growers_supported": "firm",
    "contest_prizes": "firm",
    "founders_mentored": "firm",
}
"""Levers that can be ordered for single units, and what the unit is; those of owners are for universities."""

LAST: Final = Quarter(2017, 4)
"""Re-enactments lie in the years that were observed."""

Group = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cities:
    """All units that sit in some cities.

    Parameters
    ----------
    names : tuple of str
        As the pack calls them.
    """

    names: tuple[str, ...]


@dataclass(frozen=True)
class Keys:
    """Units by their keys, as a `Watch` takes them down.

    Parameters
    ----------
    keys : tuple of int
    """

    keys: tuple[int, ...]


@dataclass(frozen=True)
class Lot:
    """A share of the units by lot; who is in it stays in it, whoever else enters.

    Parameters
    ----------
    share : float
        Above 0, at most 1.
    """

    share: float


@dataclass(frozen=True)
class Order:
    """A lever for some units.

    Parameters
    ----------
    lever : str
        One of `ORDERED`.
    level : float
        What it stands at there, in its unit, beside what the scenario orders for all.
    units : Cities, Keys or Lot
    since : str
        First quarter, ``YYYY-Qn``.
    until : str, optional
        First quarter in which it stands there no longer; to the end by default.
    """

    lever: str
    level: float
    units: Cities | Keys | Lot
    since: str
    until: str | None = None


class Orders:
    """The orders of a run, checked and put into steps.

    Parameters
    ----------
    orders : sequence of Order
    scenario : Scenario
        Its cities and its quarters are those that may be named.
    calendar : Calendar
    universities : ndarray of uint64
        Keys of those that there are; a firm may be founded after its order, so that its key is not checked.
    scale : float
        Has to be 1: below it a row stands for several firms.
    seed : int

    Raises
    ------
    InputError
        A lever that is none, or cannot be ordered for single units; a level below zero; a city or a
        university that does not exist; a share out of bounds; a quarter outside the scenario, or that ends
        before it begins; a scenario that goes beyond
        `LAST`; a scale below 1.
    """

    def __init__(
        self,
        orders: Sequence[Order],
        scenario: Scenario,
        calendar: Calendar,
        universities: npt.NDArray[np.uint64],
        *,
        scale: float,
        seed: np.uint64,
    ) -> None:
        if scale != 1:
            raise InputError(
                f"at scale {scale:g} a row stands for several firms, and levers cannot be ordered for one",
                key="scale",
                allowed="1 together with `orders`",
            )
        if Quarter.parse(scenario.end) > LAST:
            raise InputError(
                f"it ends in {scenario.end}",
                key="end",
                allowed=f"{LAST} at the latest together with `orders`",
            )
        self._cities = tuple(scenario.pack().cities["city"])
        self._universities = frozenset(universities.tolist())
        self._seed = seed
        quarters = [calendar.quarter_of(step) for step in range(calendar.steps)]
        self._orders = [(order, self._steps(order, number, quarters)) for number, order in enumerate(orders)]

    def _steps(self, order: Order, number: int, quarters: Sequence[Quarter]) -> range:
        """Check an order, and give the steps in which it holds."""
        key = f"orders.{number}"
        if order.lever not in ORDERED:
            raise InputError(
                f"{order.lever!r} cannot be ordered for single units",
                key=f"{key}.lever",
                allowed=", ".join(ORDERED),
                suggestion=nearest(order.lever, ORDERED),
            )
        if not 0.0 <= order.level < math.inf:
            raise InputError(f"a level of {order.level:g}", key=f"{key}.level", allowed="0 or more")
        if isinstance(order.units, Keys) and ORDERED[order.lever] == "owner":
            unknown = [one for one in order.units.keys if one not in self._universities]
            if unknown:
                raise InputError(
                    f"{unknown[0]} is the key of no university",
                    key=f"{key}.units",
                    allowed="keys of universities, from the table `owner` of a watched run",
                )
        if isinstance(order.units, Lot) and not 0.0 < order.units.share <= 1.0:
            raise InputError(
                f"a lot over the share {order.units.share:g}",
                key=f"{key}.units",
                allowed="above 0, at most 1",
            )
        if isinstance(order.units, Cities):
            for name in order.units.names:
                if name not in self._cities:
                    raise InputError(
                        f"there is no city {name!r}",
                        key=f"{key}.units",
                        allowed=", ".join(self._cities),
                        suggestion=nearest(name, self._cities),
                    )
        first = self._step_of(order.since, f"{key}.since", quarters)
        last = len(quarters) if order.until is None else self._step_of(order.until, f"{key}.until", quarters)
        if last <= first:
            raise InputError(
                f"{order.until} is not after {order.since}", key=f"{key}.until", allowed="a later quarter"
            )
        return range(first, last)

    @staticmethod
    def _step_of(quarter: str, key: str, quarters: Sequence[Quarter]) -> int:
        """Give the first step of a quarter."""
        asked = Quarter.parse(quarter)
        if asked not in quarters:
            raise InputError(
                f"{quarter} is outside the run", key=key, allowed=f"{quarters[0]} to {quarters[-1]}"
            )
        return quarters.index(asked)

    def of(self, lever: str, step: int, rows: RowArray[Any]) -> list[tuple[float, Group]]:
        """Give the levels that a lever stands at for single units in a step, and for which of the rows.

        Parameters
        ----------
        rows : structured ndarray
            The table of the units; with ``key`` and ``city``.
        """
        return [
            (order.level, self._group(order.units, rows))
            for order, steps in self._orders
            if order.lever == lever and step in steps
        ]

    def _group(self, units: Cities | Keys | Lot, rows: RowArray[Any]) -> Group:
        if isinstance(units, Cities):
            return np.isin(rows["city"], [self._cities.index(name) for name in units.names])
        keys = np.ascontiguousarray(rows["key"])
        if isinstance(units, Keys):
            return np.isin(keys, np.array(units.keys, dtype=np.uint64))
        return in_lot(keys, units, int(self._seed))


def in_lot(keys: npt.NDArray[np.uint64], lot: Lot, seed: int) -> Group:
    """Tell which units are in a lot in the future of a seed: what a study knows of its own lottery."""
    return np.asarray(luck.draw_uniforms(seed, int(TARGET), keys) < lot.share)
