"""The market for technology inside the province: open needs look for somebody to meet them.

A buyer first asks its last partner, then searches; who is not reached in the step
may be brought together by a broker, as far as the brokers' people go. Every choice
is a proposal; money and exclusiveness are checked when contracts are concluded.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..agents.buying import draw_code
from ..agents.enterprise import BUYER
from ..agents.goods import BROKERED, PLATFORM, PROPOSED, SEARCH, TIE, TRANSFER
from ..agents.selling import contract_value
from ..engine import luck
from ..engine.books import SECTOR
from ..engine.rules import rule
from ..engine.table import Rows
from .access import (
    ABROAD,
    ADVICE,
    ALL_DRAWS,
    CLAIM,
    CONTACT,
    KEY_DRAW,
    ON_PLATFORM,
    PRIORITY,
    SEARCH_DRAW,
    SEARCHING,
    SMALLEST_BUDGET,
    TIE_DRAW,
    WHERE,
    WHICH,
    WORTH,
    chance_of_step,
    may_wait,
)
from .directory import Listing, choose_seller

_ENTERPRISE: Final = SECTOR["enterprise"]
_OUTSIDE: Final = SECTOR["outside"]

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
    listing : Listing
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
    listing: Listing
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
    last_served: float,
    contact: Floats,
    sellers: Sellers,
    brokers: Rows,
    parameters: Any,
    now: Any,
    seed: Any,
    contracts: Rows,
    count: int,
) -> int:
    """Let those who found a contact or a broker choose a seller and write their proposals.

    Needs for a transfer are met here only from outside; in the province the owner of
    a result comes forward himself. A broker works for its client whether or not a
    seller is found.

    Parameters
    ----------
    needs, brokers : structured ndarray
    last_served : float
        From :func:`share_out_brokers`.
    contracts : structured ndarray
        With room for as many more rows as :func:`share_out_brokers` says.

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    # Taken out of the tuple once: in the loop each look-up would cost as much as a draw.
    firms, firm_keys, listing = sellers[:3]
    producer_cumulative, producer_city, destination_cumulative, destination_sector = sellers[3:7]
    mean_value, type_value = sellers[7:]
    platform = chance_of_step(parameters.platform_chance, now)
    abroad = chance_of_step(parameters.import_brokerage, now)
    upto = np.zeros(len(brokers), dtype=np.int64)
    free = 0
    for b in range(len(brokers)):
        free += brokers[b].capacity
        upto[b] = free
    for n in range(len(needs)):
        need = needs[n]
        if need.open == 0 or need.budget < SMALLEST_BUDGET:
            continue
        chances = luck.stream(seed, SEARCHING, need.key, now.step)
        for unit in range(need.open):
            draw = ALL_DRAWS * unit
            channel = SEARCH
            helper = -1
            if luck.pick(chances, draw + CONTACT) >= contact[need.city]:
                if not may_wait(need):
                    continue
                if platform > 0.0 and luck.pick(chances, draw + ON_PLATFORM) < platform:
                    channel = PLATFORM
                elif luck.pick(chances, draw + CLAIM) > last_served:
                    # Nobody here has time; partners abroad of the brokers may (task 10).
                    if luck.pick(chances, draw + ABROAD) >= abroad:
                        continue
                    channel = BROKERED
                else:
                    channel = BROKERED
                    helper = broker_for(luck.pick(chances, draw + ADVICE), upto, brokers)
                    brokers[helper].capacity -= 1
            destination = 0
            if channel != BROKERED or helper >= 0:
                destination = draw_code(luck.pick(chances, draw + WHERE), destination_cumulative)
            sector = destination_sector[destination]
            row = 0
            city = -1
            scale = 1.0
            if sector == _ENTERPRISE:
                if need.type == TRANSFER:
                    continue
                row = -1
                if channel == SEARCH and luck.pick(chances, draw + TIE_DRAW) < parameters.tie_probability:
                    row = partner_row(need, firms, firm_keys)
                if row >= 0:
                    channel = TIE
                else:
                    size = luck.pick(chances, draw + WHICH)
                    row = choose_seller(size, chances, draw + SEARCH_DRAW, need.field, need.city, listing)
                if row < 0 or (need.buyer_sector == _ENTERPRISE and row == need.buyer_row):
                    continue
                city = firms[row].city
                scale = firms[row].value_scale
            elif sector != _OUTSIDE:
                which = luck.pick(chances, draw + WHICH)
                row = int(np.searchsorted(producer_cumulative[destination - 1, need.field], which))
                if need.type == TRANSFER or (sector == need.buyer_sector and row == need.buyer_row):
                    continue
                city = producer_city[destination - 1, row]
            mean = mean_value[destination] * scale * need.scale * type_value[need.type]
            sd = parameters.commission_ln_sd if 0 < destination < 4 else parameters.contract_value_ln_sd
            worth = luck.pick(chances, draw + WORTH)
            contract = contracts[count]
            contract.key = luck.word(chances, draw + KEY_DRAW)
            contract.seller_sector = sector
            contract.seller_row = row
            contract.seller_city = city
            contract.buyer_sector = need.buyer_sector
            contract.buyer_row = need.buyer_row
            contract.buyer_city = need.city
            contract.type = need.type
            contract.field = need.field
            contract.channel = channel
            contract.need = n
            contract.result = -1
            contract.inventor_part = 0
            contract.broker = helper
            contract.value = min(contract_value(worth, mean, sd, parameters), need.budget)
            if channel == PLATFORM:
                contract.value = min(contract.value, int(parameters.platform_value_cap))
            contract.priority = luck.pick(chances, draw + PRIORITY)
            contract.state = PROPOSED
            count += 1
    return count
