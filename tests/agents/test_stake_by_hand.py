"""Stakes: what a fund may spend, whom it pays, and to whom the proceeds go."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import stake
from shaanxi_transfer.agents.fund import GUIDANCE, OTHER, POOL, TASK
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE


def give_up(small: Any) -> None:
    stake.give_up(
        small.finance.stakes.rows, small.funds.rows, small.enterprises.rows, small.terms.finance, small.now,
        small.seed, small.purse, small.flows, small.public,
    )  # fmt: skip


def invest(small: Any, deals: list[int], queue: list[int]) -> Any:
    stakes = small.finance.stakes
    stakes.reserve(8)
    stakes.close(
        stake.invest(
            small.funds.rows, np.array(deals), small.enterprises.rows, np.array(queue), stakes.storage, 0,
            small.terms.finance, small.now, small.seed, small.purse, small.flows,
        )
    )  # fmt: skip
    return stakes.rows


def test_a_fund_spends_no_more_than_it_has_or_may_call_after_fees(small: Any) -> None:
    parameters = small.set("finance", fund_invested_share=0.8)
    fund = small.add(small.funds, cash=100, committed=1000, government=200, called=300, invested=50)
    assert stake.spendable(fund, parameters) == 100 + 1000 - 200 - 300
    fund.invested = 300
    assert stake.spendable(fund, parameters) == 800 - 300


def test_deals_follow_capital_and_ticket_until_three_years_before_the_end(small: Any) -> None:
    parameters = small.set(
        "finance",
        fund_invested_share=1.0,
        fund_deployment_per_year=0.4,
        fund_ticket=0.1,
        fund_angel_size=100.0,
    )
    committed, ends = (1000, 50, 1000, 1000), (2018.0, 2020.0, 2017.99, 2020.0)
    for size, end in zip(committed, ends, strict=True):
        small.add(small.funds, kind=OTHER, committed=size, ends=end)
    small.funds.rows["kind"][3] = POOL
    small.add(small.funds, kind=OTHER, committed=1000, invested=1000, ends=2020.0)
    deals = np.full(5, 99)
    total = stake.plan_deals(small.funds.rows, parameters, small.now, small.seed, deals)
    # A large fund: 1000 * 0.4 / 4 in tickets of 0.1 * 10; a small one: 50 * 0.4 / 4 in tickets of 0.1.
    means = (100.0, 50.0)
    draws = [small.draw(stake.DEALS, key) for key in small.funds.rows["key"][:2]]
    wanted = [luck.poisson_quantile(u, mean) for u, mean in zip(draws, means, strict=True)]
    assert deals.tolist() == [*wanted, 0, 0, 0] and total == sum(wanted)


def test_two_young_firms_look_for_an_investor_for_each_deal_wanted(small: Any) -> None:
    parameters = small.set("finance", fund_venture_age=5.0)
    one = small.firm(members=310, bound=10, born=2012.0, research_user=True)
    for other in (
        {"born": 2009.0, "research_user": True},
        {"born": 2012.0},
        {"born": 2012.0, "large": True, "research_user": True},
    ):
        small.firm(members=100, **other)
    rows, priority = np.full(400, -1), np.zeros(400)

    def looking(wanted: int, room: int = 400) -> int:
        found: int = stake.look_for_investors(
            small.enterprises.rows, wanted, parameters, small.now, small.seed, rows[:room], priority[:room]
        )
        return found

    found = looking(50)
    assert found == luck.binomial_quantile(small.draw(stake.VENTURE, one.key), 300, 2.0 * 50 / 300)
    assert (rows[:found] == 0).all() and (rows[found:] == -1).all()
    assert priority[:2].tolist() == [small.draw(stake.VENTURE, one.key, k) for k in (1, 2)]
    assert looking(150) == looking(1000) == 300, "everybody looks"
    assert looking(50, room=7) == 7
    one.bound = 310
    assert looking(50) == 0


def test_a_fund_pays_with_its_cash_and_calls_the_rest(small: Any) -> None:
    small.set(
        "finance", fund_ticket=100.0, fund_ticket_ln_sd=0.0, fund_angel_size=500.0, fund_invested_share=0.3,
        fund_equity_growth=math.log(1.5), fund_equity_growth_public=0.0, fund_holding_years=4.0,
         exit_hazard_later=0.0,
    )  # fmt: skip
    # Tickets of 100 * 1000 / 500 and one yuan for rounding; 300 yuan may be invested.
    fund = small.add(small.funds, cash=60, committed=1000, government=60, ends=2018.0, kind=OTHER)
    firm, other = small.firm(members=5, born=2010.0), small.firm(born=2010.0)
    stakes = invest(small, [3], [0, 1, 1])
    assert stakes["cost"].tolist() == [201, 99], "the third finds nothing left"
    assert stakes["firm_row"].tolist() == [0, 1] and stakes["fund_row"].tolist() == [0, 0]
    assert (firm.equity, firm.bound, firm.cash) == (201, 1, 201)
    assert (other.equity, other.bound, other.cash) == (99, 1, 99)
    assert firm.growth == pytest.approx(math.log(1.1)) and other.growth == pytest.approx(math.log(1.5))
    assert (fund.cash, fund.called, fund.invested, fund.book, fund.deals) == (0, 240, 300, 300, 2)
    assert small.paid("fund_capital", "outside", "fund") == 240
    assert small.paid("equity", "fund", "enterprise") == 300
    assert stakes["ends"].tolist() == [2018.0, 2018.0], "the fund ends before four years are over"
    assert (
        stakes["bought"].tolist() == [2015.0, 2015.0] and not stakes["fails"].any() and stakes["open"].all()
    )
    assert len(invest(small, [0], [0])) == 0
    small.books.close()


@pytest.mark.parametrize(("public_led", "growth"), [(False, 0.3), (True, -0.1)])
def test_what_a_firm_gains_hangs_on_who_leads_the_fund(small: Any, public_led: bool, growth: float) -> None:
    small.set(
        "finance", fund_ticket=10.0, fund_ticket_ln_sd=0.0, fund_angel_size=2000.0, fund_invested_share=1.0,
        fund_equity_growth=0.3, fund_equity_growth_public=-0.1, fund_holding_years=4.0,
        exit_hazard_later=0.0,
    )  # fmt: skip
    small.add(small.funds, committed=1000, ends=2030.0, kind=OTHER, public_led=public_led)
    firm = small.firm(born=2010.0)
    invest(small, [1], [0])
    assert firm.growth == pytest.approx(growth)


@pytest.mark.parametrize(("years", "fails"), [(3.999, True), (4.001, False)])
def test_a_stake_ends_when_its_firm_fails_or_at_the_end_of_the_holding_time(
    small: Any, years: float, fails: bool
) -> None:
    fund = small.add(small.funds, committed=1000, ends=2030.0, kind=OTHER)
    key = luck.child_key(fund.key, stake.STAKE, small.step, 0)
    _, patience = small.two(stake.STAKE, key, 0)
    small.set(
        "finance", fund_ticket=10.0, fund_ticket_ln_sd=0.0, fund_angel_size=2000.0, fund_invested_share=1.0,
        fund_equity_growth=0.1, fund_equity_growth_public=0.0, fund_holding_years=4.0,
        exit_hazard_later=-math.log(patience) / years, exit_size_factor_large=9.0,
    )  # fmt: skip
    small.firm(born=2010.0)
    (one,) = invest(small, [1], [0])
    assert one.ends == pytest.approx(2015.0 + min(years, 4.0)) and one.fails == fails and one.cost == 11


def hold(small: Any, treasury: int = 0, **columns: Any) -> tuple[Any, Any, Any]:
    """A fund of 30 public and 70 social yuan that holds a stake of 100 in a firm of two members."""
    small.set(
        "finance", fund_exit_success_probability=0.0, fund_exit_failure_recovery=0.5, fund_exit_multiple=3.0,
        fund_exit_multiple_ln_sd=0.0,
    )  # fmt: skip
    fund = small.add(small.funds, kind=GUIDANCE, treasury=treasury, government=30, called=70, book=100)
    firm = small.firm(members=2, cash=1000, equity=100, bound=1)
    one = small.add(small.finance.stakes, cost=100, ends=2015.0, open=True, **columns)
    return fund, firm, one


@pytest.mark.parametrize("treasury", [0, 2])
def test_proceeds_go_to_the_treasury_that_paid_in_and_to_the_partners(small: Any, treasury: int) -> None:
    fund, firm, one = hold(small, treasury)
    give_up(small)
    # The founders buy back for 50; the public part is 30 in 100.
    assert small.treasuries.rows["cash"].tolist() == [15 if row == treasury else 0 for row in range(3)]
    assert small.public[TASK, treasury, CAUSE["fund_distribution"]] == -15 == small.public.sum()
    assert small.paid("fund_distribution", "fund", "outside") == 35
    assert (fund.cash, fund.book, fund.sold, fund.returned) == (0, 0, 100, 50)
    assert (firm.cash, firm.equity, firm.bound, one.open) == (950, 0, 0, False)


def test_a_firm_that_fails_pays_its_investor_nothing(small: Any) -> None:
    for lucky in (0.0, 1.0):
        fund, firm, one = hold(small, fails=True, firm_row=int(lucky), fund_row=int(lucky))
        small.set("finance", fund_exit_success_probability=lucky)
        give_up(small)
        assert (fund.returned, fund.sold, firm.cash, firm.equity, one.open) == (0, 100, 1000, 0, False)
    assert not small.flows.any()


def test_founders_pay_back_no_more_than_one_member_has(small: Any) -> None:
    fund, firm, _ = hold(small)
    firm.cash = 99
    give_up(small)
    assert fund.returned == 49 and firm.cash == 50


@pytest.mark.parametrize(("side", "proceeds"), [(-1, 50), (1, 300)])
def test_a_success_is_sold_beyond_the_province_at_its_multiple(small: Any, side: int, proceeds: int) -> None:
    fund, firm, one = hold(small)
    chance, _ = small.two(stake.EXIT, one.key, 0)
    small.set("finance", fund_exit_success_probability=chance * (1.0 + side * 1e-9))
    give_up(small)
    assert fund.returned == proceeds and firm.cash == (950 if side < 0 else 1000)


def test_multiples_are_lognormal_about_their_mean(small: Any) -> None:
    fund, _, one = hold(small)
    small.set("finance", fund_exit_success_probability=1.0, fund_exit_multiple_ln_sd=0.8)
    one.cost = 10**9
    give_up(small)
    z = luck.normal_quantile(small.two(stake.EXIT, one.key, 0)[1])
    assert fund.returned == int(3e9 * math.exp(0.8 * z - 0.32))


@pytest.mark.parametrize(("ends", "held"), [(2015.125, False), (2015.126, True)])
def test_a_stake_is_held_to_the_middle_of_its_last_step(small: Any, ends: float, held: bool) -> None:
    _, _, one = hold(small)
    one.ends = ends
    give_up(small)
    assert one.open == held


def test_what_nobody_paid_in_belongs_to_the_partners(small: Any) -> None:
    fund = small.add(small.funds, cash=101, kind=GUIDANCE, government=30, called=70)
    stake.distribute(fund, 0, 101, small.purse, small.flows, small.public)
    assert small.cash("government") == 30 and small.paid("fund_distribution", "fund", "outside") == 71
    fund.government = fund.called = 0
    fund.cash = 5
    stake.distribute(fund, 0, 5, small.purse, small.flows, small.public)
    assert small.paid("fund_distribution", "fund", "outside") == 76


@pytest.mark.parametrize(
    ("columns", "left"),
    [({}, 0), ({"ends": 2015.01}, 100), ({"book": 1}, 100), ({"kind": POOL}, 100)],
)
def test_a_fund_is_wound_up_when_its_time_is_over_and_nothing_is_held(
    small: Any, columns: dict[str, Any], left: int
) -> None:
    fund = small.add(
        small.funds, **{"kind": OTHER, "cash": 100, "government": 1, "treasury": 1, "ends": 2015.0, **columns}
    )
    stake.wind_up(small.funds.rows, small.now, small.purse, small.flows, small.public)
    assert fund.cash == left and small.cash("government", 1) == 100 - left
