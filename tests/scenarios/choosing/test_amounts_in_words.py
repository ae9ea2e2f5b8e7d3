"""Amounts as people write them, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.changed_in_words import changed_in_words
from shaanxi_transfer.scenarios.choosing.amounts_in_words import amount_in, amounts_in, with_amounts


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("80亿元", 8e9),
        ("2000万元", 2e7),
        ("0.3 亿 元", 3e7),
        ("1.1亿元", 1.1e8),
        ("1,200万元", 1.2e7),
        ("3千万元", 3e7),
        ("0.01万亿元", 1e10),
        ("500元", 500.0),
        ("80亿", None),  # a number of what? it is refused, with the number as suggestion
        ("-3亿元", None),
        ("1,20万元", None),
        ("80亿美元", None),
        ("八十亿元", None),
        (8e9, None),
    ],
)
def test_an_amount_is_read_as_whole_yuan_or_not_at_all(text: object, yuan: float | None) -> None:
    assert amount_in(text) == yuan


def test_only_levers_in_yuan_take_an_amount() -> None:
    dated = {"2019-Q1": "2000万元", "2020-Q1": 1e7}
    choices = {"voucher_budget": dated, "training_seats": "200元", "all": "plan"}
    assert with_amounts(choices) == {**choices, "voucher_budget": {"2019-Q1": 2e7, "2020-Q1": 1e7}}
    assert [tuple(one) for one in amounts_in(choices)] == [("voucher_budget", "2000万元", 2e7)]


def test_a_file_with_amounts_is_the_file_with_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = tmp_path / "numbers.yaml"
    words = tmp_path / "words.yaml"
    text = "base: action_plan\nname: mine\nlevers:\n  fund_size: {}\n  voucher_budget:\n    2019-Q1: {}\n"
    numbers.write_text(text.format("8e9", "2e7"), encoding="utf-8")
    words.write_text(text.format("80亿元", '"2000 万元"'), encoding="utf-8")
    assert load(words).hash == load(numbers).hash
    assert main(["check", str(words), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "fund_size：80亿元 读作 8,000,000,000 元" in said
    assert "voucher_budget：2000 万元 读作 20,000,000 元" in said


def test_an_amount_of_another_unit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("base: action_plan\nlevers:\n  training_seats: 200元\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.yaml:3:19: levers.training_seats: '200元' is not a choice"):
        load(file)


def test_a_workbook_and_a_command_take_amounts_too(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = tmp_path / "mine.xlsx"
    assert main(["new", str(file)]) == 0
    book = load_workbook(file)
    sheet = book["levers"]
    heads = [str(cell.value).split()[0] for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[heads.index("lever")].value == "fund_size")
    row[heads.index("choice")].value = "80亿元"
    book.save(file)
    assert load(file).levers["fund_size"] == 8e9
    assert changed_in_words(load("action_plan"), ["fund_size=80亿元"]).levers["fund_size"] == 8e9
