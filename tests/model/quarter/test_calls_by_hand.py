"""Lotteries are fair: winners over 200 seeds, through the rules themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from shaanxi_transfer.agents import grants, voucher
from shaanxi_transfer.model.call_ledger import CallLedger
from shaanxi_transfer.model.orders import FIRST_CALL
from shaanxi_transfer.model.quarter import calls
from shaanxi_transfer.model.quarter.support_programmes import Programme

FIRMS, PRIZES, SEEDS = 40, 8, 200

VOUCHER = Programme(0.0, 22.0, 8.0, 50.0, 63.0, 0.7)


@pytest.fixture
def province(small: Any) -> Any:
    for _ in range(FIRMS):
        small.firm(appetite=1.0)
    small.firm(appetite=0.0)
    small.firm(appetite=1.0, large=True)
    small.set(
        "finance",
        voucher_additional=0.8,
        voucher_additional_enterprise=0.4,
        voucher_deadweight=0.1,
        voucher_unused=0.1,
    )
    return small


def draw_vouchers(province: Any, seed: int) -> Any:
    """Draw the lots of a call; gives the tickets."""
    tickets = province.finance.vouchers
    tickets.close(0)
    tickets.reserve(PRIZES)
    firms, finance = province.enterprises.rows, province.terms.finance
    count = voucher.issue(
        firms, PRIZES, VOUCHER, FIRST_CALL, -1, finance, province.now, np.uint64(seed), tickets.storage, 0
    )
    tickets.close(count)
    return tickets.rows


def is_fair(wins: np.ndarray) -> bool:
    """Whether winners, all equally likely, come out so unevenly once in a thousand times only.

    A draw without return: the variance of each count is that of a binomial, and counts sum to a constant.
    """
    chance = PRIZES / FIRMS
    spread = SEEDS * chance * (1.0 - chance) * FIRMS / (FIRMS - 1)
    uneven = ((wins - SEEDS * chance) ** 2).sum() / spread
    return bool(chi2.ppf(0.0005, FIRMS - 1) < uneven < chi2.ppf(0.9995, FIRMS - 1))


def test_vouchers_are_a_fair_draw_and_losers_are_known(province: Any) -> None:
    wins = np.zeros(FIRMS)
    keys = province.enterprises.rows["key"]
    for seed in range(SEEDS):
        province.calls = CallLedger(["voucher"])
        calls.note_lots(province, province.enterprises.rows, VOUCHER, -1, draw_vouchers(province, seed), 0)
        (call,) = province.calls.calls
        assert set(call["applicant"]) == set(keys[:FIRMS])
        assert (call["won"].sum(), (~call["won"]).sum()) == (PRIZES, FIRMS - PRIZES)
        wins += np.isin(keys[:FIRMS], call["applicant"][call["won"]])
    assert is_fair(wins)


def test_grants_by_lot_are_a_fair_draw(province: Any) -> None:
    wins = np.zeros(FIRMS)
    firms = province.enterprises.rows[:FIRMS]
    waiting, won = np.ones(FIRMS, dtype=np.int64), np.empty(FIRMS, dtype=np.int64)
    for seed in range(SEEDS):
        grants.draw_lots(firms, waiting, PRIZES, grants.MENTOR, province.now, np.uint64(seed), won)
        assert won.sum() == PRIZES
        wins += won
    assert is_fair(wins)


def test_the_test_of_fairness_finds_who_comes_first() -> None:
    wins = np.full(FIRMS, SEEDS * PRIZES / FIRMS)
    assert not is_fair(wins)
    wins[:10] += 20.0
    wins[-10:] -= 20.0
    assert not is_fair(wins)


def test_a_voucher_passed_on_is_used_by_another_firm(province: Any) -> None:
    province.calls = CallLedger(["voucher"])
    tickets = draw_vouchers(province, 1)
    calls.note_lots(province, province.enterprises.rows, VOUCHER, -1, tickets, 0)
    contract = province.contracts.extend(1)[0]
    contract["state"], contract["buyer_row"] = 1, 41
    drawn = int(tickets["firm_row"][0])
    tickets["contract"][0], tickets["firm_row"][0] = 0, 41
    calls.note_use_of_lots(province)
    (call,) = province.calls.calls
    keys = province.enterprises.rows["key"]
    first = call[call["applicant"] == keys[drawn]][0]
    assert (first["won"], first["used"], first["user"]) == (True, True, keys[41])
    assert call["used"].sum() == 1
