"""High-technology zones: land with places for firms that do research, which they enter in their first step.

A zone is full when its places are taken; who found no room stays in town. What a place
in a zone is good for is an industrial base (task 12), see ``agents.result.show_outcome``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows

if TYPE_CHECKING:
    from .inputs import Parameters
    from .rows import EnterpriseRow

ENTRY = luck.mechanism("firm enters a zone")

Integers = npt.NDArray[np.int64]

PARAMETERS_READ: Final = ("zone_interest",)
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def would_enter(firm: EnterpriseRow, since: float) -> bool:
    """Whether a row has just been founded and does research."""
    return bool(firm.research_user and firm.born >= since)


@rule
def enter(
    firms: Rows[EnterpriseRow],
    places: Integers,
    since: float,
    parameters: Parameters,
    seed: np.uint64,
    tenants: Integers,
) -> None:
    """Let the firms founded since a date take free places in the zones of their city.

    Parameters
    ----------
    places : ndarray of int64 of shape (cities,)
        Firms that the zones of each city have room for.
    tenants : ndarray of int64 of shape (cities,)
        Filled with the firms in them; above its places only if these have become fewer.
    """
    tenants[:] = 0
    asking = np.zeros(len(places), dtype=np.int64)
    rows, number = np.empty(len(firms), dtype=np.int64), 0
    for i in range(len(firms)):
        firm = firms[i]
        tenants[firm.city] += firm.in_zone
        if would_enter(firm, since):
            asking[firm.city] += firm.members
            rows[number] = i
            number += 1
    chance = np.zeros(len(places), dtype=np.float64)
    for city in range(len(places)):
        free = max(0, places[city] - tenants[city])
        chance[city] = min(parameters.zone_interest, free / max(1, asking[city]))
    for i in rows[:number]:
        firm = firms[i]
        if chance[firm.city] <= 0.0:
            continue
        u = luck.uniform(seed, ENTRY, firm.key, 0, 0)
        settled = luck.binomial_quantile(u, firm.members, chance[firm.city])
        firm.in_zone = min(settled, places[firm.city] - tenants[firm.city])
        tenants[firm.city] += firm.in_zone
