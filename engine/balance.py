"""The proof of the books: what a step's payments must add up to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .rules import rule

Balances = npt.NDArray[np.int64]
"""Whole yuan of each sector, shape (sectors, 2): its cash in all; its poorest row, 0 if none owes."""


@rule
def count_cash(purse: tuple[npt.NDArray[np.int64], ...], rows: npt.NDArray[np.int64]) -> Balances:
    """Sum the cash of each sector over its ``rows`` in use, and find the least amount below zero."""
    found = np.zeros((len(rows), 2), dtype=np.int64)
    for sector in range(len(rows)):
        cash = purse[sector]
        for i in range(rows[sector]):
            found[sector, 0] += cash[i]
            found[sector, 1] = min(found[sector, 1], cash[i])
    return found


@rule
def balance(
    flows: npt.NDArray[np.int64], public: npt.NDArray[np.int64], government: int
) -> tuple[int, int, int, npt.NDArray[np.int64]]:
    """Add up a step's payments.

    Parameters
    ----------
    flows : ndarray of int64 of shape (causes, sectors, sectors)
        Whole yuan by cause, payer and payee.
    public : ndarray of int64 of shape (tasks, treasuries, causes)
        Whole yuan out of (positive) and back into (negative) the treasuries.
    government : int
        Sector of the treasuries.

    Returns
    -------
    least, public_out, tagged : int
        The least flow; what treasuries paid; how much of it is tagged with a task.
    given : ndarray of int64 of shape (sectors,)
        What each sector paid less what it got.
    """
    causes, sectors, _ = flows.shape
    given = np.zeros(sectors, dtype=np.int64)
    least = public_out = 0
    for cause in range(causes):
        for payer in range(sectors):
            for payee in range(sectors):
                amount = flows[cause, payer, payee]
                least = min(least, amount)
                given[payer] += amount
                given[payee] -= amount
                if payer == government:
                    public_out += amount
    tagged = 0
    for paid in public.flat:
        tagged += max(int(paid), 0)
    return least, public_out, tagged, given
