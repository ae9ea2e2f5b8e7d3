"""D3, pilots: universities that may dispose of their results, as the three-rights pilots of 2011 in China.

From 2012 on half of the universities, by lot, need nobody's approval; what inventors get stays as it was. The
other universities are the control group. 2010 and 2011 are before, 2013 to 2017 after.
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

__all__ = ["OWNERSHIP_PILOTS"]

_START: Final = "2010-Q2"
_CHANGE: Final = "2012-Q1"
_END: Final = "2017-Q4"
_AFTER: Final = 2013
_KIND: Final = "university"
_HALF: Final = Lot(0.5)
_OUTCOMES: Final = {
    "rights_licensing": ["results_sold", "results_licensed", "spin_offs"],
    "rights_disclosures": ["results_disclosed"],
}


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_START, end=_END)
    return {"pilots": base.set(name="pilots"), "without": base}


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    here, there = (worlds[world]["owner"] for world in ("pilots", "without"))
    keys = keys_of(here, _KIND)
    pilots = keys[in_lot(keys, _HALF, seed)]

    def measure(columns: list[str]) -> Measured:
        with_it, without_it = (
            years_of_owners(table, columns, pilots, _AFTER - 1, kinds=[_KIND]) for table in (here, there)
        )
        return measured_change(with_it, without_it, _AFTER)

    return {figure: partial(measure, columns) for figure, columns in _OUTCOMES.items()}


OWNERSHIP_PILOTS: Final = Design(
    "ownership pilots",
    _worlds,
    Watch(units=("owner",), programmes=()),
    _measure,
    lambda province, seed: {"pilots": [Order("own_decision_university", 1.0, _HALF, _CHANGE)]},
)
