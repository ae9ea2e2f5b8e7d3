"""The market for technology inside the province: open needs look for somebody to meet them.

A buyer first asks its last partner, then searches; who is not reached in the step
may be brought together by a broker, as far as the brokers' people go. Every choice
is a proposal; money and exclusiveness are checked when contracts are concluded.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..agents.buying import draw_code
from ..agents.enterprise import BUYER
from ..agents.goods import BROKERED, PROPOSED, SEARCH, TIE, TRANSFER
from ..agents.selling import contract_value
from ..engine import luck
from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows
from .directory import choose_seller

CONTACT = luck.mechanism("contact of a need")
CHOICE = luck.mechanism("choice of a seller")
WORTH = luck.mechanism("value of a local contract")
LOCAL = luck.mechanism("local contract")
ADVICE = luck.mechanism("client chooses a broker")

_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]
_SMALLEST_BUDGET: Final = 1_000
"""Yuan below which nobody writes a contract (assumption)."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Sellers(NamedTuple):
    """Everybody who may meet a need in this step.

    Attributes
    ----------
    firms : structured ndarray
        Enterprises in the order of their keys.
    firm_keys : ndarray of uint64
        Their keys, contiguous, to find a partner.
    reach : ndarray of float64 of shape (cities, cities)
        Relative chance of being found from one city in another.
    slots, depth, base, order, first, weight, biggest
        The directory of selling enterprises.
    producer_cumulative : ndarray of float64 of shape (3, fields, longest)
        For each kind of producer and each field, cumulative chances of its rows.
    producer_city : ndarray of int64 of shape (3, longest)
    destination_cumulative : ndarray of float64 of shape (5,)
        Cumulative shares of where needs are met.
    destination_sector : ndarray of int64 of shape (5,)
    mean_value : ndarray of float64 of shape (5,)
        Mean contract value of each destination, yuan.
    type_value : ndarray of float64 of shape (4,)
        Value of each type relative to the mean.
    """

    firms: Rows
    firm_keys: npt.NDArray[np.uint64]
    reach: Floats
    slots: Integers
    depth: Integers
    base: Integers
    order: Integers
    first: Integers
    weight: Floats
    biggest: Floats
    producer_cumulative: Floats
    producer_city: Integers
    destination_cumulative: Floats
    destination_sector: Integers
    mean_value: Floats
    type_value: Floats


@rule
def row_of(keys: npt.NDArray[np.uint64], key: Any) -> int:
    """Find a key in a sorted list of keys; -1 if it is not there."""
    row = np.searchsorted(keys, key)
    if row < len(keys) and keys[row] == key:
        return int(row)
    return -1


@rule
def reach_out(
    needs: Rows, parameters: Any, now: Any, seed: Any, reached: Integers, waiting: Integers
) -> tuple[int, int]:
    """Let every contract wanted look for a seller; a part of them gets into contact by itself.

    Parameters
    ----------
    needs : structured ndarray
    reached : ndarray of int64 of shape (contracts wanted, 2)
        Filled with need and unit, first of those who found a contact, then of those who
        wait for a broker, these in a random order of their own.
    waiting : ndarray of int64, same shape
        Working room.

    Returns
    -------
    tuple of int
        How many found a contact; how many rows are filled.
    """
    # The stated chance is of a quarter; as a hazard it holds for steps of any length.
    contact = 1.0 - math.exp(4.0 * now.dt * math.log(1.0 - parameters.contact_probability))
    found = 0
    left = 0
    for n in range(len(needs)):
        need = needs[n]
        if need.budget < _SMALLEST_BUDGET:
            continue
        for unit in range(need.open):
            if luck.uniform(seed, CONTACT, need.key, now.step, unit) < contact:
                reached[found, 0] = n
                reached[found, 1] = unit
                found += 1
            elif need.type != TRANSFER:
                waiting[left, 0] = n
                waiting[left, 1] = unit
                left += 1
    claims = np.empty(left, dtype=np.float64)
    for i in range(left):
        claims[i] = luck.uniform(seed, CONTACT, needs[waiting[i, 0]].key, now.step, waiting[i, 1] + 1_000)
    served = np.argsort(claims)
    for i in range(left):
        reached[found + i, 0] = waiting[served[i], 0]
        reached[found + i, 1] = waiting[served[i], 1]
    return found, found + left


@rule
def partner_row(need: Any, firms: Rows, firm_keys: npt.NDArray[np.uint64]) -> int:
    """Row of the seller of the buyer's last contract; -1 if it has none that still sells."""
    if need.buyer_sector != _ENTERPRISE:
        return -1
    partner = firms[need.buyer_row].partner
    if partner == np.uint64(0):
        return -1
    row = row_of(firm_keys, partner)
    if row >= 0 and (firms[row].role == BUYER or firms[row].members == 0):
        return -1
    return row


@rule
def broker_for(u: float, upto: Integers, brokers: Rows) -> int:
    """Choose a broker by what its people can do in the step; a busy one passes the client on.

    Parameters
    ----------
    u : float
        Uniform draw.
    upto : ndarray of int64 of shape (brokers,)
        Cumulative capacity at the start of the step; at least one broker has some left.
    """
    b = int(np.searchsorted(upto, u * upto[-1], side="right"))
    while brokers[b].capacity <= 0:
        b = (b + 1) % len(brokers)
    return b


@rule
def meet_needs(
    needs: Rows,
    reached: Integers,
    found: int,
    sellers: Sellers,
    brokers: Rows,
    parameters: Any,
    now: Any,
    seed: Any,
    contracts: Rows,
    count: int,
) -> int:
    """Let those who reached out choose a seller and write their proposals.

    Needs for a transfer are met here only from outside; in the province the owner of
    a result comes forward himself.

    Parameters
    ----------
    needs, brokers : structured ndarray
    reached : ndarray of int64 of shape (n, 2)
        From :func:`reach_out`.
    found : int
        Of these, the first that need no broker.
    contracts : structured ndarray
        With room for n more rows.

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    # Taken out of the tuple once: in the loop each look-up would cost as much as a draw.
    firms, firm_keys, reach, slots, depth = sellers[:5]
    base, order, first, weight, biggest = sellers[5:10]
    producer_cumulative, producer_city, destination_cumulative, destination_sector = sellers[10:14]
    mean_value, type_value = sellers[14:]
    upto = np.zeros(len(brokers), dtype=np.int64)
    free = 0
    for b in range(len(brokers)):
        free += brokers[b].capacity
        upto[b] = free
    for i in range(len(reached)):
        brokered = i >= found
        if brokered and free == 0:
            break
        unit = reached[i, 1]
        need = needs[reached[i, 0]]
        where, which = luck.two_uniforms(seed, CHOICE, need.key, now.step, 2 * unit)
        destination = draw_code(where, destination_cumulative)
        sector = destination_sector[destination]
        channel = BROKERED if brokered else SEARCH
        row = 0
        city = -1
        scale = 1.0
        if sector == _ENTERPRISE:
            if need.type == TRANSFER:
                continue
            tie, size = luck.two_uniforms(seed, CHOICE, need.key, now.step, 2 * unit + 1)
            row = -1
            if not brokered and tie < parameters.tie_probability:
                row = partner_row(need, firms, firm_keys)
            if row >= 0:
                channel = TIE
            else:
                row = choose_seller(
                    size, need.key, seed, now.step, unit, need.field, need.city, firms, reach, slots,
                    depth, base, order, first, weight, biggest,
                )  # fmt: skip
            if row < 0 or (need.buyer_sector == _ENTERPRISE and row == need.buyer_row):
                continue
            city = firms[row].city
            scale = firms[row].value_scale
        elif sector != _OUTSIDE:
            row = int(np.searchsorted(producer_cumulative[destination - 1, need.field], which))
            if need.type == TRANSFER or (sector == need.buyer_sector and row == need.buyer_row):
                continue
            city = producer_city[destination - 1, row]
        mean = mean_value[destination] * scale * need.scale * type_value[need.type]
        sd = parameters.commission_ln_sd if 0 < destination < 4 else parameters.contract_value_ln_sd
        worth, priority = luck.two_uniforms(seed, WORTH, need.key, now.step, unit)
        contract = contracts[count]
        contract.key = luck.child_key(need.key, LOCAL, now.step, unit)
        contract.seller_sector = sector
        contract.seller_row = row
        contract.seller_city = city
        contract.buyer_sector = need.buyer_sector
        contract.buyer_row = need.buyer_row
        contract.buyer_city = need.city
        contract.type = need.type
        contract.field = need.field
        contract.channel = channel
        contract.need = reached[i, 0]
        contract.result = -1
        contract.inventor_part = 0
        contract.broker = -1
        contract.value = min(contract_value(worth, mean, sd, parameters), need.budget)
        contract.priority = priority
        contract.state = PROPOSED
        if brokered:
            b = broker_for(luck.uniform(seed, ADVICE, need.key, now.step, unit), upto, brokers)
            brokers[b].capacity -= 1
            contract.broker = b
            free -= 1
        count += 1
    return count
