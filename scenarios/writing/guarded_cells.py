"""Drop-downs, hints and bounds of the cells of a scenario's workbook that a person fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ...engine.words import SIDE_BY_SIDE, say
from ..choosing.adjustments import LARGEST_SHARE, LONGEST_DELAY
from ..choosing.catalogue import lever_catalogue, list_scenarios
from ..choosing.pack_years import shipped_years
from ..provinces.pack_head import FEWEST_KNOWN
from ..reading.workbook import LEVER_HEADINGS

__all__ = ["guard_levers", "guard_option"]

_CHOICES: Final = ("plan", "no_plan", "keep")
_OFFERED: Final[Mapping[str, Callable[[], Sequence[str]]]] = {
    "base": list_scenarios,
    "belief": lambda: ("posterior", "prior"),
    "steps_per_year": lambda: ("4", "12"),
    "kind": lambda: ("flow", "stock", "ratio"),
    **dict.fromkeys(("draw_parameters", "draw_outside", "outside.constant"), lambda: ("true", "false")),
}
"""What a drop-down offers beside an option; anything else may be typed, and is checked when it is read."""

_NUMBERS: Final[Mapping[str, tuple[str, float, float]]] = {
    "delay_quarters": ("whole", 0, LONGEST_DELAY),
    "scaled": ("decimal", 0, LARGEST_SHARE),
}
"""Options that are numbers, with their bounds."""

_QUARTERS: Final = ("start", "end", "plan_start")
_RED: Final = "F8CBAD"


def guard_levers(sheet: Any) -> None:
    """Let each choice drop down, say its bounds when the cell is entered, and turn red what lies outside."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    column = {name: get_column_letter(place) for place, name in enumerate(LEVER_HEADINGS, start=1)}
    levers, last = lever_catalogue(), sheet.max_row
    for row in range(2, last + 1):
        lever = levers.get(str(sheet.cell(row, 1).value))
        words = (*_CHOICES, "0", "1") if lever is not None and lever.unit == "switch" else _CHOICES
        hint = ""
        if lever is not None:
            bounds = {"low": f"{lever.low:,.12g}", "high": f"{lever.high:,.12g}", "unit": lever.unit}
            hint = "\n".join(say("scenario_files.hint_of_choice", one, **bounds) for one in SIDE_BY_SIDE)
            form = "#,##0" if lever.in_money else "General"
            for name in ("choice", "low", "high", "no_plan", "plan"):
                sheet[f"{column[name]}{row}"].number_format = form
        _offer(sheet, words, f"{column['choice']}{row}", hint)
    choice, low, high = (f"${column[name]}2" for name in ("choice", "low", "high"))
    other = "".join(f',{choice}<>"{word}"' for word in _CHOICES)
    wrong = (
        f"OR(AND(ISNUMBER({choice}),ISNUMBER({low}),OR({choice}<{low},{choice}>{high})),"
        f"AND(ISTEXT({choice}){other}))"
    )
    red = PatternFill("solid", bgColor=_RED)
    sheet.conditional_formatting.add(
        f"{column['choice']}2:{column['choice']}{last}", FormulaRule(formula=[wrong], fill=red)
    )
    _ask_for_quarter(sheet, f"{column['from']}2", f"{column['from']}2:{column['from']}{last}")


def guard_option(sheet: Any, name: str, cell: str) -> None:
    """Let an option drop down, or bound it, if its value is one of few, a number or a quarter."""
    head, _, _ = name.partition(".")
    field = name.rpartition(".")[2]
    offered = _OFFERED.get(name) or (_OFFERED.get(field) if head == "targets" else None)
    if offered is not None:
        _offer(sheet, offered(), cell)
    elif name in _QUARTERS:
        _ask_for_quarter(sheet, cell, cell)
    elif name == "outside.observed_until":
        years = shipped_years()
        _bound(sheet, "whole", years.first + FEWEST_KNOWN, years.last, cell)
    elif bounds := _NUMBERS.get(name) or _NUMBERS.get(head):
        _bound(sheet, *bounds, cell)
    elif head == "targets" and field == "goal":
        _validate(sheet, cell, "goal", type="decimal", operator="greaterThan", formula1="0")


def _offer(sheet: Any, words: Sequence[str], cells: str, hint: str = "") -> None:
    """Let cells drop down what may be chosen there; what else is typed is checked when the file is read."""
    from openpyxl.worksheet.datavalidation import DataValidation

    validation = DataValidation(type="list", formula1=f'"{",".join(words)}"', showErrorMessage=False)
    if hint:
        validation.prompt, validation.showInputMessage = hint, True
    sheet.add_data_validation(validation)
    validation.add(cells)


def _bound(sheet: Any, kind: str, low: float, high: float, cells: str) -> None:
    _validate(
        sheet, cells, "number", type=kind, operator="between", formula1=f"{low:g}", formula2=f"{high:g}",
        low=f"{low:g}", high=f"{high:g}",
    )  # fmt: skip


def _ask_for_quarter(sheet: Any, first: str, cells: str) -> None:
    """Take nothing but a quarter as ``2019-Q1``; ``first`` is the first of the cells."""
    formula = (
        f'AND(LEN({first})=7,MID({first},5,2)="-Q",ISNUMBER(VALUE(LEFT({first},4))),'
        f'ISNUMBER(FIND(RIGHT({first},1),"1234")))'
    )
    _validate(sheet, cells, "quarter", type="custom", formula1=formula)


def _validate(sheet: Any, cells: str, what: str, *, low: str = "", high: str = "", **rule: Any) -> None:
    """Refuse what a rule does not allow, in both languages."""
    from openpyxl.worksheet.datavalidation import DataValidation

    said = "\n".join(say(f"scenario_files.refused_{what}", one, low=low, high=high) for one in SIDE_BY_SIDE)
    validation = DataValidation(allow_blank=True, showErrorMessage=True, error=said, **rule)
    sheet.add_data_validation(validation)
    validation.add(cells)
