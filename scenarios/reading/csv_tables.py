"""Read a CSV table against its declared columns, and refuse it with file, line and column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from ...engine.errors import InputError, nearest
from .likely_meaning import number_in
from .refusals import raise_all
from .yaml_with_places import read_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "Rows", "Table", "read_rows", "read_table"]


class Column(NamedTuple):
    """One column: its name, what it holds, what is allowed.

    Attributes
    ----------
    name : str
        Heading.
    holds : {"text", "number", "year"}
        ``year`` is a whole number of four digits.
    low, high : float
        Bounds of a number or year.
    choices : tuple of str
        Allowed words of a text.
    empty : bool
        Whether a cell may be empty (a missing number becomes NaN, told apart from zero).
    """

    name: str
    holds: Literal["text", "number", "year"] = "text"
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    empty: bool = False


class Table(NamedTuple):
    """One table of a pack.

    Attributes
    ----------
    name : str
        File name without ``.csv``.
    columns : tuple of Column
        In the order of the file.
    key : tuple of str
        Columns that together name a row once.
    sums_to_one : tuple of str
        Columns whose values are shares of one whole.
    may_be_empty : bool
        Whether a table without rows is allowed.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sums_to_one: tuple[str, ...] = ()
    may_be_empty: bool = False


class Rows(NamedTuple):
    """A table that was read, whose rows know where they stand.

    Attributes
    ----------
    path : Path
        The file.
    table : Table
        What it holds.
    frame : pandas.DataFrame
        Texts as ``str``, numbers as float64, years as int64, in the file's order.
    lines : tuple of int
        Line of each row.
    """

    path: Path
    table: Table
    frame: pd.DataFrame
    lines: tuple[int, ...]

    def wrong(
        self, row: int, column: str, problem: str, allowed: str | None = None, suggestion: str | None = None
    ) -> InputError:
        """Make the error for a cell of a row, counted from 0."""
        key = " ".join(str(self.frame[name].iat[row]) for name in self.table.key)
        return InputError(
            f"{problem} (row {key})",
            key=f"{self.table.name}.{column}",
            file=self.path,
            line=self.lines[row],
            allowed=allowed,
            suggestion=suggestion,
        )

    def columns(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Give some columns row by row, each row behind its number."""
        yield from zip(range(len(self.lines)), *(self.frame[name].tolist() for name in names), strict=True)


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """Read and check one table; see `read_rows`."""
    return read_rows(path, table).frame


def read_rows(path: Path, table: Table) -> Rows:
    """Read one table and check each of its cells by itself.

    Parameters
    ----------
    path : Path
        The CSV file.
    table : Table
        What it must hold.

    Raises
    ------
    InputError
        Missing or unknown column, an empty or wrong cell, NaN, a number or year out of
        bounds, a repeated key, shares that do not sum to one: with file and line.
    """
    import pandas as pd

    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [column.name for column in table.columns]
    errors: list[InputError] = []
    cells: dict[str, list[object]] = {name: [] for name in names}
    seen: dict[tuple[str, ...], int] = {}
    lines: list[int] = []
    try:
        head = next(reader, [])
        _check_head(head, names, path)
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue  # spreadsheet programs write blank rows as commas
            if len(row) != len(head):
                errors.append(
                    InputError(
                        f"the row has {len(row)} cells", file=path, line=line, allowed=f"{len(head)} cells"
                    )
                )
                continue
            lines.append(line)
            by_name = dict(zip(head, row, strict=True))
            key = tuple(by_name[name].strip() for name in table.key)
            if key in seen:
                problem = f"{' '.join(key)} is given twice, first in line {seen[key]}"
                errors.append(InputError(problem, file=path, line=line, key=", ".join(table.key)))
            seen.setdefault(key, line)
            for column in table.columns:
                value = _cell(by_name[column.name].strip(), column)
                if isinstance(value, _Wrong):
                    errors.append(
                        InputError(
                            f"{value.problem} (row {' '.join(key)})",
                            key=f"{table.name}.{column.name}",
                            file=path,
                            line=line,
                            column=_position(head, row, column.name),
                            allowed=value.allowed,
                            suggestion=value.suggestion,
                        )
                    )
                cells[column.name].append(value)
    except csv.Error as error:
        errors.append(InputError(f"this is not readable as CSV ({error})", file=path, line=reader.line_num))
    raise_all(errors)
    if not seen and not table.may_be_empty:
        raise InputError("the table has no rows", key=table.name, file=path, allowed="at least one row")
    dtypes = {"text": "str", "number": "float64", "year": "int64"}
    frame = pd.DataFrame({c.name: pd.Series(cells[c.name], dtype=dtypes[c.holds]) for c in table.columns})
    for name in table.sums_to_one:
        total = float(frame[name].sum())
        if abs(total - 1.0) > 1e-3:
            raise InputError(
                f"the shares sum to {total:g}",
                key=f"{table.name}.{name}",
                file=path,
                allowed="a sum of 1 within 0.001",
            )
    return Rows(path, table, frame, tuple(lines))


_YEAR_IN: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class _Wrong(NamedTuple):
    problem: str
    allowed: str | None = None
    suggestion: str | None = None


def _check_head(head: list[str], names: list[str], path: Path) -> None:
    errors = []
    for position, name in enumerate(head):
        if head.count(name) > 1:
            errors.append(InputError(f"the column {name!r} is repeated", key=name, file=path, line=1))
        elif name not in names:
            column = sum(len(text) + 1 for text in head[:position]) + 1
            errors.append(
                InputError(
                    f"unknown column {name!r}",
                    key=name,
                    file=path,
                    line=1,
                    column=column,
                    allowed=", ".join(names),
                    suggestion=nearest(name, names),
                )
            )
    errors += [
        InputError("the column is missing", key=name, file=path, line=1, allowed=", ".join(names))
        for name in names
        if name not in head
    ]
    raise_all(errors)


def _cell(text: str, column: Column) -> object:
    """Read one cell, or say what is wrong with it."""
    if not text:
        if column.empty:
            return math.nan if column.holds != "text" else ""
        return _Wrong("the cell is empty", "a value")
    if column.holds == "text":
        if column.choices and text not in column.choices:
            return _Wrong(
                f"{text!r} is not one of the choices",
                ", ".join(column.choices),
                nearest(text, column.choices),
            )
        return text
    if column.holds == "year":
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            meant = _YEAR_IN.search(text)
            return _Wrong(f"{text!r} is not a year", "four digits", meant and meant[0])
        if not column.low <= int(text) <= column.high:
            return _Wrong(f"{text} is out of bounds", f"{column.low:g} to {column.high:g}")
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return _Wrong(f"{text!r} is not a number", "a finite number", number_in(text))
    if not math.isfinite(number):
        return _Wrong(f"{text} is not a finite number", "a finite number")
    if not column.low <= number <= column.high:
        percent = column.high == 1.0 and 1.0 < number <= 100.0
        return _Wrong(
            f"{text} is out of bounds" + (" (a fraction, not percent: divide by 100)" if percent else ""),
            f"{column.low:g} to {column.high:g}",
            f"{number / 100:g}" if percent else None,
        )
    return number


def _position(head: list[str], row: list[str], name: str) -> int:
    """Column of a cell in its line, counted from 1 (quotes of earlier cells included)."""
    before = row[: head.index(name)]
    return (
        sum(len(cell) + 1 + (2 + cell.count('"') if any(c in cell for c in ',"\n') else 0) for cell in before)
        + 1
    )
