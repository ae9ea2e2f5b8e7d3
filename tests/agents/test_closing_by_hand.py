"""Closing down: the hazard by age, and what a row loses with those of its members that leave."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import closing
from shaanxi_transfer.engine import luck

HAZARDS = {
    "exit_hazard_year_1": 0.5, "exit_hazard_year_2": 0.4, "exit_hazard_year_3": 0.3, "exit_hazard_later": 0.2,
    "exit_hazard_old": 0.1, "exit_size_factor_large": 0.5, "incubation_exit_factor": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("age", "hazard"),
    [
        (0.99, 0.5), (1.0, 0.4), (1.99, 0.4), (2.0, 0.3), (2.99, 0.3), (3.0, 0.2), (6.99, 0.2), (7.0, 0.1),
    ],
)  # fmt: skip
def test_the_hazard_falls_with_age_and_size(small: Any, age: float, hazard: float) -> None:
    parameters = small.set("firms", **HAZARDS)
    assert closing.exit_hazard(age, False, parameters) == hazard
    assert closing.exit_hazard(age, True, parameters) == hazard / 2


def test_chances_of_a_step_by_age_and_size(small: Any) -> None:
    chances = closing.exit_chances(small.set("firms", **HAZARDS), small.now)
    small_firms = [1.0 - math.exp(-hazard / 4.0) for hazard in (0.5, 0.4, 0.3, 0.2, 0.1)]
    large_firms = [1.0 - math.exp(-hazard / 8.0) for hazard in (0.5, 0.4, 0.3, 0.2, 0.1)]
    assert chances == pytest.approx(np.array([small_firms, large_firms]))


def test_ages_when_entry_grows(small: Any) -> None:
    weights = np.zeros(3)
    closing.weigh_ages(weights, 1.0, 0.1, False, small.set("firms", **HAZARDS))
    powers = [0.25 + 0.05, 0.5 + 0.2 + 0.15, 0.5 + 0.4 + 0.15 + 0.25]
    assert weights == pytest.approx([math.exp(-power) for power in powers])


def test_who_leaves_takes_marks_along(small: Any) -> None:
    drawn = luck.binomial_quantile(small.draw(closing.EXIT, 5, 1), 100, 0.25)

    def leave(holders: int, members: int, exits: int) -> int:
        return closing.leavers(holders, members, exits, small.seed, np.uint64(5), small.step, 1)

    assert leave(250, 1000, 100) == drawn
    assert leave(2, 10, 9) in (1, 2) and leave(10, 10, 4) == 4 and leave(0, 10, 4) == 0
    assert leave(9, 10, 10) == 9, "no more marks than there were"


def close_down(small: Any, **hazards: float) -> tuple[int, list[int], list[int]]:
    small.books.open()
    at_risk, closed = np.zeros(5, dtype=np.int64), np.zeros(5, dtype=np.int64)
    number = closing.close_down(
        small.enterprises.rows,
        small.set("firms", **{**HAZARDS, **hazards}),
        small.now,
        small.seed,
        small.purse,
        small.flows,
        at_risk,
        closed,
    )
    small.books.close()
    return number, at_risk.tolist(), closed.tolist()


def test_a_row_shrinks_in_all_its_sums(small: Any) -> None:
    one = small.firm(
        members=1000, bound=100, born=2010.0, cash=10_001, registered=1000, certified=0, incubated=1000,
        attraction=1000.0, appetite=500.0, revenue=2000, rd=3000,
    )  # fmt: skip
    exits = luck.binomial_quantile(small.draw(closing.EXIT, one.key), 900, 1.0 - math.exp(-0.2 / 4.0))
    assert exits > 20
    number, at_risk, closed = close_down(small)
    left = 1000 - exits
    assert number == exits and at_risk == [0, 0, 0, 1000, 0] and closed == [0, 0, 0, exits, 0]
    assert (one.members, one.registered, one.certified, one.incubated) == (left, left, 0, left)
    assert one.attraction == pytest.approx(left) and one.appetite == pytest.approx(left / 2)
    assert (one.revenue, one.rd) == (2 * left, 3 * left)
    assert small.paid("closing_down", "enterprise", "households") == 10_001 * exits // 1000
    assert one.cash == 10_001 - 10_001 * exits // 1000


def test_marks_leave_by_luck_of_their_own(small: Any) -> None:
    one = small.firm(members=1000, born=2010.0, registered=500, certified=500, incubated=500, in_zone=500)
    exits = luck.binomial_quantile(small.draw(closing.EXIT, one.key), 1000, 1.0 - math.exp(-0.2 / 4.0))
    close_down(small)
    draws = [small.draw(closing.EXIT, one.key, k) for k in (1, 2, 3, 4)]
    left = [500 - luck.binomial_quantile(u, exits, 0.5) for u in draws]
    assert [one.registered, one.certified, one.incubated, one.in_zone] == left


@pytest.mark.parametrize(("incubated", "factor", "more"), [(0, 9.0, 1.0), (1000, 1.5, 1.5), (500, 0.8, 0.9)])
def test_tenants_of_incubators_may_close_more_or_less_often(
    small: Any, incubated: int, factor: float, more: float
) -> None:
    one = small.firm(members=1000, born=2010.0, incubated=incubated)
    chance = (1.0 - math.exp(-0.2 / 4.0)) * more
    exits = luck.binomial_quantile(small.draw(closing.EXIT, one.key), 1000, chance)
    assert close_down(small, incubation_exit_factor=factor)[0] == exits


def test_a_firm_with_a_loan_stays_and_a_large_one_stays_longer(small: Any) -> None:
    bound = small.firm(born=2010.0, bound=1, cash=5)
    one = small.firm(born=2010.0, large=True, cash=5)
    u = small.draw(closing.EXIT, one.key)
    # A single firm leaves if its draw lies above the chance of staying.
    for hazard, members in ((0.999999, 1), (1.000001, 0)):
        factor = 2.0 * hazard * 4.0 * -math.log(u)
        number, at_risk, _ = close_down(small, exit_hazard_later=factor, exit_size_factor_large=0.5)
        assert (number, one.members, at_risk[3]) == (1 - members, members, 2)
    assert (bound.members, bound.cash, one.cash) == (1, 5, 0)
