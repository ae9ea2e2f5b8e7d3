"""What an order of levers for single units may say: what is wrong with one is told before the first step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError, check_choice
from ..engine.quarters import Quarter
from ..scenarios.choosing.catalogue import lever_catalogue
from .orders import INSTEAD, ORDERED, Cities, Keys, Lot, Order, Orders

if TYPE_CHECKING:
    from ..engine.table import RowArray
    from .province import Province

__all__ = ["checked_orders"]

_WORDS: Final = {
    "university": "university",
    "research_institute": "institute",
    "military_unit": "military unit",
    "bank": "bank",
}
"""Units that are there from the start, and none is founded later: whom an order means is known at once."""


def checked_orders(orders: Sequence[Order], province: Province) -> Orders:
    """Check the orders of a run and put them into steps.

    Parameters
    ----------
    orders : sequence of Order
    province : Province
        At its start; its scenario's cities and quarters are those that may be named.

    Returns
    -------
    Orders

    Raises
    ------
    InputError
        A lever that is none, or cannot be ordered for single units; a level below zero, or of a fraction
        above one; a city, a university, an institute, a military unit or a bank that does not exist; a share
        out of bounds, a lot or cities with no such unit; a quarter outside the scenario, or that ends before
        it begins; two levels for one unit at once, of a lever whose level stands in place of the scenario's;
        a share of losses without a pool; a scenario that goes beyond the observed years; a scale below 1.
    """
    if province.scale != 1:
        raise InputError(
            f"at scale {province.scale:g} a row stands for several firms, and none can be given orders",
            key="scale",
            allowed="1 together with `orders`",
        )
    last = Quarter(province.pack.years.last, 4)  # re-enactments lie in the years that were observed
    if Quarter.parse(province.scenario.end) > last:
        raise InputError(
            f"it ends in {province.scenario.end}",
            key="end",
            allowed=f"{last} at the latest together with `orders`",
        )
    calendar = province.calendar
    quarters = [calendar.quarter_of(step) for step in range(calendar.steps)]
    cities = province.names["city"]
    steps = []
    for number, order in enumerate(orders):
        key = f"orders.{number}"
        _check_level(order, key)
        _check_names(order, key, cities)
        steps.append((order, _steps(order, key, quarters)))
    checked = Orders(steps, cities, province.seed)
    _check_units(steps, checked, {kind: province.tables[kind].rows for kind in _WORDS})
    _check_pool(steps, province.policy.paths["compensation_pool"])
    return checked


def _check_level(order: Order, key: str) -> None:
    """Refuse a lever that cannot be ordered for single units, and a level that cannot be."""
    check_choice(order.lever, f"{key}.lever", ORDERED, f"{order.lever!r} cannot be ordered for single units")
    most = 1.0 if lever_catalogue()[order.lever].unit == "fraction" else math.inf
    if not 0.0 <= order.level <= most or order.level == math.inf:
        allowed = "0 or more" if most == math.inf else "0 to 1"
        raise InputError(f"a level of {order.level:g}", key=f"{key}.level", allowed=allowed)


def _check_names(order: Order, key: str, cities: Sequence[str]) -> None:
    """Refuse a share that is none, and cities that do not exist."""
    if isinstance(order.units, Lot) and not 0.0 < order.units.share <= 1.0:
        raise InputError(
            f"a lot over the share {order.units.share:g}", key=f"{key}.units", allowed="above 0, at most 1"
        )
    if isinstance(order.units, Cities):
        for name in order.units.names:
            check_choice(name, f"{key}.units", cities, f"there is no city {name!r}")


def _check_units(
    orders: Sequence[tuple[Order, range]], checked: Orders, tables: Mapping[str, RowArray[Any]]
) -> None:
    """Refuse an order for units that do not exist, and two that contradict each other.

    Firms are not looked for: one that an order means may be founded yet.
    """
    ordered: list[tuple[str, range, frozenset[int]]] = []
    for number, (order, steps) in enumerate(orders):
        kinds = ORDERED[order.lever]
        if not set(kinds) <= tables.keys():
            continue
        key, word = f"orders.{number}", " or ".join(_WORDS[kind] for kind in kinds)
        table = "bank" if "bank" in kinds else "owner"
        meant: set[int] = set()
        for kind in kinds:
            rows = tables[kind]
            meant |= set(rows["key"][checked.group(order.units, rows)].tolist())
        if isinstance(order.units, Keys):
            unknown = [one for one in order.units.keys if one not in meant]
            if unknown:
                raise InputError(
                    f"{unknown[0]} is the key of no {word}",
                    key=f"{key}.units",
                    allowed=f"keys from the table `{table}` of a watched run",
                )
        elif not meant:
            raise InputError(f"no {word} is among them", key=f"{key}.units", allowed=f"units with a {word}")
        if order.lever not in INSTEAD:
            continue
        for lever, others, before in ordered:
            if lever == order.lever and set(steps) & set(others) and meant & before:
                raise InputError(
                    f"an order before it has {lever} stand at another level there",
                    key=key,
                    allowed="one level for a unit in a quarter",
                )
        ordered.append((order.lever, steps, frozenset(meant)))


def _check_pool(orders: Sequence[tuple[Order, range]], pool: npt.NDArray[np.float64]) -> None:
    """Refuse a share of losses for some banks where nobody ever fills the pool that bears it."""
    for number, (order, steps) in enumerate(orders):
        if order.lever == "compensation_share" and order.level > 0.0 and not pool[: steps.stop].any():
            raise InputError(
                "there is no pool that could bear losses",
                key=f"orders.{number}",
                allowed="together with a scenario whose `compensation_pool` is above 0",
            )


def _steps(order: Order, key: str, quarters: Sequence[Quarter]) -> range:
    """Give the steps in which an order holds."""
    first = _step_of(order.since, f"{key}.since", quarters)
    last = len(quarters) if order.until is None else _step_of(order.until, f"{key}.until", quarters)
    if last <= first:
        raise InputError(
            f"{order.until} is not after {order.since}", key=f"{key}.until", allowed="a later quarter"
        )
    return range(first, last)


def _step_of(quarter: str, key: str, quarters: Sequence[Quarter]) -> int:
    """Give the first step of a quarter."""
    asked = Quarter.parse(quarter)
    if asked not in quarters:
        raise InputError(f"{quarter} is outside the run", key=key, allowed=f"{quarters[0]} to {quarters[-1]}")
    return quarters.index(asked)
