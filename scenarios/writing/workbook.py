"""Write a scenario as an xlsx workbook that `load` reads back equal, or as one to fill in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError
from ...engine.words import SIDE_BY_SIDE, say
from ..choosing.adjustments import ADJUSTMENTS
from ..choosing.catalogue import lever_catalogue
from ..choosing.plan_text import tasks_of_the_plan
from ..choosing.schema import TASKS, Lever
from ..reading.workbook import HELP, LEVER_HEADINGS, LEVERS, OPTION_HEADINGS, OPTIONS
from .scenario_like import ScenarioLike

__all__ = ["MEANINGS", "write_template_workbook", "write_workbook"]

MEANINGS: Final[dict[str, str]] = {
    "name": "short name, used in tables and folders; the file's name if empty",
    "title_en": "for the reader",
    "title_zh": "for the reader",
    "note": "for the reader: why these numbers",
    "base": "the scenario upon which this one is laid",
    "overlays": "laid over the base in this order, for example [half_budget]",
    "province": "a pack of the package, or the folder of one",
    "start": "first quarter",
    "end": "last quarter",
    "plan_start": "nothing differs before it; levers' own dates move with it",
    "steps_per_year": "4 or 12",
    "delay_quarters": "quarters by which starts move: a number, or by all, money, task or lever",
    "scaled": "share of the plan's step that is taken: a number, or by all, money, task or lever",
    "draw_parameters": "false: central values",
    "draw_outside": "false: central outside paths",
    "outside.constant": "true: every outside path stays at its first value",
    "outside.file": "CSV whose later rows replace the drawn outside paths",
}
"""What each entry of a scenario file is, in a few words."""

_MOST_TEXT: Final = 32_767
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")

Rows = Iterable[Sequence[Any]]


def write_workbook(scenario: ScenarioLike, path: Path) -> Path:
    """Write a scenario to a workbook that stands alone and that `load` reads back equal.

    Raises
    ------
    InputError
        If the file cannot be written, or a text holds a sign that no workbook can hold.
    """
    options: dict[str, Any] = scenario.model_dump(
        exclude={"base", "overlays", "levers", "parameters", "outside", *ADJUSTMENTS}
    )
    for field in (*ADJUSTMENTS, "parameters"):
        options |= {f"{field}.{name}": value for name, value in getattr(scenario, field).items()}
    outside = scenario.outside.model_dump(exclude_none=True)
    options |= {f"outside.{name}": value for name, value in outside.items()}
    return _write(path, scenario.levers, options)


def write_template_workbook(path: Path, base: str) -> Path:
    """Write a workbook to fill in: every lever with an empty choice, over a base; refused if it is there."""
    options: dict[str, Any] = {"base": base, "overlays": None, "name": None, "title_en": None}
    options |= {"title_zh": None, "note": None, "end": None, "delay_quarters.all": None, "scaled.money": None}
    return _write(path, {}, options, new=True)


def _write(path: Path, choices: Mapping[str, Any], options: Mapping[str, Any], *, new: bool = False) -> Path:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = LEVERS
    _fill(sheet, LEVER_HEADINGS, _lever_rows(choices), path, (30, 14, 11, 48, 34, 10, 12))
    rows = ((name, value, _meaning(name)) for name, value in options.items())
    _fill(workbook.create_sheet(OPTIONS), OPTION_HEADINGS, rows, path, (28, 40, 70))
    explanation = workbook.create_sheet(HELP)
    how = [say("scenario_files.help_of_workbook", language) for language in SIDE_BY_SIDE]
    for row, line in enumerate("".join(how).splitlines(), start=1):
        explanation.cell(row, 1, line)
    buffer = io.BytesIO()
    workbook.save(buffer)
    try:
        with path.open("xb" if new else "wb") as file:
            file.write(buffer.getvalue())
    except FileExistsError as error:
        raise InputError("the file is there already", file=path, allowed="the name of a new file") from error
    except OSError as error:
        raise InputError(f"the file cannot be written ({error.strerror})", file=path) from error
    return path


def _lever_rows(choices: Mapping[str, Any]) -> Rows:
    """Give a row for each selector that stands for several levers and is chosen, and for each lever."""
    texts = tasks_of_the_plan()
    broad = [name for name in ("all", *TASKS) if name in choices or name == "all"]
    for name in broad:
        every = [say("scenario_files.every_lever", language) for language in SIDE_BY_SIDE]
        titles = every if name == "all" else ["", texts[name][:40] + "…"]
        yield name, choices.get(name), None, *titles
    for name, lever in lever_catalogue().items():
        choice = choices.get(name)
        if isinstance(choice, dict):
            for date, value in choice.items():
                yield name, value, date, *_facts(lever)
        else:
            yield name, choice, None, *_facts(lever)


def _facts(lever: Lever) -> tuple[Any, ...]:
    before = lever.level_before
    facts = (lever.title_en, lever.title_zh, lever.task, lever.unit, lever.low, lever.high, before)
    return (*facts, lever.plan, lever.start, lever.ramp)


def _meaning(name: str) -> str:
    return MEANINGS.get(name) or MEANINGS.get(name.partition(".")[0]) or "held at this value"


def _fill(sheet: Any, headings: Mapping[str, str], rows: Rows, path: Path, widths: Sequence[int]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, (name, chinese) in enumerate(headings.items(), start=1):
        sheet.cell(1, column, f"{name} {chinese}").font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
    to_fill_in = PatternFill("solid", fgColor="FFF7DC")
    place = 1
    for place, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = sheet.cell(place, column)
            if isinstance(value, str):
                if (found := _UNWRITABLE.search(value)) or len(value) > _MOST_TEXT:
                    what = f"the sign {found[0]!r}" if found else f"{len(value)} signs in one cell"
                    raise InputError(f"a workbook cannot hold {what}", key=str(row[0]), file=path)
                cell.value, cell.data_type = value, "s"  # never a formula, whatever it begins with
            elif isinstance(value, float):
                # Seventeen digits: the library itself would write sixteen, and the number come back another.
                cell.value, cell.data_type = repr(value), "n"
            else:
                cell.value = value
    for filled in range(2, place + 1):
        for column in range(2, 4 if LEVER_HEADINGS is headings else 3):
            sheet.cell(filled, column).fill = to_fill_in
