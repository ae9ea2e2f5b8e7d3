"""D3: what inventors' share of the income does, cut as in Norway and Finland, raised as in China.

A cut treats all universities, with institutes as controls: from the whole, which was the privilege of
professors, to a third, of licences and of firms. A rise treats the 35 universities with most research, with
the others as controls: from 20 to 50 %, of licences alone or of firms alone. All keep the rules of approval.
The years 2010 to 2012 are before, 2014 to 2017 after: the year of the change belongs to neither. All else
stays under the rules of 2010.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ...model.orders import Keys, Lot, Order
from ...model.watch import Watch
from .design import Design, Measured, Tables, base_world
from .owner_years import KINDS, keys_of, measured_change, with_most_research, years_of_owners

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["INCOME_SHARE"]

_START: Final = "2010-Q2"
"""A scenario may change nothing in its first quarter."""
_CHANGE: Final = "2013-Q1"
_END: Final = "2017-Q4"
_AFTER: Final = 2014
_TREATED: Final = "university"
_LEADING: Final = 35
_UNIVERSITIES: Final = ("inventor_share_university", "equity_share_university")
_INSTITUTES: Final = ("inventor_share_institute", "equity_share_institute")

_WHOLE, _THIRD, _LOW, _HALF = 1.0, 1.0 / 3.0, 0.2, 0.5
_ALL: Final = Lot(1.0)

_ENACTED: Final = {
    "share_cut_start_ups": ("cut", "whole", "spin_offs"),
    "share_cut_disclosures": ("cut", "whole", "results_disclosed"),
    "share_cut_finland": ("cut", "whole", "results_disclosed"),
    "share_rise_royalty": ("royalty", "low", "results_disclosed"),
    "share_rise_equity": ("equity", "low", "results_disclosed"),
}
"""For each figure the enacted world, the one without the change, and the outcome."""


def _worlds(province: str) -> dict[str, Scenario]:
    """Give the worlds: a fifth for everybody, before the orders of each."""
    levers: dict[str, Any] = {lever: {_START: _LOW} for lever in (*_UNIVERSITIES, *_INSTITUTES)}
    low = base_world(province, since=_START, end=_END).set(**levers, inventor_share_above_floor=0.0)
    return {name: low.set(name=name) for name in ("cut", "whole", "royalty", "equity", "low")}


def _orders(province: str, seed: int) -> dict[str, list[Order]]:
    leading = Keys(with_most_research(_worlds(province)["low"], _TREATED, _LEADING, seed))
    controls = [Order(lever, _WHOLE, _ALL, _START) for lever in _INSTITUTES]
    cut = [
        order
        for lever in _UNIVERSITIES
        for order in (
            Order(lever, _WHOLE, _ALL, _START, until=_CHANGE),
            Order(lever, _THIRD, _ALL, _CHANGE),
        )
    ]
    royalty, equity = (Order(lever, _HALF, leading, _CHANGE) for lever in _UNIVERSITIES)
    return {
        "cut": [*controls, *cut],
        "whole": [*controls, *(Order(lever, _WHOLE, _ALL, _START) for lever in _UNIVERSITIES)],
        "royalty": [royalty],
        "equity": [equity],
    }


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    @functools.cache  # Norway and Finland are enacted by one cut
    def measure(enacted: str, without: str, outcome: str) -> Measured:
        here, there = (worlds[world]["owner"] for world in (enacted, without))
        treated = keys_of(here, _TREATED)
        kinds: Sequence[str] = KINDS
        if enacted != "cut":
            rd = here[here["kind"] == _TREATED].drop_duplicates("key").set_index("key")["rd"]
            treated, kinds = rd.nlargest(_LEADING).index.to_numpy(), (_TREATED,)
        with_it, without_it = (
            years_of_owners(table, [outcome], treated, _AFTER - 1, kinds) for table in (here, there)
        )
        return measured_change(with_it, without_it, _AFTER)

    return {figure: functools.partial(measure, *told) for figure, told in _ENACTED.items()}


INCOME_SHARE: Final = Design(
    "income share", _worlds, Watch(units=("owner",), programmes=()), _measure, _orders
)
