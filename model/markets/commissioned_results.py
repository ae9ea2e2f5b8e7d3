"""Use through a commission: work that an owner does for an enterprise carries a result of his along.

The buyer takes the result into use without a further price, which is in that of the contract. No
contract, money or entry of the registry changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.goods import DEVELOPMENT, IDLE, SIGNED
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.rules import rule
from ...engine.table import Rows
from .offers import take_into_use

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import ContractRow, EnterpriseRow, ResultRow

CARRIED = luck.mechanism("commission that builds on an existing result")
WHICH = luck.mechanism("result that a commission builds on")

_ENTERPRISE: Final = SECTOR["enterprise"]

Integers = npt.NDArray[np.int64]


@rule
def list_results_of_owners(
    results: Rows[ResultRow], sector: int, first: Integers, following: Integers
) -> None:
    """Chain the results of each owner of a kind that an enterprise may use: neither secret nor in use.

    Parameters
    ----------
    first : ndarray of int64 of shape (owners,)
        Filled with the row of each owner's first result, -1 if he has none.
    following : ndarray of int64 of shape (results,)
        Filled with the row of the next result of the same owner, -1 after the last.
    """
    first[:] = -1
    for i in range(len(results) - 1, -1, -1):
        result = results[i]
        if result.owner_sector == sector and result.state == IDLE and not result.classified:
            following[i] = first[result.owner_row]
            first[result.owner_row] = i


@rule
def use_in_commissions(
    contracts: Rows[ContractRow],
    results: Rows[ResultRow],
    firms: Rows[EnterpriseRow],
    sector: int,
    first: Integers,
    following: Integers,
    capital: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> int:
    """Let development that enterprises commissioned from one kind of owner build on its results.

    The result is the owner's, of the contract's field, within its life, told to the owner's office
    or not: its inventors do the work. Which one is the luck of the pair, so that a result more
    leaves the other commissions as they are.

    Parameters
    ----------
    sector : int
        Kind of owner.
    first, following : ndarray of int64
        From :func:`list_results_of_owners`.
    capital : int
        City whose zones are apart from the others.

    Returns
    -------
    int
        Results that are now in use.
    """
    used = 0
    for i in range(len(contracts)):
        contract = contracts[i]
        if contract.seller_sector != sector or contract.buyer_sector != _ENTERPRISE:
            continue
        if contract.state != SIGNED or contract.type != DEVELOPMENT:
            continue
        if luck.uniform(seed, CARRIED, contract.key, now.step, 0) >= parameters.commission_result_share:
            continue
        best = 0.0
        chosen = -1
        row = first[contract.seller_row]
        while row >= 0:
            result = results[row]
            # What an earlier commission of the step took is no longer idle.
            if result.field == contract.field and result.state == IDLE:
                u = luck.uniform(seed ^ contract.key, WHICH, result.key, now.step, 0)
                if u > best:
                    best = u
                    chosen = row
            row = following[row]
        if chosen >= 0:
            take_into_use(results[chosen], contract, firms, capital, parameters, now, seed)
            results[chosen].commissioned = True
            used += 1
    return used
