"""What finance holds beside funds and banks themselves: ledgers and working room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import loan, stake, voucher
from ...engine.table import Table
from .space import capital_of

if TYPE_CHECKING:
    from ...scenarios import Pack

Integers = npt.NDArray[np.int64]

POOL_ROW: Final = 0
"""Row of the pool that bears losses of loans in the table of funds."""


class Queue:
    """Room for those who ask for a loan, kept from step to step: fresh pages are dearer than the asking."""

    def __init__(self) -> None:
        self._room = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))

    def __reduce__(self) -> tuple[type[Queue], tuple[()]]:
        """Leave out of a copy what is room alone."""
        return Queue, ()

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
    founded : dict
        Funds that were due so far, by kind; a fraction is one on the way.
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
        self.founded: dict[str, float] = {}
        self.queue = Queue()
        self.capital = capital_of(pack)

    def due(self, kind: str, number: float) -> tuple[float, float]:
        """Count on the funds that are due, and give their number before and after the step.

        Fund ``n`` comes within the time in which the number passes from ``n`` to ``n + 1``, whatever the
        length of a step, and is the same fund in every world.
        """
        before = self.founded.get(kind, 0.0)
        self.founded[kind] = before + number
        return before, self.founded[kind]
