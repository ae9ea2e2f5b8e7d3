"""An experiment as a workbook: targets at a glance, all tables, data dictionary, failures, manifest."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError
from ..words.phrases import Language
from .cells import Cells, number_format
from .contents import Exported
from .data_dictionary import TABLES, heading_of
from .target_sheet import SHEET, add_target_sheet

SHEETS: Final = (
    SHEET, "targets", "indicators", "differences", "data_dictionary", "failures", "manifest",
)  # fmt: skip
ROWS_OF_A_SHEET: Final = 1_048_576
"""What a sheet holds at most, by the file's format."""

_WIDTHS: Final = (8, 60)
_CHINESE: Final = 0x2E80
_WIDTH_OF_A_NUMBER: Final = 16
_OF_THE_ROW: Final = "of the "
"""With this begins the unit of a column whose numbers are in the unit that their row names."""


def write_xlsx(exported: Exported, file: Path, language: Language = "en") -> None:
    """Write a workbook, whole or not at all; numbers in cells are raw, their form shows them in their unit.

    Raises
    ------
    InputError
        If a table has more rows than a sheet can hold.
    """
    from openpyxl import Workbook

    from ...experiments.keeping.atomic_files import write_atomically
    from ..tables.experiment_folder import read_results

    frames = {**exported.tables, "data_dictionary": exported.dictionary()}
    for name, frame in frames.items():
        if len(frame) >= ROWS_OF_A_SHEET:
            raise InputError(
                f"{name} has {len(frame)} rows, a sheet holds {ROWS_OF_A_SHEET}",
                key="--form",
                allowed="duckdb for so many",
            )
    book = Workbook(write_only=True)
    add_target_sheet(book, read_results(exported.store.folder, exported.definitions), language)
    for name in SHEETS[1:]:
        add_sheet(book, name, frames[name], language)
    written = io.BytesIO()  # into a file that cannot grow, openpyxl would leave half of its own
    book.save(written)
    write_atomically(file, lambda path: path.write_bytes(written.getvalue()))


def add_sheet(book: Any, name: str, frame: pd.DataFrame, language: Language = "en") -> None:
    """Add a table to a workbook that is being written, as a sheet with its heading held in sight."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    narrow, wide = _WIDTHS
    columns = [str(column) for column in frame.columns]
    headings = [heading_of(column, language) for column in columns]
    for place, (column, heading) in enumerate(zip(columns, headings, strict=True), start=1):
        width = min(wide, max(narrow, _width_of(heading), _width_in(frame[column])) + 2)
        sheet.column_dimensions[get_column_letter(place)].width = width
    cells = Cells(sheet)
    sheet.append([cells.of(heading, bold=True, shaded=True) for heading in headings])
    plain = frame.astype(object).where(frame.notna(), None)
    forms_of_rows = _forms(frame, TABLES.get(name, {}), language)
    for row, forms in zip(plain.itertuples(index=False), forms_of_rows, strict=True):
        sheet.append([cells.of(one, forms.get(column, "")) for one, column in zip(row, columns, strict=True)])


def _width_in(column: pd.Series) -> int:
    """Give the width of the widest cell of a column."""
    if pd.api.types.is_numeric_dtype(column):
        return _WIDTH_OF_A_NUMBER
    return max((_width_of(str(one)) for one in column.unique()), default=0)


def _width_of(text: str) -> int:
    """Give the width of a text; a Chinese sign is as wide as two others."""
    return sum(2 if ord(sign) >= _CHINESE else 1 for sign in text)


def _forms(frame: pd.DataFrame, units: Mapping[str, str], language: Language) -> Iterator[dict[str, str]]:
    """Give for each row the form of its numbers by column; those in the row's own unit are shown alike."""
    plain = {name: unit for name, unit in units.items() if unit and not unit.startswith(_OF_THE_ROW)}
    fixed = {name: number_format(unit, 0.0, language) for name, unit in plain.items()}
    own = [name for name, unit in units.items() if unit.startswith(_OF_THE_ROW) and name in frame]
    if not own:
        yield from repeat(fixed, len(frame))
        return
    for unit, largest in zip(frame["unit"], frame[own].abs().max(axis=1), strict=True):
        yield fixed | dict.fromkeys(own, number_format(str(unit), float(largest), language))
