"""Concluding contracts: money changes hands, the registry takes note, the quarter is counted.

Claims on the same money are cleared in a random order that belongs to the
contracts themselves, so that no row comes first because of where it stands.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..agents.goods import REFUSED, SIGNED, VOUCHER
from ..engine import luck
from ..engine.books import CAUSE, SECTOR, SECTORS, Flows, Purse, pay_at
from ..engine.rules import rule
from ..engine.table import Rows
from .registry import count_bought, count_signed, count_sold, entry_chance

REGISTRY = luck.mechanism("entry of a contract in the registry")

_ENTERPRISE: Final = SECTOR["enterprise"]
_GOVERNMENT: Final = SECTOR["government"]
_OUTSIDE: Final = SECTOR["outside"]
_UNIVERSITY: Final = SECTOR["university"]
_INSTITUTE: Final = SECTOR["research_institute"]
_MILITARY: Final = SECTOR["military_unit"]
_HOUSEHOLDS: Final = SECTOR["households"]
_CONTRACT: Final = CAUSE["contract"]
_INVENTORS: Final = CAUSE["inventor_share"]

Integers = npt.NDArray[np.int64]


@rule
def conclude(
    contracts: Rows,
    order: Integers,
    needs: Rows,
    treasuries: Rows,
    outside_budget: int,
    purse: Purse,
    flows: Flows,
) -> None:
    """Sign what can be paid for, in the given order, and move the money.

    A treasury buys with what its programmes do not need.

    Parameters
    ----------
    order : ndarray of int64
        Rows of ``contracts`` in the order of their priority.
    outside_budget : int
        Yuan that the outside world spends here in this step at most.
    """
    households = purse[_HOUSEHOLDS]
    buying = selling = _OUTSIDE
    buyers_cash = sellers_cash = purse[_OUTSIDE]
    for i in range(len(order)):
        contract = contracts[order[i]]
        contract.state = REFUSED
        if contract.buyer_sector != buying:
            buying = contract.buyer_sector
            buyers_cash = purse[buying]
        if contract.seller_sector != selling:
            selling = contract.seller_sector
            sellers_cash = purse[selling]
        buyer, seller = contract.buyer_row, contract.seller_row
        if buying == _OUTSIDE:
            free = outside_budget
        elif buying == _GOVERNMENT:
            free = buyers_cash[buyer] - treasuries[buyer].reserve
        else:
            free = buyers_cash[buyer]
        if free < contract.value:
            continue
        if contract.need >= 0:
            if needs[contract.need].open == 0:
                continue
            needs[contract.need].open -= 1
        if buying == _OUTSIDE:
            outside_budget -= contract.value
        pay_at(buyers_cash, buying, buyer, sellers_cash, selling, seller, contract.value, _CONTRACT, flows)
        if contract.inventor_part > 0:
            # At once: what the seller keeps is his to spend, the inventors' part is not.
            pay_at(
                sellers_cash,
                selling,
                seller,
                households,
                _HOUSEHOLDS,
                0,
                contract.inventor_part,
                _INVENTORS,
                flows,
            )
        contract.state = SIGNED


@rule
def register(
    contracts: Rows,
    firms: Rows,
    universities: Rows,
    institutes: Rows,
    military: Rows,
    now: Any,
    seed: Any,
    tally: Any,
    city_value: Integers,
    city_count: Integers,
    city_inflow: Integers,
) -> None:
    """Enter signed contracts in the registry by the seller's habit and count them.

    Of the partners of a step, a buyer keeps the tie to the one of the largest priority.

    What is bought outside is registered where the seller sits, at the coverage
    there. Local contracts count as output and as inflow.

    Parameters
    ----------
    tally : record
        Of :data:`TALLY_FIELDS`, cleared by the caller.
    city_value, city_count, city_inflow : ndarray of int64 of shape (cities,)
        Registered value and number sold from each city, value bought in each city.
    """
    latest = np.zeros(len(firms))
    for i in range(len(contracts)):
        contract = contracts[i]
        contract.registered = False
        if contract.state != SIGNED:
            tally.refused += 1
            continue
        seller = contract.seller_sector
        row = contract.seller_row
        chances = luck.stream(seed, REGISTRY, contract.key, now.step)
        habit, entry = luck.pick(chances, 0), luck.pick(chances, 1)
        if seller == _OUTSIDE:
            contract.registered = habit < now.coverage_of_imports
        else:
            share = 0.0
            if seller == _ENTERPRISE:
                share = firms[row].registered / firms[row].members
                firms[row].sold += contract.value
            elif seller == _UNIVERSITY:
                share = universities[row].registered
                universities[row].sold += contract.value
            elif seller == _INSTITUTE:
                share = institutes[row].registered
                institutes[row].sold += contract.value
            else:
                share = military[row].registered
                military[row].sold += contract.value
            contract.registered = habit < share and entry < entry_chance(contract.value, now)
            count_signed(tally, seller, contract.value)
            if contract.buyer_sector != _OUTSIDE:
                tally.local_value += contract.value
        # A voucher brings no further contracts with the same partner (CPB Document 140, 2007).
        if contract.buyer_sector == _ENTERPRISE and seller == _ENTERPRISE and contract.channel != VOUCHER:
            if contract.priority > latest[contract.buyer_row]:
                latest[contract.buyer_row] = contract.priority
                firms[contract.buyer_row].partner = firms[row].key
        if not contract.registered:
            continue
        if seller != _OUTSIDE:
            city = contract.seller_city
            count_sold(tally, seller, contract.type, contract.value, city, city_value, city_count)
        if contract.buyer_sector != _OUTSIDE:
            count_bought(tally, contract.value, contract.buyer_city, city_inflow)


@rule
def order_of_claims(contracts: Rows, needs: Rows, free: Integers, offset: Integers, order: Integers) -> int:
    """Order in which claims are cleared: first those that nobody contests, then the others at random.

    A claim is contested if its buyer, all its claims together, wants more than it has,
    if more sellers than are wanted claim the same need, or if the budget of the outside
    world has to be shared. Sorting is the dearest part of clearing, and most claims need none.

    Parameters
    ----------
    contracts, needs : structured ndarray
    free : ndarray of int64 of shape (all buyers,)
        Yuan that each buyer may spend; used up here.
    offset : ndarray of int64 of shape (sectors,)
        Where the buyers of a sector begin in ``free``; -1 for the outside world.
    order : ndarray of int64 of shape (contracts,)
        Filled with the uncontested rows, then with the contested ones, unsorted.

    Returns
    -------
    int
        How many are uncontested.
    """
    wanted = np.zeros(len(needs), dtype=np.int64)
    for i in range(len(contracts)):
        contract = contracts[i]
        if contract.buyer_sector != _OUTSIDE:
            free[offset[contract.buyer_sector] + contract.buyer_row] -= contract.value
        if contract.need >= 0:
            wanted[contract.need] += 1
    safe = 0
    contested = len(contracts)
    for i in range(len(contracts)):
        contract = contracts[i]
        if (
            contract.buyer_sector == _OUTSIDE
            or free[offset[contract.buyer_sector] + contract.buyer_row] < 0
            or (contract.need >= 0 and wanted[contract.need] > needs[contract.need].open)
        ):
            contested -= 1
            order[contested] = i
        else:
            order[safe] = i
            safe += 1
    return safe


def ranked_claims(contracts: Rows, needs: Rows, firms: Rows, treasuries: Rows, military: Rows) -> Integers:
    """Rows of the contracts proposed, in the order of :func:`order_of_claims`.

    Returns
    -------
    ndarray of int64 of shape (contracts,)
    """
    buyers = (
        (_ENTERPRISE, firms["cash"]),
        (_GOVERNMENT, treasuries["cash"] - treasuries["reserve"]),
        (_MILITARY, military["cash"]),
    )
    offset = np.full(len(SECTORS), -1, dtype=np.int64)
    start = 0
    for sector, cash in buyers:
        offset[sector] = start
        start += len(cash)
    free = np.concatenate([cash for _, cash in buyers])
    order = np.empty(len(contracts), dtype=np.int64)
    safe = order_of_claims(contracts, needs, free, offset, order)
    contested = order[safe:]
    order[safe:] = contested[np.argsort(contracts["priority"][contested])]
    return order
