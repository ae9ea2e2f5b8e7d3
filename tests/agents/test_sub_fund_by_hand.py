"""Sub-funds of the guidance fund: what is aimed at, announced, signed and paid, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import fund, sub_fund
from shaanxi_transfer.agents.fund import ANGEL, GROWTH, GUIDANCE, OTHER, TASK
from shaanxi_transfer.agents.fund_sources import SOURCES
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE


def propose(small: Any, before: float = 0.0, after: float = 1.0) -> Any:
    count = len(small.funds)
    small.funds.reserve(fund.MOST_PROPOSALS)
    small.funds.close(
        sub_fund.propose_sub_funds(
            small.funds.storage, count, before, after, small.key, 1, small.terms.finance, small.levers,
            small.now, small.seed,
        )
    )  # fmt: skip
    return small.funds.rows[count:]


@pytest.fixture
def proposing(small: Any) -> Any:
    """Every sub-fund is announced at 1000 yuan, and every one raises it; ratios are all 5."""
    small.set(
        "finance", fund_reference_size=1e4, fund_size_elasticity=0.5, fund_track_record_power=1.0,
        fund_meets_target_share=0.9999999, fund_fill_rate=0.5, fund_target_size=500.0, fund_target_ln_sd=0.0,
        fund_least_size=0.0, fund_hard_cap=1.0, fund_angel_size=1000.0, fund_closing_quarters=8.0,
        fund_life_years=7.0, fund_refilled_share=1.0, fund_central_share=0.0, fund_city_share=0.0,
        fund_state_share=0.2,
        fund_private_share=0.8, fund_sources_ln_sd=0.0,
    )  # fmt: skip
    small.levers.fund_size, small.levers.fund_leverage = 1e4, 5.0
    return small


def key_of(small: Any, ordinal: int) -> Any:
    return luck.child_key(small.key, sub_fund.SUB_FUND, ordinal, 0)


def test_the_track_record_is_proceeds_over_cost_of_guidance_funds(small: Any) -> None:
    assert sub_fund.track_record(small.funds.rows) == 1.0
    small.add(small.funds, kind=GUIDANCE, sold=100_000_000, returned=400_000_000)
    small.add(small.funds, kind=OTHER, sold=7, returned=10**12)
    assert sub_fund.track_record(small.funds.rows) == pytest.approx(9e8 / 6e8)


def test_the_government_keeps_what_it_expects_to_sign(small: Any) -> None:
    parameters = small.set("finance", fund_fill_rate=0.8, fund_refilled_share=0.75)
    levers = small.levers

    def left() -> float:
        return sub_fund.government_money_left(small.funds.rows, parameters, levers, small.now)

    levers.fund_size = 1000.0
    assert left() == 0.0, "without leverage there is no fund"
    levers.fund_leverage = 4.0
    open_one = {"kind": GUIDANCE, "ratio": 2.0, "target": 100, "reachable": 41, "closing": 2014.0}
    small.add(small.funds, **open_one, government=20, committed=40)
    # 250 in place, less half of the 0.8 * 100 - 40 that are still to come, less the quarter of the 20 that
    # were paid and are not appropriated anew.
    assert left() == 250.0 - 20.0 - 5.0
    small.add(small.funds, **{**open_one, "committed": 41})
    small.add(small.funds, **{**open_one, "kind": OTHER})
    small.add(small.funds, **{**open_one, "closing": 2013.99})
    assert left() == 225.0, "closed ones, other funds and those that are too late keep nothing"
    small.add(small.funds, **{**open_one, "target": 50, "committed": 41, "reachable": 50})
    assert left() == 225.0, "who has signed more than was expected frees no money"
    small.add(small.funds, **{**open_one, "target": 10_000, "reachable": 9_000})
    assert left() == 0.0


def test_a_sub_fund_comes_when_its_number_is_due_and_at_that_date(proposing: Any) -> None:
    due = proposing.draw(sub_fund.PROPOSAL, key_of(proposing, 0), step=0)
    assert len(propose(proposing, 0.0, due)) == 0, "the end of a step belongs to the next"
    assert len(propose(proposing, due + 1e-9, 1.0)) == 0
    (one,) = propose(proposing, due, 1.0)
    assert one.born == 2015.0 and one.key == key_of(proposing, 0)
    proposing.funds.close(0)
    (one,) = propose(proposing, 0.0, 1.0)
    assert one.born == pytest.approx(2015.0 + 0.25 * due)


def test_steps_of_any_length_bring_the_same_sub_funds(proposing: Any) -> None:
    proposing.levers.fund_size = 1e7
    proposing.set("finance", fund_reference_size=1e7)
    whole = [int(key) for key in propose(proposing, 0.0, 7.0)["key"]]
    proposing.funds.close(0)
    for part in range(28):
        propose(proposing, part / 4.0, (part + 1) / 4.0)
    assert [int(key) for key in proposing.funds.rows["key"]] == whole and len(whole) == 7


@pytest.mark.parametrize(("size", "leverage"), [(0.0, 5.0), (1e4, 0.99)])
def test_without_aim_or_leverage_nobody_proposes(proposing: Any, size: float, leverage: float) -> None:
    proposing.levers.fund_size, proposing.levers.fund_leverage = size, leverage
    assert len(propose(proposing)) == 0


def test_a_sub_fund_is_announced_and_dated(proposing: Any) -> None:
    proposing.set("finance", fund_hard_cap=2.0)
    (one,) = propose(proposing)
    _, quickness = proposing.two(sub_fund.SUB_FUND, one.key, 0)
    assert (one.target, one.reachable, one.kind, one.city) == (1000, 1000, GUIDANCE, 1)
    assert (one.stage, one.ratio, one.public_led) == (ANGEL, 5.0, False)
    assert one.closing == pytest.approx(one.born + 2.0 * (0.5 + quickness))
    assert one.ends == pytest.approx(one.closing + 7.0)
    proposing.funds.close(0)
    proposing.set("finance", fund_angel_size=999.0)
    assert propose(proposing)[0].stage == GROWTH


@pytest.mark.parametrize(
    ("aim", "announced", "signed"), [(2.5e3, 250, 500), (1e4, 1000, 1000), (4e4, 4000, 2000)]
)
def test_announcements_follow_the_aim_and_partners_follow_them_in_part(
    proposing: Any, aim: float, announced: int, signed: int
) -> None:
    """Partners sign with the root: a quarter of the aim brings twice what is announced, four times half."""
    proposing.levers.fund_size = aim
    proposing.set("finance", fund_hard_cap=3.0)
    (one,) = propose(proposing)
    assert (one.target, one.reachable) == (announced, signed)


@pytest.mark.parametrize(("cap", "signed"), [(1.0, 250), (1.5, 375), (2.5, 500)])
def test_partners_sign_more_than_announced_up_to_the_hard_cap(
    proposing: Any, cap: float, signed: int
) -> None:
    proposing.levers.fund_size = 2.5e3
    proposing.set("finance", fund_hard_cap=cap)
    assert propose(proposing)[0].reachable == signed


def test_sizes_are_lognormal_about_their_mean(proposing: Any) -> None:
    proposing.set("finance", fund_target_ln_sd=0.4)
    (one,) = propose(proposing)
    z = luck.normal_quantile(proposing.two(sub_fund.SUB_FUND, one.key, 0)[0])
    assert one.target == int(1000.0 * math.exp(0.4 * z - 0.08))


@pytest.mark.parametrize("side", [-1, 1])
def test_who_meets_the_target_is_drawn_and_a_good_record_helps(proposing: Any, side: int) -> None:
    proposing.add(proposing.funds, kind=GUIDANCE, sold=0, returned=250_000_000)
    meets, fill = proposing.two(sub_fund.SHORTFALL, key_of(proposing, 0), 0)
    # The record is 750 over 500 millions: half as many again meet their target.
    share = meets / 1.5 * (1.0 + side * 1e-9)
    proposing.set("finance", fund_meets_target_share=share, fund_fill_rate=0.9, fund_target_size=900.0)
    (one,) = propose(proposing)
    others = max(0.0, 0.9 - share) / (1.0 - share)
    assert one.reachable == (1000 if side > 0 else int(1000 * min(1.0, 2.0 * others * 1.5 * fill)))


def test_a_small_aim_still_announces_what_may_raise_the_least_capital(proposing: Any) -> None:
    proposing.levers.fund_size = 2e3
    proposing.set("finance", fund_least_size=100.0, fund_hard_cap=9.0)
    assert propose(proposing)[0].target == 200
    proposing.funds.close(0)
    proposing.set("finance", fund_least_size=110.0)
    assert propose(proposing)[0].target == 220, "two times the least, because half is usually raised"


def test_no_promise_goes_beyond_the_money_in_place(proposing: Any) -> None:
    """A sub-fund is expected to draw a fifth of the half that it raises."""
    proposing.set("finance", fund_target_size=1e5)
    for spoken_for, target in ((0, 20_000), (9_000, 2_000), (10_000, None)):
        proposing.funds.close(0)
        waiting = {"target": spoken_for * 2, "reachable": spoken_for + 1, "ratio": 5.0, "closing": 2015.0}
        proposing.add(proposing.funds, kind=GUIDANCE, **waiting)
        found = propose(proposing)
        assert [one.target for one in found] == ([] if target is None else [target])


@pytest.mark.parametrize(("raised", "number"), [(0.5, 1), (0.499, 0)])
def test_who_raises_less_than_the_least_is_given_up(proposing: Any, raised: float, number: int) -> None:
    proposing.set("finance", fund_hard_cap=raised, fund_least_size=500.0)
    assert len(propose(proposing)) == number


def test_a_little_more_aim_is_a_little_more_money(proposing: Any) -> None:
    """Over all aims from a tenth to ten times that of 2014, two in a hundred more at a time."""
    proposing.set(
        "finance", fund_meets_target_share=0.3, fund_target_ln_sd=0.6, fund_sources_ln_sd=0.4,
        fund_hard_cap=1.2, fund_target_size=500e6, fund_reference_size=3e9,
    )  # fmt: skip
    signed = []
    for step in range(233):
        proposing.levers.fund_size = 3e8 * 1.02**step
        proposing.funds.close(0)
        found = propose(proposing, 0.0, 12.0)
        signed.append((len(found), int(found["target"].sum()), int(found["reachable"].sum())))
    numbers, announced, reachable = np.array(signed, dtype=float).T
    assert (numbers == 12.0).all(), "the same sub-funds"
    for sums in (announced, reachable):
        growth = np.diff(np.log(sums))
        assert growth.min() > -1e-9 and growth.max() < 0.021
    assert reachable[-1] > 2.0 * reachable[0]


def test_signed_sums_are_not_cut_at_the_aim(proposing: Any) -> None:
    proposing.treasuries.rows["cash"][0] = 10**9
    proposing.set("finance", fund_crowd_in=0.9, fund_state_displaces=0.0, fund_new_where_none_share=1.0)
    for ordinal in range(40):
        propose(proposing, float(ordinal), ordinal + 1.0)
        proposing.now.date += 1.0
        sign(proposing)
    assert proposing.funds.rows["committed"].sum() > 3 * proposing.levers.fund_size


def sign(small: Any) -> None:
    sub_fund.raise_capital(
        small.funds.rows, small.terms.finance, small.now, small.seed, small.purse, small.flows, small.public
    )


@pytest.fixture
def signing(small: Any) -> Any:
    """A sub-fund of which 400 of 800 are signed by the end of the step, four parts of five of them social."""
    small.set(
        "finance", fund_crowd_in=0.9, fund_central_share=0.1, fund_city_share=0.1, fund_state_share=0.4,
        fund_private_share=0.4, fund_sources_ln_sd=0.0, fund_state_displaces=1.0,
        fund_new_where_none_share=1.0,
    )  # fmt: skip
    small.treasuries.rows["cash"][0] = 1000
    small.books.open()
    small.add(small.funds, kind=OTHER, committed=500, called=100)
    small.add(
        small.funds, kind=GUIDANCE, born=2014.25, closing=2016.25, target=1000, reachable=800, ratio=5.0
    )
    small.add(small.funds, kind=OTHER, committed=150, called=50)
    return small


def test_an_instalment_is_split_by_whose_money_it_is(signing: Any) -> None:
    sign(signing)
    one = signing.funds.rows[1]
    assert (one.committed, one.government, one.private, one.relabelled) == (400, 80, 72, 184)
    assert (one.central, one.municipal, one.state) == (32, 32, 128)
    assert one.cash == 80 and signing.cash("government") == 920
    assert signing.public[TASK, 0, CAUSE["fund_capital"]] == 80
    others = signing.funds.rows[[0, 2]]
    assert others["forgone"].tolist() == [84, 100], "the youngest first, no more than is uncalled"
    signing.books.close()


def test_the_government_pays_its_part_of_what_was_announced_and_no_more(signing: Any) -> None:
    one = signing.funds.rows[1]
    one.target = 300
    sign(signing)
    assert (one.committed, one.government) == (400, 60)
    signing.now.date += 2.0
    sign(signing)
    assert (one.committed, one.government) == (800, 60), "partners alone sign what goes beyond it"


@pytest.mark.parametrize(("cash", "government", "committed"), [(80, 80, 400), (40, 40, 200), (0, 0, 0)])
def test_partners_sign_beside_the_governments_money_and_the_rest_follows(
    signing: Any, cash: int, government: int, committed: int
) -> None:
    signing.treasuries.rows["cash"][0] = cash
    sign(signing)
    one = signing.funds.rows[1]
    assert (one.government, one.committed) == (government, committed)
    signing.treasuries.rows["cash"][0] = 1000
    sign(signing)
    assert (one.government, one.committed) == (80, 400)


@pytest.mark.parametrize(("date", "committed"), [(2017.25, 800), (2017.26, 0)])
def test_what_is_not_signed_within_a_year_of_the_closing_is_lost(
    signing: Any, date: float, committed: int
) -> None:
    signing.now.date = date
    sign(signing)
    assert signing.funds.rows[1].committed == committed


def test_tranches_are_paid_by_date_and_fees_are_not_called(small: Any) -> None:
    parameters = small.set("finance", fund_invested_share=0.9, fund_paying_years=4.0)
    one = small.add(small.funds, kind=GUIDANCE, born=2014.25, committed=1000, government=100)
    other = small.add(small.funds, kind=OTHER, born=2010.0, committed=1000)

    def pay(date: float) -> int:
        small.now.date = date
        sub_fund.pay_in(small.funds.rows, parameters, small.now, small.purse, small.flows)
        return int(one.called)

    # Of 1000 the managers keep 100 and the government paid 100: 200 a year, a year gone by at the end.
    assert pay(2015.0) == 200 == one.cash and pay(2015.0) == 200
    assert pay(2017.99) == 798 and pay(2018.0) == 800 == pay(2030.0)
    assert other.called == 0 and small.paid("fund_capital", "outside", "fund") == 800
    small.books.close()


def test_a_fund_that_called_early_calls_no_tranche(small: Any) -> None:
    parameters = small.set("finance", fund_invested_share=1.0, fund_paying_years=4.0)
    one = small.add(small.funds, kind=GUIDANCE, born=2014.25, committed=1000, called=250)
    sub_fund.pay_in(small.funds.rows, parameters, small.now, small.purse, small.flows)
    assert (one.called, one.cash) == (250, 0)
    one.called = 249
    sub_fund.pay_in(small.funds.rows, parameters, small.now, small.purse, small.flows)
    assert (one.called, one.cash) == (250, 1)


def test_the_ratio_is_the_funds_own(proposing: Any) -> None:
    proposing.set("finance", fund_sources_ln_sd=0.3)
    (one,) = propose(proposing)
    z = luck.normal_quantile(proposing.draw(SOURCES, one.key, step=0))
    assert one.ratio == pytest.approx(max(1.0, 5.0 * math.exp(0.3 * z)))
