"""The markets of a step: needs are met, results offered, loans and stakes granted, people placed."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import fund, trainee
from shaanxi_transfer.agents.census import CENSUS
from shaanxi_transfer.agents.enterprise import BOTH, BUYER
from shaanxi_transfer.agents.goods import (
    BROKERED,
    EXPIRED,
    IDLE,
    INDUSTRIALISED,
    SERVICE,
    SIGNED,
    SOLD,
    TIE,
    TRANSFER,
)  # fmt: skip
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.quarter import capacity, finance, results, trade
from shaanxi_transfer.model.state.calendar import Calendar
from shaanxi_transfer.model.state.cohorts import Cohorts
from shaanxi_transfer.model.state.registry import Registry

FIRM, UNIVERSITY = SECTOR["enterprise"], SECTOR["university"]


@pytest.fixture
def trading(small: Any) -> Any:
    """A firm that wants one service, its partner of the last contract, and a broker with time."""
    small.names = {"city": ("a", "b"), "field": ("a", "b")}
    small.calendar = Calendar(Quarter(2010, 1), Quarter(2020, 4), 4)
    small.registry = Registry(2)
    small.tally, small.local_contracts, small.outside_budget_left = small.registry.tally, 0, 10**9
    small.directory = SimpleNamespace(listing=lambda reach: small.listing(), enter=lambda rows: None)
    small.reach = None
    small.demand = SimpleNamespace(
        mean_value=1000.0, import_value=1000.0, producer_value=dict.fromkeys(SECTORS[:3], 500.0),
        value_index=2.0, outside_enterprise=0.0,
        destination_cumulative=np.array([0.0, 0.0, 0.0, 0.0, 1.0]),
    )  # fmt: skip
    small.mean_value_scale = small.first_value_scale = 1.0
    small.type_value = np.ones(4)
    small.values = {
        **small.REGISTERING,
        "unmet_alone_share": 0.5,
        "import_mean_value_ratio": 1.0,
        "imports_follow_market": 0.0,
        "cross_field_share": 1.0,
        "transfer_mean_value": 300.0,
    }
    for kind in SECTORS[:3]:
        small.add(small.producers[kind], rd_share=1.0, reputation=1.0, registered=1.0)
    small.producer_chances = trade.chances_of_producers(small)
    small.firm(key=5, role=BUYER, cash=10**6, partner=6, research_user=True)
    small.firm(key=6, role=BOTH, attraction=1.0, value_scale=3.0, registered=1)
    small.add(small.brokers, staff=8.0, standing=1.0)
    small.add(
        small.needs, buyer_sector=FIRM, buyer_row=0, type=SERVICE, budget=10**5, scale=1.0, open=1, ease=1.0
    )
    small.set(
        "trade", first_contact=0.0, repeat_contact=0.0, subcentre_contact=0.0, platform_chance=0.0,
        import_brokerage=0.0, tie_probability=1.0, commission_ln_sd=0.0, contract_value_ln_sd=0.0,
        contract_value_cap=1e12, platform_value_cap=1e12, broker_success=1.0, broker_learning_years=0.0,
        broker_other_field=0.0, broker_bypass=0.0,
    )  # fmt: skip
    small.set("people", broker_deals_per_person=1.0, broker_fee_share=0.1, broker_cash_per_person=0.0)
    small.now.entry_threshold = 0.0
    return small


@pytest.mark.parametrize(("contact", "channel", "fee"), [(0.999999999, TIE, 0), (0.0, BROKERED, 300)])
def test_a_need_is_met_concluded_paid_and_registered(
    trading: Any, contact: float, channel: int, fee: int
) -> None:
    trading.set("trade", repeat_contact=contact)
    trade.meet_local_needs(trading)
    (one,) = trading.contracts.rows
    assert (one.channel, one.seller_row, one.value) == (channel, 1, 3001) and trading.local_contracts == 1
    assert trading.brokers.rows["capacity"].tolist() == [2 - (fee > 0)]
    trading.enterprises.rows["sold"] = [0, 40]
    trading.producers["university"].rows["sold"] = 7
    trade.conclude_contracts(trading)
    assert trading.enterprises.rows["cash"].tolist() == [10**6 - 3001, 3001 + 40 - fee]
    assert trading.counts.needs_met == 1
    assert trading.cash("university") == 7 and trading.paid("broker_fee", "enterprise", "broker") == fee
    assert trading.needs.rows["open"].tolist() == [0] and trading.tally.count_by_seller[FIRM] == 1
    assert trading.registry.city_within.tolist() == [3001, 0]
    trading.books.close()


def test_a_result_is_offered_sold_and_handed_over(trading: Any) -> None:
    trading.set(
        "results",
        transfer_outside_hazard=0.0,
        transfer_ln_sd=0.0,
        pool_share=0.0,
        first_contact=1e9,
        contract_value_cap=1e12,
        outcome_years=3.0,
        pilot_success=1.0,
        no_pilot_success=0.0,
        ripe_share_before=1.0,
        worth_tail_index=1.0,
        nonexclusive_share=0.0,
        nonexclusive_price_ratio=1.0,
    )
    trading.needs.rows["type"] = TRANSFER
    trading.add(trading.results, seeking=True, visible=True, owner_sector=UNIVERSITY, born=2013.0)
    trading.results_seeking, trading.inventor_share = 1, np.full((3, 1), 0.5)
    results.offer(trading)
    (one,) = trading.contracts.rows
    assert (one.value, one.inventor_part) == (601, 300), "300 at twice the values"
    trade.conclude_contracts(trading)
    assert one.state == SIGNED and trading.cash("university") == 301
    ages: list[Any] = []
    trading.claims, trading.results_contracted = trading.contracts.rows, 0
    trading.counts = SimpleNamespace(count_ages_of_sold=ages.append, results_licensed=0)
    results.hand_over(trading)
    assert trading.results_contracted == 1 and ages[0].tolist() == [2.0]
    assert trading.results.rows["buyer_key"].tolist() == [5]


def test_results_are_counted_while_they_live_and_forgotten_afterwards(trading: Any) -> None:
    trading.cohorts = Cohorts(4, 44)
    trading.cohorts.undisclosed[UNIVERSITY, [15, 16, 24]] = 100, 10, 1
    trading.cohorts.own[[15, 24]] = 1000, 5
    trading.cohorts.in_use[[15, 16]] = 1000, 3
    trading.values["result_life_years"] = 2.2
    trading.set("results", result_life_years=2.2)
    trading.results_alive, trading.results_used = np.zeros(len(SECTORS), np.int64), np.full(len(SECTORS), 9)
    trading.counts = SimpleNamespace(results_transferred=np.zeros(len(SECTORS), np.int64))
    for state, born in ((IDLE, 2013.0), (SOLD, 2013.0), (EXPIRED, 2012.0), (INDUSTRIALISED, 2014.0)):
        trading.add(trading.results, state=state, born=born)
    trading.census = np.zeros(1, dtype=CENSUS).view(np.recarray)[0]
    results.take_stock(trading)
    # The steps of two years and a fifth, nine of them, begin with the second quarter of 2012 plus one.
    assert (trading.results_alive[UNIVERSITY], trading.results_alive[FIRM]) == (11 + 3, 5)
    assert (trading.results_used[UNIVERSITY], trading.results_used[FIRM], trading.results_used.sum()) == (
        1,
        3,
        4,
    )
    assert trading.counts.results_transferred[UNIVERSITY] == 2
    trading.step = 21
    results.forget_the_old(trading)
    assert len(trading.results) == 4
    trading.step = 20
    results.forget_the_old(trading)
    assert len(trading.results) == 3


@pytest.fixture
def financing(trading: Any) -> Any:
    trading.set(
        "finance",
        firm_size_ln_sd=1.0,
        loan_score_observable=0.5,
        linkage_points=0.0,
        loan_collateral_penalty=0.0,
        loan_collateral_share=0.0,
        loan_mean=100.0,
        loan_ln_sd=0.0,
        loan_growth=0.0,
        loan_revenue_share=1e9,
        loan_years=2.0,
        loan_default_hazard=0.0,
        branch_capacity=1.0,
        bank_approval_share=1.0,
        guarantee_additionality=0.0,
        compensation_leverage=1e9,
        compensation_threshold_effect=0.0,
        bank_join_hazard=1e9,
        bank_score_threshold=0.5,
        bank_learning=0.0,
        bank_tolerated_loss=0.0,
        loan_demand_hazard=1e9,
        compensation_enrolment=1.0,
        loan_amount_by_share=0.0,
    )
    trading.finance.queue = SimpleNamespace(
        room_for=lambda most: (np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(most))
    )
    trading.levers.compensation_share, trading.levers.compensation_threshold = 0.5, 9.0
    trading.levers.compensation_pool = 400.0
    trading.treasuries.rows["cash"][0] = 10**6
    trading.books.open()
    trading.add(trading.funds, kind=fund.POOL)
    trading.add(trading.banks, capacity=150, lent=150, threshold=0.9)
    trading.enterprises.rows["revenue"] = 10**6
    return trading


def test_banks_join_begin_their_year_and_lend_by_the_queue(financing: Any) -> None:
    asked = [financing.draw(luck.mechanism("firms that ask for a technology loan"), key, 1) for key in (5, 6)]
    finance.lend(financing)
    assert financing.cash("fund") == 100 and financing.banks.rows["member"][0]
    assert financing.banks.rows["threshold"][0] == 0.5 and financing.banks.rows["lent"][0] == 101
    (one,) = financing.finance.loans.rows
    assert one.firm_row == int(np.argmin(asked)) and one.principal == 101


@pytest.mark.parametrize("off", ["compensation_share", "compensation_pool"])
def test_without_a_pool_or_a_share_banks_lend_as_ever_to_who_passes(financing: Any, off: str) -> None:
    setattr(financing.levers, off, 0.0)
    finance.lend(financing)
    assert not financing.banks.rows["member"][0]
    (one,) = financing.finance.loans.rows
    assert one.share == 0.0 and financing.banks.rows["ordinary_book"][0] == 101


def test_within_the_year_a_bank_keeps_to_its_capacity(financing: Any) -> None:
    financing.step = 21
    finance.lend(financing)
    assert len(financing.finance.loans) == 0 and financing.banks.rows["threshold"][0] == 0.9


def test_funds_invest_in_those_first_in_the_queue(trading: Any) -> None:
    trading.set(
        "finance",
        fund_invested_share=1.0,
        fund_deployment_per_year=1.0,
        fund_ticket=100.0,
        fund_angel_size=1e9,
        fund_ticket_ln_sd=0.0,
        fund_venture_age=9.0,
        fund_equity_growth=0.0,
        fund_equity_growth_public=0.0,
        fund_holding_years=4.0,
        exit_hazard_year_3=0.0,
        exit_hazard_later=0.0,
    )
    trading.add(trading.funds, kind=fund.OTHER, committed=1200, ends=2030.0, key=7)
    trading.enterprises.rows["born"], trading.enterprises.rows["research_user"] = 2010.0, True
    wanted = luck.poisson_quantile(trading.draw(luck.mechanism("number of deals of a fund"), 7), 3.0)
    finance.invest(trading)
    stakes = trading.finance.stakes.rows
    order = np.argsort(
        [trading.draw(luck.mechanism("firms that look for an investor"), key, 1) for key in (5, 6)]
    )
    assert wanted > 0 and stakes["firm_row"].tolist() == order[:wanted].tolist()
    assert (stakes["cost"] == 101).all()


def test_funds_are_raised_and_others_founded_in_a_step(trading: Any) -> None:
    trading.set(
        "finance",
        fund_reference_size=1e9,
        fund_size_elasticity=1.0,
        fund_central_share=0.0,
        fund_city_share=0.0,
        fund_state_share=0.0,
        fund_private_share=1.0,
        fund_sources_ln_sd=0.0,
        fund_state_displaces=0.0,
        fund_hard_cap=1.0,
        fund_refilled_share=1.0,
        fund_paying_years=4.0,
        fund_invested_share=1.0,
        fund_track_record_power=0.0,
        fund_meets_target_share=0.9999999,
        fund_fill_rate=1.0,
        fund_target_size=900.0,
        fund_target_ln_sd=0.0,
        fund_least_size=0.0,
        fund_angel_size=1000.0,
        fund_closing_quarters=8.0,
        fund_life_years=7.0,
        fund_crowd_in=1.0,
        other_fund_births=0.5,
        other_fund_state_led=0.0,
        other_fund_size=99.0,
    )
    trading.treasuries.rows["cash"][0] = 10**6
    trading.books.open()
    trading.finance.capital = 1
    trading.levers.fund_size, trading.levers.fund_leverage = 1e9, 2.0
    trading.values["other_funds_2010"] = 160.0
    trading.values["fund_subfund_hazard"] = 32.0
    finance.raise_funds(trading)
    rows = trading.funds.rows
    others = luck.poisson_quantile(trading.draw(fund.OTHER_FUND, trading.key), 20.0)
    assert (rows["kind"] == fund.OTHER).sum() == others and (rows["city"] == 1).all()
    mine = rows[rows["kind"] == fund.GUIDANCE]
    assert len(mine) == 8 and 0 < mine["government"].sum() == 10**6 - trading.cash("government")
    assert 0 < mine["called"].sum() == trading.paid("fund_capital", "outside", "fund")
    trading.levers.fund_size = 0.0
    trading.now.step += 1
    finance.raise_funds(trading)
    assert (trading.funds.rows["kind"] == fund.GUIDANCE).sum() == 8, "without an aim no more are due"
    assert trading.finance.founded == {"sub-funds": 8.0}


def test_platforms_close_spend_and_take_in_young_firms(trading: Any) -> None:
    trading.set(
        "people",
        incubator_exit_hazard=0.0,
        maker_space_exit_hazard=1e9,
        incubator_certification_hazard=0.0,
        incubator_certification_years=9.0,
        incubation_years=4.0,
        incubation_admission_age=9.0,
        incubation_growth=0.0,
        teams_formed=0.0,
        team_years=1.0,
    )
    trading.values["incubation_interest"], trading.city_firms = 1e9, np.array([0.0, 1.0])
    trading.enterprises.rows["born"], trading.enterprises.rows["city"] = 2010.0, 1
    for kind, city in ((0, 1), (1, 1), (0, 0)):
        trading.add(trading.incubators, kind=kind, city=city, capacity=1 + city, cash=100)
    capacity.renew_platforms(trading)
    rows = trading.incubators.rows
    assert rows["gone"].tolist() == [False, True, False] and rows["tenants"].tolist() == [2, 0, 0]
    assert rows["cash"].tolist() == [75, 0, 75] and trading.enterprises.rows["incubated"].tolist() == [1, 1]


def test_people_are_trained_leave_and_are_placed(trading: Any) -> None:
    trading.set(
        "people",
        practising_attrition=0.0,
        training_pass_share=1.0,
        practising_share=1.0,
        practising_office_share=0.0,
    )
    trading.brokers.rows["places"], trading.seats = 5, 3
    capacity.train_people(trading)
    assert len(trading.trainees) == 3 and (trading.trainees.rows["practising"]).all()
    keys = [luck.child_key(trading.key, trainee.SEAT, 20, k) for k in range(3)]
    assert trading.trainees.rows["key"].tolist() == keys and trading.brokers.rows["trained"][0] == 3
    trading.trainees.rows["practising"], trading.seats = False, 0
    trading.levers.transfer_posts = 12.0
    capacity.train_people(trading)
    assert trading.producers["university"].rows["staff"][0] == 3.0 and math.isclose(
        trading.brokers.rows["staff"][0], 11.0
    )
