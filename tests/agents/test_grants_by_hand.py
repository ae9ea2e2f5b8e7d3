"""Grants: how many a step pays, who may get one, whose luck it is, and what it does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import grants
from shaanxi_transfer.agents.goods import EXPIRED, IDLE, INDUSTRIALISED, SOLD
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE, SECTOR

UNIVERSITY, MILITARY = SECTOR["university"], SECTOR["military_unit"]


def test_a_yearly_number_becomes_that_of_a_step_within_the_treasury(small: Any) -> None:
    source = np.uint64(5)
    u = small.draw(grants.PRIZES_LOT, source)

    def number(yearly: float, price: int) -> int:
        return grants.grants_of_step(yearly, price, source, small.now, small.seed, small.purse)

    assert number(12.0, 100) == 0, "the treasury is empty"
    assert number(12.0, 0) == 3, "what costs nothing needs no money"
    small.treasuries.rows["cash"][:] = 299, 10**6, 10**6
    assert (number(0.0, 100), number(-1.0, 0), number(12.0, 100), number(12.0, 50)) == (0, 0, 2, 3)
    assert number(4.0 * (2.0 + u + 1e-9), 0) == 3 and number(4.0 * (2.0 + u - 1e-9), 0) == 2


WAITS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"owner_sector": MILITARY}, True),
    ({"seeking": False}, False),
    ({"state": SOLD, "seeking": False, "outcome": 2017.0}, True),
    ({"state": SOLD, "outcome": 0.0}, False),
    ({"state": EXPIRED}, False),
    ({"state": INDUSTRIALISED, "outcome": 2017.0}, False),
    ({"needs_pilot": False}, False),
    ({"piloted": True}, False),
    ({"seeking": False, "if_tested": True}, True),
    ({"seeking": False}, False),
    ({"classified": True}, False),
]


def wanting(small: Any, **columns: Any) -> Any:
    return small.add(small.results, **{"state": IDLE, "seeking": True, "needs_pilot": True, **columns})


@pytest.mark.parametrize(("columns", "waits"), WAITS)
def test_a_pilot_helps_what_is_asked_for_and_neither_tested_nor_secret(
    small: Any, columns: dict[str, Any], waits: bool
) -> None:
    result = wanting(small, **columns)
    assert grants.waits_for_pilot(result, grants.ALL_OWNERS) == waits
    assert grants.waits_for_pilot(result, MILITARY) == (waits and result.owner_sector == MILITARY)


def test_pilots_are_paid_by_lots_of_the_programme_and_a_secret_gets_none(small: Any) -> None:
    small.treasuries.rows["cash"][0] = 1000
    producers = [small.add(small.producers["university"]) for _ in range(2)]
    for k in range(6):
        wanting(small, owner_row=k % 2, classified=k == 3)
    keys, parameters = small.results.rows["key"], small.set("results", pilot_haste=0.0)
    first: dict[int, list[int]] = {}
    for source in (5, 6):
        lots = {
            row: small.draw(grants.PILOT_GRANT, keys[row]) if source == 0 else luck.draw_uniform(
                int(small.seed) ^ source, int(grants.PILOT_GRANT), int(keys[row]), small.step
            )
            for row in (0, 1, 2, 4, 5)
        }  # fmt: skip
        first[source] = sorted(lots, key=lots.__getitem__)[:2]
        small.results.rows["piloted"] = False
        paid = grants.fund_pilots(
            small.results.rows, grants.ALL_OWNERS, 2, 100, 7, np.uint64(source), parameters, small.now,
            small.seed, small.purse, small.flows, small.public,
        )  # fmt: skip
        assert paid == 2
        assert np.flatnonzero(small.results.rows["piloted"]).tolist() == sorted(first[source])
    assert first[5] != first[6], "another programme, other luck"
    shares = [100 * sum(row % 2 == k for rows in first.values() for row in rows) for k in range(2)]
    assert [each.cash for each in producers] == shares and small.cash("government") == 600
    assert small.public[7, 0, CAUSE["grant"]] == 400 == small.public.sum()
    small.results.rows["piloted"] = False
    assert grants.fund_pilots(
        small.results.rows, UNIVERSITY, 99, 10, 7, np.uint64(5), parameters, small.now, small.seed,
        small.purse, small.flows, small.public,
    ) == 5  # fmt: skip
    assert not small.results.rows["piloted"][3]
    nobody = (small.results.rows[3:4], UNIVERSITY, 99, 10, 7, np.uint64(5), parameters, small.now, small.seed)
    assert grants.fund_pilots(*nobody, small.purse, small.flows, small.public) == 0


def test_lots_are_drawn_among_those_who_wait(small: Any) -> None:
    for _ in range(3):
        small.firm(members=400)
    firms, won = small.enterprises.rows, np.full(3, 9)

    def draw(waiting: list[int], number: int) -> list[int]:
        grants.draw_lots(firms, np.array(waiting), number, grants.PRIZE, small.now, small.seed, won)
        return [int(each) for each in won]

    first = luck.binomial_quantile(small.draw(grants.PRIZE, firms["key"][0]), 200, 0.25)
    assert draw([200, 200, 0], 100) == [first, 100 - first, 0], "all are given"
    assert draw([3, 0, 4], 7) == [3, 0, 4] and draw([3, 0, 4], 99) == [3, 0, 4], "enough for all"
    assert draw([0, 0, 0], 7) == [0, 0, 0]


def test_winners_are_paid_for_each_member_out_of_the_provinces_treasury(small: Any) -> None:
    small.treasuries.rows["cash"][:] = 1000
    for _ in range(3):
        small.firm()
    grants.pay_winners(np.array([2, 0, 1]), 100, 25, small.purse, small.flows, small.public)
    assert small.enterprises.rows["cash"].tolist() == [200, 0, 100]
    assert small.treasuries.rows["cash"].tolist() == [700, 1000, 1000]
    assert small.public[25, 0, CAUSE["grant"]] == 300 == small.paid("grant", "government", "enterprise")


@pytest.mark.parametrize(
    ("rule", "columns", "waiting"),
    [
        (grants.lack_certificate, {"research_user": True, "certified": 3, "born": 2014.0}, 7),
        # The subsidy pays what a certificate costs; without R&D of its own a firm needs more.
        (
            grants.lack_certificate,
            {"research_user": True, "certified": 3, "born": 2014.0, "revenue": 10**4},
            0,
        ),
        (grants.lack_certificate, {"research_user": True, "certified": 3, "born": 2014.01}, 0),
        (grants.lack_certificate, {"certified": 3, "born": 2014.0}, 0),
        (grants.lack_research, {"large": True}, 10),
        (grants.lack_research, {}, 0),
        (grants.lack_research, {"large": True, "research_user": True}, 0),
        (grants.may_compete, {"research_user": True, "born": 2010.01}, 10),
        (grants.may_compete, {"research_user": True, "born": 2010.0}, 0),
        (grants.are_beginners, {"born": 2012.01}, 10),
        (grants.are_beginners, {"born": 2012.0}, 0),
        (grants.are_beginners, {"born": 2012.01, "large": True}, 0),
        # Twice the size in four years, 0.173 a year; revenue at the start 100 * 2 * exp(-2.6) and more.
        (grants.are_gazelles, {"born": 2011.0, "ln_size": math.log(2.0)}, 10),
        (grants.are_gazelles, {"born": 2011.0, "ln_size": math.log(2.0) - 0.04}, 0),
    ],
)
def test_who_waits_for_a_grant(small: Any, rule: Any, columns: dict[str, Any], waiting: int) -> None:
    parameters = small.set(
        "finance",
        cultivation_subsidy=101.0,
        certificate_cost=100.0,
        certification_revision=2016.0,
        firm_margin=0.05,
        research_net_cost=0.5,
        relabelling_ease=0.01,
        fund_venture_age=5.0,
        incubation_admission_age=3.0,
        gazelle_least_years=3.0,
        gazelle_oldest=5.0,
        gazelle_growth=math.expm1(0.17),
        firm_mean_revenue=100.0,
        gazelle_base_revenue=100.0,
    )
    small.now.output_index, small.now.output_growth = 1.0, 0.0
    small.firm(members=10, **columns)
    found = np.full(1, 99)
    rule(small.enterprises.rows, parameters, small.now, found)
    assert found[0] == waiting


@pytest.mark.parametrize(("side", "begins"), [(-1, False), (1, True)])
def test_a_row_begins_research_with_the_share_that_won(small: Any, side: int, begins: bool) -> None:
    one, other = small.firm(members=1000), small.firm(members=1000)
    u = small.draw(grants.RESEARCH_PLATFORM, one.key, k=1)
    won = np.array([math.floor(u * 1000) + (side > 0), 0])
    grants.begin_research(small.enterprises.rows, won, small.now, small.seed)
    assert one.research_user == begins and not other.research_user
    other.research_user, won[:] = True, 1
    grants.begin_research(small.enterprises.rows, won, small.now, small.seed)
    assert other.research_user, "who does research goes on with it"


def test_winners_grow_by_the_gain_and_the_others_stay(small: Any) -> None:
    one, other = small.firm(members=4, growth=0.5), small.firm(members=4, growth=0.5)
    grants.let_grow(small.enterprises.rows, np.array([1, 0]), math.log(1.4))
    assert one.growth == pytest.approx(0.5 + math.log(1.1)) and other.growth == 0.5
