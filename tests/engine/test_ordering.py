from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.engine.ordering import (
    index_of,
    order_by_key,
    order_of_keys,
    order_of_places,
    row_by_halves,
    row_of,
)

Rows = st.lists(st.tuples(st.integers(0, 2**64 - 1), st.booleans()), min_size=1, max_size=60)


@given(old=Rows, born=Rows)
def test_rows_are_merged_as_one_stable_sort_of_those_that_stay_would_order_them(
    old: list[tuple[int, bool]], born: list[tuple[int, bool]]
) -> None:
    rows = sorted(old, key=lambda row: row[0]) + born
    keys = np.array([key for key, _ in rows], dtype=np.uint64)
    staying = np.array([stays for _, stays in rows])
    expected = [i for i in np.argsort(keys, kind="stable").tolist() if staying[i]]
    found = order_by_key(keys, staying)
    if found is None:
        assert expected == list(range(len(rows)))
        return
    order, moved = found
    assert order.tolist() == expected
    assert [moved[row] for row in expected] == list(range(len(expected)))
    assert (moved[~staying] == -1).all()


def test_rows_in_order_stay_where_they_are() -> None:
    keys = np.array([1, 5, 5, 9], dtype=np.uint64)
    assert order_by_key(keys, np.ones(4, dtype=np.int32)) is None


@given(keys=st.sets(st.integers(0, 2**64 - 1), max_size=60), asked=st.integers(0, 2**64 - 1))
def test_a_key_is_found_in_its_row(keys: set[int], asked: int) -> None:
    rows = sorted(keys)
    index = index_of(np.array(rows, dtype=np.uint64))
    assert [row_of(index, np.uint64(key)) for key in rows] == list(range(len(rows)))
    assert row_of(index, np.uint64(asked)) == (rows.index(asked) if asked in keys else -1)
    table = np.zeros(len(rows), dtype=np.dtype((np.record, [("key", np.uint64)])))
    table["key"] = rows
    assert [row_by_halves(table, np.uint64(key)) for key in (*rows, asked)] == [
        row_of(index, np.uint64(key)) for key in (*rows, asked)
    ]


@given(keys=st.lists(st.integers(0, 2**64 - 1), max_size=60))
def test_keys_and_places_are_put_in_order(keys: list[int]) -> None:
    rows = np.array(keys, dtype=np.uint64)
    assert order_of_keys(rows).tolist() == np.argsort(rows, kind="stable").tolist()
    places = rows / 2.0**64 * 0.4
    assert order_of_places(places, 0.4).tolist() == np.argsort(places, kind="stable").tolist()
