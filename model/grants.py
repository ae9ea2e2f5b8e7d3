"""Grants of a step: what each programme pays, and to whom; the levers say how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..agents import enterprise, founding, grants
from ..agents.government import PROVINCE
from ..engine import luck
from ..engine.books import CAUSE, SECTOR, pay_public

if TYPE_CHECKING:
    from .province import Province

STUDENT_FIRM = luck.mechanism("firm founded on a micro seed")

_ENTERPRISE: Final = SECTOR["enterprise"]
_HOUSEHOLDS: Final = SECTOR["households"]
_MILITARY_UNIT: Final = SECTOR["military_unit"]
_GRANT: Final = CAUSE["grant"]


def _number(province: Province, programme: str, yearly: float, price: float) -> int:
    """Grants of a programme in the step."""
    if yearly <= 0.0:
        return 0
    source = np.uint64(luck.key_of("programme", programme))
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
    province.pilots_paid = 0
    for name, task, yearly, each, sector in sources:
        number = _number(province, name, yearly, each)
        if number:
            province.pilots_paid += grants.fund_pilots(
                province.results.rows,
                sector,
                number,
                int(each),
                task,
                np.uint64(luck.key_of("programme", name)),
                province.now,
                province.seed,
                province.purse,
                province.books.flows,
                province.books.public,
            )


def support_firms(province: Province) -> None:
    """Pay enterprises: cultivation and research platforms (task 5), prizes of contests (task 25)."""
    levers, values = province.levers, province.values
    firms, books = province.enterprises.rows, province.books
    subsidy, platform = values["cultivation_subsidy"], values["research_platform_grant"]
    prize = values["contest_prize"]
    money = (province.now, province.seed, province.purse, books.flows, books.public)
    number = _number(province, "cultivation", levers.firms_cultivated, subsidy)
    if number:
        grants.cultivate(firms, number, int(subsidy), 5, *money)
    number = _number(province, "research platforms", levers.firm_research_platforms, platform)
    if number:
        grants.set_up_platforms(firms, number, int(platform), 5, *money)
    number = _number(province, "contests", levers.contest_prizes / prize, prize)
    province.prizes_given = 0
    if number:
        province.prizes_given = grants.award_prizes(
            firms, number, int(prize), 25, province.terms.finance, *money
        )


def support_founder(province: Province, row: int) -> None:
    """Pay who founds a firm on a result the one-off subsidy (task 17), if there is money."""
    amount = int(province.levers.founder_subsidy)
    if 0 < amount <= int(province.treasuries.rows["cash"][PROVINCE]):
        books = province.books
        pay_public(province.purse, PROVINCE, _ENTERPRISE, row, amount, _GRANT, 17, books.flows, books.public)


def plant_micro_seeds(province: Province) -> None:
    """Give micro seeds to teams at universities (task 24); few of them found a firm that would not be there.

    Intentions are not acts: of researchers who say they would found a firm 2 to 4 in a
    hundred did (CAST 2015). The tickets go to the teams, firms start small.
    """
    values, levers, books = province.values, province.levers, province.books
    ticket = int(values["micro_seed_ticket"])
    number = _number(province, "micro seeds", levers.micro_seed_fund / ticket, ticket)
    if number == 0:
        return
    pay_public(
        province.purse, PROVINCE, _HOUSEHOLDS, 0, number * ticket, _GRANT, 24, books.flows, books.public
    )
    universities = province.producers["university"].rows
    share = np.cumsum(universities["rd_share"])
    for k in range(number):
        key = np.uint64(luck.child_key(province.key, STUDENT_FIRM, province.step, k))
        founded, place = (
            luck.draw_uniform(int(province.seed), int(STUDENT_FIRM), int(key), 0, i) for i in (0, 1)
        )
        if founded >= values["micro_seed_additional"]:
            continue
        home = universities[min(len(universities) - 1, int(np.searchsorted(share, place * share[-1])))]
        firm = province.enterprises.extend(1)
        founding.found_spin_off(
            firm[0], key, home["city"], home["field"], province.terms.firms, province.now, province.seed
        )
        enterprise.measure(firm, province.terms.firms, province.now)
        province.student_firms += 1
