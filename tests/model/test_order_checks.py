"""Orders that cannot be are refused in one line, before the first step."""

from __future__ import annotations

from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model import Cities, Keys, Lot, Order, run
from shaanxi_transfer.scenarios import load

SINCE = "2011-Q1"
BASE = load("no_plan").set(
    plan_start="2010-Q2", end="2011-Q4", technology_firms_2017=8_500.0, compensation_pool={SINCE: 1e7}
)
HALF = Order("equity_share_university", 0.5, Lot(0.5), SINCE)

REFUSED: dict[str, tuple[Any, str]] = {
    "no such lever": (
        Order("contest_prize", 1.0, Lot(1.0), SINCE),
        r"orders\.0\.lever.*did you mean contest_prizes",
    ),
    "not for single units": (Order("fund_size", 1.0, Lot(1.0), SINCE), "cannot be ordered for single units"),
    "below zero": (Order("contest_prizes", -1.0, Lot(1.0), SINCE), r"orders\.0\.level.*0 or more"),
    "no number": (Order("contest_prizes", float("nan"), Lot(1.0), SINCE), "a level of nan"),
    "no such university": (Order("transfer_posts", 9.0, Keys((5,)), SINCE), "5 is the key of no university"),
    "no such city": (Order("contest_prizes", 1.0, Cities(("Baoij",)), SINCE), r"there is no city 'Baoij'"),
    "a lot over nobody": (Order("contest_prizes", 1.0, Lot(0.0), SINCE), "above 0, at most 1"),
    "outside the run": (
        Order("contest_prizes", 1.0, Lot(1.0), "2012-Q1"),
        r"orders\.0\.since.*2010-Q1 to 2011-Q4",
    ),
    "beyond 2017": (Order("contest_prizes", 1.0, Lot(1.0), SINCE, until="2018-Q1"), r"orders\.0\.until"),
    "no quarter": (Order("contest_prizes", 1.0, Lot(1.0), "2011"), "2011"),
    "more than the whole": (
        Order("inventor_share_university", 1.01, Lot(1.0), SINCE),
        r"level of 1\.01.*0 to 1",
    ),
    "without end": (Order("contest_prizes", float("inf"), Lot(1.0), SINCE), "a level of inf"),
    "a firm's neighbour": (Order("voucher_budgets", 1.0, Lot(1.0), SINCE), "did you mean voucher_budget"),
    "no such bank": (
        Order("compensation_share", 0.5, Keys((5,)), SINCE),
        "5 is the key of no bank.*table `bank`",
    ),
    "no such owner": (Order("ownership_pilots", 1.0, Keys((5,)), SINCE), "no university or institute"),
    "no bank in the city": (
        Order("compensation_share", 0.5, Cities((BASE.pack().cities["city"].iloc[-1],)), SINCE),
        "no bank is among them",
    ),
    "a lot that nobody drew": (Order("compensation_share", 0.5, Lot(1e-9), SINCE), "no bank is among them"),
    "without a pool": (
        Order("compensation_share", 0.5, Lot(1.0), "2010-Q1", until=SINCE),
        "no pool that could bear losses",
    ),
    "backwards": (Order("contest_prizes", 1.0, Lot(1.0), SINCE, until=SINCE), "is not after 2011-Q1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_order_that_cannot_be_is_refused_before_the_first_step(case: str) -> None:
    order, said = REFUSED[case]
    with pytest.raises(InputError, match=said):
        run(BASE, seed=1, scale=1.0, orders=[order])


def test_below_scale_one_and_beyond_what_was_observed_nothing_is_ordered() -> None:
    order = Order("contest_prizes", 1.0, Lot(1.0), SINCE)
    with pytest.raises(InputError, match=r"at scale 0\.1 a row stands for several firms"):
        run(BASE, seed=1, scale=0.1, orders=[order])
    with pytest.raises(InputError, match="2017-Q4 at the latest"):
        run(BASE.set(end="2018-Q1"), seed=1, scale=1.0, orders=[order])


def test_two_levels_for_one_owner_at_once_are_refused_and_one_after_the_other_is_not() -> None:
    beside = Order("equity_share_university", 0.6, Lot(0.2), "2011-Q2")
    with pytest.raises(InputError, match=r"orders\.1.*one level for a unit in a quarter"):
        run(BASE, seed=1, scale=1.0, orders=[HALF, beside])
    ended = Order("equity_share_university", 0.5, Lot(0.5), SINCE, until="2011-Q2")
    royalty = Order("inventor_share_university", 0.6, Lot(0.2), "2011-Q2")
    run(BASE, seed=1, scale=1.0, orders=[ended, beside, royalty])


def test_a_scenario_keeps_the_bounds_that_an_order_may_pass() -> None:
    with pytest.raises(InputError):
        BASE.set(inventor_share_university={SINCE: 1.0})
    run(BASE, seed=1, scale=1.0, orders=[Order("inventor_share_university", 1.0, Lot(1.0), SINCE)])
