"""What the parts of a step hand to the rules: budgets, shares, chances and the order of the tables."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import broker, founding, incubator, selling, voucher
from shaanxi_transfer.agents.buying import NEED, NEEDS
from shaanxi_transfer.agents.enterprise import BOTH
from shaanxi_transfer.agents.goods import SIGNED, VOUCHER
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE, SECTOR, SECTORS
from shaanxi_transfer.model.quarter import (
    capacity,
    finance,
    firms,
    research,
    support_contracts,
    trade,
)
from shaanxi_transfer.model.state.registry import Registry

FIRM, MILITARY, UNIVERSITY = SECTOR["enterprise"], SECTOR["military_unit"], SECTOR["university"]
KINDS = SECTORS[:3]


def test_treasuries_get_a_quarter_of_the_science_money(step: Any) -> None:
    step.values["programme_reserve_share"] = 0.5
    step.treasuries.rows["fiscal_share"] = [0.5, 0.5, 0.0]
    research.fund_treasuries(step)
    assert step.treasuries.rows["cash"].tolist() == [500, 501, 0]
    assert step.treasuries.rows["reserve"].tolist() == [250, 250, 0]


def test_producers_perform_their_kinds_share(step: Any) -> None:
    step.set("producers", producer_cash_ratio=0.0)
    step.demand = SimpleNamespace(outside_producer={kind: 10.0 * (1 + k) for k, kind in enumerate(KINDS)})
    for k, kind in enumerate(KINDS):
        step.add(step.producers[kind], rd_share=1.0, city=k % 2, reputation=1.0)
    assert [research.budget_of(step, kind) for kind in KINDS] == [1000, 400, 200]
    research.do_research(step)
    assert [int(step.producers[kind].rows["rd"][0]) for kind in KINDS] == [1000, 400, 200]
    assert [float(step.producers[kind].rows["attraction"][0]) for kind in KINDS] == [10.0, 20.0, 30.0]
    assert step.counts.research_by_city.tolist() == [1200, 400]
    step.producers["university"].rows["rd_share"] = 0.3
    research.cast_back(step)
    assert step.producers["university"].rows["rd"][0] == 300


def test_enterprises_perform_the_rest_and_it_is_shared_anew_once_a_year(step: Any) -> None:
    assert firms.enterprise_research(step) == 1600
    step.firm(research_user=True, revenue=5, growth=1.0, bent=1.0)
    firms.share_out_research(step)
    assert step.enterprises.rows["rd"][0] == 1600
    step.set("firms", **step.MEASURES)
    measured: list[Any] = []
    step.measure_enterprises = measured.append
    step.step = 21
    firms.renew_once_a_year(step)
    assert not measured and step.enterprises.rows["growth"][0] == 1.0
    step.step = 20
    firms.renew_once_a_year(step)
    assert len(measured) == 1 and step.enterprises.rows["growth"][0] == 0.5


@pytest.mark.parametrize(("scale", "members"), [(1.0, 1), (0.1, 10)])
def test_firms_enter_to_replace_and_to_grow(step: Any, scale: float, members: int) -> None:
    # Ten percent more a year; nine in ten are small, with 0.2 entrants a year for each at growth of 0.05.
    step.scale = scale
    step.firms_at = lambda date: 4000.0 * 1.1 ** (date - 2015.0)
    step.ages = (SimpleNamespace(entry_rate=0.2, growth=0.05), SimpleNamespace(entry_rate=0.01, growth=0.2))
    step.values["large_firm_share"] = 0.1
    step.set(
        "firms",
        **{
            **step.MEASURES,
            "large_firm_share": 0.1,
            "pure_seller_share": 0.0,
            "registered_share_2010": 0.0,
            "research_user_share_large": 0.0,
            "research_user_share_small": 0.0,
            "seller_share": 0.0,
        },
    )
    step.now.output_index = 1.0
    firms.enter(step)
    small_firms = 3600 * (0.2 + math.log(1.1) - 0.05) * 0.25 / members
    u = luck.draw_uniform(int(step.seed), int(firms.ENTRY), luck.key_of("entry", "shaanxi", 0), 20)
    rows = step.enterprises.rows
    assert len(rows) == luck.rounded(u, small_firms) and not rows["large"].any(), "large ones need none"
    assert (rows["members"] == members).all() and rows["appetite"] == pytest.approx(
        np.full(len(rows), members)
    )
    assert (
        rows["key"] == [luck.child_key(step.key, founding.ENTRANT, 20, 2 * k) for k in range(len(rows))]
    ).all()


def test_rows_without_members_go_and_their_needs_loans_and_stakes_follow(step: Any) -> None:
    for key, members in ((30, 1), (20, 0), (10, 1)):
        step.firm(key=key, members=members)
    for row in (0, 1, 2):
        step.add(step.needs, buyer_sector=FIRM, buyer_row=row, open=1)
    for row in (0, 2):
        step.add(step.finance.loans, firm_row=row)
        step.add(step.finance.stakes, firm_row=row)
    firms.tidy(step)
    assert step.enterprises.rows["key"].tolist() == [10, 30]
    assert step.needs.rows["buyer_row"].tolist() == [1, -1, 0] and step.needs.rows["open"].tolist() == [
        1,
        0,
        1,
    ]
    for ledger in (step.finance.loans, step.finance.stakes):
        assert ledger.rows["firm_row"].tolist() == [1, 0]


def test_needs_are_shared_among_the_kinds_of_buyer(step: Any) -> None:
    step.demand = SimpleNamespace(local=20_000.0)
    step.values = {"government_need_share": 0.2, "military_need_share": 0.1, "need_expiry_quarters": 3}
    step.steered, step.values["cross_field_share"] = {"military_need_share": 0.3}, 0.0
    step.values["search_spread"] = 0.0
    step.type_cumulative = {"enterprise": np.array([1.0, 1.0, 1.0, 1.0])}
    step.treasuries.rows["appetite"][1], step.treasuries.rows["key"][1] = 2.0, 5
    step.add(step.producers["military_unit"], appetite=4.0, key=6)
    step.firm(appetite=0.05, key=7)
    trade.voice_needs(step)
    rows = step.needs.rows
    for sector, key, wanted in (
        ("government", 5, 1000.0),
        ("military_unit", 6, 1500.0),
        ("enterprise", 7, 3500.0),
    ):
        mine = rows[rows["buyer_sector"] == SECTOR[sector]]
        assert mine["units"].sum() == luck.poisson_quantile(step.draw(NEEDS, key), wanted)
        assert (mine["expires"] == 23).all()
        # Needs of treasuries lie anywhere, half of those of military units and all of firms' in their field.
        own = {"government": 0.0, "military_unit": 0.5, "enterprise": 1.0}[sector]
        stream = step.stream(NEED, key, 20)
        assert mine["field"].tolist() == [int(luck.pick(stream, 4 * k + 2) >= own) for k in range(len(mine))]
    step.step = 23
    rows["open"][:3] = 0, 4, 5
    step.needs.rows["expires"][3:] = 24
    trade.let_needs_lapse(step)
    assert len(step.needs) == len(rows) - 3 and step.counts.needs_lapsed == 9


@pytest.fixture
def selling_out(step: Any) -> Any:
    """A firm that sells 40 contracts of 1000 a year outside, and a university that sells 20 of 500."""
    step.demand = SimpleNamespace(
        outside_enterprise=400.0,
        mean_value=1000.0,
        outside_producer=dict(zip(KINDS, (200.0, 0.0, 0.0), strict=True)),
        producer_value=dict(zip(KINDS, (500.0, 9.0, 9.0), strict=True)),
        destination_cumulative=np.ones(5),
    )
    step.mean_value_scale, step.registry = 2.0, Registry(2)
    step.tally = step.registry.tally
    step.values = {
        **step.REGISTERING,
        "outside_budget_headroom": 1.5, "contract_value_ln_sd": 0.0, "commission_ln_sd": 0.0,
        "unmet_alone_share": 0.5, "outside_additional": 0.25,
    }  # fmt: skip
    step.type_cumulative = {
        "enterprise": np.array([1.0, 1.0, 1.0, 1.0]),
        "producer": np.array([0.0, 1.0, 1.0, 1.0]),
    }
    step.type_value = np.array([1.0, 2.0, 1.0, 1.0])
    step.set(
        "trade", contract_value_cap=1e12, platform_chance=0.0, broker_success=0.5, broker_learning_years=0.0,
        broker_other_field=0.0,
    )  # fmt: skip
    step.now.entry_threshold = 0.0
    step.firm(role=BOTH, attraction=3.0, value_scale=2.0, key=5, members=2, registered=2, certified=1)
    step.add(step.producers["university"], attraction=7.0, value_scale=1.0, key=6, registered=1.0)
    return step


def test_the_world_beyond_buys_within_its_budget(selling_out: Any) -> None:
    # A quarter of 400 * 1000 * 2 and of 200 * 500, and half as much again.
    assert trade.outside_budget(selling_out) == pytest.approx(1.5 * (200_000 + 25_000))
    trade.sell_outside(selling_out)
    mine = luck.poisson_quantile(selling_out.draw(selling.SALES, 5), 100.0)
    others = luck.poisson_quantile(selling_out.draw(selling.SALES, 6), 50.0)
    spent = 2001 * mine + 1001 * others
    assert selling_out.enterprises.rows["sold"][0] == 2001 * mine
    assert selling_out.producers["university"].rows["sold"][0] == 1001 * others
    assert selling_out.outside_budget_left == 337_500 - spent
    assert selling_out.tally.count_by_seller[[UNIVERSITY, FIRM]].tolist() == [others, mine]
    assert selling_out.tally.high_tech_signed == int(0.5 * 2001 * mine + 0.5)
    selling_out.values["outside_budget_headroom"] = 0.5
    trade.sell_outside(selling_out)
    assert 0 <= selling_out.outside_budget_left < 112_500 * 0.3 and selling_out.tally.refused > 0
    assert selling_out.tally.signed_value == 112_500 - selling_out.outside_budget_left, (
        "tries are not counted"
    )


def test_helpers_bring_buyers_from_outside_as_long_as_some_look_in_vain(selling_out: Any) -> None:
    selling_out.firm(role=BOTH, attraction=1.0, value_scale=1.0, field=1)
    # A hundred contracts a quarter for four points of attraction.
    assert trade.orders_from_outside(selling_out).tolist() == [25.0, 25.0]
    one = selling_out.add(selling_out.brokers, staff=1.0, field=1, capacity=40)
    # Twenty more in the second field, five of them on top: 85 are left to be shared by attraction.
    assert trade.orders_from_outside(selling_out) == pytest.approx([85 / 4, 85 / 4 + 20])
    selling_out.set("trade", platform_chance=0.1)
    # Another ten, over the platform; a hundred look in vain.
    assert trade.orders_from_outside(selling_out) == pytest.approx([(77.5 + 10) / 4, (77.5 + 10) / 4 + 20])
    one.capacity = 4000
    most = trade.orders_from_outside(selling_out)
    assert most @ [3.0, 1.0] == pytest.approx(125.0), "all who looked in vain are brought, a quarter on top"
    one.field, selling_out.enterprises.rows["field"] = 1, 0
    assert trade.orders_from_outside(selling_out)[0] == pytest.approx((92.5 + 10) / 4), "nobody to sell"
    selling_out.enterprises.rows["attraction"] = 0.0
    assert trade.orders_from_outside(selling_out).tolist() == [0.0, 0.0]


def test_sellers_outside_are_as_large_as_those_here(selling_out: Any) -> None:
    selling_out.values |= {"import_mean_value_ratio": 1.2, "imports_follow_market": 0.0}
    selling_out.demand.import_value, selling_out.first_value_scale = 1000.0, 4.5
    selling_out.directory = SimpleNamespace(listing=lambda reach: reach)
    selling_out.reach, selling_out.producer_chances = "reach", ("cumulative", "guide", "city")
    sellers: Any = trade.sellers_of(selling_out)
    assert sellers.mean_value.tolist() == [2400.0, 500.0, 9.0, 9.0, 1000.0] and sellers.listing == "reach"
    assert sellers.destination_sector.tolist() == [SECTOR["outside"], 0, 1, 2, FIRM]
    # Where purchases follow the market, sellers elsewhere stay as large as those here were at first.
    selling_out.values["imports_follow_market"] = 1.0
    assert trade.sellers_of(selling_out).mean_value.tolist() == [5400.0, 500.0, 9.0, 9.0, 1000.0]
    selling_out.values["imports_follow_market"] = 0.5
    assert trade.sellers_of(selling_out).mean_value[0] == pytest.approx(3600.0)


def test_producers_are_found_by_research_reputation_and_field(step: Any) -> None:
    step.values["cross_field_share"] = 0.25
    for field, share, reputation in ((0, 0.5, 1.0), (1, 0.25, 2.0)):
        step.add(step.producers["university"], field=field, rd_share=share, reputation=reputation, city=field)
    for kind in KINDS[1:]:
        step.add(step.producers[kind], rd_share=1.0, reputation=1.0)
    chances, guide, cities = trade.chances_of_producers(step)
    assert chances[0] == pytest.approx(np.array([[0.8, 1.0], [0.2, 1.0]]))
    assert chances[1:].tolist() == [[[1.0, 2.0]] * 2] * 2 and cities.tolist() == [[0, 1], [0, 0], [0, 0]]
    assert guide[0, 0, [0, 102, 103, 127]].tolist() == [0, 0, 1, 1] and guide.shape == (3, 2, 128)


def test_vouchers_spend_one_purse_and_bind_it(step: Any) -> None:
    step.steered = {
        "challenge_grant": 300.0,
        "county_grant": 50.0,
        "dispatched_service_value": 20.0,
        "instrument_grant": 10.0,
        "programme_copayment": 0.5,
        "voucher_producer_share": 1.0,
        "dispatched_services_per_year": 1.0,
        "star_sky_services": 0.0,
        "secondment_contracts": 0.0,
        "alliance_order_additional": 0.0,
        "alliance_order_value": 700.0,
        "pool_share": 0.0,
        "pool_licence_rate": 0.0,
        "pool_licence_value": 1.0,
        "secondment_value": 1.0,
    }
    step.levers.voucher_face_value, step.levers.voucher_budget, step.levers.open_instruments = (
        100.0,
        4000.0,
        4000.0,
    )
    step.levers.city_plans = 800.0
    step.set("finance", voucher_additional=1.0, voucher_deadweight=0.0, voucher_unused=0.0)
    step.set("finance", voucher_additional_enterprise=1.0)
    step.set("trade", cross_field_share=1.0)
    step.treasuries.rows["cash"], step.treasuries.rows["reserve"] = [1025, 60, 40], [1, 2, 3]
    step.books.open()
    for key in (5, 6, 7):
        step.firm(members=100, appetite=1.0, city=1, key=key)
    step.add(step.producers["university"], attraction=1.0)
    step.directory, step.reach = SimpleNamespace(listing=lambda reach: step.listing()), None
    support_contracts.issue_vouchers(step)
    tickets = step.finance.vouchers.rows
    number = np.bincount(tickets["programme"], minlength=6)
    # Ten vouchers a quarter; what is left pays for two of a hundred instruments; cities have two.
    assert 0 < number[0] <= 10 and number[4] <= (1025 - 100 * number[0]) // 10 and number[5] <= 2
    bound = [1 + 100 * number[0] + 10 * number[4], 2, 3 + 50 * number[5]]
    assert step.treasuries.rows["reserve"].tolist() == bound
    assert len(step.contracts) == len(tickets) and set(step.contracts.rows["value"].tolist()) <= {100, 20}
    step.contracts.rows["state"] = SIGNED
    support_contracts.redeem_vouchers(step)
    assert step.finance.redeemed[0] == number[0] and step.finance.redeemed[4] == number[4]
    assert (
        step.public[22, 0, CAUSE["voucher"]] == 100 * number[0]
        and (step.contracts.rows["channel"] == VOUCHER).all()
    )
    assert step.cash("government", 1) == 60 and set(tickets["fate"].tolist()) == {voucher.ADDITIONAL}


@pytest.mark.parametrize(("due", "left"), [(2015.0, 0), (2016.0, 1)])
def test_settled_loans_and_sold_stakes_leave_their_ledgers(step: Any, due: float, left: int) -> None:
    step.set(
        "finance",
        loan_rate=0.0,
        loan_years=1.0,
        fund_exit_success_probability=0.0,
        fund_exit_failure_recovery=0.0,
        fund_exit_multiple=1.0,
        fund_exit_multiple_ln_sd=0.0,
    )
    step.add(step.funds, kind=0)
    step.add(step.banks)
    step.firm(cash=100)
    step.add(step.finance.loans, outstanding=5, due=due, open=True)
    step.add(step.finance.stakes, cost=5, ends=due, open=True)
    finance.settle_what_is_due(step)
    assert len(step.finance.loans) == len(step.finance.stakes) == left


def test_who_closed_goes_and_the_others_stand_in_the_order_of_keys(step: Any) -> None:
    for key, gone in ((9, False), (3, True), (5, False)):
        step.add(step.brokers, key=key, gone=gone)
        step.add(step.incubators, key=key, gone=gone)
    capacity.tidy(step)
    assert step.brokers.rows["key"].tolist() == step.incubators.rows["key"].tolist() == [5, 9]


def test_programmes_are_commissioned_at_the_start_of_a_step(step: Any) -> None:
    step.set(
        "people", training_seats_reference=1.0, training_cost_per_seat=10.0, incubator_capacity_ln_sd=0.0,
        incubator_tenants=20.0, maker_space_places=9.0, platform_public_share=0.0,
        platform_university_share=0.0,
    )  # fmt: skip
    step.values.update(
        incubator_subsidy=7.0,
        maker_space_subsidy=5.0,
        star_sky_platform_subsidy=3.0,
        incubators_founded_reference=1.0,
        maker_spaces_founded_reference=1.0,
    )
    step.usual = SimpleNamespace(seats=40.0, platforms=(80.0, 120.0))
    step.levers.training_seats = step.levers.incubators_founded = step.levers.maker_spaces_founded = 1.0
    step.levers.star_sky_platforms = 160.0
    step.treasuries.rows["cash"][0] = 10**6
    step.books.open()
    capacity.commission(step)
    kinds = np.bincount(step.incubators.rows["kind"], minlength=3)
    keys = [
        luck.key_of("platforms", "shaanxi", name)
        for name in ("incubator", "maker_space", "star_sky_platform")
    ]
    draws = [step.draw(incubator.NUMBER_FOUNDED, key) for key in keys]
    assert kinds.tolist() == [
        luck.poisson_quantile(u, mean) for u, mean in zip(draws, (20.0, 30.0, 40.0), strict=True)
    ]
    assert step.seats == 10 and step.paid("training", "government", "households") == 100
    assert step.paid("subsidy", "government", "incubator") == 7 * kinds[0] + 5 * kinds[1] + 3 * kinds[2]
    assert set(step.incubators.rows["city"][: kinds[0]].tolist()) == {1}


def test_brokers_open_close_and_hire_in_a_step(step: Any) -> None:
    step.set(
        "people",
        broker_exit=0.0,
        brokers_founded_reference=1.0,
        broker_hiring=1.0,
        practising_attrition=1e-9,
        broker_staff_mean=5.0,
        training_displacement=0.0,
        demonstration_certifications_reference=1.0,
        demonstration_min_staff=9e9,
        demonstration_min_deals=0.0,
        demonstration_min_years=0.0,
        demonstration_review=1.0,
        demonstration_exit=0.0,
        reputation_heed=0.0,
        demonstration_trust=0.0,
    )
    step.usual = SimpleNamespace(replaced=100.0, brokers=60.0, certifications=1.0)
    step.levers.brokers_founded = 1.0
    capacity.renew_brokers(step)
    u = step.draw(broker.NUMBER_FOUNDED, step.key)
    assert len(step.brokers) == luck.poisson_quantile(u, 40.0) and (step.brokers.rows["born"] == 2015.0).all()
    first = luck.child_key(step.key, broker.FOUNDING, 20, 0)
    assert step.brokers.rows["key"][0] == first and (step.brokers.rows["city"] == 1).all()
