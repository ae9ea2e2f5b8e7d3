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


def test_what_is_signed_is_divided_to_the_yuan(shared: Any) -> None:
    one = shared.add(shared.funds, kind=GUIDANCE, committed=1_003, government=100)
    # 903 social yuan: 90, 180 and 270 public, 363 private, of which 90 are new; half of the 270 was promised.
    assert fund_sources.share_out(one, shared.parameters, shared.seed) == 273 + 135
    assert (one.central, one.municipal, one.state) == (90, 180, 270)
    assert (one.private, one.relabelled) == (90, 408)
    one.committed, one.government = 2_003, 200
    assert fund_sources.share_out(one, shared.parameters, shared.seed) == (723 - 180 + 270) - 408


def test_no_more_private_money_is_new_than_there_is(shared: Any) -> None:
    shared.set("finance", fund_crowd_in=9.0)
    one = shared.add(shared.funds, kind=GUIDANCE, committed=1_100, government=100)
    fund_sources.share_out(one, shared.parameters, shared.seed)
    assert (one.private, one.relabelled) == (400, 150)


def test_displaced_money_is_taken_once_and_from_the_youngest_first(small: Any) -> None:
    old, new = (small.add(small.funds, kind=OTHER, committed=100, called=40) for _ in range(2))
    small.add(small.funds, kind=OTHER, committed=900, government=1)
    small.add(small.funds, kind=GUIDANCE, committed=900)
    fund_sources.displace(small.funds.rows, 70)
    assert (old.committed, old.forgone, new.committed, new.forgone) == (90, 10, 40, 60)
    fund_sources.displace(small.funds.rows, 70)
    assert (old.committed, old.forgone) == (40, 60), "what was called is theirs"
    fund_sources.displace(small.funds.rows, -5)
    assert small.funds.rows["committed"].tolist() == [40, 40, 900, 900]
