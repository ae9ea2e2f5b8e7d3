from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shaanxi_transfer.engine.columns import KEY, MONEY, NUMBER, Column
from shaanxi_transfer.engine.table import Table

COLUMNS = (
    Column("key", KEY, "key", "identity"),
    Column("cash", MONEY, "yuan", "money at hand"),
    Column("share", NUMBER, "fraction", "a share"),
)


def filled(number: int) -> Table[Any]:
    table: Table[Any] = Table("rows", COLUMNS)
    rows = table.extend(number)
    rows["key"] = np.arange(number)
    rows["cash"] = np.arange(number) * 10
    return table


def test_a_table_starts_empty_with_some_room() -> None:
    table: Table[Any] = Table("rows", COLUMNS)
    assert len(table) == table.count == len(table.rows) == 0
    assert len(table.storage) == 16


@pytest.mark.parametrize(("number", "capacity"), [(16, 16), (17, 32), (33, 64), (1_000, 1_024)])
def test_room_grows_by_doubling_and_keeps_what_was_there(number: int, capacity: int) -> None:
    table = filled(10)
    before = table.rows.copy()
    table.reserve(number - 10)
    assert len(table.storage) == capacity
    assert table.count == 10
    assert (table.rows == before).all()
    assert not table.storage["key"][10:].any()


def test_room_that_is_there_is_not_moved() -> None:
    table = filled(3)
    storage = table.storage
    table.reserve(13)
    assert table.storage is storage


def test_a_rule_may_fill_reserved_rows_and_no_more() -> None:
    table = filled(2)
    table.reserve(30)
    table.storage[2].key = 99
    table.close(3)
    assert table.rows["key"].tolist() == [0, 1, 99]
    with pytest.raises(IndexError, match="rows: 33 rows written into room for 32"):
        table.close(33)
    assert table.count == 3


def test_extended_rows_are_zero_even_where_others_have_been() -> None:
    table = filled(12)
    table.close(0)
    assert not table.extend(12)["cash"].any()


def test_keeping_drops_rows_in_order_and_leaves_zeroes_behind() -> None:
    table = filled(6)
    table.keep(np.array([False, True, False, True, True, False]))
    assert table.rows["key"].tolist() == [1, 3, 4]
    assert table.rows["cash"].tolist() == [10, 30, 40]
    assert not table.storage["key"][3:].any() and not table.storage["cash"][3:].any()
    table.keep(np.zeros(3, dtype=np.bool_))
    assert len(table) == 0
    assert not table.storage["cash"].any()


def test_sorting_by_key_moves_whole_rows() -> None:
    table = filled(5)
    table.rows["key"] = [7, 2**64 - 1, 0, 2**63, 5]
    table.sort_by_key()
    assert table.rows["key"].tolist() == [0, 5, 7, 2**63, 2**64 - 1]
    assert table.rows["cash"].tolist() == [20, 40, 0, 30, 10]


def test_rows_are_a_view() -> None:
    table = filled(2)
    table.rows[0].cash = -5
    assert table.storage[0].cash == -5


@pytest.mark.parametrize("again", [copy.deepcopy, lambda table: pickle.loads(pickle.dumps(table))])
def test_a_copy_looks_at_its_own_rows(again: Callable[[Table[Any]], Table[Any]]) -> None:
    table = filled(3)
    twin = again(table)
    table.rows["cash"] = -1
    assert twin.rows["cash"].tolist() == twin.storage["cash"][:3].tolist() == [0, 10, 20]
    twin.keep(np.array([False, True, True]))
    assert twin.rows["key"].tolist() == [1, 2] and len(table.rows) == 3


class TableAgainstList(RuleBasedStateMachine):
    """A table does what a list of tuples does."""

    def __init__(self) -> None:
        super().__init__()
        self.table: Table[Any] = Table("rows", COLUMNS)
        self.model: list[tuple[int, int, float]] = []
        self.next_key = 1

    def _fresh(self, number: int) -> list[tuple[int, int, float]]:
        """Rows with keys that no other row has, in no order."""
        made = []
        for _ in range(number):
            key = (self.next_key * 0x9E3779B97F4A7C15) % (1 << 64)
            made.append((key, self.next_key * 3, 1.0 / self.next_key))
            self.next_key += 1
        return made

    @rule(number=st.integers(0, 40))
    def extend(self, number: int) -> None:
        made = self._fresh(number)
        rows = self.table.extend(number)
        assert len(rows) == number
        assert not rows["key"].any() and not rows["cash"].any() and not rows["share"].any()
        for row, (key, cash, share) in zip(rows, made, strict=True):
            row.key, row.cash, row.share = key, cash, share
        self.model += made

    @rule(reserved=st.integers(0, 40), used=st.floats(0.0, 1.0))
    def reserve_and_close(self, reserved: int, used: float) -> None:
        made = self._fresh(int(reserved * used))
        self.table.reserve(reserved)
        assert len(self.table.storage) >= len(self.model) + reserved
        for offset, values in enumerate(made):
            self.table.storage[len(self.model) + offset] = values
        self.table.close(len(self.model) + len(made))
        self.model += made

    @rule(pattern=st.integers(0, (1 << 16) - 1))
    def keep(self, pattern: int) -> None:
        mask = np.array([bool(pattern >> (i % 16) & 1) for i in range(len(self.model))], dtype=np.bool_)
        self.table.keep(mask)
        self.model = [row for row, stays in zip(self.model, mask, strict=True) if stays]

    @rule()
    def sort(self) -> None:
        self.table.sort_by_key()
        self.model.sort()

    @invariant()
    def same_rows(self) -> None:
        assert self.table.rows.tolist() == self.model
        assert len(self.table) == len(self.model)

    @invariant()
    def the_rest_is_empty_and_room_is_a_doubling(self) -> None:
        rest = self.table.storage[self.table.count :]
        assert not rest.view(np.uint8).any()
        capacity = len(self.table.storage)
        assert capacity >= 16 and capacity & (capacity - 1) == 0


TestTableAgainstList = TableAgainstList.TestCase
