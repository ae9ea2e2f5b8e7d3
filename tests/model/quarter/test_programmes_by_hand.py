"""Public funds, grants and accounts of a step, by hand: who is paid, from which account, to what effect."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import broker_fund, fund, grants, incubator
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE, SECTOR, SECTORS
from shaanxi_transfer.model.quarter import capacity, city_funds, grant_programmes
from shaanxi_transfer.model.quarter.finance import show_clients_of_brokers

FIRM, MILITARY, UNIVERSITY = SECTOR["enterprise"], SECTOR["military_unit"], SECTOR["university"]


@pytest.fixture
def founding(small: Any) -> Any:
    """Public funds of a fifth of public money; their social part is half state firms', half private."""
    small.set(
        "finance", public_fund_share=0.2, fund_crowd_in=0.9, fund_new_where_none_share=1.0,
        fund_central_share=0.0, fund_city_share=0.0, fund_state_share=0.5, fund_private_share=0.5,
        fund_sources_ln_sd=0.0, fund_life_years=7.0, fund_state_displaces=1.0, city_fund_size=2e6,
        fund_target_ln_sd=0.0,
    )  # fmt: skip
    small.city_firms = np.array([0.5, 1.0])
    small.finance.capital = 1
    return small


def lots_of_a_city_fund(small: Any, ordinal: int) -> list[float]:
    key = luck.child_key(small.key, city_funds.CITY_FUND, ordinal, 0)
    return [small.draw(city_funds.CITY_FUND, key, k, step=0) for k in range(3)]


@pytest.mark.parametrize("side", [-1, 1])
def test_a_city_founds_a_fund_when_it_is_due(founding: Any, side: int) -> None:
    when, where, _ = lots_of_a_city_fund(founding, 0)
    founding.levers.city_funds = 4.0 * when * (1.0 + side * 1e-9)
    other = founding.add(founding.funds, kind=fund.OTHER, committed=10**8)
    city_funds.found_public_funds(founding)
    new = founding.funds.rows[1:]
    assert len(new) == (side > 0)
    for one in new:
        city, own = int(where >= 0.5), 2_000_001
        # For a public yuan four social ones: 0.9 of them new, 3.1 promised before, half of them public.
        assert (one.government, one.committed, one.state) == (own, 5 * own, 2 * own)
        assert (one.private, one.relabelled) == (9 * own // 10, 4 * own - 9 * own // 10)
        assert (one.treasury, one.city, one.kind, one.stage) == (1 + city, city, fund.OTHER, fund.GROWTH)
        assert (one.target, one.reachable, one.cash, one.public_led) == (5 * own, 5 * own, own, True)
        assert one.born == one.closing == pytest.approx(2015.25) and one.ends == one.born + 7.0
        assert other.forgone == one.relabelled
        # The general budget pays for it: what the treasury had for science stays as it was.
        assert founding.paid("tax_revenue", "outside", "government") == own
        assert founding.public[fund.TASK, 1 + city, CAUSE["fund_capital"]] == own
    assert founding.treasuries.rows["cash"].tolist() == [0, 0, 0]
    founding.books.close()


def test_city_funds_are_the_same_in_steps_of_any_length(founding: Any) -> None:
    founding.levers.city_funds = 12.0
    city_funds.found_public_funds(founding)
    quarter = founding.funds.rows.copy()
    founding.funds.close(0)
    founding.finance.founded.clear()
    founding.now.dt = 1.0 / 12.0
    for _ in range(3):
        city_funds.found_public_funds(founding)
        founding.now.date += 1.0 / 12.0
    months = founding.funds.rows
    assert months["key"].tolist() == quarter["key"].tolist() and len(months) == 3
    assert months["born"] == pytest.approx(quarter["born"])


@pytest.mark.parametrize(
    ("yearly", "cash", "own"),
    [(4e6, 10**9, 1_000_000), (4e6 - 4, 10**9, 0), (9e6, 2_000_000, 2_000_000), (9e6, 999_999, 0)],
)
def test_the_culture_fund_is_paid_by_the_province_as_soon_as_it_makes_a_fund(
    founding: Any, yearly: float, cash: int, own: int
) -> None:
    founding.set("finance", public_fund_share=0.5, fund_crowd_in=9.0)
    founding.treasuries.rows["cash"] = cash
    founding.books.open()
    founding.levers.culture_fund = yearly
    city_funds.found_public_funds(founding)
    assert founding.treasuries.rows["cash"].tolist() == [cash - own, cash, cash]
    found = [(one.treasury, one.city, one.government, one.private) for one in founding.funds.rows]
    assert found == ([(0, 1, own, own // 2)] if own else []), "half of the social part is private"


@pytest.fixture
def piloting(small: Any) -> Any:
    small.values = {
        "pilot_grant": 100.0,
        "preindustrial_grant": 500.0,
        "centre_pilots_per_year": 4.0,
        "joint_centre_grant": 240.0,
    }
    small.treasuries.rows["cash"] = 10**6
    small.books.open()
    for kind in SECTORS[:3]:
        small.add(small.producers[kind])
    for k in range(40):
        small.add(
            small.results,
            seeking=True,
            needs_pilot=True,
            owner_sector=(UNIVERSITY, MILITARY)[k % 2],
            key=k + 1,
        )
    return small


# A lever of four quarters of three; what a test costs, whose account pays, and whose results wait.
@pytest.mark.parametrize(
    ("lever", "value", "name", "task", "price", "owners"),
    [
        ("pilot_grants", 1200.0, "pilot grants", 7, 100, (0, 1)),
        ("joint_centres", 3.0, "joint centres", 7, 60, (0, 1)),
        ("civil_military_fund", 1200.0, "civil-military fund", 13, 100, (1,)),
        ("preindustrial_programme", 6000.0, "pre-industrial work", 22, 500, (0, 1)),
    ],
)
def test_each_programme_pays_its_own_pilots_by_its_own_luck(
    piloting: Any, lever: str, value: float, name: str, task: int, price: int, owners: tuple[int, ...]
) -> None:
    setattr(piloting.levers, lever, value)
    grant_programmes.support_pilots(piloting)
    assert piloting.supported["pilots"] == 3
    assert piloting.public[task, 0, CAUSE["grant"]] == 3 * price == 10**6 - piloting.cash("government")
    seed = int(piloting.seed) ^ luck.key_of("programme", name)
    lots = {
        row: luck.draw_uniform(seed, int(grants.PILOT_GRANT), row + 1, piloting.step)
        for row in range(40) if row % 2 in owners
    }  # fmt: skip
    chosen = sorted(sorted(lots, key=lots.__getitem__)[:3])
    assert np.flatnonzero(piloting.results.rows["piloted"]).tolist() == chosen


@pytest.mark.parametrize(("subsidy", "cash", "paid"), [(70.9, 70, 70), (70.9, 69, 0), (0.0, 99, 0)])
def test_a_founder_is_paid_if_there_is_money(small: Any, subsidy: float, cash: int, paid: int) -> None:
    small.firm()
    small.treasuries.rows["cash"] = cash
    small.levers.founder_subsidy = subsidy
    grant_programmes.support_founder(small, 0)
    assert (
        small.cash("enterprise") == paid == small.public[17, 0, CAUSE["grant"]]
        and small.cash("government") == cash - paid
    )


GRANTS: list[tuple[str, float, str, int, int, dict[str, float]]] = [
    ("firms_cultivated", 12.0, "cultivation", 5, 10, {"certified": 3}),
    ("firm_research_platforms", 12.0, "research platforms", 5, 20, {"research_user": 3}),
    ("contest_prizes", 12 * 40.0, "contests", 25, 40, {"growth": math.log(1.1)}),
    ("founders_mentored", 12.0, "mentors", 24, 50, {"growth": math.log(1.2)}),
    ("fast_growers_supported", 12.0, "fast growers", 5, 30, {"growth": math.log(1.3), "research_user": 3}),
]


@pytest.mark.parametrize(("lever", "value", "name", "task", "price", "effect"), GRANTS)
def test_each_grant_pays_from_its_account_and_does_what_it_is_for(
    small: Any, lever: str, value: float, name: str, task: int, price: int, effect: dict[str, float]
) -> None:
    small.values = {
        "cultivation_subsidy": 10.0,
        "research_platform_grant": 20.0,
        "fast_grower_grant": 30.0,
        "contest_prize": 40.0,
        "mentor_cost": 50.0,
        "prize_growth": math.log(1.1),
        "mentor_gain": math.log(1.2),
        "fast_grower_gain": math.log(1.3),
    }
    small.set(
        "finance",
        jury_foresight=0.5,
        cultivation_subsidy=10.0,
        certificate_cost=1.0,
        certification_revision=2016.0,
        firm_margin=0.05,
        research_net_cost=0.5,
        relabelling_ease=0.01,
        fund_venture_age=5.0,
        incubation_admission_age=9.0,
        gazelle_least_years=3.0,
        gazelle_oldest=5.0,
        gazelle_growth=0.1,
        firm_mean_revenue=100.0,
        gazelle_base_revenue=1.0,
    )
    small.now.output_index = 1.0
    small.treasuries.rows["cash"] = 10**6
    small.books.open()
    columns: dict[str, Any] = {
        "research_user": name in ("cultivation", "contests"),
        "large": name == "research platforms",
    }
    for _ in range(3):
        small.firm(born=2011.0, ln_size=9.0, **columns)
    setattr(small.levers, lever, value)
    small.calendar = SimpleNamespace(next_year=lambda step: 24)
    grant_programmes.support_firms(small)
    assert small.supported[name] == 3 and small.enterprises.rows["cash"].tolist() == [price] * 3
    assert small.public[task, 0, CAUSE["grant"]] == 3 * price
    rows = small.enterprises.rows
    assert rows["growth"] == pytest.approx([effect.get("growth", 0.0)] * 3)
    assert rows["certified"].sum() == rows["cultivated"].sum() == effect.get("certified", 0)
    assert rows["research_user"].sum() == effect.get("research_user", 3 * columns["research_user"])


def test_micro_seeds_pay_the_teams_and_found_firms_at_universities(small: Any) -> None:
    small.values = {"micro_seed_ticket": 70.9, "seed_applicants": 2.5}
    # Half would found anyway; at the least cost nearly all the others do too.
    small.set("finance", jury_foresight=0.0, student_founding_share=0.5, student_founding_cost=70.0)
    small.set("results", venture_worth_ln_sd=0.5, founder_reluctance_ln_sd=0.0)
    small.now.output_index = 1.0
    small.set("firms", **small.MEASURES)
    small.treasuries.rows["cash"] = 10**6
    small.books.open()
    for city, share in ((0, 0.25), (1, 0.75)):
        small.add(small.producers["university"], rd_share=share, city=city, field=city)
    small.levers.micro_seed_fund = 70.0 * 80
    grant_programmes.plant_micro_seeds(small)
    assert small.paid("grant", "government", "households") == 1400 == small.public[24, 0, CAUSE["grant"]]
    firms = small.enterprises.rows
    assert len(firms) == small.supported["student firms"] and (firms["appetite"] == 1.0).all()
    assert len(firms) + small.supported["seeds anyway"] == 20 and len(firms) > 4
    assert small.supported["seeds refused"] == 30
    places = [
        small.draw(luck.mechanism("firm founded on a micro seed"), key, 1, step=0) for key in firms["key"]
    ]
    assert firms["city"].tolist() == [int(place > 0.25) for place in places]


def test_clients_of_brokers_come_to_the_front_of_the_queue(small: Any) -> None:
    small.names, small.levers.broker_funds = {"field": ("a", "b")}, 1.0
    small.set("finance", broker_fund_clients=40.0, fund_venture_age=5.0)
    broker = small.add(small.brokers, field=1, staff=20.0)
    for field in (1, 0, 1, 1, 1):
        small.firm(field=field, born=2014.0, research_user=True)
    for row in (0, 1, 4):
        small.add(small.results, buyer_key=small.enterprises.rows["key"][row])
    lots = {
        row: small.two(broker_fund.SHOWN, small.enterprises.rows["key"][row], small.step) for row in (0, 4)
    }
    queue = np.array([3, 2, 4])
    shown = show_clients_of_brokers(small, queue, 2)
    # Far more places than clients in field 1: both take one of the two that are served.
    assert shown.tolist() == [0, 4]
    expected = [3, 2, 4]
    for row in shown:
        place = int(lots[int(row)][1] * 2)
        if row in expected:
            expected[expected.index(row)] = expected[place]
        expected[place] = int(row)
    assert queue.tolist() == expected
    first = min(lots, key=lots.__getitem__)
    for side, found in ((1, [first]), (-1, [])):
        places = -2.0 * math.log1p(-lots[first][0]) * (1 + side * 1e-9)  # shared by two clients
        broker.staff = places / (40.0 * 0.25)
        assert show_clients_of_brokers(small, queue, 2).tolist() == found
    small.levers.broker_funds = 0.0
    assert len(show_clients_of_brokers(small, queue, 2)) == 0


def test_star_sky_platforms_open_outside_the_capital(small: Any) -> None:
    small.city_firms, small.finance.capital = np.array([0.5, 0.75, 1.0]), 1
    assert capacity.seats_of_platforms(small, incubator.INCUBATOR).tolist() == [0.5, 0.75, 1.0]
    assert capacity.seats_of_platforms(small, incubator.STAR_SKY) == pytest.approx([2 / 3, 2 / 3, 1.0])
    small.city_firms = np.array([1.0])
    assert capacity.seats_of_platforms(small, incubator.STAR_SKY).tolist() == [1.0]


@pytest.mark.parametrize(("kind", "yearly"), [(0, 60.0 + 2.0), (1, 30.0), (2, 7.0)])
def test_platforms_a_year_follow_their_levers(small: Any, kind: int, yearly: float) -> None:
    small.levers.incubators_founded, small.levers.maker_spaces_founded, small.levers.star_sky_platforms = (
        12.0,
        5.0,
        7.0,
    )
    small.values = {"incubators_founded_reference": 10.0, "maker_spaces_founded_reference": 10.0}
    small.usual = SimpleNamespace(platforms=(60.0, 60.0))
    assert capacity.platforms_a_year(small, kind) == pytest.approx(yearly)
