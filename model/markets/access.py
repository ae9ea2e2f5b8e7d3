"""Who finds access to sellers in a step: from a former partner, by himself, on the platform, or in a line.

To turn to a partner again and to find a new one are different things. Only the second
fails for years with some buyers, and only there does anybody's help matter: the
platform's, the sub-centres', the brokers'.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

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
    from ...engine.table import RowArray

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
_TO_ENTERPRISE: Final = len(DESTINATIONS) - 1
"""Enterprises are the last of the destinations, so that one comparison tells."""

_NOT_ASKED: Final = -2
_UNKNOWN: Final = -1.0
"""What nobody has looked up yet: the row of a partner; the chance of a need to find somebody by itself."""
_CELLS_OF_LINE: Final = 1024
_ALMOST_ONE: Final = 1.0 - 1e-9

Floats = npt.NDArray[np.float64]


@rule
def yearly_hazard(of_a_quarter: float) -> float:
    """Turn a chance of a quarter into the hazard of a year; what is certain takes a moment all the same."""
    return -4.0 * math.log(1.0 - min(of_a_quarter, _ALMOST_ONE))


@rule
def chance_of_step(of_a_quarter: float, now: Moment) -> float:
    """Turn a chance of a quarter into that of a step: as a hazard it holds for steps of any length."""
    return 1.0 - math.exp(-yearly_hazard(of_a_quarter) * now.dt)


@rule
def help_of_subcentres(cities: int, capital: int, parameters: Parameters) -> Floats:
    """Yearly hazard that sub-centres add in each city outside the capital to first contacts (task 18)."""
    hazards = np.full(cities, yearly_hazard(parameters.subcentre_contact))
    hazards[capital] = 0.0
    return hazards


@rule
def partner_row(need: NeedRow, firms: Rows[EnterpriseRow], firm_keys: Index) -> int:
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
def has_traded(need: NeedRow, firms: Rows[EnterpriseRow]) -> bool:
    """Whether the buyer of a need that an enterprise can meet has bought from an enterprise before."""
    return bool(
        need.type != TRANSFER
        and need.buyer_sector == _ENTERPRISE
        and firms[need.buyer_row].partner != np.uint64(0)
    )


@rule
def goes_to_enterprise(u: float, destination_cumulative: Floats) -> bool:
    """Whether a contract wanted is to be met by an enterprise of the province."""
    return bool(u >= destination_cumulative[_TO_ENTERPRISE - 1])


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
    found = waiting = unit_of_all = 0
    # Hashed before all else: with no branch between them a processor takes several at a time.
    for n in range(len(needs)):
        streams[n] = luck.stream(seed, SEARCHING, needs[n].key, now.step)
    for n in range(len(needs)):
        need = needs[n]
        chances = streams[n]
        possible = need.budget >= SMALLEST_BUDGET
        first = parameters.first_contact * need.ease + helped[need.city]
        pace = again + (1.0 - loyal) * first
        # No chance is above its hazard: those who look in vain cost no exponential and no glance at a row.
        at_most = max(first, pace) * now.dt if possible else 0.0
        alone, partner = _UNKNOWN, _NOT_ASKED
        for unit in range(need.open):
            draw = ALL_DRAWS * unit
            way = NOT_AT_ALL
            contact = luck.pick(chances, draw + CONTACT)
            if contact < at_most:
                known = has_traded(need, firms) and goes_to_enterprise(
                    luck.pick(chances, draw + WHERE), destination_cumulative
                )
                if known and partner == _NOT_ASKED:
                    partner = partner_row(need, firms, firm_keys)
                if known and partner >= 0:
                    likely = 1.0 - math.exp(-pace * now.dt)
                    if contact * pace < likely * again:
                        way = FROM_THE_PARTNER + partner
                    elif contact < likely:
                        way = BY_ITSELF
                else:
                    if alone == _UNKNOWN:
                        alone = 1.0 - math.exp(-first * now.dt)
                    if contact < alone:
                        way = BY_ITSELF
            if way != NOT_AT_ALL:
                found += 1
            elif possible and may_wait(need):
                if platform > 0.0 and luck.pick(chances, draw + ON_PLATFORM) < platform:
                    way = OVER_THE_PLATFORM
                    found += 1
                else:
                    way = luck.pick(chances, draw + CLAIM)
                    line[waiting] = way
                    waiting += 1
            ways[unit_of_all] = way
            unit_of_all += 1
    return found, waiting


def last_served(line: Floats, from_outside: float, brokers: RowArray[BrokerRow]) -> float:
    """Give the last place in the line for which the brokers' people have time.

    Buyers ``from_outside`` who look in vain for a seller here stand in the same line, so
    that they take their part of the time.
    """
    if len(line) == 0:
        return 1.0
    free = int(brokers["capacity"].sum() * len(line) / (len(line) + from_outside))
    if free >= len(line):
        return 1.0
    if free == 0:
        return 0.0
    # Places are spread evenly, so that all but those in one cell of many need only be counted.
    cells = (line * _CELLS_OF_LINE).astype(np.int64)
    upto = np.cumsum(np.bincount(cells))
    cell = np.searchsorted(upto, free)
    inside = np.sort(line[cells == cell])
    return float(inside[free - 1 - upto[cell]])
