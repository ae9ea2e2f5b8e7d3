"""Who finds access to sellers in a step: from a former partner, by himself, on the platform, or in a line.

To turn to a partner again and to find a new one are different things. Only the second
fails for years with some buyers, and only there does anybody's help matter: the
platform's, the sub-centres', the brokers'.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...agents.enterprise import BUYER
from ...agents.goods import TRANSFER
from ...engine import luck
from ...engine.books import SECTOR
from ...engine.ordering import Index, row_of
from ...engine.rules import rule
from ...engine.table import Rows
from .demand import DESTINATIONS
from .directory import DRAWS

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import BrokerRow, EnterpriseRow, NeedRow

SEARCHING = luck.mechanism("a need looks for a seller")

# Which numbers of a need's stream each of its contracts takes, and how many.
(
    CONTACT,
    CLAIM,
    ADVICE,
    WHERE,
    WHICH,
    WORTH,
    KEY_DRAW,
    PRIORITY,
    ON_PLATFORM,
    ABROAD,
    FOUND_FOR,
    BYPASS,
    SEARCH_DRAW,
) = range(13)
ALL_DRAWS: Final = SEARCH_DRAW + DRAWS

SMALLEST_BUDGET: Final = 1_000
"""Yuan below which nobody writes a contract (assumption)."""

_ENTERPRISE: Final = SECTOR["enterprise"]
TO_ENTERPRISE: Final = len(DESTINATIONS) - 1
"""Enterprises are the last of the destinations, so that one comparison tells."""

_CELLS_OF_LINE: Final = 1024
_ALMOST_ONE: Final = 1.0 - 1e-9

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@rule
def yearly_hazard(of_a_quarter: float) -> float:
    """Turn a chance of a quarter into the hazard of a year; what is certain takes a moment all the same."""
    return -4.0 * math.log(1.0 - min(of_a_quarter, _ALMOST_ONE))


@rule
def chance_within(hazard: float, now: Moment) -> float:
    """Chance that what comes at a yearly hazard comes within the step."""
    return 1.0 - math.exp(-hazard * now.dt)


@rule
def chance_of_step(of_a_quarter: float, now: Moment) -> float:
    """Turn a chance of a quarter into that of a step: as a hazard it holds for steps of any length."""
    return chance_within(yearly_hazard(of_a_quarter), now)


@rule
def help_of_subcentres(cities: int, capital: int, parameters: Parameters) -> Floats:
    """Yearly hazard that sub-centres add in each city outside the capital to first contacts (task 18)."""
    hazards = np.full(cities, yearly_hazard(parameters.subcentre_contact))
    hazards[capital] = 0.0
    return hazards


@rule
def partners_of(firms: Rows[EnterpriseRow], firm_keys: Index) -> Integers:
    """Row of the seller of each firm's last contract; -1 where there is none that still sells."""
    partners = np.full(len(firms), -1)
    for i in range(len(firms)):
        if firms[i].partner != np.uint64(0):
            row = row_of(firm_keys, firms[i].partner)
            if row >= 0 and firms[row].role != BUYER and firms[row].members > 0:
                partners[i] = row
    return partners


@rule
def partner_row(need: NeedRow, partners: Integers) -> int:
    """Row of the partner to whom the buyer of a need may turn again; -1 if there is none."""
    return int(partners[need.buyer_row]) if need.buyer_sector == _ENTERPRISE and may_wait(need) else -1


@rule
def may_wait(need: NeedRow) -> bool:
    """Whether a broker may help: not with transfers, whose owners come forward themselves."""
    return bool(need.type != TRANSFER)


BY_ITSELF: Final = 2.0
OVER_THE_PLATFORM: Final = 3.0
NOT_AT_ALL: Final = 4.0
FROM_THE_PARTNER: Final = 5.0
"""How a contract wanted comes to look at sellers; a number below 1 is a place in the line for a broker.

The row of the partner is added to the last of them.
"""


@rule
def goes_to_enterprise(u: float, destination_cumulative: Floats) -> bool:
    """Whether a contract wanted is to be met by an enterprise of the province."""
    return bool(u >= destination_cumulative[TO_ENTERPRISE - 1])


@rule
def find_ways(
    needs: Rows[NeedRow],
    firms: Rows[EnterpriseRow],
    firm_keys: Index,
    destination_cumulative: Floats,
    helped: Floats,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    streams: npt.NDArray[np.uint64],
    ways: Floats,
    line: Floats,
) -> tuple[int, int]:
    """Let every contract wanted look for a seller; who finds none lines up for a broker.

    A buyer whose need an enterprise can meet and who has a partner among them turns to
    it again in a part of the cases, and else looks for a new one like everybody. The
    line is in a random order of its own. The platform (task 2) comes before the
    brokers, because it costs no effort.

    Parameters
    ----------
    needs, firms : structured ndarray
    firm_keys : Index
        Keys of the firms, to find a partner.
    destination_cumulative : ndarray of float64 of shape (5,)
        Cumulative shares of where needs are met.
    helped : ndarray of float64 of shape (cities,)
        From :func:`help_of_subcentres`.
    streams : ndarray of uint64 of shape (needs,)
        Filled with the streams of luck of the needs.
    ways : ndarray of float64 of shape (contracts wanted,)
        Filled, need by need.
    line : ndarray of float64 of shape (contracts wanted,)
        Filled with the places in the line.

    Returns
    -------
    tuple of int
        How many look at sellers already; how many stand in the line.
    """
    platform = chance_of_step(parameters.platform_chance, now)
    loyal = parameters.tie_probability
    again = loyal * yearly_hazard(parameters.repeat_contact)
    partners = partners_of(firms, firm_keys)
    paces, chance_alone, chance_known = np.empty(len(needs)), np.empty(len(needs)), np.empty(len(needs))
    # Without a branch between them a processor takes several hashes and exponentials at a time.
    for n in range(len(needs)):
        streams[n] = luck.stream(seed, SEARCHING, needs[n].key, now.step)
        first = parameters.first_contact * needs[n].ease + helped[needs[n].city]
        chance_alone[n] = chance_within(first, now)
        paces[n] = again + (1.0 - loyal) * first
        chance_known[n] = chance_within(paces[n], now)
    begin = 0
    for n in range(len(needs)):
        need, chances = needs[n], streams[n]
        waits, partner = may_wait(need), partner_row(need, partners)
        theirs = ways[begin : begin + need.open]
        begin += need.open
        if need.budget < SMALLEST_BUDGET:
            theirs[:] = NOT_AT_ALL
            continue
        alone, pace, likely = chance_alone[n], paces[n], chance_known[n]
        for unit in range(len(theirs)):
            draw = ALL_DRAWS * unit
            contact = luck.pick(chances, draw + CONTACT)
            way = luck.pick(chances, draw + CLAIM) if waits else NOT_AT_ALL
            if partner < 0:
                theirs[unit] = BY_ITSELF if contact < alone else way
            else:
                known = goes_to_enterprise(luck.pick(chances, draw + WHERE), destination_cumulative)
                way = BY_ITSELF if contact < (likely if known else alone) else way
                back = known & (contact * pace < likely * again)
                theirs[unit] = FROM_THE_PARTNER + partner if back else way
        if platform > 0.0 and waits:
            for unit in range(len(theirs)):
                online = luck.pick(chances, ALL_DRAWS * unit + ON_PLATFORM) < platform
                theirs[unit] = OVER_THE_PLATFORM if online and theirs[unit] < 1.0 else theirs[unit]
    found = waiting = 0
    for way in ways:
        line[waiting] = way
        waiting += way < 1.0
        found += (way > 1.0) & (way != NOT_AT_ALL)
    return found, waiting


class Looks(NamedTuple):
    """Contracts wanted whose buyers, or somebody on their behalf, look at sellers in the step, need by need.

    Attributes
    ----------
    need : ndarray of int64 of shape (looks,)
        Row of the need.
    draw : ndarray of int64 of shape (looks,)
        Where in the stream of the need the numbers of the contract begin.
    way : ndarray of float64 of shape (looks,)
        From :func:`find_ways`.
    """

    need: Integers
    draw: Integers
    way: Floats


@rule
def who_looks(needs: Rows[NeedRow], ways: Floats, last_served: float, abroad: float) -> Looks:
    """List who has a way to sellers: found already, served in the line, or left to partners abroad.

    Parameters
    ----------
    abroad : float
        Chance of those whom no broker serves that its partners abroad find somebody.
    """
    need, draw = np.empty(len(ways), dtype=np.int64), np.empty(len(ways), dtype=np.int64)
    theirs = np.empty(len(ways))
    looks = unit_of_all = 0
    for n in range(len(needs)):
        for unit in range(needs[n].open):
            way = ways[unit_of_all]
            unit_of_all += 1
            need[looks], draw[looks], theirs[looks] = n, ALL_DRAWS * unit, way
            helped = (way <= last_served) | ((way < 1.0) & (abroad > 0.0))
            looks += helped | ((way > 1.0) & (way != NOT_AT_ALL))
    return Looks(need[:looks], draw[:looks], theirs[:looks])


@rule
def last_served(line: Floats, from_outside: float, brokers: Rows[BrokerRow]) -> float:
    """Give the last place in the line for which the brokers' people have time.

    Buyers ``from_outside`` who look in vain for a seller here stand in the same line, so
    that they take their part of the time.
    """
    if len(line) == 0:
        return 1.0
    capacity = 0
    for b in range(len(brokers)):
        capacity += brokers[b].capacity
    free = int(capacity * len(line) / (len(line) + from_outside))
    if free >= len(line):
        return 1.0
    if free == 0:
        return 0.0
    # Places are spread evenly, so that all but those in one cell of many need only be counted.
    served = np.zeros(_CELLS_OF_LINE, dtype=np.int64)
    for place in line:
        served[int(place * _CELLS_OF_LINE)] += 1
    cell = 0
    while served[cell] < free:
        free -= served[cell]
        cell += 1
    inside, found = np.empty(served[cell]), 0
    for place in line:
        if int(place * _CELLS_OF_LINE) == cell:
            j = found
            while j > 0 and inside[j - 1] > place:
                inside[j] = inside[j - 1]
                j -= 1
            inside[j] = place
            found += 1
    return float(inside[free - 1])
