"""Scenarios as workbooks: a researcher's sheet in, errors by cell, and nothing lost on the way out."""

from __future__ import annotations

import datetime
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import check, lever_catalogue, load, problems_of, write_template
from shaanxi_transfer.scenarios.choosing.schema import OutsideOptions
from shaanxi_transfer.scenarios.reading.workbook import HELP, LEVER_HEADINGS, LEVERS, OPTIONS
from shaanxi_transfer.scenarios.scenario import Scenario
from shaanxi_transfer.scenarios.writing.workbook import FORM, OPTION_NAMES

Cells = dict[str, Any]


def workbook(folder: Path, levers: Cells, options: Cells | None = None, **more: Cells) -> Path:
    """Make a workbook out of cells by sheet, with the headings that are read."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    heads = {LEVERS: ("lever", "choice", "from"), OPTIONS: ("option", "value")}
    for name, cells in {LEVERS: levers, OPTIONS: options or {}, **more}.items():
        sheet = book.create_sheet(name)
        for column, head in enumerate(heads.get(name, ()), start=1):
            sheet.cell(1, column, head)
        for cell, value in cells.items():
            sheet[cell] = value
    path = folder / "mine.xlsx"
    book.save(path)
    return path


PATH = {
    "A2": "voucher_budget",
    "B2": 2e7,
    "C2": "2019-Q1",
    "A3": "voucher_budget",
    "B3": 3e7,
    "C3": "2020-Q1",
}


def test_choices_and_options_are_read_as_a_file_would_be(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {**PATH, "A4": "task_11", "B4": "no_plan", "A5": "fund_size", "B5": 8e9, "A6": "training_seats"},
        {
            "A2": "base",
            "B2": "action_plan",
            "A3": "overlays",
            "B3": "half_budget, without_task_23",
            "A4": "end",
            "B4": "2021-Q4",
            "A5": "delay_quarters.task_10",
            "B5": 4.0,
            "A6": "draw_outside",
            "B6": False,
            "A7": "note",
        },
        help={"A1": FORM.help()[0]},
    )
    expected = load("action_plan+half_budget+without_task_23").set(
        voucher_budget={"2019-Q1": 2e7, "2020-Q1": 3e7},
        task_11="no_plan",
        fund_size=8e9,
        end="2021-Q4",
        delay_quarters={"task_10": 4},
        draw_outside=False,
    )
    mine = load(path)
    assert mine.hash == expected.hash and mine.levers == expected.levers
    assert mine.name == "mine" and mine.overlays == ("half_budget", "without_task_23")


def test_a_workbook_names_its_levers_for_a_reader_and_says_how_to_fill_it_in(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(load("action_plan").save(tmp_path / "plan.xlsx"))
    assert book.sheetnames == [LEVERS, OPTIONS, HELP]
    rows = [[cell.value for cell in row] for row in book[LEVERS].iter_rows()]
    assert [str(head).split()[0] for head in rows[0]] == list(LEVER_HEADINGS)
    by_lever = {row[0]: row for row in rows[1:]}
    assert set(by_lever) == {"all", *lever_catalogue()}
    fund = lever_catalogue()["fund_size"]
    assert by_lever["fund_size"][3:9] == [fund.title_en, fund.title_zh, 21, "yuan", 0, 5e10]


@given(
    note=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=60),
    title=st.text(st.sampled_from("=+-@'\" ,;#中文ab1\n\t"), min_size=1, max_size=12),
    amount=st.floats(1e7, 5e8),
)
def test_texts_and_numbers_come_back_to_the_last_sign(
    note: str, title: str, amount: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scenario = load("action_plan").set(note=note, title_en=title, voucher_budget=amount, name="n=1")
    path = tmp_path_factory.mktemp("book") / "n.xlsx"
    if not title.strip() or "_x" in note:
        return
    assert load(scenario.save(path)) == scenario


@pytest.mark.parametrize("note", ["a\x07bell", "return\r", "x" * 40_000, "_x000D_"])
def test_a_text_that_no_workbook_can_hold_is_refused(note: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"note: a workbook cannot hold"):
        load("action_plan").set(note=note).save(tmp_path / "n.xlsx")
    assert not (tmp_path / "n.xlsx").exists()


GOOD: Cells = {"A2": "fund_size", "B2": 8e9, "A3": "compensation_share", "B3": 0.6, "C3": "2019-Q1"}
BASE: Cells = {"A2": "base", "B2": "action_plan"}

# Each: cells of the sheet of levers, cells of the sheet of options, the cell named, words, suggestion.
SPOILT: list[tuple[Cells, Cells, str, str, str | None]] = [
    ({"A2": "fund_sise"}, {}, "levers!A2", "no lever, task or measure", "fund_size"),
    ({"A2": "task_26"}, {}, "levers!A2", "no lever, task or measure", None),
    ({"B2": 60}, {}, "levers!B2", "very little money", None),
    ({"B2": 8e5}, {}, "levers!B2", "very little money", "8e9"),
    ({"B2": -1}, {}, "levers!B2", "negative", None),
    ({"B2": 1e12}, {}, "levers!B2", "outside the bounds", None),
    ({"B2": "8e9"}, {}, "levers!B2", "is not a choice", "8e9"),
    ({"B2": "paln"}, {}, "levers!B2", "is not a choice", "plan"),
    ({"B2": True}, {}, "levers!B2", "is not a choice", None),
    ({"B2": "=8*10^9"}, {}, "levers!B2", "a formula", None),
    ({"B2": datetime.date(2019, 5, 1)}, {}, "levers!B2", "a date", None),
    ({"B2": "#DIV/0!"}, {}, "levers!B2", "the error", None),
    ({"B3": 60}, {}, "levers!B3", "divide by 100", "0.6"),
    ({"C3": "2017-Q1"}, {}, "levers!C3", "before the plan's start", None),
    ({"C3": "2031-Q1"}, {}, "levers!C3", "after the scenario's end", None),
    ({"C3": "2019Q1"}, {}, "levers!C3", "not a quarter", None),
    ({"C3": datetime.datetime(2019, 5, 1)}, {}, "levers!C3", "a date", "2019-Q2"),
    ({"B3": None}, {}, "levers!C3", "a quarter without a value", None),
    ({"B3": "plan"}, {}, "levers!B3", "is not a number", None),
    ({"A2": None}, {}, "levers!B2", "a choice for no lever", None),
    ({"A4": "fund_size", "B4": 9e9}, {}, "levers!A4", "stands there twice", None),
    ({"A4": "fund_size", "B4": 9e9, "C4": "2020-Q1"}, {}, "levers!A4", "stands there twice", None),
    ({"A4": "compensation_share", "B4": 0.5}, {}, "levers!A4", "stands there twice", None),
    ({"A4": "compensation_share", "B4": 0.5, "C4": "2019-Q1"}, {}, "levers!C4", "quarter stands there", None),
    ({"A1": "levers"}, {}, "levers!A1", "unknown heading", "lever"),
    ({"A1": "choice", "B1": "lever", "C1": "lever"}, {}, "levers!C1", "is repeated", None),
    ({"B1": None}, {}, "levers!A1", "the heading 'choice' is missing", None),
    ({"F2": "a remark"}, {}, "levers!F2", "below no heading", None),
    ({}, {"A2": "bsae"}, "options!A2", "unknown key", "base"),
    ({}, {"B2": "acton_plan"}, "options!B2", "no scenario", "action_plan"),
    ({}, {"A3": "overlays", "B3": "half_budgte"}, "options!B3", "no overlay", "half_budget"),
    ({}, {"A3": "end", "B3": "2020"}, "options!B3", "is not a quarter", None),
    ({}, {"A3": "end", "B3": datetime.date(2020, 12, 31)}, "options!B3", "a date", "2020-Q4"),
    ({}, {"A3": "steps_per_year", "B3": 6}, "options!B3", "not one of the choices", None),
    ({}, {"A3": "draw_outside", "B3": "no"}, "options!B3", "not true or false", None),
    ({}, {"A3": "scaled.money", "B3": 50}, "options!B3", "looks like percent", "0.5"),
    ({}, {"A3": "scaled.mony", "B3": 0.5}, "options!A3", "no lever, task or measure", "money"),
    ({}, {"A3": "delay_quarters.all", "B3": 0.5}, "options!B3", "not a whole number", None),
    ({}, {"A3": "parameters.nothing_such", "B3": 0.5}, "options!A3", "no parameter", None),
    ({}, {"A3": "outside.constnt", "B3": True}, "options!A3", "unknown key", "constant"),
    ({}, {"A3": "end.more", "B3": "2020-Q4"}, "options!A3", "unknown key", None),
    ({}, {"A3": "base", "B3": "no_plan"}, "options!A3", "stands there twice", None),
    ({}, {"B3": "no_plan"}, "options!B3", "a value for no option", None),
]


@pytest.mark.parametrize(
    ("levers", "options", "cell", "words", "suggestion"), SPOILT, ids=[f"{row[0]}{row[1]}" for row in SPOILT]
)
def test_a_spoilt_workbook_is_refused_with_its_cell(
    levers: Cells, options: Cells, cell: str, words: str, suggestion: str | None, tmp_path: Path
) -> None:
    assert check(workbook(tmp_path, GOOD, BASE)) == ()
    path = workbook(tmp_path, {**GOOD, **levers}, {**BASE, **options})
    with pytest.raises(InputError) as caught:
        load(path)
    first = problems_of(caught.value)[0]
    assert str(first).startswith(f"{path}:{cell}: "), str(first)
    assert words in str(first) and "\n" not in str(first)
    if suggestion is not None:
        assert str(first.suggestion).startswith(suggestion)


def test_a_sheet_by_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mine\.xlsx:lever!A1: unknown sheet 'lever'.*mean levers\?"):
        load(workbook(tmp_path, GOOD, BASE, lever={"A1": "lever"}))


def test_a_workbook_that_chooses_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"chooses nothing"):
        load(workbook(tmp_path, {}))


def not_a_zip(path: Path) -> None:
    path.write_bytes(b"lever,choice\n")


def another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 80_000_000)


def entities(path: Path) -> None:
    load("action_plan").save(path)
    spoilt = path.with_name("spoilt.xlsx")
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(spoilt, "w") as archive:
        for part in good.namelist():
            text = good.read(part)
            if part.endswith("sheet1.xml"):
                text = b'<!DOCTYPE a [<!ENTITY b "c">]>' + text
            archive.writestr(part, text)
    spoilt.replace(path)


def truncated(path: Path) -> None:
    load("action_plan").save(path)
    path.write_bytes(path.read_bytes()[:4000])


def folder(path: Path) -> None:
    path.mkdir()


BROKEN: list[tuple[Callable[[Path], None], str]] = [
    (not_a_zip, "not an xlsx workbook"),
    (another_zip, "not an xlsx workbook"),
    (truncated, "not an xlsx workbook"),
    (bomb, "unpacks to 80000000 bytes"),
    (entities, "declares entities"),
    (folder, "does not exist|folder"),
]


@pytest.mark.parametrize(("spoil", "words"), BROKEN, ids=[row[0].__name__ for row in BROKEN])
def test_a_broken_workbook_is_refused_in_one_line(
    spoil: Callable[[Path], None], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.xlsx"
    spoil(path)
    with pytest.raises(InputError) as caught:
        load(path)
    assert re.search(words, str(caught.value)) and "\n" not in str(caught.value)


def test_every_problem_of_a_workbook_is_found_at_once(tmp_path: Path) -> None:
    path = workbook(tmp_path, {**GOOD, "A2": "fund_sise", "B3": 60}, BASE)
    assert [str(problem).split(": ")[0] for problem in check(path)] == [
        f"{path}:levers!A2",
        f"{path}:levers!B3",
    ]


@pytest.fixture(scope="module")
def new_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the workbook that the command `new` makes."""
    path = tmp_path_factory.mktemp("new") / "mine.xlsx"
    write_template(path)
    return path


@given(data=st.data())
@settings(max_examples=25)
def test_any_cell_that_informs_is_refused_once_it_is_edited(data: st.DataObject, new_workbook: Path) -> None:
    book = openpyxl.load_workbook(new_workbook)
    sheet = book[data.draw(st.sampled_from((LEVERS, OPTIONS, HELP)))]
    columns = {LEVERS: "DEFGHIJKLM", OPTIONS: "C", HELP: "AB"}[sheet.title]
    row = data.draw(st.integers(1, sheet.max_row + 2))
    cell = sheet[f"{data.draw(st.sampled_from(columns))}{row}"]
    edits = st.one_of(
        st.integers(-9, 9**9), st.floats(0.0, 1e9), st.booleans(), st.sampled_from(("万元", "2020-Q1"))
    )
    value = data.draw(edits.filter(lambda value: not is_equal(value, cell.value)))
    if isinstance(cell.value, int | float) and data.draw(st.booleans()):
        value = cell.value * 10_000 or 1
    cell.value = value
    path = new_workbook.with_name("edited.xlsx")
    book.save(path)
    with pytest.raises(InputError) as caught:
        load(path)
    assert f":{sheet.title}!{cell.coordinate}: " in str(caught.value)
    assert caught.value.allowed and "\n" not in str(caught.value)


def is_equal(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def test_an_edit_is_answered_with_what_stands_there_and_where_it_belongs(tmp_path: Path) -> None:
    write_template(tmp_path / "mine.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    row = next(row for row in book[LEVERS].iter_rows() if row[0].value == "voucher_budget")
    row[1].value, row[6].value, row[10].value = 4000, "万元", 4e7
    book.save(tmp_path / "mine.xlsx")
    unit, plan = check(tmp_path / "mine.xlsx")
    assert unit.allowed == "yuan/year or an empty cell; the number in choice is in this unit"
    assert plan.key == "levers.voucher_budget.plan" and plan.suggestion == "40000000 in the column choice"
    row[6].value = row[10].value = None  # without what informs, the choice is refused for its own sake
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(InputError, match=r"very little money.*did you mean 4e7"):
        load(tmp_path / "mine.xlsx")


def test_a_name_that_is_none_is_refused_even_without_a_choice(tmp_path: Path) -> None:
    path = workbook(tmp_path, {**GOOD, "A4": "training_seat"}, {**BASE, "A3": "delay_quarter.all"})
    assert [problem.suggestion for problem in check(path)] == ["training_seats", "delay_quarters"]


def test_a_new_workbook_and_its_options_name_every_field(new_workbook: Path) -> None:
    assert check(new_workbook) == ()
    fields = {*Scenario.model_fields, *(f"outside.{name}" for name in OutsideOptions.model_fields)}
    assert {*OPTION_NAMES} == fields - {"levers", "outside"}
    filled = {row[0].value for row in openpyxl.load_workbook(new_workbook)[OPTIONS].iter_rows(min_row=2)}
    assert {"end", "plan_start"} <= filled


@pytest.mark.parametrize("far", ["A1048576", "XFD1", "XFD1048576"])
def test_a_blank_in_a_far_corner_is_no_size(far: str, tmp_path: Path) -> None:
    path = workbook(tmp_path, {**GOOD, far: " "}, {**BASE, far: " "})
    started = time.process_time()
    assert load(path).levers == load(workbook(tmp_path, GOOD, BASE)).levers
    assert time.process_time() - started < 5.0, "the million rows between are not walked cell by cell"


def test_what_is_written_far_away_is_still_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"levers!XFD7: 'a remark' stands below no heading"):
        load(workbook(tmp_path, {**GOOD, "XFD7": "a remark"}, BASE))
    path = workbook(tmp_path, {**GOOD, "A1048576": "training_seats", "B1048576": 200}, BASE)
    assert load(path).levers["training_seats"] == 200.0


def test_a_sheet_of_cells_too_far_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"reach as far as XFD\d+; allowed a sheet without far, blank cells"):
        load(workbook(tmp_path, {**GOOD, **{f"XFD{row}": " " for row in range(5, 1300)}}, BASE))


def test_a_new_workbook_explains_its_options_in_chinese_and_offers_choices(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    write_template(path)
    assert load(path).hash == load("action_plan").hash, "as it stands it changes nothing"
    workbook = openpyxl.load_workbook(path)
    rows = list(workbook["options"].iter_rows(min_row=2, values_only=True))
    assert rows and all(value is not None for _, value, *_ in rows)
    assert all(re.search("[\u4e00-\u9fff]", str(row[3])) for row in rows)
    levers = workbook["levers"]
    for row in range(2, levers.max_row + 1):
        choices = validation_of(levers, f"B{row}")
        assert choices.formula1.startswith('"plan,no_plan,keep') and not choices.showErrorMessage
    assert "no_plan" in validation_of(workbook["options"], "B2").formula1
    workbook["options"]["D2"] = "别的"
    workbook.save(path)
    with pytest.raises(InputError, match=r"options!D2: .*'别的' changes nothing"):
        load(path)


def validation_of(sheet: Any, cell: str) -> Any:
    (found,) = [one for one in sheet.data_validations.dataValidation if cell in one.sqref]
    return found


def test_cells_to_fill_in_drop_down_and_say_their_bounds(new_workbook: Path) -> None:
    book = openpyxl.load_workbook(new_workbook)
    levers, options = book[LEVERS], book[OPTIONS]
    row = {str(cell.value): cell.row for cell in levers["A"]}
    choice = validation_of(levers, f"B{row['voucher_budget']}")
    assert choice.type == "list" and choice.formula1 == '"plan,no_plan,keep"' and not choice.showErrorMessage
    lever = lever_catalogue()["voucher_budget"]
    assert f"{lever.low:,.0f} to {lever.high:,.0f} (yuan/year)" in choice.prompt and "方案" in choice.prompt
    switch = next(name for name, one in lever_catalogue().items() if one.unit == "switch")
    assert validation_of(levers, f"B{row[switch]}").formula1 == '"plan,no_plan,keep,0,1"'
    ((cells, (rule,)),) = levers.conditional_formatting._cf_rules.items()
    assert str(cells.sqref) == f"B2:B{levers.max_row}" and "$B2<$H2" in rule.formula[0]
    assert levers["H1"].value.startswith("low") and levers["I1"].value.startswith("high")
    quarter = validation_of(levers, "C2")
    assert quarter.type == "custom" and quarter.showErrorMessage and "2019-Q1" in quarter.error
    at = {str(cell.value): cell.row for cell in options["A"]}
    assert validation_of(options, f"B{at['end']}").type == "custom"
    share = validation_of(options, f"B{at['scaled.money']}")
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "2")
    assert validation_of(options, f"B{at['delay_quarters.all']}").type == "whole"


def test_what_begins_like_a_formula_is_a_word_also_when_it_is_edited(tmp_path: Path) -> None:
    scenario = load("action_plan").set(title_en="=1+1", note="-2")
    path = scenario.save(tmp_path / "n.xlsx")
    cells = {row[0].value: row[1] for row in openpyxl.load_workbook(path)[OPTIONS].iter_rows()}
    assert cells["title_en"].quotePrefix and cells["title_en"].data_type == "s" and cells["note"].quotePrefix
    assert load(path) == scenario
