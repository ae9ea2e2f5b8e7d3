"""Results that other contracts take along: development that is commissioned, licences out of a pool.

The buyer takes a result of the seller into use without a further price, which is in that of the
contract. No contract, money or entry of the registry changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.goods import DEVELOPMENT, IDLE, SIGNED, SOLD, TRANSFER
from ...agents.owners import OWNERS
from ...agents.result import is_usable_in_commissions
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import order_of_keys
from ...engine.rules import rule
from ...engine.table import Rows
from .offers import grant_licence, is_pooled, take_into_use

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import ContractRow, EnterpriseRow, ResultRow

CARRIED = luck.mechanism("commission that builds on an existing result")
WHICH = luck.mechanism("result that a commission builds on")

_ENTERPRISE: Final = SECTOR["enterprise"]
_UNIVERSITY, _INSTITUTE, _MILITARY_UNIT = OWNERS

Integers = npt.NDArray[np.int64]
Chains = npt.NDArray[np.int64]


@rule
def is_shared_with_members(result: ResultRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Whether members of an alliance may have a licence of a result: disclosed, in the pool, none pending."""
    if result.state != IDLE or result.classified or result.outcome > 0.0 or not result.disclosed:
        return False
    return is_pooled(result, parameters, seed)


@rule
def fits(result: ResultRow, contract: ContractRow, parameters: Parameters, seed: np.uint64) -> bool:
    """Whether a result of the seller in the contract's field can be what the contract takes along.

    A commission builds on what has no licence, told to the owner's office or not: its inventors do the
    work. Out of a pool goes what was disclosed and shared with the members.
    """
    if contract.type == DEVELOPMENT:
        return is_usable_in_commissions(result)
    return is_shared_with_members(result, parameters, seed)


@rule
def list_results_of_owners(
    results: Rows[ResultRow],
    asked: npt.NDArray[np.bool_],
    parameters: Parameters,
    seed: np.uint64,
    first: Chains,
    following: Integers,
    keys: npt.NDArray[np.uint64],
) -> None:
    """Chain the results of each owner and field that a contract may take along.

    Parameters
    ----------
    asked : ndarray of bool of shape (kinds of owners, owners, fields)
        Whether there is a contract that may; the others' results are left out.
    first : ndarray of int64 of shape (kinds of owners, owners, fields)
        Filled with the row of the first result of each owner of a kind in a field, -1 if he has none.
    following : ndarray of int64 of shape (results,)
        Filled with the row of the next result of the same owner and field, -1 after the last.
    keys : ndarray of uint64 of shape (results,)
        Filled with the keys of these results.
    """
    first[:] = -1
    # Few are asked for, and a processor that has to guess which guesses wrong.
    rows, number = np.empty(len(results), dtype=np.int64), 0
    for i in range(len(results) - 1, -1, -1):
        result = results[i]
        rows[number] = i
        number += asked[result.owner_sector, result.owner_row, result.field]
    for i in rows[:number]:
        result = results[i]
        if is_usable_in_commissions(result) or is_shared_with_members(result, parameters, seed):
            following[i] = first[result.owner_sector, result.owner_row, result.field]
            first[result.owner_sector, result.owner_row, result.field] = i
            keys[i] = result.key


@rule
def may_take_along(contract: ContractRow) -> bool:
    """Whether a contract is of a kind that may: of an owner with an enterprise, signed, naming no result.

    Development may build on one; a transfer that names none is a licence out of the pool of an alliance.
    """
    seller = contract.seller_sector
    of_owner = (seller == _UNIVERSITY) | (seller == _INSTITUTE) | (seller == _MILITARY_UNIT)
    with_enterprise = (contract.state == SIGNED) & (contract.buyer_sector == _ENTERPRISE)
    kind = (contract.type == DEVELOPMENT) | (contract.type == TRANSFER)
    return bool(of_owner & with_enterprise & kind & (contract.result < 0))


@rule
def takes_along(contract: ContractRow, parameters: Parameters, now: Moment, seed: np.uint64) -> bool:
    """Whether a contract that may does take a result along: a licence always, development sometimes."""
    if contract.type != DEVELOPMENT:
        return True
    return bool(luck.uniform(seed, CARRIED, contract.key, now.step, 0) < parameters.commission_result_share)


@rule
def contracts_that_take_along(
    contracts: Rows[ContractRow], parameters: Parameters, now: Moment, seed: np.uint64
) -> Integers:
    """Rows of the contracts that may take a result along, in the order of keys.

    So it does not matter how the contracts stand in their table.
    """
    # Few may, and a processor that has to guess which guesses wrong.
    may, number = np.empty(len(contracts), dtype=np.int64), 0
    for i in range(len(contracts)):
        may[number] = i
        number += may_take_along(contracts[i])
    rows, keys, count = np.empty(number, dtype=np.int64), np.empty(number, dtype=np.uint64), 0
    for i in may[:number]:
        rows[count], keys[count] = i, contracts[i].key
        count += takes_along(contracts[i], parameters, now, seed)
    return rows[:count][order_of_keys(keys[:count])]


@rule
def use_in_commissions(
    contracts: Rows[ContractRow],
    results: Rows[ResultRow],
    firms: Rows[EnterpriseRow],
    owners: int,
    fields: int,
    capital: int,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> tuple[int, int]:
    """Let enterprises use results of their sellers through commissions and licences out of a pool.

    Which of those that fit is the luck of the pair, so that a result more leaves the other contracts
    as they are.

    Parameters
    ----------
    owners, fields : int
        Owners of the most numerous kind; fields of technology.
    capital : int
        City whose zones are apart from the others.

    Returns
    -------
    tuple of int
        Results that commissions took into use; licences out of a pool with a result.
    """
    used = licensed = 0
    taking = contracts_that_take_along(contracts, parameters, now, seed)
    if len(taking) == 0:
        return used, licensed
    asked = np.zeros((len(OWNERS), owners, fields), dtype=np.bool_)
    for i in taking:
        asked[contracts[i].seller_sector, contracts[i].seller_row, contracts[i].field] = True
    first = np.empty(asked.shape, dtype=np.int64)
    following = np.empty(len(results), dtype=np.int64)
    keys = np.empty(len(results), dtype=np.uint64)
    list_results_of_owners(results, asked, parameters, seed, first, following, keys)
    for i in taking:
        contract = contracts[i]
        pairs = luck.stream(seed, WHICH, contract.key, now.step)
        best = np.uint64(0)
        chosen = -1
        row = first[contract.seller_sector, contract.seller_row, contract.field]
        while row >= 0:
            lot = luck.word(pairs ^ keys[row], 0)
            if lot > best and fits(results[row], contract, parameters, seed):
                best = lot
                chosen = row
            row = following[row]
        if chosen < 0:
            continue
        result = results[chosen]
        if contract.type == DEVELOPMENT:
            take_into_use(result, contract, firms, capital, parameters, now, seed)
            result.state = SOLD
            result.commissioned = True
            used += 1
        else:
            grant_licence(result, contract, firms, capital, parameters, now, seed)
            licensed += 1
    return used, licensed
