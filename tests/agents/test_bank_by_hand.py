"""Banks: who joins, what they learn, and what the pool takes and promises."""

from __future__ import annotations

import math
from typing import Any

import pytest

from shaanxi_transfer.agents import bank
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE


@pytest.mark.parametrize(("side", "joins"), [(-1, False), (1, True)])
def test_a_bank_joins_at_its_hazard_once_losses_are_borne(small: Any, side: int, joins: bool) -> None:
    one = small.add(small.banks)
    u = small.draw(bank.JOIN, one.key)
    parameters = small.set("finance", bank_join_hazard=small.hazard(u) * (1 + side * 1e-6))
    bank.join_programme(small.banks.rows, parameters, small.levers, small.now, small.seed)
    assert not one.member
    small.levers.compensation_share = 0.01
    bank.join_programme(small.banks.rows, parameters, small.levers, small.now, small.seed)
    assert one.member == joins and one.share == 0.01
    small.levers.compensation_share = 0.0
    bank.join_programme(small.banks.rows, parameters, small.levers, small.now, small.seed)
    assert one.member == joins and one.share == 0.0, "a member stays one, and is promised nothing"


def test_a_bank_moves_its_threshold_by_what_it_lost_itself(small: Any) -> None:
    parameters = small.set("finance", bank_score_threshold=0.5, bank_learning=2.0, bank_tolerated_loss=0.1)
    for lent, lost, experience in (
        (100, 40, 0.2),
        (0, 0, 0.2),
        (100, 900, 0.9),
        (100, 0, 0.0),
        (100, 100, 1.0),
    ):
        small.add(small.banks, lent=lent, lost=lost, experience=experience)
    parameters.bank_learning = 0.5
    bank.learn(small.banks.rows, parameters)
    rows = small.banks.rows
    assert rows["experience"] == pytest.approx([0.3, 0.2, 0.95, 0.0, 1.0])
    assert rows["threshold"] == pytest.approx([0.6, 0.55, 0.925, 0.45, 0.95])
    assert not rows["lent"].any() and not rows["lost"].any()
    parameters.bank_score_threshold, parameters.bank_learning = 0.05, 1.0
    rows["experience"] = 0.0
    bank.learn(rows, parameters)
    assert rows["threshold"].tolist() == [0.05] * 5, "nobody lends to everybody"


def fill(small: Any, loans_open: int = 0) -> None:
    bank.fill_pool(0, loans_open, small.levers, small.now, small.purse, small.flows, small.public)


@pytest.mark.parametrize(("cash", "paid"), [(1000, 26), (25, 25), (0, 0)])
def test_the_pool_is_topped_up_by_the_step_as_far_as_the_treasury_goes(
    small: Any, cash: int, paid: int
) -> None:
    small.add(small.funds)
    small.treasuries.rows["cash"][:] = cash
    small.levers.compensation_pool, small.levers.compensation_share = 102.0, 0.3
    fill(small)
    assert small.treasuries.rows["cash"].tolist() == [cash - paid, cash, cash]
    assert small.cash("fund") == paid == small.public[bank.TASK, 0, CAUSE["guarantee_pool"]]


@pytest.mark.parametrize(("share", "loans", "left"), [(0.0, 0, 0), (0.0, 1, 50), (0.01, 0, 50)])
def test_a_pool_that_promises_nothing_goes_back(small: Any, share: float, loans: int, left: int) -> None:
    small.add(small.funds, cash=50)
    small.levers.compensation_share = share
    fill(small, loans)
    assert small.cash("fund") == left and small.cash("government") == 50 - left == -small.public.sum()


def test_a_pool_promises_what_it_can_cover(small: Any) -> None:
    parameters = small.set("finance", compensation_leverage=10.0)
    one = small.add(small.banks, share=0.4)
    promised = [bank.promised_share(one, *case, parameters) for case in ((10, 100), (9, 100), (1, 0), (0, 0))]
    assert promised == pytest.approx([0.4, 0.36, 0.4, 0.0])
    assert bank.promised_share(one, 0, 100, parameters) == 0.0


def test_compensation_lowers_the_threshold_within_bounds(small: Any) -> None:
    parameters = small.set("finance", compensation_threshold_effect=0.5)
    one = small.add(small.banks, threshold=0.6)
    small.levers.compensation_threshold = 0.25
    below = bank.lending_threshold(one, 0.2, parameters, small.levers)
    assert below == pytest.approx(bank.normal_share(-0.25)), "0.6 - 0.5 * 0.2 is the median"
    assert bank.normal_share(1.0) == pytest.approx(0.841344746)
    small.levers.compensation_threshold = 0.0
    assert bank.lending_threshold(one, 9.0, parameters, small.levers) == pytest.approx(0.001)
    one.threshold = 9.0
    assert bank.lending_threshold(one, 0.0, parameters, small.levers) == pytest.approx(0.999)
    assert math.isfinite(luck.normal_quantile(0.999))
