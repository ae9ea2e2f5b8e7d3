"""Which programmes pay for firms' contracts in a step, or lead to them: the levers say how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...agents import voucher
from ...agents.goods import DEVELOPMENT, IDLE, TRANSFER
from ...agents.incubator import STAR_SKY
from ...engine.books import SECTOR
from ...engine.rules import rule
from ...engine.table import Rows
from ..orders import Level, levers_with
from ..state.sums import count_platforms

if TYPE_CHECKING:
    from ...agents.inputs import Levers
    from ...agents.rows import ResultRow
    from ..orders import Orders
    from ..province import Province

_MILITARY_UNIT: Final = SECTOR["military_unit"]


class Programme(NamedTuple):
    """What a programme pays for, and how often: numbers all, so that rules take it as it is.

    Attributes
    ----------
    code, task : float
        Place in ``agents.voucher.PROGRAMMES``; task of the plan whose account pays.
    yearly : float
        Vouchers a year.
    face, value : float
        Yuan that the treasury pays for each; yuan that the contract is worth.
    producer_share : float
        Chance that the partner is a producer; enterprises bring fewer new contracts.
    large, away, absorbing : float
        1 if large firms are served too; if only those outside the capital are; if only those
        that do research are.
    cities_pay : float
        1 if each firm's city pays.
    producer, type : float
        Sector of the producers, and type of the contract; -1 any.
    """

    code: float
    task: float
    yearly: float
    face: float
    value: float
    producer_share: float = 1.0
    large: float = 0.0
    away: float = 0.0
    absorbing: float = 0.0
    cities_pay: float = 0.0
    producer: float = voucher.ANY
    type: float = voucher.ANY


CODES: Final = {
    "voucher_budget": 0,
    "challenge_tenders": 1,
    "dispatched_scientists": 2,
    "county_cooperation": 3,
    "open_instruments": 4,
    "city_plans": 5,
    "talent_pool": 7,
    "alliance_orders": 8,
}
"""Levers that say how much there is of a programme, and its code."""


class Call(NamedTuple):
    """A call of a programme in a step.

    Attributes
    ----------
    programme : Programme
    asked : Level
        For which firms, and whose luck it draws.
    """

    programme: Programme
    asked: Level = Level(0.0)


def with_orders(province: Province, orders: Orders, calls: list[Call]) -> list[Call]:
    """Give the calls of the step with those for some firms, each behind the one for all."""
    for lever, code in CODES.items():
        for_all = float(getattr(province.levers, lever))
        for asked in orders.calls(lever, province.step, province.enterprises.rows, for_all):
            levers = levers_with(province.levers, {lever: asked.level})
            calls += [
                Call(programme, asked)
                for programme in programmes_in_force(province, levers)
                if programme.code == code
            ]
    return sorted(calls, key=lambda call: call.programme.code)


def programmes_in_force(province: Province, levers: Levers) -> list[Programme]:
    """List the programmes that pay for contracts under some levers, or lead to them, and how many a year.

    Sizes come from the levers: vouchers (task 22), challenge tenders (task 5),
    dispatched scientists (task 16), cooperation of counties with universities
    (task 20), opened instruments (task 24) and cities' own plans (organisation 1), for
    which each city's treasury pays its own firms. Rural platforms host services
    (task 23), people from military units know whom to ask (task 13), alliances place
    orders with their members and license their pool (task 8): the firms pay those
    contracts themselves.
    """
    values = province.steered
    face = levers.voucher_face_value
    tender, county = values["challenge_grant"], values["county_grant"]
    service, instrument = values["dispatched_service_value"], values["instrument_grant"]
    own, either = values["programme_copayment"], values["voucher_producer_share"]
    sent = levers.dispatched_scientists * values["dispatched_services_per_year"]
    hosted = star_sky_hosts(province) * values["star_sky_services"]
    met = levers.talent_pool * values["secondment_contracts"]
    orders = levers.alliance_orders * values["alliance_order_additional"]
    licences = results_in_pools(province) * values["pool_licence_rate"]
    order, licence = values["alliance_order_value"], values["pool_licence_value"]

    found: list[Programme] = []

    def pays(code: int, task: int, yearly: float, face: float, value: float, **served: float) -> None:
        if yearly > 0.0:
            whole_yuan = (float(int(face)), float(int(value + 0.5)))
            found.append(Programme(float(code), float(task), float(yearly), *whole_yuan, **served))

    def matches(code: int, task: int, budget: float, each: float, **served: float) -> None:
        pays(code, task, number(budget, each), each, each / (1.0 - own), **served)

    def number(budget: float, each: float) -> float:
        return budget / each if each >= 1.0 else 0.0

    whole = face / (1.0 - levers.voucher_copayment)
    pays(0, 22, number(levers.voucher_budget, face), face, whole, producer_share=either)
    matches(1, 5, levers.challenge_tenders, tender, large=1.0)
    pays(2, 16, sent, service, service, away=1.0)
    matches(3, 20, levers.county_cooperation, county, large=1.0, away=1.0)
    matches(4, 24, levers.open_instruments, instrument)
    matches(5, 26, levers.city_plans, county, producer_share=either, large=1.0, cities_pay=1.0)
    pays(6, 23, hosted, service, service, away=1.0)
    pays(7, 13, met, 0.0, values["secondment_value"], large=1.0, producer=float(_MILITARY_UNIT))
    pays(8, 8, orders, 0.0, order, producer_share=either, large=1.0, type=float(DEVELOPMENT))
    pays(9, 8, licences, 0.0, licence, large=1.0, absorbing=1.0, type=float(TRANSFER))
    return found


def results_in_pools(province: Province) -> float:
    """Unsold results, disclosed and not secret, that alliances share with their members."""
    if province.steered["pool_share"] <= 0.0:
        return 0.0
    return float(count_open_to_members(province.results.rows)) * province.steered["pool_share"]


@rule
def count_open_to_members(results: Rows[ResultRow]) -> int:
    """Count the unsold results that are disclosed and not secret."""
    found = 0
    for i in range(len(results)):
        result = results[i]
        found += result.disclosed and not result.classified and result.state == IDLE
    return found


def star_sky_hosts(province: Province) -> int:
    """Rural star-sky platforms at work."""
    return count_platforms(province.incubators.rows, STAR_SKY, 0.0).at_work
