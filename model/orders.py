"""Levers for single units, with dates of their own: how a reform that reached some and not others is enacted.

A scenario orders a lever for the whole province. An evaluation elsewhere compares universities that got posts
with universities that got none, banks under a programme with others. An order says so: a lever, its level,
for which units, from when. Ordinary runs have none, and nothing is asked of them (decision 0034).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.columns import number_record

if TYPE_CHECKING:
    from ..agents.inputs import Levers
    from ..engine.table import RowArray

__all__ = ["ORDERED", "Cities", "Keys", "Level", "Lot", "Order", "Orders", "in_lot", "levers_with"]

TARGET = luck.mechanism("share of units by lot, for which a lever is ordered")

_FIRMS: Final = ("enterprise",)
_UNIVERSITIES: Final = ("university",)
_INSTITUTES: Final = ("research_institute",)
_MILITARY_UNITS: Final = ("military_unit",)

ADDED: Final[Mapping[str, tuple[str, ...]]] = {
    "transfer_posts": _UNIVERSITIES,
    "base_coverage": _FIRMS,
    "firms_cultivated": _FIRMS,
    "firm_research_platforms": _FIRMS,
    "fast_growers_supported": _FIRMS,
    "contest_prizes": _FIRMS,
    "founders_mentored": _FIRMS,
    "voucher_budget": _FIRMS,
    "challenge_tenders": _FIRMS,
    "dispatched_scientists": _FIRMS,
    "county_cooperation": _FIRMS,
    "open_instruments": _FIRMS,
    "city_plans": _FIRMS,
    "talent_pool": _FIRMS,
    "alliance_orders": _FIRMS,
}
"""Levers whose level for some units comes beside that for all, and the tables of these units."""

INSTEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "inventor_share_university": _UNIVERSITIES,
    "equity_share_university": _UNIVERSITIES,
    "own_decision_university": _UNIVERSITIES,
    "inventor_share_institute": _INSTITUTES,
    "equity_share_institute": _INSTITUTES,
    "own_decision_institute": _INSTITUTES,
    "inventor_share_military": _MILITARY_UNITS,
    "equity_share_military": _MILITARY_UNITS,
    "own_decision_military": _MILITARY_UNITS,
    "ownership_pilots": (*_UNIVERSITIES, *_INSTITUTES),
    "compensation_share": ("bank",),
}
"""Levers whose level for some units stands in place of that for all, and the tables of these units."""

ORDERED: Final[Mapping[str, tuple[str, ...]]] = {**ADDED, **INSTEAD}
"""Levers that can be ordered for single units, and the tables of these units."""

FIRST_CALL: Final = np.uint64(0)
"""Word of the first call of a programme in a step: it draws what it would draw without orders."""

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

    A right of inventors stands at these owners as the lever of a scenario would: what owners grant above
    the least share of a licence comes on top. A bank that ``compensation_share`` is ordered for is in the
    programme from the first quarter on, or out of it if the level is zero, whatever it would do by itself;
    afterwards it may join as others do. The other levers, the size of the pool among them, are the
    scenario's. Nobody knows of an order before it is in force: no rule of the model looks ahead.

    Parameters
    ----------
    lever : str
        One of `ORDERED`.
    level : float
        What it stands at there, in its unit: beside what the scenario orders for all if the lever is one of
        `ADDED`, in place of it if it is one of `INSTEAD`. It may go beyond the bounds that the lever has for
        scenarios, a fraction up to 1.
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


class Level(NamedTuple):
    """What a lever stands at in a step, for all or for some.

    Attributes
    ----------
    level : float
    units : ndarray of bool or None
        Which rows of the units' table; None for all.
    order : int
        Place among the orders of the lever; -1 for the scenario.
    call : int
        Word of the call whose luck is drawn, `FIRST_CALL` or one of its own for each further call in the
        step. A rule mixes it by exclusive or into the mechanism or the source of what it draws.
    """

    level: float
    units: Group | None = None
    order: int = -1
    call: np.uint64 = FIRST_CALL


class Orders:
    """The orders of a run, put into steps.

    Parameters
    ----------
    orders : sequence of tuple of Order and range
        With the steps in which each holds; see `order_checks`.
    cities : sequence of str
    seed : int
    """

    def __init__(self, orders: Sequence[tuple[Order, range]], cities: Sequence[str], seed: np.uint64) -> None:
        self._cities = tuple(cities)
        self._seed = seed
        self._by_lever: dict[str, list[tuple[Order, range]]] = {}
        for order, steps in orders:
            self._by_lever.setdefault(order.lever, []).append((order, steps))

    def of(self, lever: str, step: int, rows: RowArray[Any]) -> list[tuple[float, Group]]:
        """Give the levels that a lever stands at for single units in a step, and for which of the rows.

        Parameters
        ----------
        rows : structured ndarray
            The table of the units; with ``key`` and ``city``.
        """
        return [(order.level, self.group(order.units, rows)) for _, order in self._holding(lever, step)]

    def calls(self, lever: str, step: int, rows: RowArray[Any], for_all: float) -> list[Level]:
        """Give the same as calls of a programme, each with luck of its own.

        Parameters
        ----------
        rows : structured ndarray
            The table of the units; with ``key`` and ``city``.
        for_all : float
            What the scenario orders: if anything, an order is not the first call of the step.
        """
        first = 1 if for_all > 0.0 else 0
        return [
            Level(order.level, self.group(order.units, rows), number, word_of_call(first + number))
            for number, order in self._holding(lever, step)
        ]

    def _holding(self, lever: str, step: int) -> list[tuple[int, Order]]:
        """List the orders of a lever that hold in a step, with their places among all of the lever."""
        ordered = enumerate(self._by_lever.get(lever, ()))
        return [(number, order) for number, (order, steps) in ordered if step in steps]

    def group(self, units: Cities | Keys | Lot, rows: RowArray[Any]) -> Group:
        """Tell which rows of a table are meant."""
        if isinstance(units, Cities):
            return np.isin(rows["city"], [self._cities.index(name) for name in units.names])
        keys = np.ascontiguousarray(rows["key"])
        if isinstance(units, Keys):
            return np.isin(keys, np.array(units.keys, dtype=np.uint64))
        return in_lot(keys, units, int(self._seed))


def word_of_call(number: int) -> np.uint64:
    """Give the word of a call of a programme in a step, of which 0 is the first."""
    return np.uint64(luck.key_of("call", number)) if number else FIRST_CALL


def in_lot(keys: npt.NDArray[np.uint64], lot: Lot, seed: int) -> Group:
    """Tell which units are in a lot in the future of a seed: what a study knows of its own lottery."""
    return np.asarray(luck.draw_uniforms(seed, int(TARGET), keys) < lot.share)


def levers_with(levers: Levers, levels: Mapping[str, float]) -> Levers:
    """Give a copy of the levers in force in which some stand at other levels."""
    usual = {name: float(getattr(levers, name)) for name in np.asarray(levers).dtype.names or ()}
    changed: Levers = number_record(usual | dict(levels))
    return changed
