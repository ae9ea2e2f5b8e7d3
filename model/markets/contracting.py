"""Concluding contracts: money changes hands, the registry takes note, the quarter is counted.

Claims on the same money are cleared in a random order that belongs to the
contracts themselves, so that no row comes first because of where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np
import numpy.typing as npt

from ...agents.goods import REFUSED, SIGNED, VOUCHER
from ...engine import luck
from ...engine.books import CAUSE, SECTOR, Books, Flows, Purse, pay_at
from ...engine.ordering import order_of_places
from ...engine.rules import rule
from ...engine.table import Rows
from ..state.registry import count_bought, count_high_tech, count_signed, count_sold, enter

if TYPE_CHECKING:
    from ...agents.inputs import Moment
    from ...agents.registering import TermsOfEntry
    from ...agents.rows import ContractRow, EnterpriseRow, GovernmentRow, NeedRow, ProducerRow, Tally
    from ...engine.table import RowArray

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
def open_tills(purse: Purse, rows: Integers) -> tuple[Integers, Integers]:
    """Lay everybody's cash into one column, so that a claim finds its two parties without a detour.

    To look a sector up in the purse for each contract would cost more than to sign it.

    Parameters
    ----------
    rows : ndarray of int64 of shape (sectors,)
        Rows in use of each sector.

    Returns
    -------
    tills, first : ndarray of int64
        Yuan of each row of each sector, shape (all rows,); where each sector begins, shape (sectors,).
    """
    first = np.zeros(len(rows), dtype=np.int64)
    for sector in range(1, len(rows)):
        first[sector] = first[sector - 1] + rows[sector - 1]
    tills = np.empty(first[-1] + rows[-1], dtype=np.int64)
    for sector in range(len(rows)):
        cash, start = purse[sector], first[sector]
        for i in range(rows[sector]):
            tills[start + i] = cash[i]
    return tills, first


@rule
def close_tills(tills: Integers, first: Integers, rows: Integers, purse: Purse) -> None:
    """Put the cash back where it belongs."""
    for sector in range(len(rows)):
        cash, start = purse[sector], first[sector]
        for i in range(rows[sector]):
            cash[i] = tills[start + i]


@rule
def conclude(
    contracts: Rows[ContractRow],
    order: Integers,
    needs: Rows[NeedRow],
    treasuries: Rows[GovernmentRow],
    outside_budget: int,
    tills: Integers,
    first: Integers,
    flows: Flows,
) -> int:
    """Sign what can be paid for, in the given order, and move the money.

    A treasury buys with what its programmes do not need.

    Parameters
    ----------
    order : ndarray of int64
        Rows of ``contracts`` in the order in which they are cleared.
    outside_budget : int
        Yuan that the outside world spends here in this step at most.
    tills, first : ndarray of int64
        From :func:`open_tills`.

    Returns
    -------
    int
        Contracts signed that meet a need.
    """
    met = 0
    for i in range(len(order)):
        contract = contracts[order[i]]
        contract.state = REFUSED
        buying, selling, value = contract.buyer_sector, contract.seller_sector, contract.value
        buyer = 0 if buying == _OUTSIDE else contract.buyer_row
        payer = first[buying] + buyer
        payee = first[selling] + (0 if selling == _OUTSIDE else contract.seller_row)
        free = outside_budget if buying == _OUTSIDE else tills[payer]
        if buying == _GOVERNMENT:
            free -= treasuries[buyer].reserve
        if free < value:
            continue
        if contract.need >= 0:
            if needs[contract.need].open == 0:
                continue
            needs[contract.need].open -= 1
            met += 1
        if buying == _OUTSIDE:
            outside_budget -= value
        pay_at(tills, buying, payer, tills, selling, payee, value, _CONTRACT, flows)
        if contract.inventor_part > 0:
            # At once: what the seller keeps is his to spend, the inventors' part is not.
            home = first[_HOUSEHOLDS]
            pay_at(tills, selling, payee, tills, _HOUSEHOLDS, home, contract.inventor_part, _INVENTORS, flows)
        contract.state = SIGNED
    return met


@rule
def register(
    contracts: Rows[ContractRow],
    firms: Rows[EnterpriseRow],
    universities: Rows[ProducerRow],
    institutes: Rows[ProducerRow],
    military: Rows[ProducerRow],
    terms: TermsOfEntry,
    now: Moment,
    seed: np.uint64,
    tally: Tally,
    city_value: Integers,
    city_count: Integers,
    city_inflow: Integers,
    city_within: Integers,
) -> None:
    """Enter signed contracts in the registry by the sellers' habits and gains, and count them.

    Of the partners of a step, a buyer keeps the tie to the one of the largest priority.

    What is bought outside is registered where the seller sits, at the coverage
    there. Local contracts count as output and as inflow.

    Parameters
    ----------
    terms : TermsOfEntry
        What registering a contract brings and costs in the step.
    tally : record
        Of :data:`TALLY_FIELDS`, cleared by the caller.
    city_value, city_count, city_inflow, city_within : ndarray of int64 of shape (cities,)
        Registered value and number sold from each city, value bought in each city, value
        that was both.
    """
    latest = np.zeros(len(firms))
    # Hashed before all else: with no branch between them a processor takes several at a time.
    streams = np.empty(len(contracts), dtype=np.uint64)
    for i in range(len(contracts)):
        streams[i] = luck.stream(seed, REGISTRY, contracts[i].key, now.step)
    for i in range(len(contracts)):
        contract = contracts[i]
        contract.registered = False
        if contract.state != SIGNED:
            tally.refused += 1
            continue
        seller = contract.seller_sector
        row = contract.seller_row
        chances = streams[i]
        habit, entry = luck.pick(chances, 0), luck.pick(chances, 1)
        if seller == _OUTSIDE:
            contract.registered = habit < now.coverage_of_imports
        else:
            share = certified = 0.0
            if seller == _ENTERPRISE:
                share = firms[row].registered / firms[row].members
                certified = firms[row].certified / firms[row].members
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
            value, city = contract.value, contract.seller_city
            declared, parts = enter(
                tally, contract.type, value, habit < share, certified, entry, chances, 0, terms
            )
            contract.registered = parts > 0
            if parts > 0:
                count_sold(tally, seller, declared, value, parts, city, city_value, city_count)
            count_signed(tally, seller, 1, contract.value)
            if seller == _ENTERPRISE:
                entered = contract.value if contract.registered else 0
                count_high_tech(tally, certified, contract.value, entered)
            if contract.buyer_sector != _OUTSIDE:
                tally.local_value += contract.value
        # A voucher brings no further contracts with the same partner (CPB Document 140, 2007).
        if contract.buyer_sector == _ENTERPRISE and seller == _ENTERPRISE and contract.channel != VOUCHER:
            if contract.priority > latest[contract.buyer_row]:
                latest[contract.buyer_row] = contract.priority
                firms[contract.buyer_row].partner = firms[row].key
        if not contract.registered:
            continue
        if contract.buyer_sector != _OUTSIDE:
            count_bought(tally, contract.value, contract.buyer_city, city_inflow)
            if seller != _OUTSIDE and contract.seller_city == contract.buyer_city:
                city_within[contract.seller_city] += contract.value


@rule
def order_of_claims(
    contracts: Rows[ContractRow],
    needs: Rows[NeedRow],
    treasuries: Rows[GovernmentRow],
    tills: Integers,
    first: Integers,
    order: Integers,
) -> int:
    """Order in which claims are cleared: first those that nobody contests, then the others at random.

    A claim is contested if its buyer, all its claims together, wants more than it has,
    if more sellers than are wanted claim the same need, or if the budget of the outside
    world has to be shared. Sorting is the dearest part of clearing, and most claims need none.

    Parameters
    ----------
    contracts, needs, treasuries : structured ndarray
    tills, first : ndarray of int64
        From :func:`open_tills`.
    order : ndarray of int64 of shape (contracts,)
        Filled with the uncontested rows, then with the contested ones, unsorted.

    Returns
    -------
    int
        How many are uncontested.
    """
    free = tills.copy()
    for i in range(len(treasuries)):
        free[first[_GOVERNMENT] + i] -= treasuries[i].reserve
    wanted = np.zeros(len(needs), dtype=np.int64)
    for i in range(len(contracts)):
        contract = contracts[i]
        if contract.buyer_sector != _OUTSIDE:
            free[first[contract.buyer_sector] + contract.buyer_row] -= contract.value
        if contract.need >= 0:
            wanted[contract.need] += 1
    safe = 0
    contested = len(contracts)
    for i in range(len(contracts)):
        contract = contracts[i]
        if (
            contract.buyer_sector == _OUTSIDE
            or free[first[contract.buyer_sector] + contract.buyer_row] < 0
            or (contract.need >= 0 and wanted[contract.need] > needs[contract.need].open)
        ):
            contested -= 1
            order[contested] = i
        else:
            order[safe] = i
            safe += 1
    return safe


def clear_claims(
    contracts: RowArray[ContractRow], needs: Rows[NeedRow], outside_budget: int, books: Books
) -> int:
    """Sign what can be paid and is still wanted; claims on the same money or need in random order.

    Parameters
    ----------
    contracts, needs : structured ndarray
    outside_budget : int
        Yuan that the outside world spends here in this step at most.
    books : Books

    Returns
    -------
    int
        Contracts signed that meet a need.
    """
    treasuries = cast("Rows[GovernmentRow]", books.holders["government"].rows)
    rows = books.rows_in_use()
    tills, first = open_tills(books.purse, rows)
    order = np.empty(len(contracts), dtype=np.int64)
    safe = order_of_claims(contracts, needs, treasuries, tills, first, order)
    contested = order[safe:]
    order[safe:] = contested[order_of_places(contracts["priority"][contested], 1.0)]
    met = conclude(contracts, order, needs, treasuries, outside_budget, tills, first, books.flows)
    close_tills(tills, first, rows, books.purse)
    return int(met)
