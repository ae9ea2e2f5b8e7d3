"""Funds that brokers run with investors: clients with a result are seen by a fund first (task 10).

A broker in such a partnership shows young firms that bought a result, or were founded
on one, in its own field. What is invested hangs on the funds' capital as before: who
gets it changes, not how much. No estimate of such partnerships was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.ordering import index_of, row_of
from ..engine.rules import rule
from ..engine.table import Rows
from .standing import is_young_researcher

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import BrokerRow, EnterpriseRow, ResultRow

PARTNERSHIP = luck.mechanism("broker with a fund")
SHOWN = luck.mechanism("client shown to a broker's fund")

Numbers = npt.NDArray[np.float64]

PARAMETERS_READ: Final = ("broker_fund_clients",)
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def count_places(
    brokers: Rows[BrokerRow],
    share: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    places: Numbers,
) -> None:
    """Add up by field the clients that people of brokers with a fund can show it in the step.

    Parameters
    ----------
    share : float
        Share of brokers that run a fund with investors.
    places : ndarray of float64 of shape (fields,)
        Filled.
    """
    places[:] = 0.0
    for i in range(len(brokers)):
        broker = brokers[i]
        if broker.gone or luck.uniform(seed, PARTNERSHIP, broker.key, 0, 0) >= share:
            continue
        places[broker.field] += broker.staff * parameters.broker_fund_clients * now.dt


@rule
def look_at_clients(
    results: Rows[ResultRow],
    firms: Rows[EnterpriseRow],
    firm_keys: npt.NDArray[np.uint64],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    lots: Numbers,
) -> None:
    """Draw lots among the young firms that hold a result; each firm's luck is its own.

    Parameters
    ----------
    firm_keys : ndarray of uint64 of shape (firms,)
        Keys of ``firms``, in order.
    lots : ndarray of float64 of shape (2, firms)
        Filled with the lot of each firm, 2 if it cannot be shown, and with its place in
        the queue, from 0 in front to 1.
    """
    lots[:] = 2.0
    index = index_of(firm_keys)
    for i in range(len(results)):
        if results[i].buyer_key == np.uint64(0):
            continue
        row = row_of(index, results[i].buyer_key)
        if row < 0:
            continue
        firm = firms[row]
        if is_young_researcher(firm, parameters, now) and firm.members > firm.bound:
            lots[0, row], lots[1, row] = luck.two_uniforms(seed, SHOWN, firm.key, now.step, 0)
