"""Venture funds beside the guidance fund: how many are founded, how large, and who leads them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from shaanxi_transfer.agents import fund
from shaanxi_transfer.agents.fund import ANGEL, GROWTH, GUIDANCE, OTHER
from shaanxi_transfer.engine import luck


def test_other_funds_are_founded_with_all_that_their_partners_promise(small: Any) -> None:
    parameters = small.set("finance", fund_life_years=7.0, other_fund_size=99.0, fund_target_ln_sd=0.0)
    small.set("finance", other_fund_state_led=0.0)
    for kind in (GUIDANCE, OTHER):
        small.add(small.funds, kind=kind)
    small.funds.reserve(fund.MOST_PROPOSALS)
    count = fund.found_other_funds(small.funds.storage, 2, 3, small.key, 1, parameters, small.now, small.seed)
    small.funds.close(count)
    born = small.funds.rows[2:]
    for sum_ in ("target", "reachable", "committed"):
        assert born[sum_].tolist() == [100, 100, 100]
    assert (born["kind"] == OTHER).all() and (born["city"] == 1).all() and (born["ends"] == 2022.0).all()
    keys = [luck.child_key(small.key, fund.OTHER_FUND, small.step, k) for k in range(3)]
    stages = [ANGEL if small.two(fund.OTHER_FUND, key, 0)[1] < 0.5 else GROWTH for key in keys]
    assert born["stage"].tolist() == stages


def test_sizes_are_lognormal_about_their_mean(small: Any) -> None:
    parameters = small.set("finance", fund_life_years=7.0, other_fund_size=1e8, fund_target_ln_sd=0.6)
    small.set("finance", other_fund_state_led=0.0)
    small.funds.reserve(fund.MOST_PROPOSALS)
    fund.found_other_funds(small.funds.storage, 0, 1, small.key, 1, parameters, small.now, small.seed)
    first = small.funds.storage[0]
    z = luck.normal_quantile(small.two(fund.OTHER_FUND, first.key, 0)[0])
    assert first.target == int(1e8 * math.exp(0.6 * z - 0.18)) + 1


def test_other_funds_come_in_proportion_to_those_of_2010(small: Any) -> None:
    parameters = small.set("finance", other_fund_births=2.0)
    u = small.draw(fund.OTHER_FUND, 5)
    number = fund.other_funds_of_the_step(150.0, parameters, small.now, small.seed, 5)
    assert number == luck.poisson_quantile(u, 75.0)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_part_of_other_funds_is_led_by_the_state(small: Any, side: int) -> None:
    key = luck.child_key(small.key, fund.OTHER_FUND, small.step, 0)
    lot = small.draw(fund.LEAD, key, step=0)
    parameters = small.set(
        "finance", fund_life_years=7.0, other_fund_size=99.0, fund_target_ln_sd=0.0,
        other_fund_state_led=lot * (1.0 + side * 1e-9),
    )  # fmt: skip
    small.funds.reserve(fund.MOST_PROPOSALS)
    fund.found_other_funds(small.funds.storage, 0, 1, small.key, 1, parameters, small.now, small.seed)
    assert small.funds.storage[0].public_led == (side > 0)
