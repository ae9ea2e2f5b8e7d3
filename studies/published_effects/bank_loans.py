"""D2, banks: how much credit a guaranteed yuan adds, as in Chile, where banks bid for guarantees.

Xi'an's programme begins in 2011 and banks join one after the other. All technology loans of a bank, under the
programme or not, are regressed on those under it, with bank and quarter held still.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...model.watch import Watch
from .design import Design, Measured, Tables, base_world, numbered
from .two_way import two_way

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["BANK_LOANS"]

_START: Final = "2010-Q2"
_END: Final = "2017-Q4"
_UNDER: Final = "lent_programme"
_BESIDE: Final = "lent_ordinary"


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_START, end=_END)
    return {"with": base.set(name="with", **_AS_IN_HISTORY), "without": base}


_AS_IN_HISTORY: Final[dict[str, Any]] = {
    "compensation_pool": {"2011-Q1": 1.0e7},
    "compensation_share": {"2011-Q1": 0.5},
}
"""From a start in 2010 on a scenario stays under the rules of 2010, which knew no programme."""


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    here, there = (worlds[world]["bank"] for world in ("with", "without"))

    def additional() -> Measured:
        table = here.assign(lent=_lent(here), period=numbered(here, _START))
        found = two_way(table, outcome="lent", treatment=_UNDER, unit="key", period="period")
        added = float(_lent(here).sum() - _lent(there).sum())
        return Measured(found, added / float(here[_UNDER].sum()))

    return {"guarantee_additional": additional}


def _lent(banks: pd.DataFrame) -> pd.Series:
    lent: pd.Series = banks[_UNDER] + banks[_BESIDE]
    return lent


BANK_LOANS: Final = Design("bank loans", _worlds, Watch(units=("bank",), programmes=()), _measure)
