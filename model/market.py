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
    slots, base, order, first, weight, biggest
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
def propose(
    need: Any,
    need_row: int,
    unit: int,
    partner: Any,
    sellers: Sellers,
    channel: int,
    parameters: Any,
    now: Any,
    seed: Any,
    contracts: Rows,
    count: int,
) -> int:
    """Let one wanted contract find a seller and write the proposal.

    Returns
    -------
    int
        Rows of ``contracts`` in use; unchanged if nobody was found.
    """
    where, which = luck.two_uniforms(seed, CHOICE, need.key, now.step, 2 * unit)
    tie, size = luck.two_uniforms(seed, CHOICE, need.key, now.step, 2 * unit + 1)
    destination = draw_code(where, sellers.destination_cumulative)
    sector = sellers.destination_sector[destination]
    row = -1
    city = -1
    scale = 1.0
    if sector == _OUTSIDE:
        row = 0
    elif need.type == TRANSFER:
        return count  # met by the owner of a result, who comes forward himself
    elif sector == _ENTERPRISE:
        if tie < parameters.tie_probability and partner != np.uint64(0):
            row = row_of(sellers.firm_keys, partner)
            if row >= 0 and (sellers.firms[row].role == BUYER or sellers.firms[row].members == 0):
                row = -1
            if row >= 0:
                channel = TIE
        if row < 0:
            row = choose_seller(
                size,
                need.key,
                seed,
                now.step,
                unit,
                need.field,
                need.city,
                sellers.firms,
                sellers.reach,
                sellers.slots,
                sellers.base,
                sellers.order,
                sellers.first,
                sellers.weight,
                sellers.biggest,
            )
        if row < 0 or (need.buyer_sector == _ENTERPRISE and row == need.buyer_row):
            return count
        city = sellers.firms[row].city
        scale = sellers.firms[row].value_scale
    else:
        row = int(np.searchsorted(sellers.producer_cumulative[destination - 1, need.field], which))
        if sector == need.buyer_sector and row == need.buyer_row:
            return count
        city = sellers.producer_city[destination - 1, row]
    mean = sellers.mean_value[destination] * scale * need.scale * sellers.type_value[need.type]
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
    contract.need = need_row
    contract.result = -1
    contract.inventor_part = 0
    sd = parameters.commission_ln_sd if 0 < destination < 4 else parameters.contract_value_ln_sd
    contract.value = min(contract_value(worth, mean, sd, parameters), need.budget)
    contract.priority = priority
    contract.state = PROPOSED
    return count + 1


@rule
def partner_of(need: Any, firms: Rows) -> Any:
    """Key of the seller of the buyer's last contract; only enterprises remember."""
    if need.buyer_sector == _ENTERPRISE:
        return firms[need.buyer_row].partner
    return np.uint64(0)


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
    sellers: Sellers,
    brokers: Rows,
    parameters: Any,
    now: Any,
    seed: Any,
    waiting: Integers,
    contracts: Rows,
    count: int,
) -> int:
    """Bring open needs and sellers together.

    Parameters
    ----------
    needs, brokers : structured ndarray
    waiting : ndarray of int64 of shape (open contracts wanted, 2)
        Working room: need and unit of those who found nobody by themselves.
    contracts : structured ndarray
        With room for one row for each contract wanted.

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    # The stated chance is of a quarter; as a hazard it holds for steps of any length.
    contact = 1.0 - math.exp(4.0 * now.dt * math.log(1.0 - parameters.contact_probability))
    left = 0
    for n in range(len(needs)):
        need = needs[n]
        if need.open == 0 or need.budget < _SMALLEST_BUDGET:
            continue
        partner = partner_of(need, sellers.firms)
        for unit in range(need.open):
            if luck.uniform(seed, CONTACT, need.key, now.step, unit) < contact:
                count = propose(
                    need, n, unit, partner, sellers, SEARCH, parameters, now, seed, contracts, count
                )
            elif need.type != TRANSFER:
                waiting[left, 0] = n
                waiting[left, 1] = unit
                left += 1
    upto = np.zeros(len(brokers), dtype=np.int64)
    free = 0
    for b in range(len(brokers)):
        free += brokers[b].capacity
        upto[b] = free
    if left == 0 or free == 0:
        return count
    claims = np.empty(left, dtype=np.float64)
    for i in range(left):
        claims[i] = luck.uniform(seed, CONTACT, needs[waiting[i, 0]].key, now.step, waiting[i, 1] + 1_000)
    served = np.argsort(claims)
    for taken in range(left):
        if free == 0:
            break
        n, unit = waiting[served[taken], 0], waiting[served[taken], 1]
        before = count
        count = propose(
            needs[n], n, unit, np.uint64(0), sellers, BROKERED, parameters, now, seed, contracts, count
        )
        if count > before:
            b = broker_for(luck.uniform(seed, ADVICE, needs[n].key, now.step, unit), upto, brokers)
            brokers[b].capacity -= 1
            free -= 1
            contracts[count - 1].broker = b
    return count
