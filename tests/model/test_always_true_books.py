"""Money, results and needs in random scenarios: nothing appears, nothing is sold or asked for twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.agents.goods import IDLE, SIGNED
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.model import run
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter import trade
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.choosing.catalogue import lever_catalogue


def corners(name: str) -> list[Any]:
    """Values that a lever may take: its ends, its middle, what the plan says and what it leaves."""
    lever = lever_catalogue()[name]
    values: list[Any] = [lever.low, lever.high, lever.plan, lever.no_plan]
    if lever.unit != "switch":
        values.append((float(lever.low) + float(lever.high)) / 2.0)
    return [value for value in values if isinstance(value, int | float)]


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any corner of the space of levers, from a plan that starts in 2010, in quarters or months."""
    base = load(draw(st.sampled_from(["no_plan", "action_plan", "nothing"])))
    levers = {name: draw(st.sampled_from(corners(name))) for name in lever_catalogue() if draw(st.booleans())}
    steps = draw(st.sampled_from([4, 4, 12]))
    return base.set(plan_start="2010-Q3", end="2011-Q2", steps_per_year=steps, levers=levers)


def check_money(province: Province) -> None:
    """Whole yuan, nobody in debt but the world beyond, and all that anybody has came from somewhere."""
    total = 0
    for sector in SECTORS:
        cash = province.books.holders[sector].rows["cash"]
        assert cash.dtype == np.int64
        total += int(cash.sum())
        assert sector == "outside" or not (cash < 0).any(), sector
    assert total == 0
    assert not (province.books.flows < 0).any()
    for name, table in province.tables.items():
        keys = table.rows["key"]
        assert len(np.unique(keys)) == len(keys), f"two {name} have one key"
        assert (keys != 0).all()
    for column in (
        "members",
        "registered",
        "certified",
        "incubated",
        "revenue",
        "rd",
        "relabelled",
        "cultivated",
        "cash",
        "debt",
        "equity",
    ):
        assert (province.enterprises.rows[column] >= 0).all(), column
    firms = province.enterprises.rows
    for column in ("registered", "certified", "incubated"):
        assert (firms[column] <= firms["members"]).all(), column
    assert (firms["cultivated"] <= firms["certified"]).all()


def check_finance(province: Province) -> None:
    """No fund invests more than it has, no bank lends above its capacity, every debt has its loan."""
    funds, banks = province.funds.rows, province.banks.rows
    assert (funds["invested"] <= funds["government"] + funds["called"]).all()
    assert (funds["government"] <= funds["committed"]).all()
    assert (funds["committed"] <= funds["reachable"])[funds["kind"] != 0].all()
    assert (funds["government"] <= funds["target"])[funds["kind"] != 0].all()
    assert (banks["lent"] <= banks["capacity"] * province.terms.finance.branch_capacity).all()
    firms, finance = province.enterprises.rows, province.finance
    for ledger, amount, column in (
        (finance.loans, "outstanding", "debt"),
        (finance.stakes, "cost", "equity"),
    ):
        owed: dict[int, int] = {}
        for row in ledger.rows:
            owed[int(row["firm_key"])] = owed.get(int(row["firm_key"]), 0) + int(row[amount])
        shown = {int(firm["key"]): int(firm[column]) for firm in firms if firm[column]}
        assert shown == owed, f"the firms' {column} is not what the ledger of {ledger.name} says"
    loans = {bank: int(finance.loans.rows["outstanding"][finance.loans.rows["bank"] == bank].sum())
             for bank in range(len(banks))}  # fmt: skip
    assert loans == dict(enumerate((banks["book"] + banks["ordinary_book"]).tolist()))


@given(scenario=scenarios(), seed=st.integers(0, 2**63 - 1), scale=st.sampled_from([0.01, 0.02, 0.05]))
def test_books_are_exact_and_nothing_is_sold_twice(scenario: Scenario, seed: int, scale: float) -> None:
    ecosystem = Ecosystem(scenario, seed=seed, scale=scale)
    province = ecosystem.province
    check_money(province)
    sold: set[int] = set()
    budget, redeemed = 0.0, 0
    while ecosystem.running:
        before = province.books.balances()
        ecosystem.step()
        check_money(province)
        check_finance(province)
        # What is left of a step's budget is carried, so that vouchers keep to the sum of them.
        budget += province.levers.voucher_budget * province.now.dt
        redeemed += province.books.paid("voucher")
        assert redeemed <= budget + 1.0
        received, spent = province.books.flows.sum(axis=(0, 1)), province.books.flows.sum(axis=(0, 2))
        for sector, code in SECTOR.items():
            assert province.books.balances()[sector] - before[sector] == received[code] - spent[code], sector
        contracts = province.contracts.rows
        assert len(np.unique(contracts["key"])) == len(contracts)
        signed = contracts[contracts["state"] == SIGNED]
        assert province.books.paid("contract") >= int(signed["value"].sum()) > 0
        assert not contracts["registered"][contracts["state"] != SIGNED].any()
        results = province.results.rows
        new = results["key"][results["state"] != IDLE]
        assert len(np.unique(results["key"])) == len(results)
        sold |= {int(key) for key in new}
        again = {int(key) for key in results["key"][results["state"] == IDLE]} & sold
        assert not again, "a result that was sold, used or spun off is for sale again"


def test_a_need_stays_the_need_of_the_firm_that_voiced_it() -> None:
    """Rows move when firms come and go; what refers to a row must move along."""
    ecosystem = Ecosystem(load("no_plan").set(end="2012-Q4"), seed=5, scale=0.05)
    province = ecosystem.province
    buyers: dict[int, int] = {}
    followed = 0
    while ecosystem.running:
        ecosystem.step()
        firms, needs = province.enterprises, province.needs.rows
        for need in needs[(needs["buyer_sector"] == SECTOR["enterprise"]) & (needs["open"] > 0)]:
            row = int(need["buyer_row"])
            assert row < len(firms), "the buyer of an open need is beyond the last row"
            if row < 0:  # the buyer has left
                continue
            buyer = int(firms.rows["key"][row])
            followed += int(need["key"]) in buyers
            first = buyers.setdefault(int(need["key"]), buyer)
            assert first == buyer, f"step {province.step}: an open need changed hands between two firms"
    assert followed > 100


def test_nobody_pays_for_more_than_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    conclude, seen = trade.conclude_contracts, 0

    def conclude_and_look(province: Province) -> None:
        nonlocal seen
        before = province.needs.rows["open"].copy()
        budget = trade.outside_budget(province)
        conclude(province)
        needs, contracts = province.needs.rows, province.contracts.rows
        local = contracts[(contracts["need"] >= 0) & (contracts["state"] == SIGNED)]
        seen += len(local)
        met = np.bincount(local["need"], minlength=len(needs))
        assert (before - met == needs["open"]).all() and (needs["open"] >= 0).all()
        assert (local["value"] <= needs["budget"][local["need"]]).all()
        outside = contracts[(contracts["buyer_sector"] == SECTOR["outside"]) & (contracts["state"] == SIGNED)]
        assert int(outside["value"].sum()) <= budget + 1

    monkeypatch.setattr(trade, "conclude_contracts", conclude_and_look)
    run(load("no_plan").set(end="2010-Q4"), seed=3, scale=0.05)
    assert seen > 1_000
