"""Write a scenario as an xlsx workbook that `load` reads back equal, or as one to fill in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...engine.errors import InputError, nearest
from ...engine.words import SIDE_BY_SIDE, Language, say
from ..choosing.adjustments import ADJUSTMENTS
from ..choosing.catalogue import canonical_selector, lever_catalogue
from ..choosing.declared_targets import DeclaredTarget
from ..choosing.plan_text import tasks_of_the_plan
from ..choosing.schema import TASKS
from ..reading.workbook import HELP, LEVER_HEADINGS, LEVERS, OPTION_HEADINGS, OPTIONS, Form
from .guarded_cells import guard_levers, guard_option
from .scenario_like import ScenarioLike

__all__ = ["FORM", "OPTION_NAMES", "meaning_of", "write_template_workbook", "write_workbook"]

OPTION_NAMES: Final = (
    "name",
    "title_en",
    "title_zh",
    "note",
    "base",
    "overlays",
    "province",
    "start",
    "end",
    "plan_start",
    "steps_per_year",
    "targets",
    "delay_quarters",
    "scaled",
    "parameters",
    "belief",
    "draw_parameters",
    "draw_outside",
    "outside.constant",
    "outside.file",
    "outside.observed_until",
    "outside.seed",
)
"""Entries of a scenario file beside its levers; `meaning_of` says what each is."""

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
        exclude={"base", "overlays", "levers", "parameters", "outside", "targets", *ADJUSTMENTS}
    )
    options |= _target_options(scenario.targets)
    for field in (*ADJUSTMENTS, "parameters"):
        options |= {f"{field}.{name}": value for name, value in getattr(scenario, field).items()}
    outside = scenario.outside.model_dump(exclude_none=True)
    options |= {f"outside.{name}": value for name, value in outside.items()}
    return _write(path, scenario.levers, options)


def write_template_workbook(path: Path, base: str, lower: ScenarioLike) -> Path:
    """Write a workbook to fill in, over a base: levers with an empty choice, options as the base has them.

    ``base`` is how the file names the scenario ``lower``. Refused if the file is there.
    """
    title = path.stem.encode("utf-8", "replace").decode()
    options: dict[str, Any] = {"base": base, "title_en": title, "title_zh": title}
    options |= {"end": lower.end, "plan_start": lower.plan_start}
    options |= _target_options(lower.targets)
    if not any(getattr(lower, name) for name in ADJUSTMENTS):
        options |= {"delay_quarters.all": 0, "scaled.money": 1}
    return _write(path, {}, options, new=True)


def _target_options(targets: Mapping[str, DeclaredTarget]) -> dict[str, Any]:
    """Give an option for each field of each declared target: ``targets.NAME.goal``."""
    return {
        f"targets.{name}.{field}": value
        for name, target in targets.items()
        for field, value in target.model_dump().items()
        if value != ""
    }


def _write(path: Path, choices: Mapping[str, Any], options: Mapping[str, Any], *, new: bool = False) -> Path:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = LEVERS
    _fill(sheet, LEVER_HEADINGS, _lever_rows(choices), path, (30, 14, 11, 48, 34, 10, 12))
    guard_levers(sheet)
    rows = ((name, value, *_meanings(name).values()) for name, value in options.items())
    sheet = workbook.create_sheet(OPTIONS)
    _fill(sheet, OPTION_HEADINGS, rows, path, (28, 40, 70, 60))
    for row, name in enumerate(options, start=2):
        guard_option(sheet, name, f"B{row}")
    explanation = workbook.create_sheet(HELP)
    for row, line in enumerate(_help(), start=1):
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
    broad = [name for name in ("all", *TASKS) if name in choices or name == "all"]
    for name in [*broad, *lever_catalogue()]:
        facts = _facts(name).values()
        choice = choices.get(name)
        dated = choice if isinstance(choice, dict) else {None: choice}
        for date, value in dated.items():
            yield name, value, date, *facts


def _facts(name: str) -> dict[str, Any]:
    """Give what stands beside a lever, a task or all, by heading."""
    lever = lever_catalogue().get(name)
    if lever is None:
        if name == "all":
            return {f"title_{word}": say("scenario_files.every_lever", word) for word in SIDE_BY_SIDE}
        return {"title_en": "", "title_zh": tasks_of_the_plan()[name][:40] + "…"}
    facts = ("title_en", "title_zh", "task", "unit", "low", "high", "plan", "start", "ramp")
    found = {heading: getattr(lever, heading) for heading in facts} | {"no_plan": lever.level_before}
    return {heading: found[heading] for heading in LEVER_HEADINGS if heading in found}


def meaning_of(name: str, language: Language) -> str:
    """Say what an option is; refuse a name that is none."""
    known = name if name in OPTION_NAMES else name.partition(".")[0]
    if known not in OPTION_NAMES:
        heads = list(dict.fromkeys(option.partition(".")[0] for option in OPTION_NAMES))
        raise InputError(
            f"no option is called {name!r}", allowed=", ".join(heads), suggestion=nearest(known, heads)
        )
    return say(f"scenario_files.option_{known}", language)


def _meanings(name: str) -> dict[str, str]:
    """Give what stands beside an option, by heading."""
    return {"meaning": meaning_of(name, "en"), "meaning_zh": meaning_of(name, "zh")}


def _informing(sheet: str, name: str) -> dict[str, Any]:
    """Give what the cells hold that inform about a lever or an option; refuse a name that is none."""
    return _facts(canonical_selector(name)) if sheet == LEVERS else _meanings(name)


def _help() -> list[str]:
    """Give the lines of the sheet that explains the others."""
    how = [say("scenario_files.help_of_workbook", language) for language in SIDE_BY_SIDE]
    return "".join(how).splitlines()


FORM: Final = Form(_informing, _help)
"""What a workbook says beside the cells that are filled in."""


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
                cell.quotePrefix = value.startswith(("=", "+", "-", "@"))  # nor when the cell is edited
            elif isinstance(value, float):
                # Seventeen digits: the library itself would write sixteen, and the number come back another.
                cell.value, cell.data_type = repr(value), "n"
            else:
                cell.value = value
    for filled in range(2, place + 1):
        for column in range(2, 4 if LEVER_HEADINGS is headings else 3):
            sheet.cell(filled, column).fill = to_fill_in
