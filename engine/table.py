"""Tables of rows that grow by doubling: populations of actors and ledgers of goods."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, cast

import numpy as np
import numpy.typing as npt

from .columns import Columns, record_dtype
from .rows import RowArray, Rows, RowT_co

__all__ = ["RowArray", "Rows", "Table"]

_SMALLEST = 16


class Table(Generic[RowT_co]):
    """Rows of one kind of actor or good.

    Parameters
    ----------
    name : str
        Plural of what a row is, for messages.
    columns : tuple of Column
        The declaration.

    Attributes
    ----------
    storage : structured ndarray of shape (capacity,)
        All rows, the unused ones zero. Rules get this array together with
        ``count`` and may fill rows beyond ``count`` up to the capacity that was
        reserved; compiled code does not check bounds, so reserve first.
    count : int
        Rows in use.
    rows : structured ndarray of shape (count,)
        These rows, without a copy.
    moves : int
        How often any table has moved into larger storage; who keeps views of rows looks here.
    """

    moves: ClassVar[int] = 0

    def __init__(self, name: str, columns: Columns[RowT_co]) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.dtype = record_dtype(self.columns)
        self._move_into(_SMALLEST)
        self._use(0)

    def __len__(self) -> int:
        """Rows in use."""
        return self.count

    def _move_into(self, capacity: int) -> None:
        """Take empty storage."""
        self.storage = cast("RowArray[RowT_co]", np.zeros(capacity, dtype=self.dtype))
        self._look()

    def _look(self) -> None:
        """Look at the storage as plain bytes: taken or cleared whole, ten times faster than by field."""
        self._bytes = self.storage.view(np.uint8).reshape(len(self.storage), self.dtype.itemsize)

    def _use(self, count: int) -> None:
        """Take the first rows for those in use: viewed once, since rules ask for them all the time."""
        self.count = count
        self.rows: RowArray[RowT_co] = self.storage[:count]

    def __getstate__(self) -> dict[str, object]:
        """What a copy takes over: the rows in use, and how much room there was."""
        state = {name: value for name, value in vars(self).items() if name not in ("storage", "_bytes")}
        return {**state, "capacity": len(self.storage)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over the rows into as much room, the unused one empty."""
        rows, capacity = state.pop("rows"), state.pop("capacity")
        self.__dict__.update(state)
        self._move_into(capacity)
        self._use(len(rows))
        self._bytes[: self.count] = rows.view(np.uint8).reshape(self.count, self.dtype.itemsize)

    def reserve(self, extra: int) -> None:
        """Make room for ``extra`` more rows, by doubling, so that a rule may fill them."""
        needed = self.count + int(extra)
        capacity = len(self.storage)
        if needed <= capacity:
            return
        while capacity < needed:
            capacity *= 2
        rows = self._bytes[: self.count]
        self._move_into(capacity)
        self._bytes[: self.count] = rows
        self._use(self.count)
        Table.moves += 1

    def extend(self, extra: int) -> RowArray[RowT_co]:
        """Append ``extra`` zero rows and give them for filling.

        Returns
        -------
        structured ndarray of shape (extra,)
        """
        self.reserve(extra)
        start = self.count
        self._use(start + int(extra))
        self._bytes[start : self.count] = 0
        return self.storage[start : self.count]

    def close(self, count: int) -> None:
        """Take over the number of rows that a rule has filled.

        Raises
        ------
        IndexError
            If the rule filled more rows than were reserved.
        """
        if count > len(self.storage):
            raise IndexError(f"{self.name}: {count} rows written into room for {len(self.storage)}")
        self._use(int(count))

    def keep(self, mask: npt.NDArray[np.bool_]) -> None:
        """Drop finished rows; the order of the others stays.

        Parameters
        ----------
        mask : ndarray of bool of shape (count,)
            True where the row stays.
        """
        # Rows before the first one dropped stay where they are.
        first = int(mask.argmin()) if self.count else 0
        if self.count == 0 or mask[first]:
            return
        staying = first + mask[first:].nonzero()[0]
        kept = first + len(staying)
        rows = self._bytes
        rows[first:kept] = rows.take(staying, axis=0)
        # Clear the freed rows: a rule that appends relies on fresh rows being empty.
        rows[kept : self.count] = 0
        self._use(kept)

    def arrange(self, order: npt.NDArray[np.int64]) -> None:
        """Keep the given rows, in the given order, and drop the others.

        Parameters
        ----------
        order : ndarray of int64 of shape (kept,)
            Rows, each at most once.
        """
        rows, kept = self._bytes, len(order)
        rows[:kept] = rows.take(order, axis=0)
        rows[kept : self.count] = 0
        self._use(kept)

    def sort_by_key(self) -> None:
        """Bring the rows into the order of their keys, the one order that no history disturbs."""
        self.arrange(np.argsort(self.rows["key"], kind="stable"))
