"""Grants of a step: what each programme pays, and to whom; the levers say how much."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents import grants, jury, student_team, venture
from ...agents.government import PROVINCE
from ...engine import luck
from ...engine.books import CAUSE, SECTOR, pay_public
from ..orders import FIRST_CALL
from . import calls
from .firms import found_spin_offs

if TYPE_CHECKING:
    from ..orders import Level
    from ..province import Province


_ENTERPRISE: Final = SECTOR["enterprise"]
_HOUSEHOLDS: Final = SECTOR["households"]
_MILITARY_UNIT: Final = SECTOR["military_unit"]
_GRANT: Final = CAUSE["grant"]

Counts = npt.NDArray[np.int64]

PROGRAMMES: Final[dict[str, tuple[np.uint64, Callable[..., None]]]] = {
    "cultivation": (grants.CULTIVATION, grants.lack_certificate),
    "research platforms": (grants.RESEARCH_PLATFORM, grants.lack_research),
    "fast growers": (grants.FAST_GROWTH, grants.are_gazelles),
    "contests": (grants.PRIZE, grants.may_compete),
    "mentors": (grants.MENTOR, grants.are_beginners),
}
"""Programmes that pay enterprises: each with luck of its own, and the rule that says who waits."""

BY_SCORE: Final = ("fast growers", "contests")
"""Those of them whose winners a jury chooses; the others draw lots."""


def number_of_step(
    province: Province, programme: str, yearly: float, price: float, call: np.uint64 = FIRST_CALL
) -> int:
    """Cases of a call of a programme in the step, as far as the provincial treasury pays for them."""
    if yearly <= 0.0:
        return 0
    source = np.uint64(luck.key_of("programme", programme)) ^ call
    return int(grants.grants_of_step(yearly, int(price), source, province.now, province.seed, province.purse))


def support_pilots(province: Province) -> None:
    """Pay for pilots: grants and joint centres (task 7), civil-military money (13), major programmes (22).

    A joint centre gets a yearly grant and tests ``centre_pilots_per_year`` results,
    whose owners and partner firms bear the rest.
    """
    levers, values = province.levers, province.values
    price, large = values["pilot_grant"], values["preindustrial_grant"]
    tests = values["centre_pilots_per_year"]
    sources = (
        ("pilot grants", 7, levers.pilot_grants / price, price, grants.ALL_OWNERS),
        (
            "joint centres",
            7,
            levers.joint_centres * tests,
            values["joint_centre_grant"] / tests,
            grants.ALL_OWNERS,
        ),
        ("civil-military fund", 13, levers.civil_military_fund / price, price, _MILITARY_UNIT),
        (
            "pre-industrial work",
            22,
            levers.preindustrial_programme / large,
            large,
            grants.ALL_OWNERS,
        ),
    )
    province.supported["pilots"] = 0
    for name, task, yearly, each, sector in sources:
        number = number_of_step(province, name, yearly, each)
        if number:
            source = np.uint64(luck.key_of("programme", name))
            before = None if province.calls is None else province.results.rows.copy()
            province.supported["pilots"] += grants.fund_pilots(
                province.results.rows,
                sector,
                number,
                int(each),
                task,
                source,
                province.terms.results,
                province.now,
                province.seed,
                province.purse,
                province.books.flows,
                province.books.public,
            )
            if before is not None:
                calls.note_pilots(province, name, sector, source, before)


def support_firms(province: Province) -> None:
    """Pay enterprises: cultivation, research platforms, gazelles (task 5), prizes (25), mentors (24).

    Gazelles and prizes are chosen by score, so that winners do better than losers whatever the grant does.
    Incubators and mentors save no firm (Schwartz 2013), and grants of the kind of prizes
    had no effect in China (Wang, Li and Furman 2017): growth has zero inside its bounds.
    """
    values, firms = province.values, province.enterprises.rows

    def certify(won: Counts) -> None:
        firms["certified"] += won
        firms["cultivated"] += won

    def equip(won: Counts) -> None:
        grants.begin_research(firms, won, province.now, province.seed)

    def equip_and_grow(won: Counts) -> None:
        equip(won)
        grants.let_grow(firms, won, values["fast_grower_gain"])

    def grow(gain: str) -> Callable[[Counts], object]:
        return lambda won: grants.let_grow(firms, won, values[gain])

    subsidy, platform = values["cultivation_subsidy"], values["research_platform_grant"]
    project, prize, course = values["fast_grower_grant"], values["contest_prize"], values["mentor_cost"]
    hold(province, "cultivation", 5, "firms_cultivated", 1.0, subsidy, certify)
    hold(province, "research platforms", 5, "firm_research_platforms", 1.0, platform, equip)
    hold(province, "fast growers", 5, "fast_growers_supported", 1.0, project, equip_and_grow)
    hold(province, "contests", 25, "contest_prizes", prize, prize, grow("prize_growth"))
    hold(province, "mentors", 24, "founders_mentored", 1.0, course, grow("mentor_gain"))


def hold(
    province: Province,
    programme: str,
    task: int,
    lever: str,
    of_each: float,
    price: float,
    then: Callable[[Counts], object],
) -> None:
    """Hold the step's calls of a programme for enterprises: that for all, and those for some of them.

    Parameters
    ----------
    programme : str
        One of :data:`PROGRAMMES`.
    task : int
        Task of the plan whose account pays.
    lever : str
        How much of it there is a year.
    of_each, price : float
        What one grant takes of the lever: the money, or 1 where the lever counts grants; yuan for each.
    then : callable
        What becomes of those who got one, from the winning members of each row.
    """
    for asked in province.levels(lever, province.enterprises.rows):
        number = number_of_step(province, programme, asked.level / of_each, price, asked.call)
        if number > 0:
            choose(province, programme, task, number, asked, price, then)


def choose(
    province: Province,
    programme: str,
    task: int,
    number: int,
    asked: Level,
    price: float,
    then: Callable[[Counts], object],
) -> None:
    """Choose who gets a grant in one call, pay the winners, and let the grant act.

    Parameters
    ----------
    number : int
        Grants that there are.
    asked : Level
        Who may apply, and which call of the step it is.
    programme, task, price, then
        As for :func:`hold`.
    """
    mechanism, wait = PROGRAMMES[programme]
    mechanism ^= asked.call
    firms, books = province.enterprises.rows, province.books
    now, seed = province.now, province.seed
    waiting = np.empty(len(firms), dtype=np.int64)
    won = np.empty(len(firms), dtype=np.int64)
    wait(firms, province.terms.finance, now, waiting)
    if asked.units is not None:
        waiting[~asked.units] = 0
    if programme in BY_SCORE:
        next_year, parameters = province.calendar.next_year(province.step), province.terms.finance
        jury.choose(firms, waiting, number, mechanism, next_year, parameters, now, seed, won)
    else:
        grants.draw_lots(firms, waiting, number, mechanism, now, seed, won)
    if province.calls is not None:
        calls.note_grants(province, programme, mechanism, programme in BY_SCORE, waiting, won)
    grants.pay_winners(won, int(price), task, province.purse, books.flows, books.public)
    then(won)
    province.supported[programme] += int(won.sum())


def support_founder(province: Province, row: int) -> None:
    """Pay who founds a firm on a result the one-off subsidy (task 17), if there is money."""
    amount = int(province.levers.founder_subsidy)
    if 0 < amount <= int(province.treasuries.rows["cash"][PROVINCE]):
        books = province.books
        pay_public(province.purse, PROVINCE, _ENTERPRISE, row, amount, _GRANT, 17, books.flows, books.public)


def plant_micro_seeds(province: Province) -> None:
    """Let teams at universities apply for micro seeds (task 24); a jury chooses, and the winners decide.

    The tickets go to the teams, and firms start small. Only those that found because of the seed are
    added: who founds without one is among the province's firms already.
    """
    values, levers, books = province.values, province.levers, province.books
    ticket = int(values["micro_seed_ticket"])
    number = number_of_step(province, "micro seeds", levers.micro_seed_fund / ticket, ticket)
    if number == 0:
        return
    pay_public(
        province.purse, PROVINCE, _HOUSEHOLDS, 0, number * ticket, _GRANT, 24, books.flows, books.public
    )
    applicants = max(number, round(number * values["seed_applicants"]))
    spread, terms = venture.spread_of_gains(province.terms.results), province.terms.finance
    seeded = student_team.give_seeds(
        province.key, applicants, number, ticket, spread, terms, province.now, province.seed
    )
    province.supported["student firms"] += len(seeded.keys)
    province.supported["seeds anyway"] += seeded.anyway
    province.supported["seeds refused"] += seeded.refused
    universities = province.producers["university"].rows
    share = np.cumsum(universities["rd_share"])
    homes = np.minimum(np.searchsorted(share, seeded.places * share[-1]), len(universities) - 1)
    found_spin_offs(province, seeded.keys, universities["city"][homes], universities["field"][homes])
