"""Open a workbook safely, and give its filled cells: not what its sheets say of their own size."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError
from .yaml_with_places import read_bytes

__all__ = ["Row", "filled_cells"]

MOST_UNPACKED: Final = 4_000_000
"""Bytes that a workbook may unpack to; a hundred levers need a fortieth of it."""

MOST_CELLS: Final = 20_000_000
"""Places in the rows of a sheet that hold anything; a hundred levers need 1,300 of them."""

Row = list[Any]
"""Filled cells, as the library gives them."""


def filled_cells(path: Path, file: str) -> dict[str, list[Row]]:
    """Give the filled cells of each sheet, row by row, after a look at what the workbook would unpack to."""
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
        # Read only, a workbook makes no cell that is not in the file, however far its sheets reach.
        workbook = openpyxl.load_workbook(path, read_only=True)
        try:
            return {sheet.title: _filled_rows(sheet, file) for sheet in workbook.worksheets}
        finally:
            workbook.close()
    except InputError:
        raise
    except Exception as error:  # a broken workbook raises whatever the parser stumbles over
        raise not_one from error


def _filled_rows(sheet: Any, file: str) -> list[Row]:
    """Leave out what is blank, and what a sheet says of its own size."""
    sheet.reset_dimensions()
    rows, width = [], 0
    for cells in sheet.iter_rows():
        width += len(cells)
        if width > MOST_CELLS:
            raise InputError(
                f"its cells reach as far as {cells[-1].coordinate}",
                file=f"{file}:{sheet.title}",
                allowed="a sheet without far, blank cells: delete its empty columns",
            )
        if filled := [cell for cell in cells if cell.value is not None and str(cell.value).strip()]:
            rows.append(filled)
    return rows
