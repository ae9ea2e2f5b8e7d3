"""Finance at the start: the pool, the venture funds and the banks of the first day, and empty ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import fund, loan, stake, voucher
from ...engine import luck
from ...engine.table import Table

if TYPE_CHECKING:
    from ...agents.inputs import Parameters
    from ...agents.rows import BankRow, FundRow
    from ...scenarios import Pack

BANK_SIZE = luck.mechanism("capacity of a bank")
OLD_FUND = luck.mechanism("venture fund of the start")

Integers = npt.NDArray[np.int64]

POOL_ROW: Final = 0
"""Row of the pool that bears losses of loans in the table of funds."""


class Queue:
    """Room for those who ask for a loan, kept from step to step: fresh pages are dearer than the asking."""

    def __init__(self) -> None:
        self._room = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))

    def room_for(self, most: int) -> tuple[Integers, Integers, npt.NDArray[np.float64]]:
        """Row, ordinal and priority of at least ``most`` who ask; holds whatever it held before."""
        if most > len(self._room[0]):
            self._room = (np.zeros(2 * most, np.int64), np.zeros(2 * most, np.int64), np.zeros(2 * most))
        return self._room


class Finance:
    """What finance holds beside the funds and banks themselves.

    Parameters
    ----------
    pack : Pack

    Attributes
    ----------
    stakes, loans, vouchers : Table
        Ledgers; vouchers live for one step.
    redeemed : ndarray of int64 of shape (programmes,)
        Vouchers paid in the step, by programme.
    carried : dict
        What is left of the budgets of earlier steps, by programme: vouchers, or yuan of a public fund.
    queue : Queue
        Working room.
    capital : int
        Code of the capital.
    """

    def __init__(self, pack: Pack) -> None:
        self.stakes = Table("stakes", stake.COLUMNS)
        self.loans = Table("loans", loan.COLUMNS)
        self.vouchers = Table("vouchers", voucher.COLUMNS)
        self.redeemed = np.zeros(len(voucher.PROGRAMMES), dtype=np.int64)
        self.carried: dict[str, float] = {}
        self.queue = Queue()
        cities = list(pack.cities["city"])
        capital = pack.manifest.capital
        self.capital = cities.index(capital) if capital in cities else 0


def settle_funds(
    table: Table[FundRow], pack: str, city: int, parameters: Parameters, date: float, seed: np.uint64
) -> None:
    """Set up the pool, still empty, and the venture funds of the start, half way through their investing.

    Parameters
    ----------
    pack : str
        Name of the province, part of the keys.
    city : int
        Code of the capital, where funds sit.
    date : float
        Start of the run.
    """
    number = round(parameters.other_funds_2010)
    rows = table.extend(1 + number)
    rows["city"] = city
    rows["kind"] = [fund.POOL, *[fund.OTHER] * number]
    rows["key"] = [luck.key_of("fund", pack, "pool"), *(luck.key_of("fund", pack, k) for k in range(number))]
    sd = parameters.fund_target_ln_sd
    for row in rows[1:]:
        z = luck.draw_normal(int(seed), int(OLD_FUND), int(row["key"]))
        age = 4.0 * luck.draw_uniform(int(seed), int(OLD_FUND), int(row["key"]), 0, 1)
        size = round(parameters.other_fund_size * float(np.exp(sd * z - 0.5 * sd * sd))) + 1
        row["born"] = row["closing"] = date - age
        row["ends"] = date - age + parameters.fund_life_years
        row["target"] = size
        # What was invested before the start lies in the past: only the rest is on the books.
        row["committed"] = row["reachable"] = round(size * (1.0 - age / 4.0))


def settle_banks(
    table: Table[BankRow], pack: str, city: int, parameters: Parameters, seed: np.uint64
) -> None:
    """Set up the banks; none takes part in the programme yet."""
    rows = table.extend(max(1, round(parameters.banks)))
    for ordinal, row in enumerate(rows):
        row["key"] = luck.key_of("bank", pack, ordinal)
        z = luck.draw_normal(int(seed), int(BANK_SIZE), int(row["key"]))
        row["city"] = city
        row["capacity"] = round(parameters.bank_capacity * float(np.exp(0.5 * z - 0.125)))
        row["threshold"] = parameters.bank_score_threshold
        row["experience"] = parameters.bank_tolerated_loss
