from __future__ import annotations

from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model import INDICATORS
from shaanxi_transfer.model.rules_by_name import rule_called
from shaanxi_transfer.scenarios import (
    TASKS,
    lever_catalogue,
    levers,
    list_overlays,
    list_provinces,
    problems_of,
    read_levers,
    task_text,
    tasks_of_the_plan,
)
from shaanxi_transfer.scenarios.choosing.catalogue import canonical_selector
from shaanxi_transfer.scenarios.places import LEVER_FOLDER

DESIGN_COLUMNS = [
    "id",
    "task",
    "title_zh",
    "title_en",
    "quote",
    "agencies",
    "kind",
    "unit",
    "history",
    "no_plan",
    "plan",
    "low",
    "high",
    "start",
    "ramp",
    "end",
    "admin_cost_per_year",
    "payer",
    "rule",
    "indicator",
    "reference",
    "note",
]


def test_plan_is_cut_into_25_tasks_and_three_measures() -> None:
    texts = tasks_of_the_plan()
    assert tuple(texts) == TASKS and len(texts) == 28
    assert texts["task_21"].startswith("21.发挥好陕西省科技成果转化引导基金作用")
    assert texts["task_06"].startswith("6. 实施省级研发平台提升计划")
    assert texts["organisation_3"].startswith("（三）加强宣贯示范")
    for selector, text in texts.items():
        assert len(text) > 80
        assert selector.startswith("organisation") or text.endswith("）"), "each task ends with its agencies"
    with pytest.raises(InputError, match="not a task"):
        task_text("task_26")


@pytest.mark.parametrize("lever", lever_catalogue().values(), ids=lambda lever: lever.id)
def test_lever_traces_to_its_own_task(lever) -> None:  # type: ignore[no-untyped-def]
    text = task_text(lever.selector)
    assert len(lever.quote) >= 8 and lever.quote in text
    elsewhere = [name for name, other in tasks_of_the_plan().items() if lever.quote in other]
    assert elsewhere == [lever.selector]
    assert all(agency in text for agency in lever.agencies)
    assert INDICATORS[lever.indicator].modelled
    assert callable(rule_called(lever.rule))
    if lever.kind == "plan":
        assert lever.task in (11, 17, 21)
    for value in (lever.plan, *lever.history.values()):
        assert lever.low <= value <= lever.high


def test_plan_kind_only_where_the_text_gives_the_number() -> None:
    by_plan = {lever.id: lever.quote for lever in lever_catalogue().values() if lever.kind == "plan"}
    assert set(by_plan) == {
        "listing_of_idle_results",
        "listed_income_share",
        "equity_share_university",
        "equity_share_institute",
        "own_decision_university",
        "own_decision_institute",
        "fund_size",
        "fund_leverage",
        "founder_subsidy",
    }
    assert "50万元到100万元" in by_plan["founder_subsidy"]
    assert (
        "100亿元" in by_plan["fund_size"]
        and "70%" in by_plan["listed_income_share"]
        and "80%" in by_plan["equity_share_university"]
        and "无需审批" in by_plan["own_decision_institute"]
        and "1：10" in by_plan["fund_leverage"]
        and "2年内" in by_plan["listing_of_idle_results"]
    )


def test_table_has_the_columns_of_the_design_and_no_empty_level() -> None:
    frame = levers()
    assert list(frame.columns) == [*DESIGN_COLUMNS, "change", "counts_only"]
    assert len(frame) == len(lever_catalogue()) and frame["id"].is_unique
    assert not frame.drop(columns="end").isna().any().any()
    by_id = frame.set_index("id")
    assert by_id.loc["fund_size", "no_plan"] == 5.0e9 and str(by_id.loc["fund_size", "history"]).endswith(
        "2016-Q1: 5e+09"
    )
    assert not by_id.loc["fund_leverage", "change"] and by_id.loc["fund_size", "change"]


def test_selectors_have_one_spelling() -> None:
    assert canonical_selector("task_5") == "task_05" and canonical_selector("fund_size") == "fund_size"
    with pytest.raises(InputError) as caught:
        canonical_selector("task-21")
    assert caught.value.suggestion == "task_21"


def test_lists_name_what_is_there() -> None:
    assert "shaanxi" in list_provinces() and len(list_provinces()) >= 2
    assert "stationary" in list_overlays()


# The fund's two levers; the file's others would be further examples of the same.
GOOD = (LEVER_FOLDER / "task_21.yaml").read_text(encoding="utf-8").split("city_funds:")[0]

AGENCIES = "agencies: [省科技厅, 省财政厅]"
NEXT = "\n  kind: plan\n  unit: yuan\n"
THEN = "  indicator: guidance_fund_committed\n  reference: >-"
QUOTE = "按照1：10的比例撬动社会资本，形成"

# Each: what is replaced in the first lever of task 21, by what, words of the message.
SPOILED = [
    ("  plan: 1.0e10\n", "", "fund_size.plan: is missing"),
    ("plan: 1.0e10", "plan: 1.0e12", "outside the bounds"),
    ("plan: 1.0e10", "plan: 100", r"very little money.*did you mean 1e10 \(whole yuan"),
    ("plan: 1.0e10", "plan: -1", "negative"),
    ("high: 5.0e10", "high: 1.0e9", "outside the bounds"),
    ("high: 5.0e10", "high: -5.0e10", "low 0 is above high"),
    ("2016-Q1: 5.0e9", "2018-Q2: 5.0e9", "not in the history"),
    ("2016-Q1: 5.0e9", "2016: 5.0e9", "not in the history"),
    ("no_plan: 5.0e9", "no_plan: 4.0e9", "level of the quarter before"),
    ("no_plan: 5.0e9", "no_plan: {2017-Q1: 4.0e9}", "not after the history"),
    ("start: 2018-Q2\n  ramp: 4", "start: 2018-Q1\n  ramp: 4", "no possible start"),
    ("ramp: 4", "ramp: -1", "ramp"),
    ("ramp: 4", "ramp: 1.5", "ramp: 1.5 is not a whole number"),
    ("ramp: 4", "ramp: 4\n  end: 2018-Q1", "no possible end"),
    ("ramp: 4", "ramp: 4\n  end: null", "null"),
    ("kind: plan\n  unit: yuan", "kind: planned\n  unit: yuan", "not one of the choices"),
    ("unit: yuan\n", "unit: dollars\n", "unknown unit"),
    ("unit: yuan\n", "unit: percent\n", "fraction"),
    ("title_zh: 科技成果转化引导基金总规模", "titel_zh: 科技成果转化引导基金总规模", "did you mean title_zh"),
    (QUOTE, QUOTE.replace("：", ":"), "does not stand in the task's own text"),
    ("quote: 按照1：10的比例撬动社会资本，形成100亿元总规模的投资基金", "quote: 100亿元", "too short"),
    (f"{AGENCIES}{NEXT}", f"agencies: [省教育厅]{NEXT}", "not named by the task"),
    (
        "  payer: province\n  rule: agents.sub_fund.propose_sub_funds\n" + THEN,
        "  payer: nation\n  rule: agents.sub_fund.propose_sub_funds\n" + THEN,
        "province, city",
    ),
    ("  rule: agents.sub_fund.propose_sub_funds\n" + THEN, "  rule: fund\n" + THEN, "not the name of a rule"),
    ("fund_leverage:", "fund_size:", "repeated"),
    ("fund_size:\n", "Fund-Size:\n", "is not an id"),
    ("task: 21\n  title_zh: 科技成果", "task: 26\n  title_zh: 科技成果", "not a task"),
]


@pytest.mark.parametrize(
    ("old", "new", "words"), SPOILED, ids=[f"{row[0][:16]}->{row[1][:16]}" for row in SPOILED]
)
def test_spoiled_lever_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert GOOD.count(old) == 1, "the example must say what it spoils"
    (tmp_path / "task_21.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_levers(tmp_path)
    assert caught.value.line is not None and str(tmp_path) in str(caught.value)


def test_plan_kind_is_refused_elsewhere_and_an_assumption_needs_a_note(tmp_path: Path) -> None:
    text = (LEVER_FOLDER / "task_15.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("kind: assumption", "kind: plan"), encoding="utf-8")
    with pytest.raises(InputError, match="gives no number"):
        read_levers(tmp_path)
    (tmp_path / "a.yaml").write_text(text[: text.index("  note:")], encoding="utf-8")
    with pytest.raises(InputError, match="needs a note"):
        read_levers(tmp_path)


def test_lever_of_two_files_and_all_problems_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match=r"stands in a\.yaml already") as caught:
        read_levers(tmp_path)
    assert len(problems_of(caught.value)) == 2
