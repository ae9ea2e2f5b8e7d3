"""A lever that is set and can change nothing is named; what acts is not."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.model.quarter.city_funds import SMALLEST
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.scenarios import lever_catalogue, load
from shaanxi_transfer.scenarios.without_effect import levers_without_effect

NOTHING = load("no_plan")
LEAST_MONEY = 50_000.0  # what a reader takes for an amount in yuan at all


def test_the_plan_has_no_lever_without_effect() -> None:
    assert levers_without_effect(load("action_plan")) == []
    assert levers_without_effect(NOTHING) == []


def test_a_term_of_a_programme_without_a_budget_is_named() -> None:
    (found,) = levers_without_effect(NOTHING.set(voucher_copayment=0.5))
    assert (found.lever, found.needs) == ("voucher_copayment", "voucher_budget")
    assert levers_without_effect(NOTHING.set(voucher_copayment=0.5, voucher_budget=1e6)) == []


@pytest.mark.parametrize(("yearly", "named"), [(363_000.0, True), (364_000.0, False)])
def test_a_budget_that_pays_for_no_grant_is_named(yearly: float, named: bool) -> None:
    """From 2018-Q2 to the end of 2020 there are eleven quarters: 998,250 or 1,001,000 yuan for a million."""
    scenario = NOTHING.set(culture_fund={"2018-Q2": yearly}, end="2020-Q4")
    found = levers_without_effect(scenario)
    assert [(each.lever, each.total, each.smallest) for each in found] == (
        [("culture_fund", yearly * 11 / 4, 1e6)] if named else []
    )


def test_the_budget_names_the_smallest_grant_that_the_model_makes() -> None:
    assert lever_catalogue()["culture_fund"].smallest_grant == SMALLEST


def test_what_is_named_changes_no_run_and_a_little_more_does() -> None:
    """Of every lever with a smallest grant: a fifth of it changes nothing; five times as much does."""
    levers, parameters = lever_catalogue(), NOTHING.parameter_table()
    prices = {
        name: lever.smallest_grant for name, lever in levers.items() if lever.smallest_grant is not None
    }

    def price_of(name: str, bound: str) -> float:
        price = prices[name]
        if isinstance(price, str):
            return levers[price].plan if price in levers else float(getattr(parameters[price], bound))
        return price

    base = NOTHING.set(end="2019-Q4")
    little = {name: float(round(0.2 * price_of(name, "low"))) for name in prices}
    little = {name: budget for name, budget in little.items() if budget > LEAST_MONEY}
    few = [base.set(**{name: budget}) for name, budget in little.items()]
    more = [base.set(**{name: float(round(5.0 * price_of(name, "high")))}) for name in prices]
    alone = [base.set(**{name: lever.high}) for name, lever in levers.items() if lever.acts_with]
    without, *records = run_together([base, *few, *more, *alone], seed=1, scale=0.05)

    def same(record: Record) -> bool:
        return all(
            np.array_equal(record.series(name), without.series(name), equal_nan=True)
            for name in record.indicators
            if not name.startswith("public_cost")  # administration is paid all the same
        )

    moved = [name for name, record in zip(little, records[: len(few)], strict=True) if not same(record)]
    still = [name for name, record in zip(prices, records[len(few) :], strict=False) if same(record)]
    assert (moved, still) == ([], [])
    assert all(same(record) for record in records[-len(alone) :])
    assert all(levers_without_effect(scenario) for scenario in [*few, *alone])
