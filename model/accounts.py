"""The treasuries' accounts of a step by task, payer and direction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.books import Public


class Accounts(NamedTuple):
    """The step's public money by account: 0 general, 1 to 25 tasks, 26 to 28 measures.

    Attributes
    ----------
    net, recovered, cities : ndarray of int64 of shape (29,)
        Whole yuan paid less what came back; what came back; of the net part what cities paid.
    """

    net: npt.NDArray[np.int64]
    recovered: npt.NDArray[np.int64]
    cities: npt.NDArray[np.int64]


def add_up(public: Public) -> Accounts:
    """Add the payments of a step up by account.

    Parameters
    ----------
    public : ndarray of int64 of shape (tasks, treasuries, causes)
        Whole yuan out of (positive) and back into (negative) the treasuries.
    """
    net = public.sum(axis=2)
    back = -np.minimum(public, 0).sum(axis=(1, 2))
    return Accounts(net.sum(axis=1), back, net[:, 1:].sum(axis=1))
