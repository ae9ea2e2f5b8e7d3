"""Cells of a workbook that is written: words stay words, numbers stay raw and are shown in their unit."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from ..words.amounts import axis_unit
from ..words.phrases import Language

__all__ = ["SHADE", "Cells", "number_format"]

LARGEST_WHOLE: Final = 10**15
"""Beyond it a sheet rounds whole numbers; seeds are larger, and are written as words."""

SHADE: Final = "E9EEF4"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LIKE_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_SHOWN: Final = {1e9: "#,##0.00,,,", 1e8: r"0\.00,,", 1e6: "#,##0.00,,", 1e4: r"0\.0,", 1.0: "#,##0"}
"""How a number is divided while it is shown: a comma behind the last digit drops three digits, and a point
set before the last ones (``0\\.00,,``) divides by a hundred million, as Chinese spreadsheets do it."""

_OF_UNITS: Final = {"fraction": "0.00", "year": "0", "count": "#,##0"}


def number_format(unit: str, largest: float, language: Language) -> str:
    """Say how a spreadsheet shows a number that stays as it is: yuan as billions, say, with the unit.

    Parameters
    ----------
    unit : str
        One of ``engine.units.UNITS``, or ``year``.
    largest : float
        Of the numbers that are shown alike, in the unit.
    language : Language

    Examples
    --------
    >>> number_format("yuan", 1e11, "en"), number_format("fraction", 0.5, "en")
    ('#,##0.00,,," billion yuan"', '0.00')
    """
    if unit in _OF_UNITS:
        return _OF_UNITS[unit]
    if unit.partition("/")[0] != "yuan":
        return "#,##0.##" if math.isfinite(largest) and abs(largest) < 100 else "#,##0"
    divisor, label = axis_unit(unit, largest if math.isfinite(largest) else 0.0, language)
    between = "" if language == "zh" else " "
    return f'{_SHOWN[divisor]}"{between}{label}"'


class Cells:
    """Make the cells of one sheet.

    Parameters
    ----------
    sheet : openpyxl WriteOnlyWorksheet
    """

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    def of(self, value: Any, form: str = "", *, bold: bool = False, shaded: bool = False) -> Any:
        """Give a value as a cell; words that begin like a formula stay words, also when they are edited."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font, PatternFill

        if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
            value = str(value)
        word = isinstance(value, str)
        if not (word or form or bold or shaded):
            return value
        made = WriteOnlyCell(self._sheet, value=_CONTROL.sub(" ", value) if word else value)
        if word:
            made.data_type = "s"
            if value.startswith(_LIKE_A_FORMULA):
                made.quotePrefix = True
        elif form:
            made.number_format = form
        if bold:
            made.font = Font(bold=True)
        if shaded:
            made.fill = PatternFill("solid", fgColor=SHADE)
            made.alignment = Alignment(wrap_text=True, vertical="top")
        return made
