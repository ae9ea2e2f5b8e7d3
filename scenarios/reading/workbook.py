"""Read a scenario out of an xlsx workbook, for those who do not write YAML.

The sheet ``levers`` has one row per choice: a lever (or ``all``, or a task), what is chosen, and
from which quarter on if it is a dated path. The sheet ``options`` has one row per other entry,
with a dot where YAML indents (``parameters.NAME``). An empty choice or value is as in the base.
All other cells inform, and are refused where they say something else than a new workbook does:
nothing that a person wrote goes by in silence.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from ...engine.errors import InputError, nearest
from .refusals import Location, Places, find_place, raise_all
from .workbook_cells import Row, filled_cells
from .yaml_with_places import Document

__all__ = [
    "HELP",
    "LEVERS",
    "LEVER_HEADINGS",
    "OPTIONS",
    "OPTION_HEADINGS",
    "WORKBOOK",
    "Form",
    "read_workbook",
]

WORKBOOK: Final = ".xlsx"
LEVERS: Final = "levers"
OPTIONS: Final = "options"
HELP: Final = "help"

LEVER_HEADINGS: Final[dict[str, str]] = {
    "lever": "政策工具",
    "choice": "取值",
    "from": "起始季度",
    "title_en": "English",
    "title_zh": "名称",
    "task": "任务",
    "unit": "单位",
    "low": "下限",
    "high": "上限",
    "no_plan": "无方案",
    "plan": "方案",
    "start": "开始",
    "ramp": "过渡季度数",
}
"""Headings of the sheet of levers; the others than those of `_READ` inform."""

OPTION_HEADINGS: Final[dict[str, str]] = {
    "option": "选项",
    "value": "取值",
    "meaning": "English",
    "meaning_zh": "含义",
}

_READ: Final = ("lever", "choice", "from", "option", "value")

_INSTEAD: Final[dict[str, str]] = {
    "plan": "what is to be run stands in the column choice",
    "no_plan": "what is to be run stands in the column choice",
    "unit": "the number in choice is in this unit",
    "start": "another quarter stands in the column from, a delay in delay_quarters on the sheet options",
    "ramp": "steps stand in several rows, each with its quarter in the column from",
}
"""Where that is said which somebody may have meant by an edit of a cell that informs."""

_NESTED: Final = ("parameters", "outside", "delay_quarters", "scaled", "targets")
_WHOLE: Final = ("steps_per_year", "delay_quarters")


class SheetPlaces(Places):
    """Where each entry of a workbook stands; errors name ``FILE:SHEET!CELL``."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.key_cells: dict[Location, str] = {}
        self.value_cells: dict[Location, str] = {}

    def error(
        self,
        where: Location,
        problem: str,
        *,
        allowed: str | None = None,
        suggestion: str | None = None,
        at_key: bool = False,
    ) -> InputError:
        """Make the error for one entry; an absent entry is shown at its parent."""
        cell = find_place(where, self.key_cells, self.value_cells, at_key=at_key)
        return InputError(
            problem,
            key=".".join(where) or None,
            file=f"{self.file}:{cell}" if cell else self.file,
            allowed=allowed,
            suggestion=suggestion,
        )


class Form(NamedTuple):
    """What a new workbook says beside the cells that are filled in.

    Attributes
    ----------
    informing : callable
        ``informing(sheet, name)`` gives what the other cells of the row of a lever or an option hold, by
        heading; raises `InputError` if nothing is called so.
    help : callable
        Gives the lines of the sheet `HELP`.
    """

    informing: Callable[[str, str], Mapping[str, Any]]
    help: Callable[[], Sequence[str]]


class _Cell(NamedTuple):
    """One filled cell: what it holds, and its place written ``SHEET!CELL``."""

    value: Any
    place: str


def read_workbook(path: Path, form: Form, shown: str | None = None) -> Document:
    """Read a workbook into what a YAML file of the same scenario would hold.

    Parameters
    ----------
    path : Path
        The file.
    form : Form
        What the cells that inform are held against.
    shown : str, optional
        Name shown in errors; the path if absent.

    Returns
    -------
    Document
        Its places name sheets and cells.

    Raises
    ------
    InputError
        No workbook, a formula, a date, an unknown sheet, heading or option, a lever
        that stands there twice, a cell that informs of something else than ``form``.
    """
    file = shown or str(path)
    reader = _Reader(file, form)
    for title, rows in filled_cells(path, file).items():
        if title == LEVERS:
            reader.read_levers(reader.rows_of(title, rows, LEVER_HEADINGS))
        elif title == OPTIONS:
            reader.read_options(reader.rows_of(title, rows, OPTION_HEADINGS))
        elif title == HELP:
            reader.read_help(rows)
        else:
            known = (LEVERS, OPTIONS, HELP)
            problem = f"unknown sheet {title!r}"
            reader.refuse((), problem, f"{title}!A1", ", ".join(known), nearest(title, known))
    if not reader.data and not reader.errors:
        raise InputError("the workbook chooses nothing", file=file, allowed=f"sheets {LEVERS} and {OPTIONS}")
    raise_all(reader.errors)
    return Document(reader.data, reader.places)


class _Reader:
    """Gathers entries and problems over the sheets."""

    def __init__(self, file: str, form: Form) -> None:
        self.places = SheetPlaces(file)
        self.form = form
        self.data: dict[str, Any] = {}
        self.errors: list[InputError] = []
        self._plain_rows: set[str] = set()

    def refuse(
        self,
        where: Location,
        problem: str,
        cell: str,
        allowed: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.errors.append(
            InputError(
                problem,
                key=".".join(where) or None,
                file=f"{self.places.file}:{cell}",
                allowed=allowed,
                suggestion=suggestion,
            )
        )

    def rows_of(self, title: str, rows: Iterable[Row], known: dict[str, str]) -> Iterator[dict[str, _Cell]]:
        """Give what is read of each row below the headings, by heading; check what informs."""
        headings: dict[int, str] = {}
        first = next(iter(known))
        for cells in rows:
            if not headings:
                for cell in cells:
                    self._heading(cell, f"{title}!{cell.coordinate}", headings, known)
                lacking = [name for name in list(known)[:2] if name not in headings.values()]
                if lacking:
                    place = f"{title}!{cells[0].coordinate}"
                    self.refuse((), f"the heading {lacking[0]!r} is missing", place, ", ".join(known))
                    return
                continue
            row: dict[str, _Cell] = {}
            informing: dict[str, _Cell] = {}
            for cell in cells:
                place = f"{title}!{cell.coordinate}"
                heading = headings.get(cell.column)
                if heading is None:
                    self.refuse((), f"{cell.value!r} stands below no heading", place, "an empty cell")
                elif heading in _READ:
                    row[heading] = _Cell(self._plain(cell, place), place)
                else:
                    informing[heading] = _Cell(cell.value, place)
            self._compare(title, row.get(first), informing, chosen=len(row) > 1)
            if row:
                yield row

    def _compare(self, title: str, name: _Cell | None, informing: dict[str, _Cell], *, chosen: bool) -> None:
        """Refuse each cell that informs of something else than a new workbook would."""
        where: Location = (title, str(name.value)) if name is not None else (title,)
        expected: Mapping[str, Any] = {}
        try:
            expected = {} if name is None else self.form.informing(title, str(name.value))
        except InputError as error:
            if name is not None and not chosen:  # what is chosen for it is refused as in any other file
                self.refuse(where, error.problem, name.place, error.allowed, error.suggestion)
            return
        for heading, cell in informing.items():
            allowed = expected.get(heading)
            if _same(cell.value, allowed):
                continue
            mend = _INSTEAD.get(heading)
            number = isinstance(cell.value, int | float) and heading == "plan"
            self.refuse(
                (*where, heading),
                f"{cell.value!r} changes nothing, for this column only informs",
                cell.place,
                ("an empty cell" if allowed in (None, "") else f"{allowed} or an empty cell")
                + (f"; {mend}" if mend else ""),
                f"{cell.value} in the column choice" if number else None,
            )

    def read_help(self, rows: Iterable[Row]) -> None:
        """Refuse what somebody wrote beside the explanation."""
        for cell in (cell for row in rows for cell in row):
            if str(cell.value).strip() not in self.form.help():
                self.refuse(
                    (HELP,),
                    f"{str(cell.value)[:40]!r} changes nothing, for this sheet only informs",
                    f"{HELP}!{cell.coordinate}",
                    f"an empty cell; a remark stands in note on the sheet {OPTIONS}",
                )

    def _heading(self, cell: Any, place: str, headings: dict[int, str], known: dict[str, str]) -> None:
        # Headings are bilingual; the first word is the name.
        written = " ".join(str(cell.value).split())
        name = written.split()[0]
        if name not in known:
            self.refuse((), f"unknown heading {name!r}", place, ", ".join(known), nearest(name, known))
        elif name in headings.values():
            self.refuse((), f"the heading {name!r} is repeated", place, "once")
        else:
            headings[cell.column] = name
            if written not in (name, whole := f"{name} {known[name]}"):
                self.refuse((), f"{written!r} is not the heading", place, f"{name} or {whole}", whole)

    def _plain(self, cell: Any, place: str) -> Any:
        value = cell.value
        if cell.data_type == "f":
            self.refuse((), f"a formula {value}", place, "the value itself, pasted as a value")
        elif cell.data_type == "e":
            self.refuse((), f"the error {value}", place, "a value")
        elif isinstance(value, datetime.date | datetime.time | datetime.timedelta):
            meant = f"{value.year}-Q{(value.month + 2) // 3}" if isinstance(value, datetime.date) else None
            self.refuse((), f"a date {value}", place, "a quarter as text, YYYY-Qn", meant)
        return value.strip() if isinstance(value, str) and cell.column == 1 else value

    def read_levers(self, rows: Iterator[dict[str, _Cell]]) -> None:
        """Gather the choices."""
        for row in rows:
            lever, choice, date = row.get("lever"), row.get("choice"), row.get("from")
            if lever is None:
                self.refuse(
                    (LEVERS,), "a choice for no lever", next(iter(row.values())).place, "a lever's id"
                )
            elif choice is None and date is not None:
                where = (LEVERS, str(lever.value), str(date.value))
                self.refuse(where, "a quarter without a value", date.place, "a number in the column choice")
            elif choice is not None:
                self._choose(str(lever.value), lever, choice, date)

    def _choose(self, name: str, lever: _Cell, choice: _Cell, date: _Cell | None) -> None:
        choices = self.data.setdefault(LEVERS, {})
        where: Location = (LEVERS, name)
        if name in choices and (date is None or name in self._plain_rows):
            self.refuse(where, "the lever stands there twice", lever.place, "once, or a quarter in each row")
            return
        self.places.key_cells.setdefault(where, lever.place)
        if date is None:
            self._plain_rows.add(name)
            choices[name] = choice.value
            self.places.value_cells[where] = choice.place
            return
        quarter = str(date.value).strip()
        path = choices.setdefault(name, {})
        if quarter in path:
            self.refuse((*where, quarter), "the quarter stands there twice", date.place, "once")
            return
        path[quarter] = choice.value
        self.places.key_cells[(*where, quarter)] = date.place
        self.places.value_cells[(*where, quarter)] = choice.place

    def read_options(self, rows: Iterator[dict[str, _Cell]]) -> None:
        """Gather all other entries."""
        for row in rows:
            option, value = row.get("option"), row.get("value")
            if value is None:
                continue
            if option is None:
                self.refuse((), "a value for no option", value.place, "the option's name")
                continue
            name, _, inner = str(option.value).partition(".")
            where: Location = (name, inner) if inner else (name,)
            holder = self.data
            if inner and name in _NESTED and isinstance(self.data.setdefault(name, {}), dict):
                holder = self.data[name]
                self.places.key_cells.setdefault((name,), option.place)
            elif inner:
                where, inner = (str(option.value),), ""
            key = inner or where[0]
            if name == "targets" and "." in inner:
                target, _, key = inner.partition(".")
                holder, where = holder.setdefault(target, {}), (name, target, key)
                self.places.key_cells.setdefault((name, target), option.place)
            if key in holder:
                self.refuse(where, "the option stands there twice", option.place, "once")
                continue
            holder[key] = _as_option(name, value.value)
            self.places.key_cells[where] = option.place
            self.places.value_cells[where] = value.place
            for position in range(len(holder[key]) if name == "overlays" else 0):
                self.places.value_cells[(*where, str(position))] = value.place


def _same(value: Any, expected: Any) -> bool:
    """Tell whether a cell holds what is expected; a program may keep only fifteen digits of a number."""
    if isinstance(expected, str) or expected is None:
        return isinstance(value, str) and value.strip() == (expected or "").strip()
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isclose(value, expected, rel_tol=1e-9)


def _as_option(name: str, value: Any) -> Any:
    """Read a list out of its commas, and a whole number that the program stored with a point."""
    if name == "overlays" and isinstance(value, str):
        return [part for part in re.split(r"\s*[,，、]\s*", value.strip()) if part]
    if name in _WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
