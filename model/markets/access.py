"""Who finds access to sellers in a step: by himself, on the platform, or in the line for a broker."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.goods import TRANSFER
from ...engine import luck
from ...engine.rules import rule
from ...engine.table import Rows
from .directory import DRAWS

if TYPE_CHECKING:
    from ...agents.inputs import Moment, Parameters
    from ...agents.rows import BrokerRow, NeedRow
    from ...engine.table import RowArray

SEARCHING = luck.mechanism("a need looks for a seller")

# Which numbers of a need's stream each of its contracts takes, and how many.
(
    CONTACT,
    CLAIM,
    ADVICE,
    WHERE,
    WHICH,
    TIE_DRAW,
    WORTH,
    KEY_DRAW,
    PRIORITY,
    ON_PLATFORM,
    ABROAD,
    SEARCH_DRAW,
) = range(12)
ALL_DRAWS: Final = SEARCH_DRAW + DRAWS

SMALLEST_BUDGET: Final = 1_000
"""Yuan below which nobody writes a contract (assumption)."""

Floats = npt.NDArray[np.float64]


@rule
def chance_of_step(of_a_quarter: float, now: Moment) -> float:
    """Turn a chance of a quarter into that of a step: as a hazard it holds for steps of any length."""
    return 1.0 - math.exp(4.0 * now.dt * math.log(1.0 - of_a_quarter))


@rule
def contact_chances(cities: int, capital: int, parameters: Parameters, now: Moment) -> Floats:
    """Chance in each city that a contract wanted finds a seller in the step without help.

    Sub-centres of the regional network reach a part of those outside the capital who
    would find nobody (task 18).
    """
    usual = parameters.contact_probability
    chances = np.full(cities, chance_of_step(usual, now))
    if parameters.subcentre_contact > 0.0:
        chances[:] = chance_of_step(usual + (1.0 - usual) * parameters.subcentre_contact, now)
        chances[capital] = chance_of_step(usual, now)
    return chances


@rule
def may_wait(need: NeedRow) -> bool:
    """Whether a broker may help: not with transfers, whose owners come forward themselves."""
    return bool(need.type != TRANSFER)


BY_ITSELF: Final = 2.0
OVER_THE_PLATFORM: Final = 3.0
NOT_AT_ALL: Final = 4.0
"""How a contract wanted comes to look at sellers; a number below 1 is a place in the line for a broker."""


@rule
def find_ways(
    needs: Rows[NeedRow],
    contact: Floats,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    streams: npt.NDArray[np.uint64],
    ways: Floats,
    line: Floats,
) -> tuple[int, int]:
    """Let every contract wanted look for a seller; who finds none lines up for a broker.

    The line is in a random order of its own. The platform (task 2) comes before the
    brokers, because it costs no effort.

    Parameters
    ----------
    needs : structured ndarray
    contact : ndarray of float64 of shape (cities,)
        From :func:`contact_chances`.
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
    found = waiting = unit_of_all = 0
    for n in range(len(needs)):
        need = needs[n]
        chances = luck.stream(seed, SEARCHING, need.key, now.step)
        streams[n] = chances
        possible = need.budget >= SMALLEST_BUDGET
        likely = contact[need.city]
        for unit in range(need.open):
            draw = ALL_DRAWS * unit
            way = NOT_AT_ALL
            if possible and luck.pick(chances, draw + CONTACT) < likely:
                way = BY_ITSELF
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


def last_served(line: Floats, brokers: RowArray[BrokerRow]) -> float:
    """Give the last place in the line for which the brokers' people have time."""
    free = int(brokers["capacity"].sum())
    if free >= len(line):
        return 1.0
    if free == 0:
        return 0.0
    return float(np.partition(line, free - 1)[free - 1])
