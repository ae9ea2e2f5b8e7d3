"""Technology loans: compensation moves the threshold, never demand; nothing is lost from the books."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from shaanxi_transfer.agents import bank, loan
from shaanxi_transfer.agents.government import PROVINCE
from shaanxi_transfer.engine.books import CAUSE, SECTOR
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.quarter.finance import lend
from shaanxi_transfer.model.state.finance_ledgers import POOL_ROW
from shaanxi_transfer.scenarios import load

STEPS = 13


@pytest.fixture
def province() -> Iterator[Province]:
    with np.errstate(over="ignore"):
        ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=3, scale=0.05)
        for _ in range(STEPS):
            ecosystem.step()
        ecosystem.province.begin()
        yield ecosystem.province


def asking(province: Province) -> int:
    most = int(province.enterprises.rows["members"].sum())
    rows, members, priority = np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(most)
    return loan.ask_for_loans(
        province.enterprises.rows,
        province.parameters,
        province.now,
        province.seed,
        rows,
        members,
        priority,
    )


def settle(province: Province) -> None:
    loan.settle_loans(
        province.finance.loans.rows,
        province.banks.rows,
        province.enterprises.rows,
        POOL_ROW,
        province.parameters,
        province.now,
        province.purse,
        province.books.flows,
    )


def test_full_compensation_makes_nobody_ask(province: Province) -> None:
    asked = asking(province)
    province.levers.compensation_share = 1.0
    province.levers.compensation_threshold = 2.0
    assert asking(province) == asked > 0
    before = len(province.finance.loans)
    lend(province)
    assert len(province.finance.loans) - before <= asked


def test_the_programme_reaches_beyond_the_capital_only_when_it_is_widened(province: Province) -> None:
    province.levers.compensation_reach = 1.0
    before = len(province.finance.loans)
    lend(province)
    loans, firms = province.finance.loans.rows[before:], province.enterprises.rows
    far = firms["city"][loans["firm_row"]] != province.finance.capital
    covered = loans["share"] > 0.0
    assert 5 < (far & covered).sum() < (~far & covered).sum()
    assert not (
        firms["city"][province.finance.loans.rows["firm_row"][:before]][
            province.finance.loans.rows["share"][:before] > 0.0
        ]
        != province.finance.capital
    ).any()
    assert (~covered).sum() > 5, "ordinary loans are made beside it"


def test_a_thin_pool_promises_less(province: Province) -> None:
    parameters, one = province.parameters, province.banks.rows[0]
    one.share = 0.5
    assert bank.promised_share(one, 0, 10**8, parameters) == 0.0
    assert bank.promised_share(one, 10**8, 10**8, parameters) == 0.5
    thin = bank.promised_share(one, 10**6, 10**9, parameters)
    assert thin == pytest.approx(0.5 * parameters.compensation_leverage * 1e-3)


def test_compensation_and_the_programme_lower_the_threshold(province: Province) -> None:
    one, levers = province.banks.rows[0], province.levers
    levers.compensation_threshold = 0.0
    alone = bank.lending_threshold(one, 0.0, province.parameters, levers)
    backed = bank.lending_threshold(one, 0.5, province.parameters, levers)
    levers.compensation_threshold = 0.25
    eased = bank.lending_threshold(one, 0.5, province.parameters, levers)
    assert alone == pytest.approx(one["threshold"])
    assert alone - backed == pytest.approx(0.5 * province.parameters.compensation_threshold_effect)
    assert 0.05 < backed - eased < 0.12


def test_more_compensation_lends_more_and_no_bank_goes_beyond_its_capacity(province: Province) -> None:
    lent = {}
    for share in (0.0, 0.8):
        with np.errstate(over="ignore"):
            ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=3, scale=0.05)
            for _ in range(STEPS):
                ecosystem.step()
            state = ecosystem.province
            state.begin()
            state.funds.rows["cash"][POOL_ROW] += 10**9
            state.levers.compensation_share = share
            lend(state)
            lent[share] = state.books.paid("loan")
            assert (state.banks.rows["lent"] <= state.banks.rows["capacity"]).all()
            ordinary = state.books.paid("ordinary_loan")
            assert ordinary > 0
    assert lent[0.0] == 0 < lent[0.8]
    province.banks.rows["capacity"] = 10
    lend(province)
    assert province.books.paid("loan") == 0


def test_every_loan_ends_repaid_or_lost_and_the_pool_pays_its_share(province: Province) -> None:
    lend(province)
    loans, banks = province.finance.loans.rows, province.banks.rows
    assert len(loans) > 10
    owed = banks["book"].sum() + banks["ordinary_book"].sum()
    assert owed == loans["outstanding"].sum() == province.enterprises.rows["debt"].sum()
    province.enterprises.rows["cash"] += 10**9
    province.books.holders["outside"].rows["cash"] -= 10**9 * len(province.enterprises)
    province.books.open()
    loans["fails"][: len(loans) // 2] = True
    banks["book"] += banks["ordinary_book"]
    banks["ordinary_book"] = 0
    loans["share"] = 0.5
    lost = int(loans["outstanding"][: len(loans) // 2].sum())
    pool = int(province.funds.rows["cash"][POOL_ROW])
    province.now.date += 3.0
    defaulted = int(banks["defaulted"].sum())
    settle(province)
    assert banks["book"].sum() == province.enterprises.rows["debt"].sum() == 0
    assert not loans["open"].any() and (banks["cash"] == 0).all()
    assert int(banks["defaulted"].sum()) - defaulted >= lost
    paid = province.books.paid("loss_compensation")
    assert paid == pool - int(province.funds.rows["cash"][POOL_ROW])
    assert paid == pytest.approx(min(pool, 0.5 * (int(banks["defaulted"].sum()) - defaulted)), abs=len(loans))
    assert province.funds.rows["cash"][POOL_ROW] >= 0
    assert province.books.paid("interest") > 0
    province.books.close()


def test_a_firm_short_of_money_repays_what_it_has_and_owes_the_rest(province: Province) -> None:
    lend(province)
    firms, loans = province.enterprises.rows, province.finance.loans.rows
    loans["fails"] = False
    firms["cash"] = 0
    one = int(np.flatnonzero(firms["debt"] > 0)[0])
    firms["cash"][one] = 5
    owed = int(firms["debt"].sum())
    province.now.date += 3.0
    settle(province)
    assert loans["open"].all()
    banks = province.banks.rows
    assert firms["debt"].sum() == loans["outstanding"].sum() == owed - 5
    assert banks["book"].sum() + banks["ordinary_book"].sum() == owed - 5


def test_the_pool_never_pays_more_than_it_holds(province: Province) -> None:
    lend(province)
    province.finance.loans.rows["fails"] = True
    province.finance.loans.rows["share"] = 1.0
    left = int(province.funds.rows["cash"][POOL_ROW]) - 7
    province.funds.rows["cash"][POOL_ROW] = 7
    province.books.holders["outside"].rows["cash"] += left
    province.books.open()
    province.now.date += 3.0
    settle(province)
    assert province.funds.rows["cash"][POOL_ROW] == 0
    assert province.books.paid("loss_compensation") == 7


def test_an_unused_pool_goes_back_to_the_treasury(province: Province) -> None:
    province.levers.compensation_share = 0.0
    province.levers.compensation_pool = 0.0
    pool = int(province.funds.rows["cash"][POOL_ROW])
    assert pool > 0
    for loans_open, left in ((1, pool), (0, 0)):
        bank.fill_pool(
            POOL_ROW,
            loans_open,
            province.levers,
            province.now,
            province.purse,
            province.books.flows,
            province.books.public,
        )
        assert province.funds.rows["cash"][POOL_ROW] == left
    assert province.books.public[bank.TASK, PROVINCE, CAUSE["guarantee_pool"]] == -pool
    assert province.books.flows[CAUSE["guarantee_pool"], SECTOR["fund"], SECTOR["government"]] == pool


def test_banks_learn_from_their_own_losses(province: Province) -> None:
    banks = province.banks.rows
    banks["lent"], banks["lost"] = 10**8, 0
    banks["lost"][0] = 3 * 10**7
    bank.learn(banks, province.parameters)
    assert banks["threshold"][0] > banks["threshold"][1]
    assert (banks["lent"] == 0).all() and (banks["lost"] == 0).all()


def test_better_firms_rank_higher(province: Province) -> None:
    firms = province.enterprises.rows[:2].copy()
    firms[1] = firms[0]
    firms["ln_size"][1] += 4.0
    firms["born"][1] -= 10.0
    ranks = np.array(
        [
            [
                loan.credit_rank(firm, np.uint64(k), province.parameters, province.now, province.seed)
                for firm in firms
            ]
            for k in range(300)
        ]
    )
    assert ((ranks > 0.0) & (ranks < 1.0)).all()
    assert (ranks[:, 1] > ranks[:, 0]).all()
