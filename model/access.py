"""Who finds access to sellers in a step: by himself, on the platform, or in the line for a broker."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..agents.goods import TRANSFER
from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .directory import DRAWS

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
def chance_of_step(of_a_quarter: float, now: Any) -> float:
    """Turn a chance of a quarter into that of a step: as a hazard it holds for steps of any length."""
    return 1.0 - math.exp(4.0 * now.dt * math.log(1.0 - of_a_quarter))


@rule
def contact_chances(cities: int, capital: int, parameters: Any, now: Any) -> Floats:
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
def may_wait(need: Any) -> bool:
    """Whether a broker may help: not with transfers, whose owners come forward themselves."""
    return bool(need.type != TRANSFER)


@rule
def share_out_brokers(
    needs: Rows, brokers: Rows, contact: Floats, parameters: Any, now: Any, seed: Any, claims: Floats
) -> tuple[int, float]:
    """Let every contract wanted look for a seller; who finds none lines up for a broker.

    The line is in a random order of its own; brokers serve as many as their people can.
    The platform (task 2) comes before them, because it costs no effort.

    Parameters
    ----------
    needs, brokers : structured ndarray
    contact : ndarray of float64 of shape (cities,)
        From :func:`contact_chances`.
    claims : ndarray of float64 of shape (contracts wanted,)
        Working room for the places in the line.

    Returns
    -------
    tuple
        How many will look at sellers at most; the last place in the line that is served.
    """
    platform = chance_of_step(parameters.platform_chance, now)
    found = 0
    left = 0
    for n in range(len(needs)):
        need = needs[n]
        if need.open == 0 or need.budget < SMALLEST_BUDGET:
            continue
        chances = luck.stream(seed, SEARCHING, need.key, now.step)
        for unit in range(need.open):
            draw = ALL_DRAWS * unit
            if luck.pick(chances, draw + CONTACT) < contact[need.city]:
                found += 1
            elif not may_wait(need):
                continue
            elif platform > 0.0 and luck.pick(chances, draw + ON_PLATFORM) < platform:
                found += 1
            else:
                claims[left] = luck.pick(chances, draw + CLAIM)
                left += 1
    free = 0
    for b in range(len(brokers)):
        free += brokers[b].capacity
    room = found + (left if parameters.import_brokerage > 0.0 else min(free, left))
    if free >= left:
        return room, 1.0
    if free == 0:
        return room, 0.0
    return room, float(np.partition(claims[:left], free - 1)[free - 1])
