"""Vouchers: how many, to whom, what becomes of each, and who pays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import voucher
from shaanxi_transfer.agents.goods import REFUSED, SERVICE, SIGNED
from shaanxi_transfer.agents.voucher import ADDITIONAL, DEADWEIGHT, UNUSED
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import CAUSE, SECTOR
from shaanxi_transfer.model.orders import FIRST_CALL
from shaanxi_transfer.model.quarter.support_programmes import Programme


@pytest.mark.parametrize(
    ("due", "face", "cash", "number"),
    [
        (10.0, 100, 10**6, 10),
        (10.9, 100, 10**6, 10),
        (10.9999925, 100, 10**6, 11),
        (10.0, 100, 999, 9),
        (0.0, 100, 10**6, 0),
        (-1.0, 100, 10**6, 0),
        (10.0, 0, 10**6, 0),
        (10.0, 1, 5, 5),
        (10.0, 100, -700, 0),
    ],
)
def test_vouchers_of_a_step_are_paid_in_full(due: float, face: int, cash: int, number: int) -> None:
    assert voucher.number_to_issue(due, face, cash) == number


def test_orders_are_rounded_by_luck(small: Any) -> None:
    u = small.draw(voucher.ORDERS, luck.key_of("programme", "alliance_order"))
    for side, number in ((1, 4), (-1, 3)):
        yearly = 4.0 * (3.0 + u * (1 + side * 1e-9))
        assert voucher.number_of_orders(yearly, 8, FIRST_CALL, small.now, small.seed) == number


@pytest.mark.parametrize(
    ("columns", "serves"),
    [
        ({}, (True, True, True)),
        ({"large": True}, (False, True, True)),
        ({"appetite": 0.0}, (False, False, False)),
        ({"research_user": False}, (True, True, False)),
        ({"city": 0}, (False, False, False)),
    ],
)
def test_whom_a_programme_serves(small: Any, columns: dict[str, Any], serves: tuple[bool, ...]) -> None:
    firm = small.firm(**{"appetite": 1.0, "research_user": True, "city": 1, **columns})
    kinds = ((False, False), (True, False), (True, True))
    assert tuple(voucher.may_apply(firm, *kind, 0) for kind in kinds) == serves
    assert voucher.may_apply(firm, True, False, -1) == (firm.appetite > 0.0)


def issue(small: Any, number: int, *, away: int = -1, parameters: Any = None, **programme: float) -> Any:
    numbers = {
        "code": 3,
        "task": 20,
        "yearly": 1,
        "face": 100,
        "value": 160,
        "producer_share": 0.5,
        **programme,
    }
    one = Programme(*map(float, Programme(**numbers)))
    parameters = parameters or small.set(
        "finance",
        voucher_additional=1.0,
        voucher_additional_enterprise=1.0,
        voucher_deadweight=0.0,
        voucher_unused=0.0,
    )
    small.finance.vouchers.close(0)
    small.finance.vouchers.reserve(number)
    small.finance.vouchers.close(
        voucher.issue(
            small.enterprises.rows, number, one, FIRST_CALL, away, parameters, small.now, small.seed,
            small.finance.vouchers.storage, 0,
        )
    )  # fmt: skip
    return small.finance.vouchers.rows


def test_lots_are_drawn_for_each_programme_apart(small: Any) -> None:
    keys = [small.firm(members=200, appetite=1.0, city=1).key for _ in range(2)]
    for code in (3, 4):
        first = code * voucher.MOST_OF_A_FIRM
        won = luck.binomial_quantile(small.draw(voucher.ISSUE, keys[0], first), 200, 0.25)
        rows = issue(small, 100, code=code)
        assert np.bincount(rows["firm_row"], minlength=2).tolist() == [won, 100 - won], "all are issued"
        assert rows["key"][1] == luck.child_key(keys[0], voucher.ISSUE, small.step, first + 1)
    one = issue(small, 100, cities_pay=1.0, producer=2, type=1)[0]
    assert (one.programme, one.task, one.treasury, one.face, one.value) == (3, 20, 2, 100, 160)
    assert (one.producer, one.type, one.fate, one.contract) == (2, 1, ADDITIONAL, -1)
    side = small.draw(voucher.PARTNER, one.key)
    for share, of_producer in ((side * (1 - 1e-9), False), (side * (1 + 1e-9), True)):
        assert issue(small, 100, producer_share=share)[0].of_producer == of_producer
    assert set(issue(small, 100)["treasury"].tolist()) == {0}, "the province pays"
    assert len(issue(small, 500)) == 400, "one for each member at most"
    small.enterprises.rows["large"][0] = True
    assert set(issue(small, 300)["firm_row"].tolist()) == {1}
    assert set(issue(small, 300, large=1.0)["firm_row"].tolist()) == {0, 1}
    assert len(issue(small, 300, large=1.0, absorbing=1.0)) == len(issue(small, 300, large=1.0, away=1)) == 0


def test_fates_are_drawn_and_an_order_is_never_idle(small: Any) -> None:
    one = small.firm(appetite=1.0)
    u = small.draw(voucher.ISSUE, one.key, 3 * voucher.MOST_OF_A_FIRM + 1)
    a_little = 1e-9
    # The three shares sum to two.
    for additional, deadweight, fate in (
        (2 * u * (1 + a_little), 0.0, ADDITIONAL),
        (2 * u * (1 - a_little), 0.0, UNUSED),
        (u, u * (1 + a_little), DEADWEIGHT),
        (u, u * (1 - a_little), UNUSED),
    ):
        parameters = small.set(
            "finance", voucher_additional=additional, voucher_deadweight=deadweight,
            voucher_additional_enterprise=2.0, voucher_unused=2.0 - additional - deadweight,
        )  # fmt: skip
        (ticket,) = issue(small, 1, parameters=parameters)
        assert ticket.fate == fate
        (order,) = issue(small, 1, parameters=parameters, face=0.0)
        assert order.fate == ADDITIONAL


def test_with_an_enterprise_fewer_make_a_contract_and_as_many_are_used(small: Any) -> None:
    one = small.firm(appetite=1.0)
    u = small.draw(voucher.ISSUE, one.key, 3 * voucher.MOST_OF_A_FIRM + 1)
    for of_producer, enterprise, used, fate in (
        (0.0, u * (1 + 1e-9), 1.0, ADDITIONAL),
        (0.0, u * (1 - 1e-9), 1.0, DEADWEIGHT),
        (0.0, 0.0, u * (1 + 1e-9), DEADWEIGHT),
        (0.0, 0.0, u * (1 - 1e-9), UNUSED),
        (1.0, 0.0, u * (1 + 1e-9), ADDITIONAL),
        # Never more than with a producer.
        (0.0, 1.0, u * (1 - 1e-9), UNUSED),
    ):
        parameters = small.set(
            "finance", voucher_additional=used, voucher_additional_enterprise=enterprise,
            voucher_deadweight=0.0, voucher_unused=1.0 - used,
        )  # fmt: skip
        (ticket,) = issue(small, 1, parameters=parameters, producer_share=of_producer)
        assert ticket.fate == fate, (of_producer, enterprise, used)


def test_what_is_paid_anyway_falls_to_the_next_contract_of_its_kind(small: Any) -> None:
    # Keys, and whether a producer sells; the second is paid by another voucher already.
    contracts = [(10, True), (20, True), (30, False), (40, True)]
    for row, (key, of_producer) in enumerate(contracts):
        small.firm()
        seller = SECTOR["university" if of_producer else "enterprise"]
        small.add(small.contracts, key=key, seller_sector=seller, buyer_row=row, buyer_city=1, type=SERVICE)
    for key, fate, of_producer in (
        (15, DEADWEIGHT, True),
        (16, DEADWEIGHT, False),
        (17, ADDITIONAL, True),
        (18, DEADWEIGHT, False),
        (40, DEADWEIGHT, True),
        (41, DEADWEIGHT, True),
    ):
        ticket = {"key": key, "fate": fate, "of_producer": of_producer, "firm_row": 7, "contract": -1}
        small.add(small.finance.vouchers, **ticket)
    rows = small.contracts.rows
    taken = np.array([False, True, False, False])
    tickets = small.finance.vouchers.rows
    voucher.fall_to_contracts_made_anyway(
        tickets,
        rows,
        small.enterprises.rows,
        np.arange(4),
        np.ascontiguousarray(rows["key"]),
        Programme(0, 22, 1, 50, 63, cities_pay=1.0),
        -1,
        taken,
    )
    assert tickets["contract"].tolist() == [3, 2, -1, -1, 0, -1], "behind the last comes the first"
    assert tickets["fate"].tolist() == [DEADWEIGHT, DEADWEIGHT, ADDITIONAL, UNUSED, DEADWEIGHT, UNUSED]
    assert tickets["firm_row"].tolist() == [3, 2, 7, 7, 0, 7] and taken.all()
    assert tickets["treasury"].tolist() == [2, 2, 0, 0, 2, 0]


@pytest.mark.parametrize(("value", "paid"), [(160, 100), (1600, 100), (159, 99), (16, 10)])
def test_of_a_small_contract_the_programmes_share_is_paid(small: Any, value: int, paid: int) -> None:
    small.treasuries.rows["cash"] = 100
    small.books.open()
    small.firm()
    small.add(small.contracts, state=SIGNED, value=value)
    small.add(small.finance.vouchers, face=100, value=160, task=22)
    voucher.redeem(
        small.finance.vouchers.rows, small.contracts.rows, small.purse, small.flows, small.public,
        np.zeros(len(voucher.PROGRAMMES), dtype=np.int64),
    )  # fmt: skip
    assert small.paid("voucher", "government", "enterprise") == paid
    small.books.close()


def test_what_was_used_is_paid_by_its_treasury(small: Any) -> None:
    small.treasuries.rows["cash"] = [1000, 0, 99]
    small.books.open()
    for _ in range(3):
        small.firm()
    # Programme, fate, treasury; what became of the contract of those that led to one.
    tickets: list[tuple[int, int, int, int | None]] = [
        (0, ADDITIONAL, 0, SIGNED),
        (0, ADDITIONAL, 0, REFUSED),
        (1, DEADWEIGHT, 0, SIGNED),
        (1, UNUSED, 0, None),
        (2, DEADWEIGHT, 1, SIGNED),
        (2, DEADWEIGHT, 2, SIGNED),
        (3, ADDITIONAL, 0, None),
        (3, ADDITIONAL, 0, SIGNED),
    ]
    for k, (programme, fate, treasury, state) in enumerate(tickets):
        face = 99 if treasury == 2 else 100
        small.add(
            small.finance.vouchers,
            key=k + 1,
            programme=programme,
            fate=fate,
            treasury=treasury,
            face=face,
            task=20 + programme,
            firm_row=k % 3,
            contract=-1 if state is None else len(small.contracts),
        )
        if state is not None:
            small.add(small.contracts, state=state)
    redeemed = np.zeros(len(voucher.PROGRAMMES), dtype=np.int64)
    voucher.redeem(
        small.finance.vouchers.rows, small.contracts.rows, small.purse, small.flows, small.public, redeemed
    )
    assert redeemed.tolist()[:4] == [1, 1, 1, 1]
    assert small.treasuries.rows["cash"].tolist() == [700, 0, 0]
    assert small.enterprises.rows["cash"].tolist() == [100, 100, 199]
    assert small.public[20, 0, CAUSE["voucher"]] == 100 == small.paid("voucher", "government", "enterprise")
    assert [int(small.public[21 + k, treasury, CAUSE["grant"]]) for k, treasury in enumerate((0, 2, 0))] == [
        100,
        99,
        100,
    ]
    small.books.close()
