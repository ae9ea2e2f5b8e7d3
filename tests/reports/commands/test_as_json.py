"""Every command answers in one JSON document when it is asked to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import validate

from shaanxi_transfer.reports.command_line import command_names, main
from shaanxi_transfer.reports.commands.json_document import document_schema

AGENTS = Path(__file__).resolve().parents[3] / "AGENTS.md"


def document(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code = main([*words, "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    validate(told, json.loads(document_schema()))
    assert told["exit_code"] == code and told["command"] == [*words, "--json"]
    return told


def test_an_experiment_gives_its_tables_with_raw_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["compare", "action_plan", "--set", "fund_size=8e9", "--runs", "2", "--scale", "0.01"]
    told = document([*words, "--out", str(tmp_path / "made")], capsys)
    assert told["exit_code"] == 0 and told["folder"] == str(tmp_path / "made")
    table = pd.read_csv(tmp_path / "made" / "targets.csv")
    assert [row["q50"] for row in told["tables"]["targets"]] == pytest.approx(list(table["q50"]))
    assert {type(row["pairs"]) for row in told["tables"]["differences"]} == {int}
    assert "indicators.csv" in told["files"]
    assert any("targets" in line or "futures" in line for line in told["said"])


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["forecast", "no_plan", "--runs", "1", "--scale", "0.01", "--out", str(tmp_path / "made")]
    (row, *_) = document(words, capsys)["tables"]["targets"]
    for name, content in (("empty", b""), ("torn", b"a\n1\n1,2,3\n"), ("odd", b"a\n\xff\xfe\n")):
        (tmp_path / "made" / f"{name}.csv").write_bytes(content)
    told = document([*words, "--lang", "zh"], capsys)
    assert told["exit_code"] == 3 and told["tables"]["targets"][0] == row
    assert "empty.csv" in told["problem"] and "无法读取" in told["problem"]


def test_a_list_gives_what_would_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = document(["list", "targets"], capsys)["tables"]["printed_1"]
    assert len(rows) == 5 and rows[0]["target"] == "demonstration_institutions"
    chinese = document(["list", "targets", "--lang", "zh"], capsys)["tables"]["printed_1"]
    assert re.search("[\u4e00-\u9fff]", str(chinese))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["forecast", "--set", "fund_siz=1"], "did you mean fund_size?"),
        (["forcast"], "did you mean forecast?"),
        (["list", "targets", "--lang", "xx"], "allowed zh, en"),
    ],
)
def test_a_refusal_is_a_document_too(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = document(words, capsys)
    assert told["exit_code"] == 2 and problem in told["problem"] and told["folder"] is None


@pytest.mark.parametrize("command", command_names())
def test_every_command_has_it(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_the_status_of_a_batch_stays_what_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["forecast", "no_plan", "--runs", "1", "--scale", "0.01", "--out", str(tmp_path / "made")]
    assert main(words) == 0
    capsys.readouterr()
    assert main(["status", str(tmp_path / "made"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["finished"] == 1


def test_what_assistants_are_told_to_type_is_understood() -> None:
    lines = re.findall(r"^shaanxi-transfer (\S+)", AGENTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) >= 7 and set(lines) <= set(command_names())
