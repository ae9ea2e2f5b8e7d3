"""The market for technology inside the province: open needs look for somebody to meet them.

A buyer first asks its last partner, then searches; who is not reached in the step
may be brought together by a broker, as far as the brokers' people go. Every choice
is a proposal; money and exclusiveness are checked when contracts are concluded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.buying import draw_code
from ...agents.enterprise import BUYER
from ...agents.goods import BROKERED, PLATFORM, PROPOSED, SEARCH, TIE, TRANSFER
from ...agents.selling import contract_value
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import row_of
from ...engine.rules import rule
from ...engine.table import Rows
from .access import (
    ABROAD,
    ALL_DRAWS,
    KEY_DRAW,
    NOT_AT_ALL,
    OVER_THE_PLATFORM,
    PRIORITY,
    SEARCH_DRAW,
    TIE_DRAW,
    WHERE,
    WHICH,
    WORTH,
    chance_of_step,
)
from .directory import Listing, choose_seller

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import BrokerRow, ContractRow, EnterpriseRow, NeedRow

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
    producer_guide : ndarray of int64 of shape (3, fields, cells)
        Where to look in them, see :func:`producer_row`.
    producer_city : ndarray of int64 of shape (3, longest)
    destination_cumulative : ndarray of float64 of shape (5,)
        Cumulative shares of where needs are met.
    destination_sector : ndarray of int64 of shape (5,)
    mean_value : ndarray of float64 of shape (5,)
        Mean contract value of each destination, yuan.
    type_value : ndarray of float64 of shape (4,)
        Value of each type relative to the mean.
    """

    firms: Rows[EnterpriseRow]
    firm_keys: npt.NDArray[np.uint64]
    listing: Listing
    producer_cumulative: Floats
    producer_guide: Integers
    producer_city: Integers
    destination_cumulative: Floats
    destination_sector: Integers
    mean_value: Floats
    type_value: Floats


@rule
def partner_row(need: NeedRow, firms: Rows[EnterpriseRow], firm_keys: npt.NDArray[np.uint64]) -> int:
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
def producer_row(u: float, kind: int, field: int, cumulative: Floats, guide: Integers) -> int:
    """Draw a university, institute or military unit by its cumulative chances.

    Indexed search (Chen and Asau 1974): a table says where to begin, a step or two remain.

    Parameters
    ----------
    cumulative : ndarray of float64 of shape (3, fields, longest)
    guide : ndarray of int64 of shape (3, fields, cells)
        First row whose chance reaches into each cell of ``u``.
    """
    row = guide[kind, field, int(u * guide.shape[2])]
    while cumulative[kind, field, row] < u:
        row += 1
    return int(row)


@rule
def hours_of_brokers(brokers: Rows[BrokerRow]) -> Integers:
    """Give the broker whom each client would ask: by what its people can do in the step, and its standing.

    As many entries as deals that all brokers together can close; who is asked more often
    than it has time passes clients on.
    """
    free = 0
    asked = reached = 0.0
    for b in range(len(brokers)):
        free += brokers[b].capacity
        asked += brokers[b].capacity * brokers[b].standing
    hours = np.zeros(free, dtype=np.int64)
    hour = 0
    for b in range(len(brokers)):
        reached += brokers[b].capacity * brokers[b].standing
        upto = int(free * (reached / asked) + 0.5) if asked > 0.0 else 0
        hours[hour:upto] = b
        hour = upto
    return hours


@rule
def places_served(ways: Floats, last_served: float) -> Floats:
    """Give the places in the line of those for whom brokers have time, first to last."""
    served = np.empty(len(ways), dtype=np.float64)
    count = 0
    for way in ways:
        if way <= last_served:
            served[count] = way
            count += 1
    return np.sort(served[:count])


@rule
def call_up(clients: int, hours: Integers, brokers: Rows[BrokerRow]) -> Integers:
    """Give the broker of each client in the line; a busy one passes the client on.

    The line is in a random order of its own, so that nothing hangs on the order of
    needs. Each broker has time for one client less for each that it gets.

    Parameters
    ----------
    clients : int
        Not more than deals that all brokers together can close.
    hours : ndarray of int64 of shape (deals,)
        From :func:`hours_of_brokers`.
    """
    helpers = np.empty(clients, dtype=np.int64)
    for place in range(clients):
        b = int(hours[int((place + 0.5) * len(hours) / clients)])
        while brokers[b].capacity <= 0:
            b = (b + 1) % len(brokers)
        brokers[b].capacity -= 1
        helpers[place] = b
    return helpers


@rule
def meet_needs(
    needs: Rows[NeedRow],
    streams: npt.NDArray[np.uint64],
    ways: Floats,
    last_served: float,
    sellers: Sellers,
    brokers: Rows[BrokerRow],
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    contracts: Rows[ContractRow],
    count: int,
) -> int:
    """Let those who found a contact or a broker choose a seller and write their proposals.

    Needs for a transfer are met here only from outside; in the province the owner of
    a result comes forward himself. A broker works for its client whether or not a
    seller is found.

    Parameters
    ----------
    needs, brokers : structured ndarray
    streams, ways : ndarray
        From ``access.find_ways``.
    last_served : float
        From ``access.last_served``.
    contracts : structured ndarray
        With room for one more row for each that looks at sellers or stands in the line.

    Returns
    -------
    int
        Rows of ``contracts`` in use.
    """
    # Taken out of the tuple once: in the loop each look-up would cost as much as a draw.
    firms, firm_keys, listing = sellers[:3]
    producer_cumulative, producer_guide, producer_city = sellers[3:6]
    destination_cumulative, destination_sector, mean_value, type_value = sellers[6:]
    abroad = chance_of_step(parameters.import_brokerage, now)
    line = places_served(ways, last_served)
    helpers = call_up(len(line), hours_of_brokers(brokers), brokers)
    unit_of_all = -1
    for n in range(len(needs)):
        need = needs[n]
        chances = streams[n]
        for unit in range(need.open):
            unit_of_all += 1
            way = ways[unit_of_all]
            if way == NOT_AT_ALL:
                continue
            draw = ALL_DRAWS * unit
            channel = SEARCH
            helper = -1
            if way == OVER_THE_PLATFORM:
                channel = PLATFORM
            elif way <= last_served:
                channel = BROKERED
                helper = helpers[np.searchsorted(line, way)]
            elif way < 1.0:
                # Nobody here has time; partners abroad of the brokers may (task 10).
                if luck.pick(chances, draw + ABROAD) >= abroad:
                    continue
                channel = BROKERED
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
                row = producer_row(which, destination - 1, need.field, producer_cumulative, producer_guide)
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
