from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.engine import books
from shaanxi_transfer.engine.books import (
    CAUSE,
    CAUSES,
    SECTOR,
    SECTORS,
    TASKS,
    Books,
    pay,
    pay_back,
    pay_public,
)
from shaanxi_transfer.engine.columns import KEY, MONEY, Column
from shaanxi_transfer.engine.errors import BooksError, TransferError
from shaanxi_transfer.engine.table import Table

COLUMNS = (Column("key", KEY, "key", "identity"), Column("cash", MONEY, "yuan", "money at hand"))
CONTRACT = CAUSE["contract"]
FIRM, BANK, TREASURY = SECTOR["enterprise"], SECTOR["bank"], SECTOR["government"]
HOUSEHOLDS, OUTSIDE = SECTOR["households"], SECTOR["outside"]


def table(name: str, rows: int) -> Table[Any]:
    made: Table[Any] = Table(name, COLUMNS)
    made.extend(rows)["key"] = np.arange(rows)
    return made


def opened(firms: int = 3, cash: int = 100) -> Books:
    """Books of three firms and two treasuries with 100 yuan each, ready for a step."""
    kept = Books({"enterprise": table("enterprises", firms), "government": table("governments", 2)}, 2)
    kept.endow("enterprise", np.full(firms, cash))
    kept.endow("government", np.full(2, cash))
    kept.open()
    return kept


def test_a_step_with_payments_closes_and_nothing_appeared() -> None:
    kept = opened()
    pay(kept.purse, FIRM, 0, FIRM, 1, 40, CONTRACT, kept.flows)
    pay(kept.purse, FIRM, 1, HOUSEHOLDS, 0, 140, CAUSE["wages"], kept.flows)
    pay(kept.purse, OUTSIDE, 0, FIRM, 2, 1_000, CONTRACT, kept.flows)
    assert kept.holders["enterprise"].rows["cash"].tolist() == [60, 0, 1_100]
    assert kept.balances()["households"] == 140
    assert sum(kept.balances().values()) == 0
    assert kept.paid("contract") == 1_040
    assert kept.paid("contract", "outside") == 1_000
    assert kept.paid("contract", payee="enterprise") == 1_040
    assert kept.paid("contract", "enterprise", "households") == 0
    assert kept.paid("wages", "enterprise", "households") == 140
    kept.close()


def test_payments_to_oneself_and_of_nothing_change_nothing() -> None:
    kept = opened()
    pay(kept.purse, FIRM, 1, FIRM, 1, 30, CONTRACT, kept.flows)
    pay(kept.purse, FIRM, 1, BANK, 0, 0, CONTRACT, kept.flows)
    assert kept.holders["enterprise"].rows["cash"].tolist() == [100, 100, 100]
    kept.close()


@pytest.mark.parametrize("amount", [1, -1, 10**12])
@pytest.mark.parametrize("sector", ["enterprise", "government", "households", "outside", "fund"])
def test_money_from_nowhere_is_found_to_the_yuan(sector: str, amount: int) -> None:
    kept = opened()
    pay(kept.purse, OUTSIDE, 0, FIRM, 0, 55, CONTRACT, kept.flows)
    kept.holders[sector].rows["cash"][0] += amount
    with pytest.raises(BooksError, match=f"^{sector}: {amount} yuan appeared outside the books$"):
        kept.close()


def test_moving_money_between_sectors_past_the_books_is_found() -> None:
    kept = opened()
    kept.holders["enterprise"].rows["cash"][0] -= 10
    kept.holders["households"].rows["cash"][0] += 10
    with pytest.raises(BooksError, match="enterprise: -10 yuan"):
        kept.close()


def test_a_row_that_vanishes_with_its_money_is_found() -> None:
    kept = opened()
    kept.holders["enterprise"].keep(np.array([True, False, True]))
    with pytest.raises(BooksError, match="enterprise: -100 yuan"):
        kept.close()


def test_a_negative_amount_is_found_and_named() -> None:
    kept = opened()
    pay(kept.purse, FIRM, 0, BANK, 0, -5, CAUSE["interest"], kept.flows)
    with pytest.raises(BooksError, match="a negative amount was paid: interest, enterprise to bank"):
        kept.close()


@pytest.mark.parametrize("sector", [name for name in SECTORS if name != "outside"])
def test_nobody_spends_what_it_has_not_got(sector: str) -> None:
    kept = opened()
    owned = int(kept.holders[sector].rows["cash"][0])
    pay(kept.purse, SECTOR[sector], 0, OUTSIDE, 0, owned, CONTRACT, kept.flows)
    pay(kept.purse, SECTOR[sector], 0, OUTSIDE, 0, 1, CONTRACT, kept.flows)
    with pytest.raises(BooksError, match=f"^{sector}: somebody spent money that it has not got$"):
        kept.close()


def test_the_world_beyond_may_owe_the_province() -> None:
    kept = opened()
    pay(kept.purse, OUTSIDE, 0, FIRM, 0, 10**15, CONTRACT, kept.flows)
    kept.close()


def test_a_rich_neighbour_does_not_cover_a_debt() -> None:
    kept = opened()
    pay(kept.purse, OUTSIDE, 0, FIRM, 0, 10**9, CONTRACT, kept.flows)
    pay(kept.purse, FIRM, 1, HOUSEHOLDS, 0, 101, CONTRACT, kept.flows)
    with pytest.raises(BooksError, match="enterprise: somebody spent"):
        kept.close()


def test_public_money_is_tagged_by_task_treasury_and_cause_and_what_comes_back_too() -> None:
    kept = opened()
    voucher, repayment = CAUSE["voucher"], CAUSE["repayment"]
    pay_public(kept.purse, 1, FIRM, 2, 70, voucher, 22, kept.flows, kept.public)
    pay_public(kept.purse, 0, FIRM, 2, 30, voucher, 22, kept.flows, kept.public)
    pay_back(kept.purse, FIRM, 2, 1, 20, repayment, 22, kept.flows, kept.public)
    assert kept.public.shape == (TASKS, 2, len(CAUSES))
    assert kept.public[22, :, voucher].tolist() == [30, 70]
    assert kept.public[22, 1, repayment] == -20
    assert np.count_nonzero(kept.public) == 3
    assert kept.holders["government"].rows["cash"].tolist() == [70, 50]
    assert kept.paid("voucher", "government", "enterprise") == 100
    assert kept.paid("repayment", "enterprise", "government") == 20
    kept.close()


def test_a_tag_without_a_payment_is_found() -> None:
    kept = opened()
    pay_public(kept.purse, 0, FIRM, 0, 10, CAUSE["grant"], 7, kept.flows, kept.public)
    kept.public[8, 0, CAUSE["grant"]] += 1
    with pytest.raises(BooksError, match="11 yuan are tagged as public, 10 were paid by treasuries"):
        kept.close()


def test_an_opened_step_starts_clean() -> None:
    kept = opened()
    pay_public(kept.purse, 0, FIRM, 0, 10, CAUSE["grant"], 7, kept.flows, kept.public)
    kept.close()
    kept.open()
    assert not kept.flows.any() and not kept.public.any()
    kept.close()


def test_books_are_opened_before_they_are_closed() -> None:
    kept = opened()
    kept.close()
    with pytest.raises(BooksError, match="closed before they were opened"):
        kept.close()
    assert issubclass(BooksError, TransferError)


def test_endowments_come_from_the_world_beyond() -> None:
    kept = opened(firms=4, cash=7)
    assert kept.balances()["outside"] == -(4 * 7 + 2 * 7)
    assert sum(kept.balances().values()) == 0


def test_a_purse_taken_after_growth_reaches_the_new_rows() -> None:
    kept = opened()
    new = kept.holders["enterprise"].extend(40)
    assert len(new) == 40
    pay(kept.purse, OUTSIDE, 0, FIRM, 42, 9, CONTRACT, kept.flows)
    assert kept.holders["enterprise"].rows["cash"][42] == 9
    kept.close()


def test_every_name_has_its_place() -> None:
    assert len(set(SECTORS)) == len(SECTORS) and len(set(CAUSES)) == len(CAUSES)
    assert [SECTORS[code] for code in SECTOR.values()] == list(SECTORS)
    assert [CAUSES[code] for code in CAUSE.values()] == list(CAUSES)
    assert TASKS == 1 + 25 + 3
    assert books.CAUSE.keys() == set(CAUSES)


holders = st.sampled_from(
    [("enterprise", 5), ("government", 3), ("bank", 1), ("households", 1), ("outside", 1)]
)


@st.composite
def payments(draw: st.DrawFn) -> list[tuple[str, int, str, int, float, str]]:
    made = []
    for _ in range(draw(st.integers(0, 40))):
        payer, payers = draw(holders)
        payee, payees = draw(holders)
        made.append(
            (
                payer,
                draw(st.integers(0, payers - 1)),
                payee,
                draw(st.integers(0, payees - 1)),
                draw(st.floats(0.0, 1.0)),
                draw(st.sampled_from(CAUSES)),
            )
        )
    return made


@given(steps=st.lists(payments(), max_size=4))
def test_any_payments_within_means_balance_and_the_flows_tell_every_change(
    steps: list[list[tuple[str, int, str, int, float, str]]],
) -> None:
    kept = Books({"enterprise": table("enterprises", 5), "government": table("governments", 3)}, 3)
    kept.endow("enterprise", np.full(5, 10**12 + 1))
    for step in steps:
        kept.open()
        before = kept.balances()
        expected = {
            (sector, row): int(kept.holders[sector].rows["cash"][row])
            for sector in SECTORS
            for row in range(len(kept.holders[sector]))
        }
        total = 0
        for payer, payer_row, payee, payee_row, share, cause in step:
            has = 10**13 if payer == "outside" else expected[payer, payer_row]
            amount = int(share * has)
            pay(
                kept.purse,
                SECTOR[payer],
                payer_row,
                SECTOR[payee],
                payee_row,
                amount,
                CAUSE[cause],
                kept.flows,
            )
            expected[payer, payer_row] -= amount
            expected[payee, payee_row] += amount
            total += amount
        kept.close()
        assert {place: int(kept.holders[place[0]].rows["cash"][place[1]]) for place in expected} == expected
        assert sum(kept.balances().values()) == 0
        assert int(kept.flows.sum()) == total == sum(kept.paid(cause) for cause in CAUSES)
        for sector, code in SECTOR.items():
            change = int(kept.flows[:, :, code].sum() - kept.flows[:, code, :].sum())
            assert kept.balances()[sector] - before[sector] == change
