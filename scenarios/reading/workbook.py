"""Read a scenario out of an xlsx workbook, for those who do not write YAML.

The sheet ``levers`` has one row per choice: a lever (or ``all``, or a task), what is chosen, and
from which quarter on if it is a dated path. The sheet ``options`` has one row per other entry,
with a dot where YAML indents (``parameters.NAME``). An empty choice or value is as in the base.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from ...engine.errors import InputError, nearest
from .refusals import Location, Places, find_place, raise_all
from .yaml_with_places import Document, read_bytes

__all__ = ["HELP", "LEVERS", "LEVER_HEADINGS", "OPTIONS", "OPTION_HEADINGS", "WORKBOOK", "read_workbook"]

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
"""Headings of the sheet of levers; only the first three are read, the others inform."""

OPTION_HEADINGS: Final[dict[str, str]] = {"option": "选项", "value": "取值", "meaning": "含义"}

MOST_UNPACKED: Final = 4_000_000
"""Bytes that a workbook may unpack to; a hundred levers need a fortieth of it."""

_NESTED: Final = ("parameters", "outside", "delay_quarters", "scaled")
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


class _Cell(NamedTuple):
    """One filled cell: what it holds, and its place written ``SHEET!CELL``."""

    value: Any
    place: str


def read_workbook(path: Path, shown: str | None = None) -> Document:
    """Read a workbook into what a YAML file of the same scenario would hold.

    Parameters
    ----------
    path : Path
        The file.
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
        that stands there twice.
    """
    file = shown or str(path)
    reader = _Reader(file)
    workbook = _opened(path, file)
    for sheet in workbook.worksheets:
        if sheet.title == LEVERS:
            reader.read_levers(reader.rows_of(sheet, LEVER_HEADINGS))
        elif sheet.title == OPTIONS:
            reader.read_options(reader.rows_of(sheet, OPTION_HEADINGS))
        elif sheet.title != HELP:
            known = (LEVERS, OPTIONS, HELP)
            problem = f"unknown sheet {sheet.title!r}"
            reader.refuse((), problem, f"{sheet.title}!A1", ", ".join(known), nearest(sheet.title, known))
    if not reader.data and not reader.errors:
        raise InputError("the workbook chooses nothing", file=file, allowed=f"sheets {LEVERS} and {OPTIONS}")
    raise_all(reader.errors)
    return Document(reader.data, reader.places)


def _opened(path: Path, file: str) -> Any:
    """Open a workbook after a look at what it would unpack to."""
    import openpyxl

    read_bytes(path, file)
    not_one = InputError("this is not an xlsx workbook", file=file, allowed="a workbook saved as .xlsx")
    if not zipfile.is_zipfile(path):
        raise not_one
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MOST_UNPACKED:
                raise InputError(
                    f"the workbook unpacks to {unpacked} bytes", file=file, allowed=f"at most {MOST_UNPACKED}"
                )
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                    raise InputError("the workbook declares entities", file=file, allowed="a plain workbook")
        return openpyxl.load_workbook(path)
    except InputError:
        raise
    except Exception as error:  # a broken workbook raises whatever the parser stumbles over
        raise not_one from error


class _Reader:
    """Gathers entries and problems over the sheets."""

    def __init__(self, file: str) -> None:
        self.places = SheetPlaces(file)
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

    def rows_of(self, sheet: Any, known: dict[str, str]) -> Iterator[dict[str, _Cell]]:
        """Give the filled cells of each row below the headings, by heading."""
        headings: dict[int, str] = {}
        for cells in sheet.iter_rows():
            filled = [cell for cell in cells if cell.value is not None and str(cell.value).strip()]
            if not headings:
                for cell in filled:
                    self._heading(cell, f"{sheet.title}!{cell.coordinate}", headings, known)
                lacking = [name for name in list(known)[:2] if name not in headings.values()]
                if filled and lacking:
                    place = f"{sheet.title}!{filled[0].coordinate}"
                    self.refuse((), f"the heading {lacking[0]!r} is missing", place, ", ".join(known))
                    return
                continue
            row: dict[str, _Cell] = {}
            for cell in filled:
                place = f"{sheet.title}!{cell.coordinate}"
                if cell.column not in headings:
                    self.refuse((), f"{cell.value!r} stands below no heading", place, "an empty cell")
                elif headings[cell.column] in list(known)[:3]:
                    row[headings[cell.column]] = _Cell(self._plain(cell, place), place)
            if row:
                yield row

    def _heading(self, cell: Any, place: str, headings: dict[int, str], known: dict[str, str]) -> None:
        # Headings are bilingual; the first word is the name.
        name = str(cell.value).split()[0]
        if name not in known:
            self.refuse((), f"unknown heading {name!r}", place, ", ".join(known), nearest(name, known))
        elif name in headings.values():
            self.refuse((), f"the heading {name!r} is repeated", place, "once")
        else:
            headings[cell.column] = name

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
            if key in holder:
                self.refuse(where, "the option stands there twice", option.place, "once")
                continue
            holder[key] = _as_option(name, value.value)
            self.places.key_cells[where] = option.place
            self.places.value_cells[where] = value.place
            for position in range(len(holder[key]) if name == "overlays" else 0):
                self.places.value_cells[(*where, str(position))] = value.place


def _as_option(name: str, value: Any) -> Any:
    """Read a list out of its commas, and a whole number that the program stored with a point."""
    if name == "overlays" and isinstance(value, str):
        return [part for part in re.split(r"\s*[,，、]\s*", value.strip()) if part]
    if name in _WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
