"""Whose money a fund holds: its own ratio and shares, to the yuan, and who leads it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import fund_sources
from shaanxi_transfer.agents.fund import GUIDANCE, OTHER
from shaanxi_transfer.engine import luck


@pytest.fixture
def shared(small: Any) -> Any:
    """Shares alike in every fund: a tenth central, a fifth of cities, three of state firms, four private."""
    small.parameters = small.set(
        "finance", fund_central_share=0.1, fund_city_share=0.2, fund_state_share=0.3, fund_private_share=0.4,
        fund_sources_ln_sd=0.0, fund_crowd_in=0.9, fund_state_displaces=0.5,
        fund_new_where_none_share=0.5,
    )  # fmt: skip
    return small


def test_a_ratio_is_spread_about_the_nominal_one_and_is_never_below_one(shared: Any) -> None:
    parameters = shared.parameters
    assert fund_sources.ratio_of(10.0, np.uint64(5), parameters, shared.seed) == 10.0
    shared.set("finance", fund_sources_ln_sd=0.4)
    z = luck.normal_quantile(shared.draw(fund_sources.SOURCES, 5, step=0))
    ratio = fund_sources.ratio_of(10.0, np.uint64(5), parameters, shared.seed)
    assert ratio == pytest.approx(10.0 * math.exp(0.4 * z))
    shared.set("finance", fund_sources_ln_sd=0.4 * math.copysign(1.0, -z))
    assert fund_sources.ratio_of(1.0, np.uint64(5), parameters, shared.seed) == 1.0


def test_over_many_funds_ratios_give_what_was_published(shared: Any) -> None:
    """Spread by 0.39 about ten, all funds together hold 9.26 yuan for one of the government's."""
    parameters = shared.set("finance", fund_sources_ln_sd=0.39)
    keys = [np.uint64(key) for key in range(1, 4001)]
    parts = [1.0 / fund_sources.ratio_of(10.0, key, parameters, shared.seed) for key in keys]
    assert 1.0 / float(np.mean(parts)) == pytest.approx(9.26, abs=0.25)


def test_shares_differ_by_fund_and_sum_to_one(shared: Any) -> None:
    parameters = shared.parameters
    assert fund_sources.shares_of_social(np.uint64(5), parameters, shared.seed) == pytest.approx(
        (0.1, 0.2, 0.3, 0.4)
    )
    shared.set("finance", fund_sources_ln_sd=0.5, fund_private_share=0.9)
    seen = [fund_sources.shares_of_social(np.uint64(key), parameters, shared.seed) for key in (5, 6)]
    assert seen[0] != seen[1]
    for shares in seen:
        assert sum(shares) == pytest.approx(1.0) and min(shares) > 0.0


@pytest.mark.parametrize(("ratio", "led"), [(5.99, True), (6.01, False)])
def test_the_side_with_the_larger_part_leads(shared: Any, ratio: float, led: bool) -> None:
    """With six tenths of the social part private, the halves meet where that part is five sixths."""
    shared.set("finance", fund_private_share=0.9)
    one = shared.add(shared.funds, kind=GUIDANCE)
    fund_sources.agree_on_sources(one, ratio, shared.parameters, shared.seed)
    assert one.ratio == ratio and one.public_led == led


def signed(shared: Any, instalment: int, own: int) -> Any:
    one = shared.funds.rows[-1]
    fund_sources.sign(shared.funds.rows, one, instalment, own, shared.parameters, shared.seed)
    return one


def test_what_is_signed_is_divided_to_the_yuan(shared: Any) -> None:
    other = shared.add(shared.funds, kind=OTHER, committed=5_000)
    shared.add(shared.funds, kind=GUIDANCE)
    one = signed(shared, 1_003, 100)
    # 903 social yuan: 90, 180 and 270 public, 363 private, of which 90 are new; half of the 270 was promised.
    assert (one.committed, one.government, one.unsigned) == (1_003, 100, 0)
    assert (one.central, one.municipal, one.state) == (90, 180, 270)
    assert (one.private, one.relabelled) == (90, 273 + 135)
    one = signed(shared, 1_000, 100)
    assert (one.committed, one.private, one.relabelled) == (2_003, 180, (723 - 180) + 270)
    assert (other.committed, other.forgone) == (5_000 - 813, 813)


@pytest.mark.parametrize(("part", "private", "unsigned"), [(0.0, 90, 253), (0.5, 217, 126), (1.0, 343, 0)])
def test_where_no_other_fund_has_promises_left_a_part_is_new_and_the_other_is_not_signed(
    shared: Any, part: float, private: int, unsigned: int
) -> None:
    """Of 273 yuan that were to be moved others have 20; state firms draw theirs from their own budgets."""
    shared.set("finance", fund_new_where_none_share=part)
    other = shared.add(shared.funds, kind=OTHER, committed=120, called=100)
    shared.add(shared.funds, kind=GUIDANCE)
    one = signed(shared, 1_003, 100)
    assert (one.private, one.unsigned, one.relabelled, one.state) == (private, unsigned, 20, 270)
    assert one.committed == 1_003 - unsigned and other.forgone == 20 and other.committed == 100
    in_all = one.government + one.central + one.municipal + one.state + one.private + one.relabelled
    assert in_all == one.committed
    shared.add(shared.funds, kind=OTHER, committed=10_000)
    fund_sources.sign(shared.funds.rows, one, 1_000, 100, shared.parameters, shared.seed)
    assert (one.unsigned, one.private) == (unsigned, private + 90), "what is lost is not asked for again"


def test_no_more_private_money_is_new_than_there_is(shared: Any) -> None:
    shared.set("finance", fund_crowd_in=9.0)
    shared.add(shared.funds, kind=OTHER, committed=10_000)
    shared.add(shared.funds, kind=GUIDANCE)
    one = signed(shared, 1_100, 100)
    assert (one.private, one.relabelled) == (400, 150)


def test_displaced_money_is_taken_once_and_from_the_youngest_first(small: Any) -> None:
    old, new = (small.add(small.funds, kind=OTHER, committed=100, called=40) for _ in range(2))
    small.add(small.funds, kind=OTHER, committed=900, government=1)
    small.add(small.funds, kind=GUIDANCE, committed=900)
    assert fund_sources.displace(small.funds.rows, 70) == 70
    assert (old.committed, old.forgone, new.committed, new.forgone) == (90, 10, 40, 60)
    assert fund_sources.displace(small.funds.rows, 70) == 50
    assert (old.committed, old.forgone) == (40, 60), "what was called is theirs"
    assert fund_sources.displace(small.funds.rows, -5) == 0
    assert small.funds.rows["committed"].tolist() == [40, 40, 900, 900]
