"""The market for technology inside the province: open needs look for somebody to meet them.

How a buyer comes to look at sellers stands in ``access.py``; who finds nobody in the
step may be brought together by a broker, as far as the brokers' people, and what they
know of its field, go. Every choice
is a proposal; money and exclusiveness are checked when contracts are concluded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.buying import draw_code
from ...agents.goods import BROKERED, PLATFORM, PROPOSED, SEARCH, TIE, TRANSFER
from ...agents.selling import contract_value
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import Index
from ...engine.rules import rule
from ...engine.table import Rows
from .access import (
    ABROAD,
    BYPASS,
    FOUND_FOR,
    FROM_THE_PARTNER,
    KEY_DRAW,
    OVER_THE_PLATFORM,
    PRIORITY,
    SEARCH_DRAW,
    TO_ENTERPRISE,
    WHERE,
    WHICH,
    WORTH,
    Looks,
    chance_of_step,
    who_looks,
)
from .brokerage import Desk, call_up, open_desk
from .directory import Listing, choose_seller

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import BrokerRow, ContractRow, EnterpriseRow, NeedRow

_ENTERPRISE: Final = SECTOR["enterprise"]

NOWHERE: Final = -1
"""Destination of a contract wanted for which nobody is found."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Sellers(NamedTuple):
    """Everybody who may meet a need in this step.

    Attributes
    ----------
    firms : structured ndarray
        Enterprises in the order of their keys.
    firm_keys : Index
        Their keys, to find a partner.
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
    firm_keys: Index
    listing: Listing
    producer_cumulative: Floats
    producer_guide: Integers
    producer_city: Integers
    destination_cumulative: Floats
    destination_sector: Integers
    mean_value: Floats
    type_value: Floats


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
def destinations_of(
    looks: Looks,
    needs: Rows[NeedRow],
    streams: npt.NDArray[np.uint64],
    last_served: float,
    helpers: Integers,
    brokers: Rows[BrokerRow],
    desk: Desk,
    abroad: float,
    destination_cumulative: Floats,
) -> Integers:
    """Where each contract wanted is to be met; :data:`NOWHERE` where a broker finds nobody for its client.

    Where nobody here has time, partners abroad of the brokers may (task 10).

    Parameters
    ----------
    helpers : ndarray of int64 of shape (looks,)
        From `brokerage.call_up`.
    abroad : float
        Chance that partners abroad find somebody.

    Returns
    -------
    ndarray of int64 of shape (looks,)
    """
    need, draw, way = looks
    destination = np.empty(len(way), dtype=np.int64)
    for i in range(len(way)):
        destination[i] = draw_code(luck.pick(streams[need[i]], draw[i] + WHERE), destination_cumulative)
    for i in range(len(way)):
        chances = streams[need[i]]
        if helpers[i] >= 0:
            theirs = brokers[helpers[i]].field
            own = theirs == needs[need[i]].field
            likely = desk.chance[theirs] if own else desk.chance_elsewhere[theirs]
            found = luck.pick(chances, draw[i] + FOUND_FOR) < likely
            destination[i] = destination[i] if found else NOWHERE
        elif last_served < way[i] < 1.0:
            destination[i] = 0 if luck.pick(chances, draw[i] + ABROAD) < abroad else NOWHERE
    return destination


@rule
def choose_sellers(
    looks: Looks,
    needs: Rows[NeedRow],
    streams: npt.NDArray[np.uint64],
    destination: Integers,
    sellers: Sellers,
) -> tuple[Integers, Integers, Floats]:
    """Choose the seller with whom each contract wanted is to be made.

    Needs for a transfer are met here only from outside; in the province the owner of
    a result comes forward himself. Nobody buys from himself.

    Returns
    -------
    row, city : ndarray of int64 of shape (looks,)
        Row of the seller, -1 if there is none, and its city, -1 outside.
    scale : ndarray of float64 of shape (looks,)
        Value of its contracts relative to the mean of the destination.
    """
    firms, _, listing, producer_cumulative, producer_guide, producer_city, _, destination_sector = sellers[:8]
    buckets, slots, places, reach = listing  # once: in the loop each look into the tuple is counted
    need, draw, way = looks
    row, city, scale = np.empty(len(way), dtype=np.int64), np.full(len(way), -1), np.ones(len(way))
    # One kind of seller after the other: a processor that has to guess the kind guesses wrong.
    at_producers, at_firms = np.empty(len(way), dtype=np.int64), np.empty(len(way), dtype=np.int64)
    to_producers = to_firms = 0
    for i in range(len(way)):
        here = needs[need[i]].type != TRANSFER
        row[i] = 0 if destination[i] == 0 else -1
        at_producers[to_producers] = at_firms[to_firms] = i
        to_producers += here & (destination[i] > 0) & (destination[i] < TO_ENTERPRISE)
        to_firms += here & (destination[i] == TO_ENTERPRISE)
    for i in at_producers[:to_producers]:
        one, kind = needs[need[i]], destination[i] - 1
        which = luck.pick(streams[need[i]], draw[i] + WHICH)
        found = producer_row(which, kind, one.field, producer_cumulative, producer_guide)
        itself = (destination_sector[destination[i]] == one.buyer_sector) & (found == one.buyer_row)
        row[i] = -1 if itself else found
        city[i] = producer_city[kind, found]
    # Side by side, since they are asked out of order: the row of a firm fills three lines of a cache.
    city_of, scale_of = np.empty(len(firms), dtype=np.int64), np.empty(len(firms))
    for f in range(len(firms)):
        city_of[f], scale_of[f] = firms[f].city, firms[f].value_scale
    for i in at_firms[:to_firms]:
        one, chances = needs[need[i]], streams[need[i]]
        found = int(way[i] - FROM_THE_PARTNER)
        if way[i] < FROM_THE_PARTNER:
            size = luck.pick(chances, draw[i] + WHICH)
            found = choose_seller(
                size, chances, draw[i] + SEARCH_DRAW, one.field, one.city, buckets, slots, places, reach
            )
        itself = one.buyer_sector == _ENTERPRISE and found == one.buyer_row
        if found >= 0 and not itself:
            row[i], city[i], scale[i] = found, city_of[found], scale_of[found]
    return row, city, scale


@rule
def channel_of(way: float) -> int:
    """How buyer and seller of a contract found each other."""
    if way >= FROM_THE_PARTNER:
        return TIE
    if way < 1.0:
        return BROKERED
    return PLATFORM if way == OVER_THE_PLATFORM else SEARCH


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

    A broker works for its client whether or not a seller is found; where the two parties
    conclude behind its back it has no part in the contract, and next time a pair that knows
    each other needs no broker.

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
    destination_cumulative, destination_sector, mean_value, type_value = sellers[6:]
    abroad = chance_of_step(parameters.import_brokerage, now)
    desk = open_desk(brokers, sellers[3].shape[1], parameters, now)
    looks = who_looks(needs, ways, last_served, abroad)
    helpers = call_up(needs, streams, looks, last_served, desk, brokers)
    destinations = destinations_of(
        looks, needs, streams, last_served, helpers, brokers, desk, abroad, destination_cumulative
    )
    rows, city, scale = choose_sellers(looks, needs, streams, destinations, sellers)
    met, meetings = np.empty(len(rows), dtype=np.int64), 0
    for i in range(len(rows)):
        met[meetings] = i
        meetings += rows[i] >= 0
    sd = np.full(len(mean_value), parameters.commission_ln_sd)
    sd[0] = sd[TO_ENTERPRISE] = parameters.contract_value_ln_sd
    need_of, draw_of, way_of = looks
    for i in met[:meetings]:
        n, destination = need_of[i], destinations[i]
        need, chances, draw = needs[n], streams[n], draw_of[i]
        mean = mean_value[destination] * scale[i] * need.scale * type_value[need.type]
        contract = contracts[count]
        contract.key = luck.word(chances, draw + KEY_DRAW)
        contract.seller_sector = destination_sector[destination]
        contract.seller_row = rows[i]
        contract.seller_city = city[i]
        contract.buyer_sector = need.buyer_sector
        contract.buyer_row = need.buyer_row
        contract.buyer_city = need.city
        contract.type = need.type
        contract.field = need.field
        contract.channel = channel_of(way_of[i])
        contract.need = n
        contract.result = -1
        contract.inventor_part = 0
        bypassed = luck.pick(chances, draw + BYPASS) < parameters.broker_bypass
        contract.broker = -1 if bypassed else helpers[i]
        worth = luck.pick(chances, draw + WORTH)
        contract.value = min(contract_value(worth, mean, sd[destination], parameters), need.budget)
        if contract.channel == PLATFORM:
            contract.value = min(contract.value, int(parameters.platform_value_cap))
        contract.priority = luck.pick(chances, draw + PRIORITY)
        contract.state = PROPOSED
        count += 1
    return count
