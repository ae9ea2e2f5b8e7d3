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
    ALL_DRAWS,
    BYPASS,
    FOUND_FOR,
    FROM_THE_PARTNER,
    KEY_DRAW,
    NOT_AT_ALL,
    OVER_THE_PLATFORM,
    PRIORITY,
    SEARCH_DRAW,
    WHERE,
    WHICH,
    WORTH,
    chance_of_step,
)
from .brokerage import call_up, open_desk
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
    seller is found; where the two parties conclude behind its back it has no part in
    the contract, and next time a pair that knows each other needs no broker.

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
    firms, _, listing = sellers[:3]
    producer_cumulative, producer_guide, producer_city = sellers[3:6]
    destination_cumulative, destination_sector, mean_value, type_value = sellers[6:]
    abroad = chance_of_step(parameters.import_brokerage, now)
    desk = open_desk(brokers, producer_cumulative.shape[1], parameters, now)
    helpers = call_up(needs, streams, ways, last_served, desk, brokers)
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
                helper = helpers[unit_of_all]
                theirs = brokers[helper].field
                likely = desk.chance[theirs] if theirs == need.field else desk.chance_elsewhere[theirs]
                if luck.pick(chances, draw + FOUND_FOR) >= likely:
                    continue
            elif way < 1.0:
                # Nobody here has time; partners abroad of the brokers may (task 10).
                if abroad <= 0.0 or luck.pick(chances, draw + ABROAD) >= abroad:
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
                if way >= FROM_THE_PARTNER:
                    row = int(way - FROM_THE_PARTNER)
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
            bypassed = helper >= 0 and luck.pick(chances, draw + BYPASS) < parameters.broker_bypass
            contract.broker = -1 if bypassed else helper
            contract.value = min(contract_value(worth, mean, sd, parameters), need.budget)
            if channel == PLATFORM:
                contract.value = min(contract.value, int(parameters.platform_value_cap))
            contract.priority = luck.pick(chances, draw + PRIORITY)
            contract.state = PROPOSED
            count += 1
    return count
