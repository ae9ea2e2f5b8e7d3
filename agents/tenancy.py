"""Tenants of incubators: young small firms that take places and leave them after some years.

Incubation gives firms a little growth and no longer life: Schwartz (2013, Journal of
Technology Transfer 38) finds tenants of five German incubators to live no longer in
none, and shorter in three; Amezcua finds growth. Firms that close give their place back.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.rules import rule
from ..engine.table import Rows
from .incubator import INCUBATOR

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow, IncubatorRow

STAY = luck.mechanism("tenant leaves an incubator")
ADMISSION = luck.mechanism("tenant enters an incubator")

Integers = npt.NDArray[np.int64]

PARAMETERS_READ: Final = ("incubation_admission_age", "incubation_growth", "incubation_years")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def applicants_of(firm: EnterpriseRow, parameters: Parameters, now: Moment) -> int:
    """Members of a row that an incubator would take: small, young, not there yet."""
    if firm.large or now.date - firm.born >= parameters.incubation_admission_age:
        return 0
    return int(firm.members - firm.incubated)


@rule
def move_tenants(
    firms: Rows[EnterpriseRow],
    places: Integers,
    tenants: Integers,
    interest: float,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
) -> None:
    """Let tenants leave and others take the free places of their city.

    Parameters
    ----------
    firms : structured ndarray
        Enterprises in the order of their keys.
    places : ndarray of int64 of shape (cities,)
        Firms that the incubators of each city can hold.
    tenants : ndarray of int64 of shape (cities,)
        Filled with the tenants of each city, never more than its places.
    interest : float
        Yearly hazard at which a young firm asks for a free place.
    """
    stay = math.exp(-now.dt / parameters.incubation_years)
    applicants = np.zeros(len(places), dtype=np.int64)
    rows, number = np.empty(len(firms), dtype=np.int64), 0
    tenants[:] = 0
    for i in range(len(firms)):
        firm = firms[i]
        if firm.incubated > 0:
            u = luck.uniform(seed, STAY, firm.key, now.step, 0)
            firm.incubated -= luck.binomial_quantile(u, firm.incubated, 1.0 - stay)
            # Where an incubator has closed, some have to go at once.
            firm.incubated = max(0, min(firm.incubated, places[firm.city] - tenants[firm.city]))
            firm.growth += parameters.incubation_growth * now.dt * firm.incubated / firm.members
            tenants[firm.city] += firm.incubated
        waiting = applicants_of(firm, parameters, now)
        applicants[firm.city] += waiting
        rows[number] = i
        number += waiting > 0
    asking = 1.0 - math.exp(-interest * now.dt)
    chance = np.zeros(len(places), dtype=np.float64)
    for city in range(len(places)):
        chance[city] = min(asking, (places[city] - tenants[city]) / max(1, applicants[city]))
    for i in rows[:number]:
        firm = firms[i]
        if chance[firm.city] <= 0.0:
            continue
        waiting = applicants_of(firm, parameters, now)
        u = luck.uniform(seed, ADMISSION, firm.key, now.step, 0)
        admitted = luck.binomial_quantile(u, waiting, chance[firm.city])
        admitted = min(admitted, places[firm.city] - tenants[firm.city])
        firm.incubated += admitted
        tenants[firm.city] += admitted


@rule
def seat_tenants(platforms: Rows[IncubatorRow], tenants: Integers) -> None:
    """Write into each incubator its part of its city's tenants, in proportion to its places.

    Parameters
    ----------
    tenants : ndarray of int64 of shape (cities,)
        From :func:`move_tenants`; the parts sum to them exactly.
    """
    whole = np.zeros(len(tenants), dtype=np.int64)
    for i in range(len(platforms)):
        if platforms[i].kind == INCUBATOR:
            whole[platforms[i].city] += platforms[i].capacity
    reached = np.zeros(len(tenants), dtype=np.int64)
    for i in range(len(platforms)):
        platform = platforms[i]
        if platform.kind != INCUBATOR:
            continue
        city = platform.city
        if whole[city] == 0:
            platform.tenants = 0
            continue
        before = tenants[city] * reached[city] // whole[city]
        reached[city] += platform.capacity
        platform.tenants = tenants[city] * reached[city] // whole[city] - before
