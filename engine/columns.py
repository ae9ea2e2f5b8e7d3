"""Declared columns: the one place where the state of an actor or a good is written down.

From a declaration come the structured array that the rules loop over, the named
attributes of the Mesa view, and the tables of `docs/model/columns.md`.
"""

from __future__ import annotations

import copyreg
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, Protocol, cast

import numpy as np
import numpy.typing as npt

from .rows import Rows, RowT_co
from .units import UNITS

KEY: Final = np.uint64
MONEY: Final = np.int64
NUMBER: Final = np.float64
COUNT: Final = np.int32
CODE: Final = np.int16
FLAG: Final = np.bool_


@dataclass(frozen=True)
class Column:
    """One declared column.

    Parameters
    ----------
    name : str
        A whole word of the field, also the name of the view's attribute.
    dtype : type
        One of the scalar types of this file.
    unit : str
        One of :data:`shaanxi_transfer.engine.units.UNITS`.
    meaning : str
        One sentence of the world.
    names : sequence of str, optional
        For a code: what each number stands for, in order.
    """

    name: str
    dtype: type
    unit: str
    meaning: str
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse a unit nobody knows."""
        if self.unit not in UNITS:
            raise ValueError(f"column {self.name}: unknown unit {self.unit!r}")


class Columns(Protocol[RowT_co]):
    """Declared columns, a tuple; ``Columns[EnterpriseRow]`` says what the type checker calls such a row."""

    def __len__(self) -> int:
        """Count the columns."""

    def __getitem__(self, i: int, /) -> Column:
        """Give the column at a place."""

    def __iter__(self) -> Iterator[Column]:
        """Give the columns in their order."""


class _Memory:
    """The memory of a row, asked for by every compiled rule that is handed one.

    NumPy describes it anew each time, field by field. A row from :func:`row_at` carries
    a plain view of its bytes instead, which is found before this is asked.
    """

    def __get__(self, row: Any, kind: type) -> Any:
        return np.void.data.__get__(row)


class Row(np.record):  # type: ignore[misc]
    """A row with named attributes, ``row.cash``, read and written through.

    Like ``numpy.record``, whose attribute look-up in Python runs even for NumPy's own
    attributes; here :func:`row_dtype` gives every field an attribute of its class.
    """

    __getattribute__ = np.void.__getattribute__
    __getitem__ = np.void.__getitem__  # type: ignore[assignment]
    data = _Memory()

    def __reduce__(self) -> tuple[Any, ...]:
        """Come back as a row of an array of its own: NumPy's own copy takes no value that Python writes."""
        return row_at, (np.array([self]), 0)


def row_dtype(fields: Sequence[tuple[str, Any] | tuple[str, Any, Any]]) -> np.dtype[Any]:
    """Make a dtype whose rows have named attributes, compiled or not.

    Parameters
    ----------
    fields : sequence of tuple
        Name, scalar type and, for an array in each row, its shape.

    Returns
    -------
    dtype
        The same object for the same fields: a compiled rule looks a new one up for milliseconds.
    """
    return _row_dtype(tuple(fields))


class _RowKind(type):
    """The class of the classes of rows: each is made of its fields, also where a row is unpickled."""


def _row_kind(fields: tuple[str, ...]) -> _RowKind:
    """Make the class of rows with these fields."""
    return _RowKind("Row", (Row,), {name: property(itemgetter(name)) for name in fields})


def _kind_again(kind: _RowKind) -> tuple[Any, ...]:
    return _row_kind, (tuple(name for name, value in vars(kind).items() if isinstance(value, property)),)


copyreg.pickle(_RowKind, _kind_again)


@functools.cache
def _row_dtype(fields: tuple[tuple[Any, ...], ...]) -> np.dtype[Any]:
    return np.dtype((_row_kind(tuple(field[0] for field in fields)), list(fields)))


def row_at(rows: Rows[RowT_co], i: int) -> RowT_co:
    """Give one row of a structured array in a form that is cheap to hand to compiled rules.

    Parameters
    ----------
    rows : structured ndarray of shape (n,)
        Contiguous, of :func:`row_dtype`.

    Returns
    -------
    Row
        Reads and writes ``rows[i]``. Handing it over costs 0.3 microseconds, a plain
        ``rows[i]`` 0.4 and 0.07 for each field.
    """
    array: Any = rows
    row = array[i]
    row.__dict__["data"] = array[i : i + 1].view(np.uint8).data
    return cast(RowT_co, row)


def record_dtype(columns: Columns[object]) -> np.dtype[Any]:
    """Make the dtype of a table whose rows have named attributes, compiled or not.

    A plain structured dtype would do for a compiled rule, but neither in plain
    Python nor as the write-through row behind a view.
    """
    names = [column.name for column in columns]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise ValueError(f"columns declared twice: {sorted(doubled)}")
    return row_dtype([(column.name, column.dtype) for column in columns])


@functools.cache
def _numbers_dtype(names: tuple[str, ...]) -> np.dtype[Any]:
    """Fields of numbers in sorted order, made once."""
    return row_dtype([(name, NUMBER) for name in names])


@functools.cache
def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, float]], Any]:
    """Give what takes named numbers out of a mapping: in half the time of asking for one after the other."""
    return itemgetter(*names)


def number_rows(values: Mapping[str, npt.ArrayLike]) -> npt.NDArray[Any]:
    """Pack named columns of numbers into rows, so that a rule reads ``levers.fund_size`` off one of them.

    Parameters
    ----------
    values : mapping of str to array_like of shape (n,)

    Returns
    -------
    structured ndarray of shape (n,)
        With a float64 field for each name, in sorted order.
    """
    names = tuple(sorted(values))
    columns = np.array([values[name] for name in names], dtype=NUMBER)
    rows = np.ascontiguousarray(columns.T).view(_numbers_dtype(names))
    return rows.reshape(-1)


def number_record(values: Mapping[str, float], names: tuple[str, ...] | None = None) -> Any:
    """Pack named numbers into one record, so that a rule reads ``parameters.tie_probability``.

    Parameters
    ----------
    values : mapping of str to float
    names : tuple of str, optional
        Which of them, in sorted order; all by default.

    Returns
    -------
    Row
        One row with a float64 field for each name, in sorted order.
    """
    chosen = tuple(sorted(values)) if names is None else names
    numbers = np.array(_picker(chosen)(values), dtype=NUMBER, ndmin=1)
    # Looked at as a row, not with `view`, which checks field by field what is known here.
    return row_at(np.ndarray(1, _numbers_dtype(chosen), numbers), 0)
