from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.agents.goods import CONTRACT_COLUMNS, NEED_COLUMNS, REFUSED, SIGNED
from shaanxi_transfer.agents.kind import empty_tables
from shaanxi_transfer.engine.books import CAUSE, SECTOR, Books
from shaanxi_transfer.engine.table import Table
from shaanxi_transfer.model.markets.contracting import clear_claims
from shaanxi_transfer.model.state.registry import coverage_of_imports

if TYPE_CHECKING:
    from shaanxi_transfer.agents.rows import ContractRow, NeedRow

FIRM, OUTSIDE = SECTOR["enterprise"], SECTOR["outside"]
CONTRACT = CAUSE["contract"]


@dataclass
class Market:
    """Three firms with some cash each, needs and proposals."""

    cash: Sequence[int]
    open_needs: list[int]
    budget: int = 10**18
    needs: Table[NeedRow] = field(default_factory=lambda: Table("needs", NEED_COLUMNS))
    contracts: Table[ContractRow] = field(default_factory=lambda: Table("contracts", CONTRACT_COLUMNS))

    def __post_init__(self) -> None:
        tables = empty_tables()
        tables["enterprise"].extend(len(self.cash))["key"] = np.arange(1, len(self.cash) + 1)
        tables["government"].extend(1)
        self.books = Books(tables, 1)
        self.books.endow("enterprise", np.array(self.cash, dtype=np.int64))
        self.books.open()
        self.needs.extend(len(self.open_needs))["open"] = self.open_needs

    def propose(self, buyer: int, seller: int, value: int, priority: float, need: int = -1) -> None:
        """Propose a contract; -1 stands for the world beyond."""
        row = self.contracts.extend(1)[0]
        row.key = len(self.contracts)
        row.buyer_sector, row.buyer_row = (OUTSIDE, 0) if buyer < 0 else (FIRM, buyer)
        row.seller_sector, row.seller_row = (OUTSIDE, 0) if seller < 0 else (FIRM, seller)
        row.value, row.priority, row.need, row.result = value, priority, need, -1

    def clear(self) -> list[bool]:
        """Conclude; says of each proposal whether it was signed."""
        rows = self.contracts.rows
        met = clear_claims(rows, self.needs.rows, self.budget, self.books)
        assert met == ((rows["state"] == SIGNED) & (rows["need"] >= 0)).sum()
        assert set(rows["state"].tolist()) <= {SIGNED, REFUSED}
        self.books.close()
        return [bool(state == SIGNED) for state in rows["state"]]

    @property
    def money(self) -> list[int]:
        """Cash of the firms."""
        return [int(cash) for cash in self.books.holders["enterprise"].rows["cash"]]


def test_a_signed_contract_moves_its_whole_value() -> None:
    market = Market(cash=[100, 0], open_needs=[1])
    market.propose(0, 1, 60, 0.5, need=0)
    assert market.clear() == [True]
    assert market.money == [40, 60]
    assert market.needs.rows["open"].tolist() == [0]
    assert market.books.paid("contract", "enterprise", "enterprise") == 60


def test_the_smaller_priority_is_served_first_wherever_it_stands() -> None:
    for turned in (False, True):
        market = Market(cash=[100, 0, 0], open_needs=[2])
        claims = [(80, 0.7), (70, 0.2)]
        for value, priority in reversed(claims) if turned else claims:
            market.propose(0, 1, value, priority, need=0)
        signed = market.clear()
        assert signed == ([True, False] if turned else [False, True])
        assert market.money == [30, 70, 0]


def test_what_cannot_be_paid_is_refused_and_the_need_stays_open() -> None:
    market = Market(cash=[59], open_needs=[1])
    market.propose(0, -1, 60, 0.5, need=0)
    assert market.clear() == [False]
    assert market.money == [59]
    assert market.needs.rows["open"].tolist() == [1]


def test_a_treasury_does_not_buy_with_what_its_programmes_need() -> None:
    for reserve, signed in ((40, True), (41, False)):
        market = Market(cash=[0], open_needs=[])
        market.books.close()
        market.books.endow("government", np.array([100], dtype=np.int64))
        market.books.open()
        market.books.holders["government"].rows["reserve"] = reserve
        market.propose(0, 0, 60, 0.5)
        market.contracts.rows["buyer_sector"] = SECTOR["government"]
        assert market.clear() == [signed]


def test_a_need_is_met_as_often_as_it_is_open_and_no_more() -> None:
    market = Market(cash=[1_000], open_needs=[2])
    for i in range(4):
        market.propose(0, -1, 10, 0.1 * i, need=0)
    assert market.clear() == [True, True, False, False]
    assert market.money == [980]


def test_the_world_beyond_spends_its_budget_and_no_more() -> None:
    market = Market(cash=[0, 0, 0], open_needs=[], budget=100)
    for seller, value, priority in ((0, 70, 0.9), (1, 60, 0.1), (2, 40, 0.5)):
        market.propose(-1, seller, value, priority)
    assert market.clear() == [False, True, True]
    assert market.money == [0, 60, 40]


def test_a_small_contract_may_fit_where_a_large_one_did_not() -> None:
    market = Market(cash=[0, 0], open_needs=[], budget=50)
    market.propose(-1, 0, 60, 0.1)
    market.propose(-1, 1, 50, 0.9)
    assert market.clear() == [False, True]


parties = st.integers(-1, 2)
claims = st.lists(
    st.tuples(
        st.integers(-1, 2), st.integers(-1, 2), st.integers(1, 200), st.floats(0.0, 1.0), st.integers(0, 3)
    ),
    max_size=40,
)


@given(cash=st.tuples(*[st.integers(0, 300)] * 3), proposed=claims, budget=st.integers(0, 500))
def test_nobody_overspends_and_the_order_of_rows_is_nothing(
    cash: tuple[int, int, int], proposed: list[tuple[int, int, int, float, int]], budget: int
) -> None:
    # Two claims of one priority do not occur: priorities are 53-bit draws.
    unique = {claim[3]: claim for claim in proposed}
    results = []
    for ordered in (list(unique.values()), list(reversed(unique.values()))):
        market = Market(cash=cash, open_needs=[1, 2, 0, 5], budget=budget)
        for buyer, seller, value, priority, need in ordered:
            market.propose(buyer, seller, value, priority, need if buyer >= 0 else -1)
        signed = market.clear()
        assert min(market.money) >= 0
        assert (market.needs.rows["open"] >= 0).all()
        assert market.books.paid("contract", "outside", "enterprise") <= budget
        within = sum(claim[2] for claim in ordered if claim[0] < 0) <= budget
        kept = {claim[3] for claim, taken in zip(ordered, signed, strict=True) if taken}
        results.append((market.money, market.needs.rows["open"].tolist(), kept, within))
    if not results[0][3]:
        assert results[0] == results[1]


def test_inflow_was_recorded_less_completely_at_first() -> None:
    covered = [coverage_of_imports(0.8, before, 0.15) for before in (3.5, 2.0, 0.01, 0.0)]
    assert covered == sorted(covered)
    assert covered[-1] == 0.8
    assert covered[0] == pytest.approx(0.8 * np.exp(-0.15 * 3.5))
