"""Funds: what the government's money allows, who signs what, and whose money it was before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import fund
from shaanxi_transfer.agents.fund import ANGEL, GROWTH, GUIDANCE, OTHER, TASK
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE


def propose(small: Any) -> Any:
    before = len(small.funds)
    small.funds.reserve(fund.MOST_PROPOSALS)
    small.funds.close(
        fund.propose_sub_funds(
            small.funds.storage,
            before,
            small.key,
            1,
            small.terms.finance,
            small.levers,
            small.now,
            small.seed,
        )
    )
    return small.funds.rows[before:]


def test_the_track_record_is_proceeds_over_cost_of_guidance_funds(small: Any) -> None:
    assert fund.track_record(small.funds.rows) == 1.0
    small.add(small.funds, kind=GUIDANCE, sold=100_000_000, returned=400_000_000)
    small.add(small.funds, kind=OTHER, sold=7, returned=10**12)
    assert fund.track_record(small.funds.rows) == pytest.approx(9e8 / 6e8)


def test_the_government_keeps_what_it_expects_to_sign(small: Any) -> None:
    parameters, levers = small.set("finance", fund_fill_rate=0.8), small.levers

    def left() -> int:
        return fund.government_money_left(small.funds.rows, parameters, levers)

    levers.fund_size = 1000.0
    assert left() == 0, "without leverage there is no fund"
    levers.fund_leverage = 4.0
    small.add(small.funds, kind=GUIDANCE, government=20, target=100, committed=40, reachable=41)
    # 250 in all, 20 signed, and a quarter of the 0.8 * 100 - 40 that are still to come.
    assert left() == 250 - 20 - 10
    small.add(small.funds, kind=GUIDANCE, government=7, target=1000, committed=41, reachable=41)
    small.add(small.funds, kind=OTHER, government=99, target=1000, committed=41, reachable=99)
    assert left() == 220 - 7, "closed ones and other funds keep nothing"
    small.add(small.funds, kind=GUIDANCE, target=50, committed=41, reachable=50)
    assert left() == 213, "who has signed more than was expected frees no money"


# The meeting of the target is decided by luck; these shares make it certain or impossible.
@pytest.fixture
def raising(small: Any) -> Any:
    small.set(
        "finance", fund_reference_size=1e4, fund_size_elasticity=0.5, fund_subfund_hazard=10.0,
        fund_track_record_power=1.0, fund_meets_target_share=0.75, fund_fill_rate=0.9, fund_target_size=900.0,
        fund_target_ln_sd=0.0, fund_least_size=0.0, fund_angel_size=1000.0, fund_closing_quarters=8.0,
        fund_life_years=7.0,
    )  # fmt: skip
    small.levers.fund_size, small.levers.fund_leverage = 4e4, 2.0
    return small


def test_managers_come_the_oftener_the_larger_the_instrument(raising: Any) -> None:
    u = raising.draw(fund.PROPOSAL, raising.key)
    # 10 a year, a quarter of a year, and the root of four times the size of 2014.
    assert len(propose(raising)) == luck.poisson_quantile(u, 10.0 * 0.25 * 2.0)
    raising.funds.close(0)
    raising.levers.fund_size = 1e3
    raising.set("finance", fund_subfund_hazard=200.0, fund_target_size=9e-6)
    assert len(propose(raising)) == min(64, luck.poisson_quantile(u, 50.0)), "a smaller one draws no fewer"
    raising.levers.fund_leverage = 0.99
    assert len(propose(raising)) == 0


def test_a_sub_fund_announces_more_than_it_raises_and_is_dated(raising: Any) -> None:
    found = propose(raising)
    first = found[0]
    key = luck.child_key(raising.key, fund.SUB_FUND, raising.step, 0)
    meets, fill = raising.two(fund.SHORTFALL, key, 0)
    _, quickness = raising.two(fund.SUB_FUND, key, 0)
    # 0.9 of 1000; of the quarter that falls short the mean is (0.9 - 0.75) / 0.25 of the target.
    raised = 1.0 if meets < 0.75 else min(1.0, 2.0 * 0.6 * fill)
    assert (first.target, first.reachable) == (1000, int(1000 * raised))
    assert (first.kind, first.city, first.stage, first.born) == (GUIDANCE, 1, ANGEL, 2015.0)
    assert first.closing == pytest.approx(2015.0 + 2.0 * (0.5 + quickness))
    assert first.ends == pytest.approx(first.closing + 7.0)


@pytest.mark.parametrize("side", [-1, 1])
def test_who_meets_the_target_is_drawn_and_a_good_record_helps(raising: Any, side: int) -> None:
    raising.add(raising.funds, kind=GUIDANCE, sold=0, returned=250_000_000)
    key = luck.child_key(raising.key, fund.SUB_FUND, raising.step, 0)
    meets, fill = raising.two(fund.SHORTFALL, key, 0)
    # The record is 750 over 500 millions: half as many again meet their target.
    share = meets / 1.5 * (1.0 + side * 1e-9)
    raising.set("finance", fund_meets_target_share=share)
    (first, *_) = propose(raising)
    others = max(0.0, 0.9 - share) / (1.0 - share)
    assert first.reachable == (1000 if side > 0 else int(1000 * min(1.0, 2.0 * others * 1.5 * fill)))


def test_a_target_is_no_larger_than_the_governments_money_allows(raising: Any) -> None:
    raising.levers.fund_size = 900.0
    raising.set(
        "finance", fund_reference_size=100.0, fund_meets_target_share=0.9999999, fund_target_size=4000.0
    )
    raising.set("finance", fund_least_size=1.0)
    (first,) = propose(raising)
    # 450 yuan of the government, doubled, are all that can be signed of an announced 1000.
    assert first.target == 1000 and first.stage == ANGEL
    raising.funds.close(0)
    raising.set("finance", fund_angel_size=999.0)
    assert propose(raising)[0].stage == GROWTH
    for least, number in ((1000.0, 1), (1000.1, 0)):
        raising.funds.close(0)
        raising.set("finance", fund_least_size=least)
        assert len(propose(raising)) == number


def raise_capital(small: Any) -> None:
    fund.raise_capital(
        small.funds.rows, small.terms.finance, small.levers, small.now, small.purse, small.flows, small.public
    )


@pytest.fixture
def signing(small: Any) -> Any:
    """A sub-fund that has half of 800 to sign by now, four parts of five of them social."""
    small.set("finance", fund_crowd_in=0.9, fund_state_share=0.4)
    small.levers.fund_leverage, small.levers.fund_size = 5.0, 4000.0
    small.treasuries.rows["cash"][0] = 1000
    small.books.open()
    small.add(small.funds, kind=OTHER, committed=500, called=100)
    small.add(small.funds, kind=GUIDANCE, born=2014.125, closing=2016.125, reachable=800)
    small.add(small.funds, kind=OTHER, committed=150, called=50)
    small.add(small.funds, kind=OTHER, committed=900, government=1)
    return small


def test_an_instalment_is_split_by_whose_money_it_is(signing: Any) -> None:
    raise_capital(signing)
    one = signing.funds.rows[1]
    # Half of the time of raising is over: 400, of which 80 public, 72 new, 248 relabelled, 128 other public.
    assert (one.committed, one.government, one.private, one.relabelled, one.state) == (400, 80, 72, 248, 128)
    assert one.cash == 80 and signing.cash("government") == 920
    assert signing.public[TASK, 0, CAUSE["fund_capital"]] == 80
    others = signing.funds.rows[[0, 2, 3]]
    assert others["forgone"].tolist() == [148, 100, 0], "the youngest first, no more than is uncalled"
    assert others["committed"].tolist() == [352, 50, 900]
    signing.books.close()


def test_other_public_bodies_sign_no_more_than_what_is_relabelled(signing: Any) -> None:
    signing.set("finance", fund_state_share=0.9)
    raise_capital(signing)
    assert signing.funds.rows[1].state == 248
    signing.set("finance", fund_crowd_in=9.0)
    signing.now.date += 0.5
    raise_capital(signing)
    assert signing.funds.rows[1].relabelled == 248, "what comes new is not relabelled"
    assert signing.funds.rows[1].private == 72 + 160


@pytest.mark.parametrize(
    ("cash", "size", "government", "committed"),
    [(79, 4000.0, 79, 395), (1000, 300.0, 60, 300), (0, 4000.0, 0, 0), (1000, 4.0, 0, 0)],
)
def test_treasury_and_scale_bound_what_is_signed(
    signing: Any, cash: int, size: float, government: int, committed: int
) -> None:
    signing.treasuries.rows["cash"][0], signing.levers.fund_size = cash, size
    raise_capital(signing)
    one = signing.funds.rows[1]
    assert (one.government, one.committed) == (government, committed)


def test_nothing_is_signed_below_par_or_long_after_the_closing(signing: Any) -> None:
    one = signing.funds.rows[1]
    signing.levers.fund_leverage = 0.99
    raise_capital(signing)
    assert one.committed == 0
    signing.levers.fund_leverage = 1.0
    signing.now.date = 2017.126
    raise_capital(signing)
    assert one.committed == 0
    signing.now.date = 2017.125
    raise_capital(signing)
    assert (one.committed, one.government) == (800, 800), "a year after it the rest is"


def test_money_signed_by_others_counts_against_the_scale(signing: Any) -> None:
    signing.add(signing.funds, kind=GUIDANCE, committed=5, reachable=5, government=750)
    raise_capital(signing)
    assert signing.funds.rows[1].government == 50


def test_other_funds_are_founded_out_of_what_partners_have_left(small: Any) -> None:
    parameters = small.set("finance", fund_life_years=7.0, other_fund_size=99.0, fund_target_ln_sd=0.0)
    small.add(small.funds, kind=GUIDANCE, relabelled=300, forgone=0)
    small.add(small.funds, kind=OTHER, forgone=150)
    small.funds.reserve(fund.MOST_PROPOSALS)
    count = fund.found_other_funds(small.funds.storage, 2, 3, small.key, 1, parameters, small.now, small.seed)
    small.funds.close(count)
    born = small.funds.rows[2:]
    assert born["target"].tolist() == [100, 100, 100] and born["forgone"].tolist() == [100, 50, 0]
    assert born["committed"].tolist() == born["reachable"].tolist() == [0, 50, 100]
    assert (born["kind"] == OTHER).all() and (born["city"] == 1).all() and (born["ends"] == 2022.0).all()
    keys = [luck.child_key(small.key, fund.OTHER_FUND, small.step, k) for k in range(3)]
    stages = [ANGEL if small.two(fund.OTHER_FUND, key, 0)[1] < 0.5 else GROWTH for key in keys]
    assert born["stage"].tolist() == stages


def test_sizes_are_lognormal_about_their_mean(small: Any) -> None:
    parameters = small.set("finance", fund_life_years=7.0, other_fund_size=1e8, fund_target_ln_sd=0.6)
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


def test_displaced_money_is_taken_once(small: Any) -> None:
    small.add(small.funds, kind=OTHER, committed=100, called=40)
    fund.displace(small.funds.rows, 50)
    fund.displace(small.funds.rows, 50)
    one = small.funds.rows[0]
    assert (one.committed, one.forgone) == (40, 60) and np.all(one.committed >= one.called)
