"""Concluding contracts: money changes hands, the registry takes note, the quarter is counted.

Claims on the same money are cleared in a random order that belongs to the
contracts themselves, so that no row comes first because of where it stands.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..agents.goods import REFUSED, SIGNED, VOUCHER
from ..engine import luck
from ..engine.books import CAUSE, SECTOR, SECTORS, Flows, Purse, pay_at
from ..engine.rules import rule
from ..engine.table import Rows

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

TALLY_FIELDS: Final = (
    ("value_by_seller", np.int64, (len(SECTORS),)),
    ("count_by_seller", np.int64, (len(SECTORS),)),
    ("value_by_type", np.int64, (4,)),
    ("count_by_type", np.int64, (4,)),
    ("signed_value", np.int64),
    ("signed_count", np.int64),
    ("signed_by_seller", np.int64, (len(SECTORS),)),
    ("local_value", np.int64),
    ("inflow_value", np.int64),
    ("inflow_count", np.int64),
    ("major_value", np.int64),
    ("major_count", np.int64),
    ("refused", np.int64),
)
"""What is counted of the contracts of a step; the columns by city stand beside it."""

MAJOR: Final = 10_000_000
"""Yuan from which the national statistics call a contract major."""

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
def entry_chance(value: int, now: Any) -> float:
    """Chance that a registering seller enters a contract of this value.

    Small contracts are often not worth the paper; the threshold differs from year
    to year for all sellers alike (form and size: the prototype's findings).
    """
    return float(value / (value + now.entry_threshold))


@rule
def register(
    contracts: Rows,
    order: Integers,
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

    What is bought outside is registered where the seller sits, at the coverage
    there. Local contracts count as output and as inflow.

    Parameters
    ----------
    order : ndarray of int64
        Rows of ``contracts`` in the order of their priority: the last of a buyer's
        contracts in this order is the tie that it keeps.
    tally : record
        Of :data:`TALLY_FIELDS`, cleared by the caller.
    city_value, city_count, city_inflow : ndarray of int64 of shape (cities,)
        Registered value and number sold from each city, value bought in each city.
    """
    for i in range(len(order)):
        contract = contracts[order[i]]
        contract.registered = False
        if contract.state != SIGNED:
            tally.refused += 1
            continue
        seller = contract.seller_sector
        row = contract.seller_row
        habit, entry = luck.two_uniforms(seed, REGISTRY, contract.key, now.step, 0)
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
            tally.signed_value += contract.value
            tally.signed_count += 1
            tally.signed_by_seller[seller] += contract.value
            if contract.buyer_sector != _OUTSIDE:
                tally.local_value += contract.value
        # A voucher brings no further contracts with the same partner (CPB Document 140, 2007).
        if contract.buyer_sector == _ENTERPRISE and seller == _ENTERPRISE and contract.channel != VOUCHER:
            firms[contract.buyer_row].partner = firms[row].key
        if not contract.registered:
            continue
        if seller != _OUTSIDE:
            tally.value_by_seller[seller] += contract.value
            tally.count_by_seller[seller] += 1
            tally.value_by_type[contract.type] += contract.value
            tally.count_by_type[contract.type] += 1
            city_value[contract.seller_city] += contract.value
            city_count[contract.seller_city] += 1
            if contract.value >= MAJOR:
                tally.major_value += contract.value
                tally.major_count += 1
        if contract.buyer_sector != _OUTSIDE:
            tally.inflow_value += contract.value
            tally.inflow_count += 1
            city_inflow[contract.buyer_city] += contract.value


def order_of_claims(contracts: Rows, outside_budget: int) -> Integers:
    """Order in which claims are cleared.

    Sorting is the dearest part of clearing, so sales to the outside are only sorted
    in the rare step in which they exceed its budget.

    Parameters
    ----------
    contracts : structured ndarray of shape (n,)
    outside_budget : int
        Yuan.

    Returns
    -------
    ndarray of int64 of shape (n,)
    """
    abroad = contracts["buyer_sector"] == _OUTSIDE
    outside_rows = np.flatnonzero(abroad)
    local_rows = np.flatnonzero(~abroad)
    if int(contracts["value"][outside_rows].sum()) > outside_budget:
        outside_rows = outside_rows[np.argsort(contracts["priority"][outside_rows])]
    local_rows = local_rows[np.argsort(contracts["priority"][local_rows])]
    return np.concatenate([outside_rows, local_rows]).astype(np.int64)


def coverage_of_imports(coverage_elsewhere: float, date: float, decline: float) -> float:
    """Share of bought-in contracts that reach the statistics of inflow.

    Before 2014 the buyers' province was recorded less completely the earlier.

    Parameters
    ----------
    coverage_elsewhere : float
        Coverage of the registries of the sellers.
    date : float
        Years.
    decline : float
        Loss per year going back from 2014.
    """
    return coverage_elsewhere * math.exp(-decline * max(0.0, 2014.0 - date))
