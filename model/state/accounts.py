"""The treasuries' accounts of a step by task, payer and direction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.books import Public
from ...engine.rules import rule

Whole = npt.NDArray[np.int64]


class Accounts(NamedTuple):
    """The step's public money by account: 0 general, 1 to 25 tasks, 26 to 28 measures.

    Attributes
    ----------
    net, recovered, cities : ndarray of int64 of shape (29,)
        Whole yuan paid less what came back; what came back; of the net part what cities paid.
    """

    net: Whole
    recovered: Whole
    cities: Whole


def add_up(public: Public) -> Accounts:
    """Add the payments of a step up by account.

    Parameters
    ----------
    public : ndarray of int64 of shape (tasks, treasuries, causes)
        Whole yuan out of (positive) and back into (negative) the treasuries.
    """
    found = Accounts(*np.zeros((3, len(public)), dtype=np.int64))
    _add_up(public, *found)
    return found


@rule
def _add_up(public: Public, net: Whole, recovered: Whole, cities: Whole) -> None:
    tasks, treasuries, causes = public.shape
    for task in range(tasks):
        for treasury in range(treasuries):
            out = back = 0
            for cause in range(causes):
                amount = public[task, treasury, cause]
                out += amount
                back -= min(amount, 0)
            net[task] += out
            recovered[task] += back
            if treasury > 0:
                cities[task] += out
