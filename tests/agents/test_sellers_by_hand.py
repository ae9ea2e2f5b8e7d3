"""Treasuries, producers, selling and the census: shares that sum to the yuan, values, and counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import census, government, producer, programme, selling
from shaanxi_transfer.agents.enterprise import BOTH, BUYER
from shaanxi_transfer.agents.goods import EXPIRED, IDLE, INDUSTRIALISED, SOLD
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS

UNIVERSITY = SECTOR["university"]


def test_treasuries_return_what_is_left_and_get_their_share(small: Any) -> None:
    rows = small.treasuries.rows
    rows["fiscal_share"], rows["cash"] = [0.5, 0.3, 0.2], [10, 0, 7]
    small.books.open()
    government.receive_budget(rows, 1001, 0.25, small.purse, small.flows)
    assert rows["cash"].tolist() == [500, 300, 201] and rows["reserve"].tolist() == [125, 75, 50]
    assert small.paid("administration", "government", "outside") == 17
    assert small.paid("tax_revenue", "outside", "government") == 1001
    small.books.close()


def test_producers_spend_their_share_and_pay_out_what_they_do_not_need(small: Any) -> None:
    table = small.producers["university"]
    for share, cash in ((0.5, 200), (0.25, 50), (0.25, 0)):
        small.add(table, rd_share=share, cash=cash, sold=9)
    parameters = small.set("producers", producer_cash_ratio=0.2)
    producer.do_research(table.rows, UNIVERSITY, 1001, parameters, small.purse, small.flows)
    assert table.rows["rd"].tolist() == [500, 250, 251] and not table.rows["sold"].any()
    assert table.rows["cash"].tolist() == [100, 50, 0]
    assert small.paid("research_funding", "outside", "university") == 1001
    assert small.paid("research_spending", "university", "households") == 1001
    assert small.paid("wages", "university", "households") == 100
    small.books.close()


def test_commissions_follow_research_and_reputation(small: Any) -> None:
    table = small.producers["university"]
    small.add(table, rd_share=0.25, reputation=1.5)
    producer.measure(table.rows, 80.0)
    assert table.rows["attraction"].tolist() == [30.0]


@pytest.mark.parametrize(("date", "hazard"), [(2011.24, 0.1), (2011.25, 0.4)])
def test_departments_come_to_register(small: Any, date: float, hazard: float) -> None:
    table = small.producers["university"]
    for registered in (0.2, 0.9):
        small.add(table, registered=registered)
    parameters = small.set(
        "producers", registration_hazard=0.4, registration_hazard_before_market_factor=0.25,
        registration_market_opens=2011.25, commission_registered_share=0.8,
    )  # fmt: skip
    small.now.date = date
    producer.adopt_registration(table.rows, parameters, small.now)
    step = 1.0 - math.exp(-hazard / 4.0)
    assert table.rows["registered"] == pytest.approx([0.2 + 0.6 * step, 0.9])


@pytest.mark.parametrize(("lever", "level"), [(0.0, 0.0), (5.0, 15.0), (10.0, 30.0), (12.0, 32.0)])
def test_a_programme_does_in_history_what_it_did_and_what_policy_adds(lever: float, level: float) -> None:
    assert programme.yearly_level(lever, 30.0, 10.0) == pytest.approx(level)


def test_a_contract_is_lognormal_and_capped(small: Any) -> None:
    parameters = small.set("trade", contract_value_cap=1e9)
    z = luck.quick_normal_quantile(0.9)
    value = selling.contract_value(0.9, 1e6, 0.8, parameters)
    assert value == int(1e6 * math.exp(0.8 * z - 0.32) + 0.5) + 1
    parameters.contract_value_cap = 1000.4
    assert selling.contract_value(0.9, 1e6, 0.8, parameters) == 1001
    parameters.contract_value_cap = 1000.5
    assert selling.contract_value(0.9, 1e6, 0.8, parameters) == 1002


def test_sales_are_counted_by_attraction(small: Any) -> None:
    seller = small.firm(attraction=200.0)
    u = small.draw(selling.SALES, seller.key)
    assert selling.number_of_sales(seller, 0.5, small.now, small.seed) == luck.poisson_quantile(u, 100.0)
    seller.attraction = 0.0
    assert selling.number_of_sales(seller, 0.5, small.now, small.seed) == 0


def test_firms_are_counted_by_what_they_do(small: Any) -> None:
    small.firm(members=3, registered=2, certified=1, attraction=4.0, value_scale=2.0, role=BOTH)
    small.firm(members=5, research_user=True, role=BUYER, value_scale=9.0)
    small.firm(members=7, research_user=True, attraction=1.0, value_scale=7.0)
    parameters = small.set("finance", gazelle_least_years=3.0, gazelle_oldest=5.0)
    found = np.zeros(1, dtype=census.CENSUS).view(np.recarray)[0]
    census.count_firms(small.enterprises.rows, parameters, small.now, found)
    assert tuple(found)[:5] == (15, 10, 2, 1, 12)
    small.firm(members=4, certified=2, revenue=100, relabelled=9, role=BUYER)
    small.firm(members=4, certified=1, revenue=100, role=BUYER)
    census.count_firms(small.enterprises.rows, parameters, small.now, found)
    assert (found.certified, found.at_notch, found.relabelled, found.certified_revenue) == (4, 2, 9, 75.0)
    assert census.members_by_city(small.enterprises.rows, 2).tolist() == [23, 0]
    small.enterprises.rows["city"][0] = 1
    assert census.members_by_city(small.enterprises.rows, 2).tolist() == [20, 3]
    small.enterprises.close(3)
    assert census.weigh_sellers(small.enterprises.rows) == (5.0, 3.0)
    assert census.weigh_sellers(small.enterprises.rows[1:2]) == (0.0, 0.0)


def test_results_are_counted_while_they_live(small: Any) -> None:
    parameters = small.set("results", result_life_years=10.0)
    for state, born, disclosed, visible in (
        (IDLE, 2005.01, True, False), (SOLD, 2005.01, True, True), (EXPIRED, 2005.01, False, True),
        (INDUSTRIALISED, 2005.01, False, True), (INDUSTRIALISED, 2005.0, True, False),
    ):  # fmt: skip
        small.add(small.results, state=state, born=born, disclosed=disclosed, visible=visible)
    alive, used, transferred = (np.zeros(len(SECTORS), dtype=np.int64) for _ in range(3))
    found = np.zeros(1, dtype=census.CENSUS).view(np.recarray)[0]
    census.count_results(small.results.rows, small.now, parameters, alive, used, transferred, found)
    assert (alive[UNIVERSITY], used[UNIVERSITY], transferred[UNIVERSITY]) == (4, 1, 2)
    assert (found.disclosed, found.visible) == (3, 3) and alive.sum() == 4


def test_marks_are_shares_of_the_members_and_none_where_nobody_is_left(small: Any) -> None:
    small.firm(members=8, registered=2, certified=5)
    small.firm(members=0)
    habit, certified = selling.marked_shares(small.enterprises.rows)
    assert habit.tolist() == [0.25, 0.0] and certified.tolist() == [0.625, 0.0]
