"""An experiment as a workbook: targets, indicators, data dictionary, failures, manifest."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError
from .contents import Exported

SHEETS: Final = ("targets", "indicators", "differences", "data_dictionary", "failures", "manifest")
ROWS_OF_A_SHEET: Final = 1_048_576
"""What a sheet holds at most, by the file's format."""

LARGEST_WHOLE: Final = 10**15
"""Beyond it a sheet rounds whole numbers; seeds are larger, and are written as words."""

_WIDTHS: Final = (8, 60)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_xlsx(exported: Exported, file: Path) -> None:
    """Write a workbook, whole or not at all.

    Raises
    ------
    InputError
        If a table has more rows than a sheet can hold.
    """
    from openpyxl import Workbook

    from ...experiments.keeping.atomic_files import write_atomically

    frames = {**exported.tables, "data_dictionary": exported.dictionary()}
    for name, frame in frames.items():
        if len(frame) >= ROWS_OF_A_SHEET:
            raise InputError(
                f"{name} has {len(frame)} rows, a sheet holds {ROWS_OF_A_SHEET}",
                key="--form",
                allowed="duckdb for so many",
            )
    book = Workbook(write_only=True)
    for name in SHEETS:
        add_sheet(book, name, frames[name])
    written = io.BytesIO()  # into a file that cannot grow, openpyxl would leave half of its own
    book.save(written)
    write_atomically(file, lambda path: path.write_bytes(written.getvalue()))


def add_sheet(book: Any, name: str, frame: pd.DataFrame) -> None:
    """Add a table to a workbook that is being written, as a sheet with its heading held in sight."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    narrow, wide = _WIDTHS
    for place, column in enumerate(frame.columns, start=1):
        longest = max([len(str(column)), *frame[column].astype("str").str.len()], default=narrow)
        sheet.column_dimensions[get_column_letter(place)].width = min(wide, max(narrow, longest + 2))
    for row in _rows(sheet, frame):
        sheet.append(row)


def _rows(sheet: Any, frame: pd.DataFrame) -> Iterator[list[Any]]:
    """Give heading and rows as cells: words stay words, also those that begin like a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    def cell(value: object) -> Any:
        if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
            value = str(value)
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value=_CONTROL.sub(" ", value))
        made.data_type = "s"
        return made

    heading = [cell(str(column)) for column in frame.columns]
    for one in heading:
        one.font = Font(bold=True)
    yield heading
    plain = frame.astype(object).where(frame.notna(), None)
    for row in plain.itertuples(index=False):
        yield [cell(value) for value in row]
