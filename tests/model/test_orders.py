"""Levers for single units: none for nobody, the lever itself for all, and only those who are meant."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.agents import voucher
from shaanxi_transfer.model import Cities, Keys, Lot, Order, Record, Watch, run
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.orders import ADDED, INSTEAD, ORDERED
from shaanxi_transfer.scenarios import Scenario, load

ADDED_LEVELS = {
    "transfer_posts": 100.0,
    "base_coverage": 1.0,
    "firms_cultivated": 400.0,
    "firm_research_platforms": 80.0,
    "fast_growers_supported": 100.0,
    "contest_prizes": 2e7,
    "founders_mentored": 500.0,
    "voucher_budget": 2e7,
    "challenge_tenders": 2e8,
    "dispatched_scientists": 500.0,
    "county_cooperation": 4e7,
    "open_instruments": 2e7,
    "city_plans": 4e7,
    "talent_pool": 1000.0,
    "alliance_orders": 1000.0,
}
RIGHTS = {lever: 0.9 for lever in INSTEAD if lever != "compensation_share"}
LEVELS = ADDED_LEVELS | RIGHTS | {"compensation_share": 0.5}
NTH = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 3
"""`make soak` tries every lever."""
SINCE = "2011-Q1"
FIRST = 4
"""Step of that quarter."""
BASE = load("no_plan").set(
    plan_start="2010-Q2",
    end="2011-Q4",
    technology_firms_2017=8_500.0,
    training_seats={"2010-Q2": 400.0},
    compensation_pool={SINCE: 1e8},
    **dict.fromkeys(ADDED_LEVELS, 0.0),
)
OWNERS = Watch(units=("owner",), programmes=())
BANKS = Watch(units=("bank",), programmes=())


def record(scenario: Scenario = BASE, *orders: Order, watch: Watch | None = None) -> Record:
    return run(scenario, seed=3, scale=1.0, orders=orders, watch=watch)


@pytest.fixture(scope="module")
def nothing() -> Record:
    return record()


def test_every_lever_that_can_be_ordered_is_tried() -> None:
    assert set(LEVELS) == set(ORDERED) and set(ADDED_LEVELS) == set(ADDED)


@pytest.mark.slow
@pytest.mark.parametrize("lever", [lever for lever in ORDERED if lever != "compensation_share"][::NTH])
def test_for_all_it_is_the_lever_and_for_nobody_nothing(
    lever: str, nothing: Record, same_record: Callable[[Record, Record], None]
) -> None:
    """To the bit, but for what it costs to run a programme, which a scenario pays and an order does not."""
    level, base = LEVELS[lever], BASE
    same_record(nothing, record(BASE, Order(lever, level, Keys(()), SINCE)))
    if lever.startswith("equity"):  # of little use to those who wait for approval
        base = BASE.set(**{lever.replace("equity_share", "own_decision"): {"2010-Q2": 1.0}})
        nothing = record(base)
    if lever == "base_coverage":  # few results are tested there: as many as may be
        base = BASE.set(base_gain_capital=0.1, base_gain_elsewhere=0.4)
        nothing = record(base)
    everywhere = record(base, Order(lever, level, Lot(1.0), SINCE))
    by_scenario = record(base.set(**{lever: {SINCE: level}}))
    assert (everywhere.values != nothing.values).any()
    differ = (everywhere.values != by_scenario.values).any(axis=0)
    assert all(
        name.startswith("public_cost") for name, does in zip(nothing.indicators, differ, strict=True) if does
    )


def test_an_order_ends_when_it_says(nothing: Record) -> None:
    short = record(BASE, Order("contest_prizes", 2e7, Lot(1.0), "2011-Q2", until="2011-Q3"))
    paid = short.series("public_cost_task_25") - nothing.series("public_cost_task_25")
    assert (paid > 0).tolist() == [False] * 5 + [True] + [False] * 2


@pytest.mark.slow
def test_posts_go_to_the_universities_that_are_meant() -> None:
    """Those that nobody is meant to go to have no more people than without the order."""

    def staff(*orders: Order) -> pd.Series:
        owners = record(BASE, *orders, watch=Watch(units=("owner",), programmes=())).tables["owner"]
        at_end = (owners["year"] == 2011) & (owners["quarter"] == 4) & (owners["kind"] == "university")
        found: pd.Series = owners[at_end].set_index("key")["staff"]
        return found

    usual, half = staff(), staff(Order("transfer_posts", 200.0, Lot(0.5), SINCE))
    more = usual.index[(half > usual).to_numpy()]
    assert 0.2 < len(more) / len(usual) < 0.6
    few = staff(Order("transfer_posts", 200.0, Keys(tuple(more[:3].tolist())), SINCE))
    assert set(usual.index[(few > usual).to_numpy()]) <= set(more[:3])
    assert few.sum() > usual.sum()


@pytest.mark.slow
def test_prizes_go_to_firms_of_the_cities_that_are_meant() -> None:
    city = "xi'an" if "xi'an" in BASE.pack().cities["city"].tolist() else BASE.pack().cities["city"].iloc[1]
    order = Order("contest_prizes", 2e7, Cities((city,)), SINCE, until="2011-Q2")
    tables = record(BASE, order, watch=Watch(units=("firm",), programmes=("contests",))).tables
    call, firms = tables["call"], tables["firm"].drop_duplicates("key").set_index("key")
    applicants = firms["city"].reindex(call["applicant"])
    assert call["won"].any()
    assert set(applicants.dropna()) == {city}


def test_a_lot_is_kept_and_fair() -> None:
    shares = []
    for seed in range(1, 41):
        order = Order("contest_prizes", 2e7, Lot(0.3), SINCE)
        ecosystem = Ecosystem(BASE, seed=seed, scale=1.0, orders=[order])
        province = ecosystem.province
        rows = province.producers["research_institute"].rows
        (_, group), *rest = province.orders.of("contest_prizes", 4, rows)  # type: ignore[union-attr]
        assert not rest
        assert province.orders.of("contest_prizes", 3, rows) == []  # type: ignore[union-attr]
        (_, again) = province.orders.of("contest_prizes", 6, rows[5:])[0]  # type: ignore[union-attr]
        assert np.array_equal(group[5:], again)
        shares.append(group.mean())
    assert np.mean(shares) == pytest.approx(0.3, abs=0.02)


def test_a_lot_of_firms_is_the_same_whoever_else_enters() -> None:
    ecosystem = Ecosystem(BASE, seed=3, scale=1.0, orders=[Order("voucher_budget", 2e7, Lot(0.3), "2010-Q1")])
    province = ecosystem.province

    def chosen() -> dict[int, bool]:
        rows = province.enterprises.rows
        ((_, group),) = province.orders.of("voucher_budget", 0, rows)  # type: ignore[union-attr]
        return dict(zip(rows["key"].tolist(), group.tolist(), strict=True))

    before = chosen()
    for _ in range(2):
        ecosystem.step()
    after = chosen()
    assert len(after.keys() - before.keys()) > 20 and len(before.keys() & after.keys()) > 1000
    assert all(after[key] == before[key] for key in before.keys() & after.keys())


# ---- rights ----------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("lever", RIGHTS)
def test_a_right_stands_at_the_owners_that_are_meant_and_all_else_as_the_scenario_says(lever: str) -> None:
    column = next(
        (name for name in ("inventor_share", "equity_share") if lever.startswith(name)), "own_decision"
    )
    base = BASE.set(inventor_share_above_floor=0.0, end="2011-Q3")
    usual = record(base, watch=OWNERS).tables["owner"]
    kinds = [kind.replace("enterprise", "firm") for kind in ORDERED[lever]]
    of_kind = usual[usual["kind"].isin(kinds)]
    meant = of_kind["key"].drop_duplicates()[3:6].tolist()
    order = Order(lever, 1.0, Keys(tuple(meant)), SINCE, until="2011-Q3")
    ordered = record(base, order, watch=OWNERS).tables["owner"]
    assert ordered["key"].equals(usual["key"])
    rights = ["inventor_share", "equity_share", "own_decision"]
    there = ordered["key"].isin(meant) & (ordered["year"] == 2011) & (ordered["quarter"] <= 2)
    assert ordered.loc[~there, rights].equals(usual.loc[~there, rights])
    assert (ordered.loc[there, column] == 1.0).all() and there.sum() == 6
    assert (usual.loc[there, column] < 0.5).all()
    pilots = {"equity_share"} if lever == "ownership_pilots" else set()
    others = [name for name in rights if name not in {column} | pilots]
    assert ordered.loc[there, others].equals(usual.loc[there, others])
    assert (ordered.loc[there, list(pilots)] > usual.loc[there, list(pilots)]).all(axis=None)


@pytest.mark.slow
def test_inventors_disclose_and_are_paid_by_what_is_ordered_for_their_owner() -> None:
    universities = Order("inventor_share_university", 1.0, Lot(0.5), SINCE)
    usual, ordered = (
        record(BASE.set(inventor_share_above_floor=0.0), *orders, watch=OWNERS).tables["owner"]
        for orders in ((), (universities,))
    )
    since = usual["year"] == 2011
    treated = ordered["key"].isin(ordered.loc[ordered["inventor_share"] == 1.0, "key"])
    assert 0.2 < treated[ordered["kind"] == "university"].mean() < 0.8
    disclosed = [table.loc[since & treated, "results_disclosed"].sum() for table in (usual, ordered)]
    assert disclosed[1] > 1.5 * disclosed[0] > 0
    assert ordered.loc[since & ~treated, "results_disclosed"].equals(
        usual.loc[since & ~treated, "results_disclosed"]
    )


# ---- banks -----------------------------------------------------------------------


def keys_of_banks() -> list[int]:
    keys: list[int] = Ecosystem(BASE, seed=3, scale=1.0).province.banks.rows["key"].tolist()
    return keys


@pytest.mark.slow
def test_banks_are_in_the_programme_from_the_date_that_is_ordered(
    nothing: Record, same_record: Callable[[Record, Record], None]
) -> None:
    keys = keys_of_banks()
    dates = {keys[0]: ("2011-Q1", "2011-Q3"), keys[1]: ("2011-Q2", None), keys[2]: ("2011-Q4", None)}
    orders = [
        Order("compensation_share", 0.5, Keys((key,)), since, until) for key, (since, until) in dates.items()
    ]
    found = record(BASE, *orders, watch=BANKS)
    banks = found.tables["bank"]
    quarter = banks["year"].astype(str) + "-Q" + banks["quarter"].astype(str)
    for key in keys:
        since, until = dates.get(key, ("9", None))
        expected = [since <= each < (until or "9") for each in quarter[banks["key"] == key]]
        assert banks.loc[banks["key"] == key, "member"].tolist() == expected
    assert banks.loc[banks["member"], "lent_programme"].sum() > 0
    assert not banks.loc[~banks["member"], "lent_programme"].any()
    same_record(nothing, record(BASE, Order("compensation_share", 0.5, Keys(()), SINCE)))


@pytest.mark.slow
def test_a_bank_kept_out_of_the_programme_may_join_when_its_order_ends() -> None:
    keys = keys_of_banks()
    base = BASE.set(compensation_share={SINCE: 0.8}, bank_join_hazard=1.2)
    kept_out = Order("compensation_share", 0.0, Keys(tuple(keys[::2])), SINCE, until="2011-Q4")
    usual, found = (record(base, *orders, watch=BANKS).tables["bank"] for orders in ((), (kept_out,)))
    out = found["key"].isin(keys[::2])
    until = found["quarter"] < 4
    assert usual.loc[out & until, "member"].any()
    assert not found.loc[out & until, "member"].any()
    assert found.loc[~out, "member"].equals(usual.loc[~out, "member"])
    before = out & (found["year"] == 2011) & (found["quarter"] == 3)
    after = out & (found["year"] == 2011) & (found["quarter"] == 4)
    assert found.loc[after, "member"].sum() >= found.loc[before, "member"].sum() == 0


@pytest.mark.slow
def test_all_banks_at_once_are_the_programme_with_all_banks_in_it() -> None:
    """To the bit, but for what it costs to run the programme."""
    base = BASE.set(end="2011-Q2")
    everywhere = record(base, Order("compensation_share", 0.5, Lot(1.0), SINCE))
    ecosystem = Ecosystem(base.set(compensation_share={SINCE: 0.5}), seed=3, scale=1.0)
    with np.errstate(over="ignore"):
        while ecosystem.running:
            ecosystem.province.banks.rows["member"] = ecosystem.province.step + 1 >= FIRST
            ecosystem.step()
    by_scenario = ecosystem.record()
    assert by_scenario.series("loans_new")[-1] > 0
    differ = (everywhere.values != by_scenario.values).any(axis=0)
    names = [name for name, does in zip(everywhere.indicators, differ, strict=True) if does]
    assert all(name.startswith("public_cost") for name in names), names


@pytest.mark.slow
def test_a_bank_is_promised_the_share_of_its_own_order() -> None:
    keys = keys_of_banks()
    orders = [
        Order("compensation_share", share, Keys((key,)), SINCE)
        for key, share in zip(keys, (0.2, 1.0), strict=False)
    ]
    ecosystem = Ecosystem(BASE, seed=3, scale=1.0, orders=orders)
    with np.errstate(over="ignore"):
        while ecosystem.running:
            ecosystem.step()
    loans = ecosystem.province.finance.loans.rows
    most = [loans["share"][loans["bank"] == row].max(initial=0.0) for row in range(len(keys))]
    assert most == pytest.approx([0.2, 1.0, *[0.0] * (len(keys) - 2)])


# ---- programmes that pay for contracts --------------------------------------------

PROGRAMMES = {
    "voucher_budget": "voucher",
    "open_instruments": "open_instrument",
    "alliance_orders": "alliance_order",
    "city_plans": "city_plan",
    "contest_prizes": "contests",
    "founders_mentored": "mentors",
}
"""What the ledger of calls names the programme of a lever."""


@pytest.mark.slow
@pytest.mark.parametrize("lever", ["voucher_budget", "open_instruments", "alliance_orders", "city_plans"])
def test_tickets_are_drawn_and_used_by_the_firms_that_are_meant(lever: str) -> None:
    programme = PROGRAMMES[lever]
    names = BASE.pack().cities["city"].tolist()[:2]
    order = Order(lever, LEVELS[lever], Cities(tuple(names)), SINCE, until="2011-Q3")
    tables = record(BASE, order, watch=Watch(units=("firm",), programmes=(programme,))).tables
    call, city = tables["call"], tables["firm"].drop_duplicates("key").set_index("key")["city"]
    assert call["won"].sum() > 5 and call["used"].any()
    assert set(city.reindex(call["applicant"]).dropna()) == set(names)
    users = call.loc[call["used"], "user"]
    assert set(city.reindex(users).dropna()) <= set(names)
    assert set(call["quarter"]) == {1, 2}


@pytest.mark.slow
@pytest.mark.parametrize(
    "lever", ["voucher_budget", "alliance_orders", "contest_prizes", "founders_mentored"]
)
def test_a_call_beside_another_draws_luck_of_its_own(lever: str) -> None:
    programme = PROGRAMMES[lever]
    watch = Watch(units=(), programmes=(programme,))

    def winners(scenario: Scenario, *orders: Order) -> list[set[int]]:
        call = record(scenario, *orders, watch=watch).tables["call"]
        call = call[(call["year"] == 2011) & (call["quarter"] == 1)].reset_index(drop=True)
        # A call ends where the next one begins anew with the first applicant.
        number = (call["applicant"] == call["applicant"].iloc[0]).cumsum()
        return [set(each.loc[each["won"], "applicant"]) for _, each in call.groupby(number)]

    level = LEVELS[lever]
    beside = Order(lever, level, Lot(1.0), SINCE, until="2011-Q2")
    (alone,) = winners(BASE, beside)
    first, second = winners(BASE.set(**{lever: {SINCE: level}}), beside)
    two = winners(BASE, beside, beside)
    assert first == alone and two[0] == alone and len(alone) > 4
    assert two[1] == second, "the second call has the same luck, beside a lever or an order"
    assert len(first & second) < 0.5 * len(first)


def test_two_calls_of_a_programme_give_every_ticket_a_key_of_its_own() -> None:
    orders = [Order("voucher_budget", 4e7, Lot(1.0), SINCE)] * 2
    ecosystem = Ecosystem(BASE.set(voucher_budget={SINCE: 4e7}), seed=3, scale=1.0, orders=orders)
    with np.errstate(over="ignore"):
        while ecosystem.province.step < FIRST:
            ecosystem.step()
    tickets = ecosystem.province.finance.vouchers.rows
    assert (tickets["programme"] == voucher.PROGRAMMES.index("voucher")).all()
    assert len(tickets) == pytest.approx(3 * 200, abs=3)
    assert len(np.unique(tickets["key"])) == len(tickets)


# ---- money -----------------------------------------------------------------------


@pytest.mark.slow
def test_with_every_lever_ordered_for_half_of_the_units_money_balances() -> None:
    orders = [Order(lever, LEVELS[lever], Lot(0.5), SINCE) for lever in ORDERED]
    orders += [Order(lever, LEVELS[lever], Lot(0.3), "2011-Q2") for lever in ADDED]
    ecosystem = Ecosystem(BASE.set(compensation_share={SINCE: 0.3}), seed=3, scale=1.0, orders=orders)
    with np.errstate(over="ignore"):
        while ecosystem.running:
            ecosystem.step()
            holders = ecosystem.province.books.holders
            assert sum(int(table.rows["cash"].sum()) for table in holders.values()) == 0
            assert all(
                (table.rows["cash"] >= 0).all() for name, table in holders.items() if name != "outside"
            )
    banks, loans = ecosystem.province.banks.rows, ecosystem.province.finance.loans.rows
    owed = [int(loans["outstanding"][loans["bank"] == row].sum()) for row in range(len(banks))]
    assert owed == (banks["book"] + banks["ordinary_book"]).tolist()
