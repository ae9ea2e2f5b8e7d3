"""Grants: public money without a contract, paid to those who test, found, compete or set up research.

Who gets a grant is a lottery among those who may, each with luck of his own, so that
one candidate more does not move another's grant. Part of what is paid goes to people
who would have acted anyway: that is deadweight, and nothing is added for it.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay_public
from ..engine.rules import rule
from ..engine.table import Rows
from .goods import IDLE, SOLD
from .government import PROVINCE

PILOT_GRANT = luck.mechanism("grant for a pilot test")
CULTIVATION = luck.mechanism("cultivation of a high-technology firm")
RESEARCH_PLATFORM = luck.mechanism("research platform of an enterprise")
PRIZE = luck.mechanism("prize of a contest")
PRIZES_LOT = luck.mechanism("number of grants of a step")

ALL_OWNERS: Final = -1

_ENTERPRISE: Final = SECTOR["enterprise"]
_GOVERNMENT: Final = SECTOR["government"]
_GRANT: Final = CAUSE["grant"]


@rule
def grants_of_step(yearly: float, price: int, source: Any, now: Any, seed: Any, purse: Purse) -> int:
    """Count the grants that a yearly number, rounded by luck, and the provincial treasury allow in a step.

    Parameters
    ----------
    yearly : float
        Grants a year.
    price : int
        Yuan for each.
    source : int
        Key of the programme.
    """
    if yearly <= 0.0:
        return 0
    number = luck.rounded(luck.uniform(seed, PRIZES_LOT, source, now.step, 0), yearly * now.dt)
    if price > 0:
        number = min(number, purse[_GOVERNMENT][PROVINCE] // price)
    return int(max(0, number))


@rule
def waits_for_pilot(result: Any, sector: int) -> bool:
    """Whether a pilot test would still help: asked for, or sold and not yet in use, and never tested."""
    if sector >= 0 and result.owner_sector != sector:
        return False
    wanted = (result.state == IDLE and result.seeking) or (result.state == SOLD and result.outcome > 0.0)
    return bool(wanted and result.needs_pilot and not result.piloted and not result.classified)


@rule
def fund_pilots(
    results: Rows,
    sector: int,
    number: int,
    price: int,
    task: int,
    source: Any,
    now: Any,
    seed: Any,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> int:
    """Pay pilot tests of results that wait for one; each is carried out in the step.

    A pilot raises the chance of success in use from about 0.3 to 0.8 (weak priors). Some
    of these results would have been piloted later anyway.

    Parameters
    ----------
    sector : int
        Kind of owner that is served; :data:`ALL_OWNERS` if all are.
    number, price : int
        Grants of the step, and yuan for each.
    task : int
        Task of the plan whose account pays.
    source : int
        Key of the programme.

    Returns
    -------
    int
        Pilots paid.
    """
    lots = np.full(len(results), 2.0)
    waiting = 0
    for i in range(len(results)):
        if waits_for_pilot(results[i], sector):
            lots[i] = luck.uniform(seed ^ source, PILOT_GRANT, results[i].key, now.step, 0)
            waiting += 1
    number = min(number, waiting)
    if number == 0:
        return 0
    last = np.partition(lots, number - 1)[number - 1]
    paid = 0
    for i in range(len(results)):
        result = results[i]
        if lots[i] <= last and paid < number:
            result.piloted = True
            pay_public(
                purse, PROVINCE, result.owner_sector, result.owner_row, price, _GRANT, task, flows, public
            )
            paid += 1
    return paid


@rule
def cultivate(
    firms: Rows,
    number: int,
    price: int,
    task: int,
    now: Any,
    seed: Any,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> int:
    """Bring firms that do research to the certificate of high technology, with a subsidy for each.

    Returns
    -------
    int
        Firms certified in this way.
    """
    waiting = 0
    for i in range(len(firms)):
        if firms[i].research_user and now.date - firms[i].born >= 1.0:
            waiting += firms[i].members - firms[i].certified
    if waiting == 0 or number == 0:
        return 0
    chance = min(1.0, number / waiting)
    gained = 0
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.research_user or now.date - firm.born < 1.0:
            continue
        u = luck.uniform(seed, CULTIVATION, firm.key, now.step, 0)
        won = min(number - gained, luck.binomial_quantile(u, firm.members - firm.certified, chance))
        if won > 0:
            firm.certified += won
            gained += won
            pay_public(purse, PROVINCE, _ENTERPRISE, i, won * price, _GRANT, task, flows, public)
    return gained


@rule
def set_up_platforms(
    firms: Rows,
    number: int,
    price: int,
    task: int,
    now: Any,
    seed: Any,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> int:
    """Let large firms without research of their own set up a platform: from then on they can absorb results.

    Absorptive capacity is a threshold (Laursen and Salter 2004). What enterprises spend
    on research in all is given; it is shared among more of them.

    Returns
    -------
    int
        Platforms set up.
    """
    waiting = 0
    for i in range(len(firms)):
        if firms[i].large and not firms[i].research_user and firms[i].members > 0:
            waiting += 1
    if waiting == 0 or number == 0:
        return 0
    chance = min(1.0, number / waiting)
    founded = 0
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.large or firm.research_user or firm.members == 0 or founded == number:
            continue
        if luck.uniform(seed, RESEARCH_PLATFORM, firm.key, now.step, 0) < chance:
            firm.research_user = True
            founded += 1
            pay_public(purse, PROVINCE, _ENTERPRISE, i, price, _GRANT, task, flows, public)
    return founded


@rule
def award_prizes(
    firms: Rows,
    number: int,
    price: int,
    task: int,
    parameters: Any,
    now: Any,
    seed: Any,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> int:
    """Give the prizes of contests to young small firms that do research; winners grow a little for good.

    Returns
    -------
    int
        Prizes given.
    """
    eligible = 0
    for i in range(len(firms)):
        firm = firms[i]
        if firm.research_user and not firm.large and now.date - firm.born < parameters.fund_venture_age:
            eligible += firm.members
    if eligible == 0 or number == 0:
        return 0
    chance = min(1.0, number / eligible)
    gain = math.exp(parameters.prize_growth) - 1.0
    given = 0
    for i in range(len(firms)):
        firm = firms[i]
        if not firm.research_user or firm.large or now.date - firm.born >= parameters.fund_venture_age:
            continue
        u = luck.uniform(seed, PRIZE, firm.key, now.step, 0)
        won = min(number - given, luck.binomial_quantile(u, firm.members, chance))
        if won > 0:
            firm.growth += math.log1p(gain * won / firm.members)
            given += won
            pay_public(purse, PROVINCE, _ENTERPRISE, i, won * price, _GRANT, task, flows, public)
    return given
