"""The registry: which signed contracts are entered, and how they are counted."""

from __future__ import annotations

import math
from typing import Any

import pytest

from shaanxi_transfer.agents.goods import (
    REFUSED,
    SERVICE,
    SIGNED,
    VOUCHER,
)  # fmt: skip
from shaanxi_transfer.agents.registering import AUDITED, CALLED
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.model.markets import contracting
from shaanxi_transfer.model.state import registry

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


def test_the_registry_counts_by_seller_type_city_and_size(small: Any) -> None:
    counted = registry.Registry(2)
    tally = counted.tally
    for value in (9_999_999, 10_000_000):
        registry.count_sold(tally, FIRM, 1, value, 1, 1, counted.city_value, counted.city_count)
    assert (tally.value_by_seller[FIRM], tally.count_by_seller[FIRM], tally.count_by_type[1]) == (
        19_999_999,
        2,
        2,
    )
    assert (tally.major_value, tally.major_count) == (10_000_000, 1)
    registry.count_bought(tally, 5, 1, counted.city_inflow)
    assert (tally.inflow_value, tally.inflow_count, counted.city_inflow.tolist()) == (5, 1, [0, 5])
    assert tally.value_by_seller.sum() == tally.value_by_type.sum() == counted.city_value.sum()
    assert registry.coverage_of_imports(0.8, 1.0, 0.15) == pytest.approx(0.8 * math.exp(-0.15))


def register(small: Any, paper: float = 0.0) -> Any:
    counted = registry.Registry(2)
    universities, institutes, military = (small.producers[kind].rows for kind in SECTORS[:3])
    contracting.register(
        small.contracts.rows, small.enterprises.rows, universities, institutes, military,
        small.TERMS._replace(paper=paper), small.now, small.seed, counted.tally, counted.city_value,
        counted.city_count, counted.city_inflow, counted.city_within,
    )  # fmt: skip
    return counted


def deal(small: Any, seller: int, buyer: int, **columns: Any) -> Any:
    given = {
        "seller_sector": seller, "buyer_sector": buyer, "seller_city": 0, "buyer_city": 0, "value": 100,
        "state": SIGNED, "buyer_row": 1, **columns,
    }  # fmt: skip
    return small.add(small.contracts, key=len(small.contracts) + 1, **given)


def test_signed_contracts_are_entered_by_the_sellers_habit_and_counted(small: Any) -> None:
    small.now.coverage_of_imports = 1.0
    small.firm(members=4, registered=4, certified=1, key=10)
    small.firm(members=4, key=11)
    for kind in SECTORS[:3]:
        small.add(small.producers[kind], registered=1.0)
    deal(small, FIRM, OUTSIDE)
    deal(small, FIRM, FIRM, buyer_city=1, value=10)
    deal(small, FIRM, FIRM, value=7)
    deal(small, FIRM, FIRM, state=REFUSED)
    deal(small, OUTSIDE, FIRM, value=3, seller_city=-1)
    for sector in range(3):
        deal(small, sector, GOVERNMENT, value=1000 * (1 + sector))
    deal(small, FIRM, OUTSIDE, seller_row=1, value=50)
    counted = register(small)
    tally = counted.tally
    assert small.contracts.rows["registered"].tolist() == [
        True,
        True,
        True,
        False,
        True,
        True,
        True,
        True,
        False,
    ]
    assert (tally.refused, tally.signed_count, tally.signed_value) == (1, 7, 6167)
    assert (tally.local_value, tally.inflow_value, tally.inflow_count) == (6017, 6020, 6)
    assert tally.signed_by_seller[[0, 1, 2, FIRM]].tolist() == [1000, 2000, 3000, 167]
    assert tally.value_by_seller[[0, 1, 2, FIRM]].tolist() == [1000, 2000, 3000, 117]
    assert counted.city_value.tolist() == [6117, 0] and counted.city_inflow.tolist() == [6010, 10]
    assert counted.city_within.tolist() == [6007, 0]
    assert small.enterprises.rows["sold"].tolist() == [117, 50]
    assert [int(small.producers[kind].rows["sold"][0]) for kind in SECTORS[:3]] == [1000, 2000, 3000]
    assert tally.high_tech_signed == tally.high_tech_value == 25 + 3 + 2


@pytest.mark.parametrize("seller", [FIRM, UNIVERSITY, OUTSIDE])
def test_entry_is_drawn_by_habit_and_size(small: Any, seller: int) -> None:
    firm, house = small.firm(members=10**9), small.add(small.producers["university"])
    one = deal(small, seller, GOVERNMENT)
    stream = small.stream(contracting.REGISTRY, 1, small.step)
    habit, entry = luck.pick(stream, 0), luck.pick(stream, 1)
    for side in (-1, 1):
        share = habit * (1 + side * 1e-5)
        house.registered = small.now.coverage_of_imports = share
        firm.registered = int(share * 10**9)
        register(small)
        assert one.registered == (side > 0)
    for side in (-1, 1):
        # A gain of 100 is enough with the chance 100 / (100 + paper), what comes from outside is always in.
        register(small, paper=100.0 * (1.0 / (entry * (1 + side * 1e-9)) - 1.0))
        assert one.registered == (side > 0 or seller == OUTSIDE)


def test_a_buyer_keeps_the_tie_of_the_largest_priority_but_none_of_a_voucher(small: Any) -> None:
    for k in range(4):
        small.firm(key=10 + k, partner=99)
    deal(small, FIRM, FIRM, seller_row=2, buyer_row=0, priority=0.9)
    deal(small, FIRM, FIRM, seller_row=3, buyer_row=0, priority=0.8)
    deal(small, FIRM, FIRM, seller_row=2, buyer_row=1, priority=0.9, channel=VOUCHER)
    deal(small, FIRM, OUTSIDE, seller_row=2, buyer_row=3, priority=0.9)
    register(small)
    assert small.enterprises.rows["partner"].tolist() == [12, 99, 99, 99]


@pytest.fixture
def entering(small: Any) -> Any:
    """Enter a service of 1000 yuan whose seller would declare it as development and split it."""
    counted = registry.Registry(2)
    chances = small.stream(contracting.REGISTRY, 5, small.step)
    terms = small.TERMS._replace(
        gain=2.0, near_development=1.0, spared=1.0, reward=0.1, reward_cap=40.0, parts=9, small_value=1001.0
    )

    def entered(registers: bool = True, value: int = 1000, **others: Any) -> bool:
        counted.clear()
        now, tally = terms._replace(**others), counted.tally
        declared, parts = registry.enter(tally, SERVICE, value, registers, 0.0, 0.5, chances, 3, now)
        if parts:
            cities = counted.city_value, counted.city_count
            registry.count_sold(tally, FIRM, declared, value, parts, 1, *cities)
        return bool(parts)

    entered.counted = counted  # type: ignore[attr-defined]
    entered.audit = luck.pick(chances, AUDITED + 3)  # type: ignore[attr-defined]
    entered.call = luck.pick(chances, CALLED + 3)  # type: ignore[attr-defined]
    return entered


def test_what_is_declared_is_counted_and_its_value_stays(entering: Any) -> None:
    tally = entering.counted.tally
    assert entering(audit=entering.audit * 0.999)
    assert tally.value_by_type.tolist() == [1000, 0, 0, 0] and tally.count_by_type.tolist() == [3, 0, 0, 0]
    assert (tally.relabelled_value, tally.parts_more, tally.rewards_due) == (1000, 2, 100)
    assert (tally.value_by_seller[FIRM], tally.count_by_seller[FIRM]) == (1000, 3)
    assert (entering.counted.city_value[1], entering.counted.city_count[1]) == (1000, 3)


def test_an_audit_puts_it_right(entering: Any) -> None:
    tally = entering.counted.tally
    assert entering(audit=entering.audit * 1.001)
    assert tally.value_by_type.tolist() == [0, 0, 0, 1000] and tally.count_by_type.tolist() == [0, 0, 0, 1]
    assert (tally.relabelled_value, tally.parts_more, tally.rewards_due) == (0, 0, 40)


def test_parts_below_the_mark_are_no_major_contracts(entering: Any) -> None:
    tally = entering.counted.tally
    for value, parts, major in ((20_000_000, 2, 2), (19_999_999, 2, 0), (19_999_999, 1, 1)):
        assert entering(value=value, reward=1.0, reward_cap=1e7, parts=parts)
        assert tally.major_count == major and tally.major_value == (value if major else 0)


def test_offices_enter_small_contracts_that_were_left_out(entering: Any) -> None:
    tally = entering.counted.tally
    assert entering(registers=False, called=entering.call * 1.001)
    assert (tally.small_left_out, tally.entered_by_offices, tally.rewards_due) == (1, 1, 40)
    assert tally.count_by_type.tolist() == [0, 0, 0, 1], "as what it is, and whole"
    assert not entering(registers=False, called=entering.call * 0.999)
    assert (tally.small_left_out, tally.entered_by_offices, tally.rewards_due) == (1, 0, 0)
    # One whose seller knows how and did not find it worth the paper is called on as well.
    assert entering(paper=1e9, called=1.0) and not entering(paper=1e9, called=0.0)
    # A contract of the mark itself is not small.
    assert not entering(registers=False, small_value=1000.0, called=1.0) and tally.small_left_out == 0
    assert entering(called=1.0) and tally.entered_by_offices == 0, "nothing was left out"
