"""Grants: public money without a contract, paid to those who test, found, compete or set up research.

Who gets a grant is a lottery among those who may, each with luck of his own, so that
one candidate more does not move another's grant; or a jury chooses (``agents.jury``).
Part of what is paid goes to people who would have acted anyway: that is deadweight, and
nothing is added for it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine import luck
from ..engine.books import CAUSE, SECTOR, Flows, Public, Purse, pay_public
from ..engine.rules import rule
from ..engine.table import Rows
from .certificate import certificate_pays
from .goods import IDLE, SOLD
from .government import PROVINCE
from .result import finish_pilot
from .standing import grows_fast, is_young_researcher, may_be_certified

if TYPE_CHECKING:
    from .inputs import Moment, Parameters
    from .rows import EnterpriseRow, ResultRow

PILOT_GRANT = luck.mechanism("grant for a pilot test")
CULTIVATION = luck.mechanism("cultivation of a high-technology firm")
RESEARCH_PLATFORM = luck.mechanism("research platform of an enterprise")
FAST_GROWTH = luck.mechanism("support of a firm that grows fast")
MENTOR = luck.mechanism("mentor of a founder")
PRIZE = luck.mechanism("prize of a contest")
PRIZES_LOT = luck.mechanism("number of grants of a step")

ALL_OWNERS: Final = -1

_ENTERPRISE: Final = SECTOR["enterprise"]
_GOVERNMENT: Final = SECTOR["government"]
_GRANT: Final = CAUSE["grant"]

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

PARAMETERS_READ: Final = ("cultivation_subsidy", "incubation_admission_age")
"""Parameters that this file reads; `Terms` packs those of a family of files into one record."""


@rule
def grants_of_step(
    yearly: float, price: int, source: np.uint64, now: Moment, seed: np.uint64, purse: Purse
) -> int:
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
def waits_for_pilot(result: ResultRow, sector: int) -> bool:
    """Whether a pilot test would still help: asked for, or sold and not yet in use, and never tested.

    Asked for is also what buyers passed over because it was not tested.
    """
    asked_for = (result.state == IDLE) & (result.seeking | result.if_tested)
    in_hand = (result.state == SOLD) & (result.outcome > 0.0)
    untested = result.needs_pilot & (not result.piloted) & (not result.classified)
    return bool(((sector < 0) | (result.owner_sector == sector)) & (asked_for | in_hand) & untested)


@rule
def draw_pilot_lots(
    results: Rows[ResultRow],
    sector: int,
    source: np.uint64,
    now: Moment,
    seed: np.uint64,
    rows: Counts,
    lots: Numbers,
) -> int:
    """Give every result that waits for a pilot its lot; tells how many wait.

    Parameters
    ----------
    rows : ndarray of int64 of shape (results,)
        Filled with the rows of those that wait.
    lots : ndarray of float64 of shape (results,)
        Filled with their lots.
    """
    waiting = 0
    # Few wait, and a processor that has to guess which guesses wrong.
    for i in range(len(results)):
        rows[waiting] = i
        waiting += waits_for_pilot(results[i], sector)
    for k in range(waiting):
        lots[k] = luck.uniform(seed ^ source, PILOT_GRANT, results[rows[k]].key, now.step, 0)
    return waiting


@rule
def pay_pilots(
    results: Rows[ResultRow],
    chosen: Counts,
    price: int,
    task: int,
    parameters: Parameters,
    now: Moment,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> None:
    """Pay the owners of the chosen results for a pilot, which is carried out in the step.

    Parameters
    ----------
    chosen : ndarray of int64 of shape (n,)
        Rows of the results.
    """
    for row in chosen:
        result = results[row]
        finish_pilot(result, parameters, now)
        pay_public(purse, PROVINCE, result.owner_sector, result.owner_row, price, _GRANT, task, flows, public)


def fund_pilots(
    results: Rows[ResultRow],
    sector: int,
    number: int,
    price: int,
    task: int,
    source: np.uint64,
    parameters: Parameters,
    now: Moment,
    seed: np.uint64,
    purse: Purse,
    flows: Flows,
    public: Public,
) -> int:
    """Pay pilot tests of results that wait for one, by lot.

    A pilot raises the chance of success in use from about 0.3 to 0.8 (weak priors), and
    with it what a buyer pays and whether there is one. Some of these results would have
    been piloted later anyway.

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
    rows, lots = np.empty(len(results), dtype=np.int64), np.empty(len(results))
    waiting = draw_pilot_lots(results, sector, source, now, seed, rows, lots)
    number = min(number, waiting)
    if number == 0:
        return 0
    lots = lots[:waiting]
    last = np.partition(lots, number - 1)[number - 1]
    chosen = rows[:waiting][lots <= last][:number]
    pay_pilots(results, chosen, price, task, parameters, now, purse, flows, public)
    return number


@rule
def won_by_lot(u: float, members: int, total: int, left: int) -> int:
    """Say how many members of a row win, of all ``total`` that still wait for what is left of the grants.

    Each has the same chance; who stands last in the row takes what is left, so that all are given.
    """
    if members >= total:
        return min(left, members)
    return min(left, luck.binomial_quantile(u, members, min(1.0, left / total)))


@rule
def draw_lots(
    firms: Rows[EnterpriseRow],
    waiting: Counts,
    number: int,
    mechanism: np.uint64,
    now: Moment,
    seed: np.uint64,
    won: Counts,
) -> None:
    """Draw lots among the enterprises that wait for a grant, until all are given.

    The chance of each is what is left of the number over those who are left, so that few grants in a
    short step are given as surely as many in a long one.

    Parameters
    ----------
    waiting : ndarray of int64 of shape (firms,)
        Members of each row that wait.
    number : int
        Grants of the step.
    mechanism : int
        Luck of the programme.
    won : ndarray of int64 of shape (firms,)
        Filled with the members of each row that get one.
    """
    total = 0
    for i in range(len(firms)):
        total += waiting[i]
    won[:] = 0
    if total == 0:
        return
    left = number
    for i in range(len(firms)):
        if waiting[i] > 0:
            u = luck.uniform(seed, mechanism, firms[i].key, now.step, 0)
            won[i] = won_by_lot(u, waiting[i], total, left)
            left -= won[i]
            total -= waiting[i]


@rule
def pay_winners(won: Counts, price: int, task: int, purse: Purse, flows: Flows, public: Public) -> None:
    """Pay each enterprise its grants out of the provincial treasury."""
    for i in range(len(won)):
        if won[i] > 0:
            pay_public(purse, PROVINCE, _ENTERPRISE, i, won[i] * price, _GRANT, task, flows, public)


@rule
def lack_certificate(
    firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, waiting: Counts
) -> None:
    """Fill in who could be a certified high-technology enterprise and is not (task 5).

    With the subsidy the certificate pays for some for which it would not otherwise.
    """
    subsidy = parameters.cultivation_subsidy
    for i in range(len(firms)):
        firm = firms[i]
        waits = may_be_certified(firm, now) and certificate_pays(firm, subsidy, parameters, now)
        waiting[i] = firm.members - firm.certified if waits else 0


@rule
def lack_research(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, waiting: Counts) -> None:
    """Fill in which large firms have no research of their own (task 5)."""
    for i in range(len(firms)):
        waiting[i] = firms[i].members if firms[i].large and not firms[i].research_user else 0


@rule
def are_gazelles(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, waiting: Counts) -> None:
    """Fill in who grows fast (task 5)."""
    for i in range(len(firms)):
        waiting[i] = firms[i].members if grows_fast(firms[i], parameters, now) else 0


@rule
def may_compete(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, waiting: Counts) -> None:
    """Fill in who may win a prize of a contest: young small firms that do research (task 25)."""
    for i in range(len(firms)):
        waiting[i] = firms[i].members if is_young_researcher(firms[i], parameters, now) else 0


@rule
def are_beginners(firms: Rows[EnterpriseRow], parameters: Parameters, now: Moment, waiting: Counts) -> None:
    """Fill in whose founders may want a mentor or a course: small firms, as young as tenants (task 24)."""
    for i in range(len(firms)):
        young = now.date - firms[i].born < parameters.incubation_admission_age
        waiting[i] = firms[i].members if young and not firms[i].large else 0


@rule
def begin_research(firms: Rows[EnterpriseRow], won: Counts, now: Moment, seed: np.uint64) -> None:
    """Let winners do research of their own: from then on they can absorb results.

    Absorptive capacity is a threshold (Laursen and Salter 2004). What enterprises spend
    on research in all is given; it is shared among more of them. A row of many firms
    crosses it with the share of its members that won.
    """
    for i in range(len(firms)):
        firm = firms[i]
        if won[i] > 0 and not firm.research_user:
            chance = won[i] / firm.members
            firm.research_user = luck.uniform(seed, RESEARCH_PLATFORM, firm.key, now.step, 1) < chance


@rule
def let_grow(firms: Rows[EnterpriseRow], won: Counts, gain: float) -> None:
    """Let winners grow for good by ``gain``, in logarithms of size."""
    relative = math.exp(gain) - 1.0
    for i in range(len(firms)):
        if won[i] > 0:
            firms[i].growth += math.log1p(relative * won[i] / firms[i].members)
