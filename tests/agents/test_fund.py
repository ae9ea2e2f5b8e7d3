"""Sub-funds: what the government's money allows, whose money it is, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import fund, stake, sub_fund
from shaanxi_transfer.agents.fund import GUIDANCE, OTHER
from shaanxi_transfer.agents.government import PROVINCE
from shaanxi_transfer.engine.books import CAUSE
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter.finance import invest


@pytest.fixture
def province(begin_step: Callable[..., Province]) -> Province:
    state = begin_step(13, scale=0.01, riches=10**9)
    keep = state.funds.rows["kind"] != GUIDANCE
    state.funds.keep(keep)
    state.finance.stakes.keep(np.zeros(len(state.finance.stakes), dtype=bool))
    for column in ("equity", "bound", "debt"):
        state.enterprises.rows[column] = 0
    state.finance.loans.keep(np.zeros(len(state.finance.loans), dtype=bool))
    state.funds.rows["book"] = 0
    return state


def propose(province: Province, number: int, size: float, leverage: float = 10.0) -> None:
    """Let a number of sub-funds come at once."""
    province.levers.fund_size, province.levers.fund_leverage = size, leverage
    first = len(province.funds)
    for ordinal in range(first, first + number):
        province.funds.reserve(fund.MOST_PROPOSALS)
        province.funds.close(
            sub_fund.propose_sub_funds(
                province.funds.storage,
                province.funds.count,
                float(ordinal),
                ordinal + 1.0,
                province.key,
                0,
                province.parameters,
                province.levers,
                province.now,
                province.seed,
            )
        )


def raise_all(province: Province, steps: int = 60) -> None:
    for _ in range(steps):
        province.now.date += province.now.dt
        sub_fund.raise_capital(
            province.funds.rows,
            province.parameters,
            province.now,
            province.seed,
            province.purse,
            province.books.flows,
            province.books.public,
        )
        sub_fund.pay_in(
            province.funds.rows, province.parameters, province.now, province.purse, province.books.flows
        )


def guidance(province: Province) -> Any:
    rows = province.funds.rows
    return rows[rows["kind"] == GUIDANCE]


def test_without_a_fund_nobody_proposes(province: Province) -> None:
    propose(province, 40, 0.0)
    assert len(guidance(province)) == 0
    propose(province, 40, 1e10, leverage=0.0)
    assert len(guidance(province)) == 0


def test_open_promises_are_backed_by_the_money_in_place(province: Province) -> None:
    propose(province, 200, 1e9)
    rows = guidance(province)
    expected = rows["target"] * province.values["fund_fill_rate"] / rows["ratio"]
    assert 0.8e8 < expected.sum() <= 1.0e8 + 1.0
    few = len(rows)
    propose(province, 200, 1e11)
    assert len(guidance(province)) > few, "a larger aim backs more"


def test_funds_raise_what_the_studies_found_of_what_they_announce(province: Province) -> None:
    parameters = province.parameters
    parameters.fund_least_size, parameters.fund_reference_size = 0.0, 1e14
    propose(province, 2000, 1e14)
    rows = guidance(province)
    assert len(rows) > 1500
    filled = rows["reachable"] / rows["target"]
    assert filled.mean() == pytest.approx(province.values["fund_fill_rate"], abs=0.03)
    assert (filled > 0.9999).mean() == pytest.approx(province.values["fund_meets_target_share"], abs=0.03)
    assert rows["reachable"].mean() == pytest.approx(province.values["fund_target_size"], rel=0.12)


def test_commitments_are_the_sum_of_their_sources_and_crowd_in_is_causal(province: Province) -> None:
    propose(province, 60, 5e9)
    before = int(province.treasuries.rows["cash"][PROVINCE])
    raise_all(province)
    rows = guidance(province)
    paid = int(rows["government"].sum())
    assert paid == before - int(province.treasuries.rows["cash"][PROVINCE])
    assert paid == int(province.books.public[fund.TASK, PROVINCE, CAUSE["fund_capital"]])
    whole = rows["reachable"] <= rows["target"]
    share = (rows["government"] * rows["ratio"])[whole]
    assert (share >= 0.999 * rows["committed"][whole]).all()
    assert (share <= 1.001 * (rows["committed"] + rows["unsigned"])[whole]).all()
    crowded_in = int(rows["private"].sum()) / paid
    assert crowded_in > province.values["fund_crowd_in"], "some replaces promises that others do not have"
    public = rows["government"] + rows["central"] + rows["municipal"] + rows["state"]
    assert (public + rows["private"] <= rows["committed"]).all()
    assert (rows["cash"] == rows["government"] + rows["called"]).all()
    due = rows["committed"] * province.values["fund_invested_share"]
    assert rows["government"] + rows["called"] == pytest.approx(due, abs=1.0)


def test_the_treasury_bounds_what_is_signed_and_the_aim_does_not(province: Province) -> None:
    propose(province, 60, 5e9)
    province.levers.fund_size = 1e8
    province.treasuries.rows["cash"][PROVINCE] = 40_000_000
    raise_all(province)
    assert guidance(province)["government"].sum() == 40_000_000
    assert guidance(province)["committed"].sum() > 1e8


def test_relabelled_money_is_missing_in_other_funds(province: Province) -> None:
    propose(province, 60, 5e9)
    open_before = int(province.funds.rows["committed"][province.funds.rows["kind"] == OTHER].sum())
    lost_before = int(province.funds.rows["forgone"].sum())
    raise_all(province)
    rows = province.funds.rows
    others = rows[rows["kind"] == OTHER]
    relabelled = int(rows["relabelled"].sum())
    taken = int(others["forgone"].sum()) - lost_before
    assert open_before - int(others["committed"].sum()) == taken
    assert (others["committed"] >= others["called"]).all()
    assert taken > 0 and lost_before + taken == relabelled, "what is moved is missing elsewhere, to the yuan"
    assert rows["unsigned"].sum() > 0, "and others had less than was to be moved"


def test_a_better_track_record_raises_more(province: Province) -> None:
    propose(province, 40, 5e9)
    assert sub_fund.track_record(province.funds.rows) == 1.0
    rows = province.funds.rows
    rows["sold"][rows["kind"] == GUIDANCE] = 10**8
    rows["returned"][rows["kind"] == GUIDANCE] = 3 * 10**8
    assert sub_fund.track_record(province.funds.rows) > 1.5


def test_funds_invest_and_give_up_to_the_yuan(province: Province) -> None:
    propose(province, 60, 5e9)
    raise_all(province, 8)
    finance, rows = province.finance, province.funds.rows
    for _ in range(12):
        province.now.step += 1
        province.now.date += province.now.dt
        invest(province)
        rows = province.funds.rows
        assert (rows["invested"] <= rows["government"] + rows["called"]).all()
        assert (rows["called"] <= rows["committed"] - rows["government"]).all()
        assert (rows["cash"] >= 0).all()
    firms = province.enterprises.rows
    assert len(finance.stakes) > 100
    assert rows["book"].sum() == firms["equity"].sum() == finance.stakes.rows["cost"].sum()
    assert firms["bound"].sum() == len(finance.stakes)
    assert (firms["bound"] <= firms["members"]).all()
    growth = float(firms["growth"].sum())
    assert growth > 0.0

    province.now.date += 20.0
    before = province.treasuries.rows["cash"][PROVINCE]
    stake.give_up(
        finance.stakes.rows,
        rows,
        firms,
        province.parameters,
        province.now,
        province.seed,
        province.purse,
        province.books.flows,
        province.books.public,
    )
    assert firms["equity"].sum() == rows["book"].sum() == firms["bound"].sum() == 0
    assert not finance.stakes.rows["open"].any()
    assert float(firms["growth"].sum()) == growth
    back = int(province.treasuries.rows["cash"][PROVINCE] - before)
    assert back > 0
    assert province.books.public[fund.TASK, PROVINCE, CAUSE["fund_distribution"]] == -back
    mine = rows[rows["kind"] == GUIDANCE]
    share = mine["government"] / np.maximum(1, mine["government"] + mine["called"])
    assert back == pytest.approx(float((mine["returned"] * share).sum()), abs=len(finance.stakes))
    multiple = rows["returned"].sum() / rows["sold"].sum()
    assert 0.4 < multiple < 2.0
    province.books.close()
