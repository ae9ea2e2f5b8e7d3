"""``list`` and ``levers``: for a person in a window, for a pipe, for Excel."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.cells import cell_len

from shaanxi_transfer.engine.units import UNITS
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.commands.lists import LISTS
from shaanxi_transfer.reports.words.amounts import unit_words
from shaanxi_transfer.reports.words.phrases import LANGUAGES
from shaanxi_transfer.scenarios import lever_catalogue

CHINESE = re.compile("[\u4e00-\u9fff]")
STYLE = re.compile("\x1b\\[[0-9;]*m")
EVERY_LIST = [["levers"], *(["list", what] for what in LISTS)]


class Window(io.StringIO):
    """A terminal of which the width is in COLUMNS."""

    def isatty(self) -> bool:
        return True


def shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(words) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("words", EVERY_LIST, ids=" ".join)
def test_a_list_fits_a_window_and_keeps_its_names_whole(
    words: list[str], width: int, language: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    names = pd.read_csv(io.StringIO("\n".join(shown([*words, "--format", "csv"], capsys)))).iloc[:, 0]
    window = Window()
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys, "stdout", window)
    assert main([*words, "--lang", language]) == 0
    lines = STYLE.sub("", window.getvalue()).splitlines()
    assert max(cell_len(line.rstrip()) for line in lines) <= width
    assert {line.split()[0] for line in lines if not line.startswith(" ")} >= set(names)


@pytest.mark.parametrize("words", EVERY_LIST, ids=" ".join)
def test_elsewhere_a_record_is_a_line_whose_cells_two_spaces_part(words: list[str], capsys: Any) -> None:
    records = pd.read_csv(io.StringIO("\n".join(shown([*words, "--format", "csv"], capsys))))
    lines = shown([*words, "--lang", "zh"], capsys)
    assert len(lines) == len(records) + 1
    assert len({len(re.split(" {2,}", line.strip())) for line in lines}) == 1
    assert CHINESE.search(lines[0])


def test_amounts_and_kinds_come_in_the_language_that_is_asked_for(capsys: Any) -> None:
    levers = {line.split()[0]: line for line in shown(["levers", "--lang", "zh"], capsys)}
    assert "0 元/年" in levers["voucher_budget"] and "2,000 万元/年" in levers["voucher_budget"]
    assert "任务22" in levers["voucher_budget"]
    (target,) = shown(["list", "targets", "--lang", "zh", "--find", "contract_value_output"], capsys)[1:]
    assert "1,000 亿元" in target
    (indicator,) = shown(["list", "indicators", "--lang", "zh", "--find", "contract_value_output"], capsys)[
        1:
    ]
    assert "流量" in indicator and " 元 " in indicator


def test_every_unit_of_a_lever_has_a_chinese_word() -> None:
    for unit in {lever.unit for lever in lever_catalogue().values()} & set(UNITS):
        assert CHINESE.search(unit_words(unit, "zh")) or unit == "per year", unit


@pytest.mark.parametrize("word", ["創新券", "voucher", "科技创新券"])
def test_lists_are_searched_as_explain_is(word: str, capsys: Any) -> None:
    found = [line.split()[0] for line in shown(["levers", "--find", word], capsys)[1:]]
    assert "voucher_budget" in found and len(found) <= 3


def test_a_csv_for_a_chinese_reader_opens_in_excel_and_in_pandas(capsys: Any) -> None:
    assert main(["levers", "--format", "csv", "--lang", "zh"]) == 0
    written = capsys.readouterr().out.encode()
    assert written.startswith(b"\xef\xbb\xbf")
    assert main(["levers", "--format", "csv"]) == 0
    plain = capsys.readouterr().out.encode()
    assert not plain.startswith(b"\xef\xbb\xbf")
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(written)), pd.read_csv(io.BytesIO(plain)))


def test_targets_of_a_declared_plan_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "next.yaml"
    assert main(["new", str(file), "--plan"]) == 0
    capsys.readouterr()
    assert main(["list", "targets", "--scenario", str(file), "--format", "csv"]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert set(rows["year"]) == {2025} and set(rows["countings"]) == {"declared"}
    assert main(["list", "indicators", "--scenario", str(file)]) == 2
    assert "only targets are a scenario's own" in capsys.readouterr().err
