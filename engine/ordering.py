"""The order of rows by key, kept up with little work when few rows come and go.

Rows stand in the order of their keys, the one order that no history disturbs. What was
born in a step stands behind the rest, unsorted; it is sorted alone and merged.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .rows import Rows
from .rules import rule

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Marks = npt.NDArray[np.integer | np.bool_]

_HALF_WORD: Final = np.uint64(32)


@rule
def sorted_part(keys: Keys) -> int:
    """Give how many of the first keys are in rising order."""
    for i in range(1, len(keys)):
        if keys[i] < keys[i - 1]:
            return i
    return len(keys)


@rule
def merge(keys: Keys, staying: Marks, first: int, tail: Places, order: Places, moved: Places) -> int:
    """Merge the first rows with the sorted tail, leaving out those that go.

    Parameters
    ----------
    keys : ndarray of uint64 of shape (n,)
    staying : ndarray of shape (n,)
        0 where a row goes.
    first : int
        Rows of the sorted part.
    tail : ndarray of int64 of shape (n - first,)
        The rows behind it in the order of their keys.
    order, moved : ndarray of int64 of shape (n,)
        Filled: the rows that stay, in their new order; the new place of each old row, -1 if it goes.

    Returns
    -------
    int
        Rows that stay.
    """
    kept = head = behind = 0
    for _ in range(len(keys)):
        if behind == len(tail) or (head < first and keys[head] <= keys[tail[behind]]):
            row = head
            head += 1
        else:
            row = tail[behind]
            behind += 1
        moved[row] = -1
        if staying[row] != 0:
            moved[row] = kept
            order[kept] = row
            kept += 1
    return kept


class Index(NamedTuple):
    """Keys in rising order, and where to look for one of them.

    Attributes
    ----------
    keys : ndarray of uint64 of shape (n,)
    guide : ndarray of int64 of shape (n + 1,)
        First row whose key reaches into each of ``n`` even cells of all possible keys.
    """

    keys: Keys
    guide: Places


@rule
def _cell_of(key: np.uint64, cells: int) -> int:
    """Cell of a key among even cells of all possible keys, fewer than two to the power of 32."""
    return int(((key >> _HALF_WORD) * np.uint64(cells)) >> _HALF_WORD)


@rule
def index_of(keys: Keys) -> Index:
    """Make the table in which :func:`row_of` looks: each cell begins behind all rows of those before it."""
    rows = len(keys)
    guide = np.zeros(rows + 1, dtype=np.int64)
    for row in range(rows):
        guide[_cell_of(keys[row], rows) + 1] += 1
    for cell in range(rows):
        guide[cell + 1] += guide[cell]
    return Index(keys, guide)


@rule
def row_of(index: Index, key: np.uint64) -> int:
    """Find a key in an index; -1 if it is not there.

    Indexed search (Chen and Asau 1974): keys are hashes, spread evenly, so that a step or two from the
    first row of the key's cell remain. A search by halves costs a processor a wrong guess at each of them.
    """
    keys, guide = index
    row = guide[_cell_of(key, len(keys))]
    while row < len(keys) and keys[row] < key:
        row += 1
    return int(row) if row < len(keys) and keys[row] == key else -1


@rule
def row_by_halves(rows: Rows[Any], key: np.uint64) -> int:
    """Find a key among rows in the order of their keys, without an index; -1 if it is not there.

    For a few keys: an index takes a pass over all rows.
    """
    first, last = 0, len(rows)
    while first < last:
        middle = (first + last) // 2
        if rows[middle].key < key:
            first = middle + 1
        else:
            last = middle
    return first if first < len(rows) and rows[first].key == key else -1


@rule
def order_in_cells(values: npt.NDArray[np.generic], cells: Places) -> Places:
    """Give the order of values, small first, that are spread evenly over as many cells as there are values.

    Most cells hold one or two of them, so that little is left to sort.

    Parameters
    ----------
    values : ndarray of shape (n,)
    cells : ndarray of int64 of shape (n,)
        Cell of each, 0 to n - 1; a greater value lies in no lower one.

    Returns
    -------
    ndarray of int64 of shape (n,)
    """
    begin = np.zeros(len(values) + 1, dtype=np.int64)
    for i in range(len(values)):
        begin[cells[i] + 1] += 1
    for cell in range(len(values)):
        begin[cell + 1] += begin[cell]
    ordered = np.empty(len(values), dtype=np.int64)
    for i in range(len(values)):
        ordered[begin[cells[i]]] = i
        begin[cells[i]] += 1
    for k in range(1, len(values)):
        i, j = ordered[k], k
        while j > 0 and values[ordered[j - 1]] > values[i]:
            ordered[j] = ordered[j - 1]
            j -= 1
        ordered[j] = i
    return ordered


@rule
def order_of_keys(keys: Keys) -> Places:
    """Give the order of keys, which are hashes, spread evenly."""
    cells = np.empty(len(keys), dtype=np.int64)
    for i in range(len(keys)):
        cells[i] = _cell_of(keys[i], len(keys))
    return order_in_cells(keys, cells)


@rule
def order_of_places(places: npt.NDArray[np.float64], last: float) -> Places:
    """Give the order of places that are spread evenly between 0 and the last of them; alike keep theirs."""
    cells = np.empty(len(places), dtype=np.int64)
    for i in range(len(places)):
        cells[i] = min(len(places) - 1, int(places[i] / last * len(places)))
    return order_in_cells(places, cells)


def order_by_key(keys: Keys, staying: Marks) -> tuple[Places, Places] | None:
    """Find the order of the rows that stay; None if every row stays where it is.

    Parameters
    ----------
    keys : ndarray of uint64 of shape (n,)
    staying : ndarray of shape (n,)
        0 where a row goes.

    Returns
    -------
    order, moved : ndarray of int64
        Rows in their new order, shape (kept,); new place of each old row, -1 if it goes, shape (n,).
    """
    order, moved = np.empty((2, len(keys)), dtype=np.int64)
    kept = _order_by_key(keys, staying, order, moved)
    return None if kept < 0 else (order[:kept], moved)


@rule
def _order_by_key(keys: Keys, staying: Marks, order: Places, moved: Places) -> int:
    """Fill the order and the new places; gives how many rows stay, or -1 if every row stays where it is."""
    first = sorted_part(keys)
    if first == len(keys):
        going = 0
        for i in range(len(keys)):
            going += staying[i] == 0
        if going == 0:
            return -1
    return merge(keys, staying, first, first + order_of_keys(keys[first:]), order, moved)
