"""D5, offices: universities that get people for the transfer of results, beside those that do not.

In 2013 half of the universities, by lot, get two posts each on average, more where there is more research;
people who can fill them have been trained since 2012, in both worlds. 2010 to 2012 are before, 2014 to 2017
after. Licences rose by a fifth where inventors were mentored in the United States; new transfer offices
in Germany brought no more firms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from ...model.orders import Lot, Order, in_lot
from ...model.watch import Watch
from .design import Design, Measured, Tables, base_world
from .owner_years import keys_of, measured_change, years_of_owners

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["TRANSFER_OFFICES"]

_START: Final = "2010-Q2"
_TRAINING: Final = "2012-Q1"
_CHANGE: Final = "2013-Q1"
_FILLED: Final = "2014-Q1"
_END: Final = "2017-Q4"
_AFTER: Final = 2014

_SEATS: Final = 800.0
_HALF: Final = Lot(0.5)
_POSTS: Final = 96.0
"""Two for each of the 48 universities that half of Shaanxi's are."""

_OUTCOMES: Final = {
    "office_licences": ["results_sold", "results_licensed"],
    "office_spin_offs": ["spin_offs"],
}


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_START, end=_END).set(training_seats={_TRAINING: _SEATS})
    return {"posts": base.set(name="posts"), "without": base.set(name="without")}


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    here, there = (worlds[world]["owner"] for world in ("posts", "without"))
    keys = keys_of(here, "university")
    treated = keys[in_lot(keys, _HALF, seed)]

    def measure(columns: list[str]) -> Measured:
        with_it, without_it = (
            years_of_owners(table, columns, treated, _AFTER - 1, kinds=["university"])
            for table in (here, there)
        )
        return measured_change(with_it, without_it, _AFTER)

    return {figure: partial(measure, columns) for figure, columns in _OUTCOMES.items()}


TRANSFER_OFFICES: Final = Design(
    "transfer offices",
    _worlds,
    Watch(units=("owner",), programmes=()),
    _measure,
    lambda province, seed: {"posts": [Order("transfer_posts", _POSTS, _HALF, _CHANGE, until=_FILLED)]},
)
