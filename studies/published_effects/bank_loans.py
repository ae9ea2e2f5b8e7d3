"""D2, banks: how much credit a guaranteed yuan adds, as in Chile, where banks bid for guarantees.

From 2011 on guarantees are given out once a year, each time to half of the banks; which is a matter of luck,
as it was of price in the auctions. All technology loans of a bank, under the programme or not, are held
against what of them the pool guarantees, as far as having won moves it; bank and quarter are held still.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...model.orders import Keys, Order
from ...model.watch import Watch
from .design import Design, Measured, Tables, base_world, first_rows, numbered
from .estimate import Estimate
from .instrumented import instrumented

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["BANK_LOANS", "credit_added"]

_START: Final = "2010-Q2"
_END: Final = "2017-Q4"
_YEARS: Final = tuple(range(2011, 2018))
_POOL: Final = 1.0e7
"""Yuan a year, as in Xi'an."""
_SHARE: Final = 0.5
"""Part of a loan that the pool guarantees."""

_UNDER: Final = "lent_programme"
_BESIDE: Final = "lent_ordinary"


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_START, end=_END)
    return {"with": base.set(name="with", compensation_pool={f"{_YEARS[0]}-Q1": _POOL}), "without": base}


def _orders(province: str, seed: int) -> dict[str, list[Order]]:
    keys = first_rows(_worlds(province)["with"], "bank", seed)["key"]
    drawn = np.random.default_rng(seed)
    orders = []
    for year in _YEARS:
        won = drawn.permutation(keys)[: len(keys) // 2]
        until = None if year == _YEARS[-1] else f"{year + 1}-Q1"
        orders.append(Order("compensation_share", _SHARE, Keys(tuple(won.tolist())), f"{year}-Q1", until))
    return {"with": orders}


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    here, there = (worlds[world]["bank"] for world in ("with", "without"))

    def additional() -> Measured:
        table = here.assign(
            lent=_lent(here),
            guaranteed=_SHARE * here[_UNDER],
            joined=here["member"].astype(float),
            period=numbered(here, _START),
        )
        added = float(_lent(here).sum() - _lent(there).sum())
        return Measured(credit_added(table), added / (_SHARE * float(here[_UNDER].sum())))

    return {"guarantee_additional": additional}


def credit_added(banks: pd.DataFrame) -> Estimate:
    """Estimate what a guaranteed yuan adds to what a bank lends, as far as joining moves it."""
    return instrumented(
        banks, outcome="lent", treatment="guaranteed", instrument="joined", unit="key", period="period"
    )


def _lent(banks: pd.DataFrame) -> pd.Series:
    lent: pd.Series = banks[_UNDER] + banks[_BESIDE]
    return lent


BANK_LOANS: Final = Design("bank loans", _worlds, Watch(units=("bank",), programmes=()), _measure, _orders)
