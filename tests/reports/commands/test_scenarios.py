"""``check``, ``new``, ``explain`` and ``schema``: what they say, and what they refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

from shaanxi_transfer.experiments.keeping.provenance import basis_of
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.tables.lever_explained import effect_lines
from shaanxi_transfer.reports.tables.ranking_explained import ranking_lines
from shaanxi_transfer.reports.words.of_scenarios import level, task_words
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.scenarios import (
    TASKS,
    lever_catalogue,
    list_generated,
    list_overlays,
    list_scenarios,
    load,
    schema_text,
    task_text,
)
from shaanxi_transfer.scenarios.places import SCHEMA_FILE
from shaanxi_transfer.scenarios.reading.yaml_with_places import read_yaml

CHINESE = re.compile("[\u4e00-\u9fff]")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(list(words)) == 0
    ended = capsys.readouterr()
    assert ended.err == ""
    return ended.out.splitlines()


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def yaml_of(line: str) -> dict[str, Any]:
    name, _, value = line.partition(": ")
    return {name: int(value) if value.isdigit() else value}


def cost_of(lines: Iterable[str]) -> dict[str, list[str]]:
    return {line.split()[0]: line.split() for line in lines if re.match(r"\s+(20\d\d|total) ", line)}


# ---- check -----------------------------------------------------------------------


def test_check_says_how_a_file_differs_and_what_more_it_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "base: action_plan\nend: 2021-Q4\nlevers:\n  voucher_budget: {2019-Q1: 5.0e7}\n")
    lines = said(capsys, "check", str(file))
    assert lines[0] == f"{file}: in order"
    assert "mine lies on action_plan" in lines[1]
    assert "  end: 2021-Q4 instead of 2020-Q4" in lines
    (voucher,) = [line for line in lines if "voucher_budget):" in line]
    assert voucher.startswith("  task 22, Yearly budget of innovation vouchers")
    assert "in 2018-Q3 0 yuan a year instead of 6.67 million yuan a year" in voucher
    assert "from 2019-Q1 on 50 million yuan a year instead of 20 million yuan a year" in voucher
    assert not any("not cover the same time" in line for line in lines), (
        "a forecast runs the plan to 2021 as well"
    )
    assert cost_of(lines)["2021"][-1] == "30"
    cost = cost_of(lines)
    # 2019: 30 million more of vouchers than the plan; administration as in the plan.
    assert float(cost["2019"][1]) > 60.0 and cost["2019"][-1] == "30"
    assert cost["2018"][-1] == "-5.50", "no vouchers in 2018: 5 million less, and half a million to run them"
    assert "Only a run can tell" in lines[-1] and "training_seats" in lines[-1]
    assert "voucher_budget" not in lines[-1]


def test_two_files_of_ones_own_keep_their_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, "base: action_plan\nend: 2022-Q4\n", "base.yaml")
    lines = said(capsys, "check", str(written(tmp_path, "base: base.yaml\nend: 2021-Q4\n")))
    assert any("ends in another quarter than base" in line and "to 2021-Q4" in line for line in lines)


def test_check_of_nothing_changed_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "check", str(written(tmp_path, "base: no_plan\n")))
    assert lines[2:] == ["It differs from no_plan in nothing.", "It declares no cost above no_plan."]


def test_check_remarks_upon_another_start_of_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(capsys, "check", str(written(tmp_path, "base: action_plan\nplan_start: 2019-Q1\n")))
    assert any("starts in another quarter than in action_plan" in line for line in lines)


@pytest.mark.parametrize("moved", ["delay_quarters: 3", "plan_start: 2019-Q1"])
def test_check_tells_own_changes_apart_from_what_follows_from_the_start(
    moved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"base: action_plan\n{moved}\nlevers: {{fund_size: 8.0e9, declassification_advance: 1}}\n"
    lines = said(capsys, "check", str(written(tmp_path, text)), "--lang", "zh")
    first = next(i for i, line in enumerate(lines) if line.endswith("的差异：")) + 1
    told = [line for line in lines[first:] if line.startswith("  ")][:4]
    assert told[0].startswith(f"  {moved.partition(':')[0]}：")
    assert "declassification_advance" in told[1] and "最终为0.78 年（基准为2 年）" in told[1]
    assert "fund_size" in told[2] and "80 亿元" in told[2]
    following = load("action_plan").set(**yaml_of(moved)).diff(load("action_plan"))
    others = set(following["name"]) - {"fund_size", "declassification_advance", "plan_start"}
    assert told[3].startswith(f"  另有{len(others)}个工具与action_plan不同")


def test_check_in_chinese_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "base: action_plan\noverlays: [half_budget]\nlevers: {task_11: no_plan}\n")
    english, chinese = said(capsys, "check", str(file)), said(capsys, "check", str(file), "--lang", "zh")
    assert len(english) == len(chinese)
    assert all(CHINESE.search(line) for line in chinese if not re.match(r"\s+20\d\d ", line))
    assert any("挂牌" in line and "不启用" in line for line in chinese)


@pytest.mark.parametrize("name", ["half_budget", "only_task_22", "action_plan+delayed_two_years"])
def test_check_takes_names_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check", name)[0] == f"{name}: in order"


def test_base_that_is_a_file_is_found_beside_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, "base: action_plan\nlevers: {fund_size: 6.0e9}\n", "lower.yaml")
    file = written(tmp_path, "base: ./lower.yaml\nlevers: {task_22: no_plan}\n")
    lines = said(capsys, "check", str(file))
    assert "mine lies on lower" in lines[1]
    assert not any("fund_size):" in line for line in lines)


# ---- new -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["new.yaml", "new.yml", "new.xlsx", "我的 情景.yaml", "我的 情景.xlsx"])
@pytest.mark.parametrize("base", ["action_plan", "only_task_22"])
def test_a_new_file_is_in_order_and_changes_nothing(
    name: str, base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    said(capsys, "new", str(file), "--base", base)
    lines = said(capsys, "check", str(file))
    assert f"It differs from {base} in nothing." in lines
    assert load(file).hash == load(base).hash
    before = file.read_bytes()
    assert main(["new", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lever_of_a_template_can_be_taken_as_it_stands(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.yaml"
    said(capsys, "new", str(file), "--base", "no_plan", "--lang", language)
    text = file.read_text(encoding="utf-8")
    for name in lever_catalogue():
        assert f"\n  # {name}: " in text
    uncommented = re.sub(r"\n  # ([a-z][a-z0-9_]*: [-+.0-9e]+  #)", r"\n  \1", text)
    (tmp_path / "all.yaml").write_text(uncommented, encoding="utf-8")
    assert load(tmp_path / "all.yaml").hash == load("action_plan").hash
    assert bool(CHINESE.search(text.splitlines()[0])) is (language == "zh")


def test_a_template_over_a_file_names_it_as_seen_from_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "base: action_plan\nlevers: {fund_size: 6.0e9}\n", "my base.yaml")
    Path("below").mkdir()
    for name in ("below/new.yaml", "new.xlsx"):
        said(capsys, "new", name, "--base", "my base.yaml")
        assert load(name).hash == load("my base.yaml").hash


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new", "a.yml2"], r"file: 'a\.yml2' has no known kind of file; .*did you mean a\.yml"),
        (["new", "a.csv"], r"allowed a name that ends in \.yaml, \.yml, \.xlsx"),
        (["new", "absent/a.yaml"], r"absent.a\.yaml: the file cannot be written"),
        (["new", "absent/a.xlsx"], r"absent.a\.xlsx: the file cannot be written"),
        (["new", "a.yaml", "--base", "acton_plan"], r"did you mean action_plan\?"),
        (
            ["explain", "fund_sise"],
            r"^NAME: no target, lever or task is called 'fund_sise'; .*mean fund_size\?",
        ),
        (["explain", "task_26"], r"^NAME: .*task_01 to task_25"),
        (["explain", "traned_people"], r"^NAME: no target, .*mean trained_people\?"),
        (
            ["explain", "trained_peple", "--scenario", "action_plan"],
            r"^NAME: no target, .*allowed demonstration_institutions, .*mean trained_people\?",
        ),
        (["explain", "基金"], r"^NAME: '基金' is part of several names; .*fund_size"),
        (["check", "mine.yaml", "--lang", "cn"], r"^--lang: "),
        (["schema", "absent/a.json"], "cannot be written"),
    ],
)
def test_refusals_are_one_line_and_write_nothing(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    ended = capsys.readouterr()
    assert ended.out == "" and ended.err.count("\n") == 1
    assert re.search(message, ended.err), ended.err
    assert list(tmp_path.iterdir()) == []


# ---- explain ---------------------------------------------------------------------


# Each lever in one of the languages, by turns.
@pytest.mark.parametrize(("name", "language"), zip(lever_catalogue(), cycle(LANGUAGES), strict=False))
def test_every_lever_is_explained(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    lever = lever_catalogue()[name]
    text = "\n".join(said(capsys, "explain", name, "--lang", language))
    rule = lever.rule.partition(".")[2]  # as `list rules` has it
    for fact in (lever.quote, rule, lever.indicator, lever.title_en, lever.title_zh):
        assert fact in text
    assert " ".join(lever.reference.split()) in text and " ".join(lever.note.split()) in text
    assert "cannot be found" not in text and "未找到" not in text
    assert "lever_effects.csv" in text


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_explained(task: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "explain", task)
    assert task_text(task) in lines
    mine = [lever.id for lever in lever_catalogue().values() if lever.selector == task]
    assert [line.split(":")[0] for line in lines[2:5]] == ["In the model", "What binds", "Verdict"]
    after = 6 + len(mine)
    assert [line.split(":")[0].strip() for line in lines[6:after]] == mine
    assert lines[after].startswith("Its place in the ranking"), "or that there is no table, or it is old"


def test_a_declared_target_is_explained_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it counts, goal, year, way of counting, titles, and the levers that move it first."""
    monkeypatch.chdir(tmp_path)
    plan = (
        "base: no_plan\nplan_start: 2021-Q1\nend: 2025-Q4\ntargets:\n"
        "  loans: {indicator: loans_new, goal: 3.0e9, year: 2024, kind: flow, title_en: New loans,"
        " title_zh: 新增贷款, note: made up}\n"
        "  trained_people: {goal: 1500, year: 2025, kind: stock, title_en: Trained, title_zh: 培训人才}\n"
    )
    written(tmp_path, plan, "next.yaml")
    lines = said(capsys, "explain", "loans", "--scenario", "next.yaml")
    assert lines[0] == "loans: New loans · 新增贷款"
    assert "Goal: 3 billion yuan in 2024, as a flow: the sum over the year." in lines
    assert "The plan starts in 2021-Q1; runs end with 2025-Q4." in lines
    assert any(line.startswith("Counts loans_new (") for line in lines) and "Note: made up" in lines
    mine = {lever.id for lever in lever_catalogue().values() if lever.indicator == "loans_new"}
    assert mine == {line.split(":")[0].strip() for line in lines if line.startswith("  ")}
    assert lines[-1].endswith("`shaanxi-transfer rank next.yaml --target loans`")
    chinese = said(capsys, "explain", "培训人才", "--scenario", "next.yaml", "--lang", "zh")
    assert chinese[0] == "trained_people：培训人才 · Trained" and "目标值：到2025年1,500 人" in chinese[2]
    shipped = said(capsys, "explain", "trained_people")
    assert "by 2020" in shipped[2] and "certificates" in "".join(shipped)


def test_a_tasks_place_is_read_from_a_ranking_of_today(tmp_path: Path) -> None:
    file = tmp_path / "ranking.csv"
    assert "has not been made yet" in next(ranking_lines("task_14", "task", "en", file))
    row = {
        "scenario": "action_plan", "kind": "target", "id": "contract_value_output", "counting": "full_value",
        "unit": "yuan", "year": 2020, "by": "task", "q05": 1e8, "mean": 2e8, "q95": 3e8, "pairs": 200,
        "verdict": "more", "first_three": 0.5, "net_cost_mean": 4e7, "yuan_per_unit": 0.2,
        "payer": "province", "evidence": "AD", "basis": basis_of(load("action_plan")),
    }  # fmt: skip
    of_others = {"mean": -1.0, "verdict": "less", "yuan_per_unit": None, "first_three": 0.0}
    items = {"task_14": {}, "task_15": of_others}
    table = pd.DataFrame(
        {**row, "item": item, "way": way, "rank": place, **other}
        for way in ("alone", "in_plan")
        for place, (item, other) in enumerate(items.items(), start=1)
    )
    table.to_csv(file, index=False)
    heading, line = ranking_lines("task_14", "task", "en", file)
    assert heading.startswith("Its place in the ranking")
    assert "rank 1 of 2, alone +200 million yuan [+100 million yuan, +300 million yuan] (more)" in line
    assert "among the first 3 in 50 % of 200 futures" in line and "0.20 yuan for each unit" in line
    assert line.endswith("paid by: province; evidence AD")
    _, other = ranking_lines("task_15", "task", "zh", file)
    assert "2 项中列第 2 位" in other and "每单位" not in other
    nothing = list(ranking_lines("task_16", "task", "en", file))
    assert len(nothing) == 1 and "moves no target" in nothing[0]
    table.assign(basis="another").to_csv(file, index=False)
    assert "other rules" in next(ranking_lines("task_14", "task", "en", file))


def test_what_a_lever_moved_is_read_from_the_table_and_its_absence_is_said(tmp_path: Path) -> None:
    file = tmp_path / "effects.csv"
    assert "has not been made yet" in next(effect_lines("fund_size", "en", file))
    rows = pd.DataFrame(
        {
            "lever": ["fund_size", "fund_size", "training_seats"],
            "task": [21, 21, 15],
            "scenario": "only_task_21",
            "indicator": ["guidance_fund_committed", "contract_value_output", "trained_people"],
            "unit": ["yuan", "yuan", "people"],
            "year": 2020,
            "q05": [1e8, -1e8, 100.0],
            "q50": [2e8, 0.0, 200.0],
            "q95": [3e8, None, 300.0],
            "futures": 200,
            "net_cost_q50": [2e7, 2e7, None],
            "basis": basis_of(load("action_plan")),
        }
    )
    rows.to_csv(file, index=False)
    lines = list(effect_lines("fund_size", "en", file))
    assert lines[1] == (
        "  only_task_21 guidance_fund_committed 2020: 200 million yuan (100 million yuan to 300 million yuan)"
        "; 200 futures; net cost 20 million yuan"
    )
    assert "(-100 million yuan to –)" in lines[2] and len(lines) == 3
    assert "net cost" not in list(effect_lines("training_seats", "en", file))[1]
    assert "no row" in next(effect_lines("voucher_budget", "en", file))
    rows[["lever", "indicator", "q50", "basis"]].to_csv(file, index=False)
    assert "guidance_fund_committed" in list(effect_lines("fund_size", "zh", file))[1]
    rows.assign(basis="0" * 16).to_csv(file, index=False)
    (line,) = effect_lines("fund_size", "en", file)
    assert "under other rules, levers or priors, and is not shown" in line
    rows[["lever", "q05"]].to_csv(file, index=False)
    assert "cannot be read (indicator, q50)" in next(effect_lines("fund_size", "en", file))
    file.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in next(effect_lines("fund_size", "en", file))


# ---- lists and schema ------------------------------------------------------------


def test_the_list_of_scenarios_names_overlays_and_what_is_made_from_a_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [line.split(",") for line in said(capsys, "list", "scenarios", "--format", "csv")]
    assert [row[0] for row in rows[1:]] == [*list_scenarios(), *list_overlays(), *list_generated()]


def test_titles_of_levers_come_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "levers", "--lang", "zh")
    assert all(CHINESE.search(line) for line in lines[1:])


def test_the_schema_that_is_shipped_is_the_one_that_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run `make pages`"
    assert "\n".join(said(capsys, "schema")) + "\n" == schema_text()
    said(capsys, "schema", str(tmp_path / "schema.json"))
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == json.loads(schema_text())


def test_the_schema_is_one_and_takes_what_load_takes(tmp_path: Path) -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    for name in (*list_scenarios(), "half_budget", "delayed_two_years", "only_task_22"):
        check.validate(read_yaml(load(name).save(tmp_path / f"{name}.yaml")).data)
    check.validate({"base": "action_plan", "levers": {"all": "keep", "fund_size": {"2019-Q1": 6e9}}})
    check.validate({"base": "action_plan", "delay_quarters": {"money": 4}, "scaled": 0.5})
    wrong: dict[str, Any]
    for wrong in (
        {"levers": {"fund_sise": 1e9}},
        {"levrs": {}},
        {"levers": {"task_21": 5}},
        {"scaled": 3},
        {"delay_quarters": {"all": 0.5}},
        {"levers": {"fund_size": {"2019": 6e9}}},
    ):
        assert not check.is_valid(wrong), wrong


# ---- words -----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_levels_and_tasks_are_said_in_every_unit(language: Language) -> None:
    for lever in lever_catalogue().values():
        for value in (lever.low, lever.plan, lever.high):
            assert level(value, lever.unit, language)
    assert len({task_words(task, language) for task in TASKS}) == 28


@pytest.mark.parametrize(
    ("word", "lever"),
    [
        ("任务10", "任务10"),
        ("10", "任务10"),
        ("完善技術轉移機構", "任务10"),
        ("组织措施2", "组织措施2"),
        ("創新券面值", "voucher_face_value："),
        ("Yearly budget of innovation", "voucher_budget："),
    ],
)
def test_explain_finds_by_title_part_and_traditional_characters(
    word: str, lever: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "explain", word, "--lang", "zh")[0].startswith(lever)
