"""Overlays that are shipped, overlays made from a name, and what they do to a scenario of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import (
    TASKS,
    Scenario,
    check,
    lever_catalogue,
    list_generated,
    list_overlays,
    list_scenarios,
    load,
    tasks_of_the_plan,
)
from shaanxi_transfer.scenarios.choosing.lever_choices import lay_over
from shaanxi_transfer.scenarios.choosing.plan_text import PLAN_FILE

SHIPPED = {
    "finance_only",
    "people_only",
    "civil_military",
    "regions",
    "delayed_two_years",
    "half_budget",
    "fund_1_to_3",
}


def moved(scenario: Scenario) -> set[str]:
    """Name the levers that ever differ from no_plan."""
    without = load("no_plan").lever_paths()
    return {name for name, path in scenario.lever_paths().items() if (path != without[name]).any()}


def changing(*tasks: str) -> set[str]:
    return {name for name, lever in lever_catalogue().items() if lever.changes and lever.selector in tasks}


def tasks_of_project(heading: str) -> set[str]:
    """Read out of the plan which tasks stand under one of its seven projects."""
    found: set[str] = set()
    inside = False
    for line in PLAN_FILE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*（[一二三四五六七]）", line):
            inside = heading in line
        task = re.match(r"(\d{1,2})\s*[.．]", line)
        if inside and task:
            found.add(f"task_{int(task[1]):02d}")
    return found


def test_every_overlay_that_was_promised_is_there_and_says_why() -> None:
    assert set(list_overlays()) >= SHIPPED
    for name in SHIPPED:
        scenario = load(name)
        assert scenario.name == name and scenario.overlays == (name,) and scenario.base == "action_plan"
        assert len(scenario.note) > len(load("action_plan").note) + 40
        assert re.search("[\u4e00-\u9fff]", scenario.title_zh)


KEPT = [
    ("finance_only", tasks_of_project("科技金融保障能力提升工程")),
    ("people_only", tasks_of_project("人才队伍建设工程")),
    ("regions", tasks_of_project("创新驱动区域发展工程")),
    (
        "civil_military",
        {
            task
            for task, text in tasks_of_the_plan().items()
            if text.rpartition("（")[2].startswith("省国防科工办")
        },
    ),
]


@pytest.mark.parametrize(("name", "tasks"), KEPT, ids=[row[0] for row in KEPT])
def test_overlays_of_tasks_follow_the_plans_own_headings(name: str, tasks: set[str]) -> None:
    assert len(tasks) in (2, 3)
    choices = load(name).levers
    assert {task for task, choice in choices.items() if choice == "plan"} == tasks
    assert choices["all"] == "no_plan" and set(choices) == {"all", *tasks}
    assert moved(load(name)) == changing(*tasks)


@pytest.mark.parametrize("task", TASKS)
def test_one_task_alone_and_left_out(task: str) -> None:
    only, without = load(f"only_{task}"), load(f"without_{task}")
    assert moved(only) == changing(task)
    assert moved(without) == changing(*TASKS) - changing(task)
    assert only.name == f"only_{task}" and without.name == f"without_{task}"
    plan, alone, rest = (scenario.lever_paths() for scenario in (load("action_plan"), only, without))
    for name, lever in lever_catalogue().items():
        ours = alone if lever.selector == task else rest
        assert ours[name].tobytes() == plan[name].tobytes()


def test_generated_overlays_are_named_and_are_no_files() -> None:
    assert len(list_generated()) == 56 and not set(list_generated()) & {*list_overlays(), *list_scenarios()}
    assert load("only_task_5") == load("only_task_05")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("only_task_26", "only_task_2"),
        ("only_tsak_22", "only_task_22"),
        ("witout_task_21", "without_task_21"),
        ("without_organisation_4", "without_organisation_"),
        ("finance_onyl", "finance_only"),
        ("action_plan+half_budgte", "half_budget"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest(name: str, suggestion: str) -> None:
    with pytest.raises(InputError) as caught:
        load(name)
    assert str(caught.value.suggestion).startswith(suggestion)
    assert "only_task_01 to only_task_25" in str(caught.value) and "\n" not in str(caught.value)


def test_overlays_keep_what_a_scenario_of_ones_own_chose(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "base: action_plan\nlevers: {fund_size: 8.0e9, training_seats: 200, task_23: no_plan}\n", "utf-8"
    )
    finance = load(f"{mine}+finance_only")
    assert finance.levers == {"all": "no_plan", "task_21": "plan", "task_22": "plan", "fund_size": 8.0e9}
    assert load(f"{mine}+only_task_15").levers == {
        "all": "no_plan",
        "task_15": "plan",
        "training_seats": 200.0,
    }
    assert load(f"{mine}+only_task_23").hash == load("no_plan").hash
    assert load(f"{mine}+without_task_21").levers["task_21"] == "no_plan"
    assert "fund_size" not in load(f"{mine}+without_task_21").levers
    assert load("finance_only+people_only").hash == load("no_plan").hash, "of finance nothing is people"


def test_keep_in_every_place() -> None:
    assert lay_over({"all": "plan", "fund_size": 1e9}, {"all": "keep"}) == {"all": "plan", "fund_size": 1e9}
    assert lay_over({"all": "plan"}, {"task_22": "no_plan", "voucher_budget": "keep"}) == {
        "all": "plan",
        "task_22": "no_plan",
        "voucher_budget": "plan",
    }
    assert lay_over({"fund_size": 1e9}, {"all": "no_plan", "task_21": "keep"}) == {
        "all": "no_plan",
        "task_21": "no_plan",
        "fund_size": 1e9,
    }
    assert load("action_plan").set(task_21="keep").hash == load("action_plan").hash


def test_keep_with_nothing_below_is_refused(tmp_path: Path) -> None:
    alone = tmp_path / "alone.yaml"
    alone.write_text("levers:\n  task_21: keep\n", "utf-8")
    with pytest.raises(InputError, match=r"alone\.yaml:2:12: levers\.task_21: there is no base"):
        load(alone)
    with pytest.raises(InputError, match="zero rewrites the whole history"):
        load("nothing+finance_only")


def test_two_years_later_is_the_same_path_eight_quarters_on() -> None:
    plan, late = load("action_plan").lever_paths(), load("delayed_two_years").lever_paths()
    for name in plan:
        assert late[name][8:][29:].tobytes() == plan[name][29:-8].tobytes(), name
        assert late[name][:41].tobytes() == load("no_plan").lever_paths()[name][:41].tobytes(), name
    later = load("action_plan").set(delay_quarters=8, end="2021-Q4")
    dated = later.set(voucher_budget={"2019-Q1": 2e7}).lever_paths()
    assert dated["voucher_budget"][36] == 2e7, "a dated path is meant as written"
    number = later.set(voucher_budget=4e7).lever_paths()["voucher_budget"]
    assert number[41] == 0.0 and number[-1] == 4e7


def test_half_of_the_money_is_half_of_every_step_in_yuan() -> None:
    plan, half = load("action_plan").lever_paths(), load("half_budget").lever_paths()
    without = load("no_plan").lever_paths()
    for name, lever in lever_catalogue().items():
        share = 0.5 if lever.in_money else 1.0
        assert np.allclose(half[name] - without[name], share * (plan[name] - without[name])), name
    assert half["fund_size"][-1] == 7.5e9
    own = load("action_plan").set(voucher_budget=4e7, scaled={"money": 0.5})
    assert own.lever_paths()["voucher_budget"][-1] == 4e7, "a number is meant as written"
    assert load("action_plan").set(scaled=0).hash != load("no_plan").hash, "switches have no share"
    assert load("action_plan").set(scaled=1.0).hash == load("action_plan").hash


def test_the_fund_at_one_to_three_changes_one_lever() -> None:
    fund, plan = load("fund_1_to_3"), load("action_plan")
    assert fund.diff(plan)["name"].tolist() == ["fund_leverage"]
    assert fund.lever_paths()["fund_leverage"][-1] == 3.0


def test_adjustments_lie_over_each_other_and_the_narrower_wins() -> None:
    layered = load("half_budget+delayed_two_years").set(
        scaled={"voucher_budget": 1.0, "task_21": 0.0}, end="2021-Q4"
    )
    assert layered.scaled == {"money": 0.5, "task_21": 0.0, "voucher_budget": 1.0}
    assert layered.delay_quarters == {"all": 8}
    paths = layered.lever_paths()
    assert paths["voucher_budget"][-1] == 2e7 and paths["fund_size"][-1] == 5e9
    assert paths["compensation_pool"][-1] == 1.5e7
    assert layered.set(scaled={"money": 0.25}).scaled == {"money": 0.25, "task_21": 0.0}
    assert layered.set(scaled=0.25).scaled == {"all": 0.25}
    assert load("action_plan").set(delay_quarters={"task_5": 4}).delay_quarters == {"task_05": 4}


WRONG = [
    ("delay_quarters: -8", r":2:1: delay_quarters.all: -8 is no delay"),
    ("delay_quarters: 41", "0 to 40 quarters"),
    ("delay_quarters: 8.5", "8.5 is not a whole number"),
    ("delay_quarters: true", "true"),
    ("delay_quarters: [8]", "delay_quarters"),
    ("delay_quarters: {mony: 8}", "did you mean money"),
    ("delay_quarters: {task_26: 8}", "no lever, task or measure"),
    ("delay_quarters: {task_5: 8, task_05: 4}", "no lever, task or measure"),
    ("scaled: 50", "looks like percent"),
    ("scaled: {money: 50}", r":2:17: scaled.money: 50 looks like percent.*did you mean 0.5"),
    ("scaled: {money: -0.5}", "out of range"),
    ("scaled: {money: .nan}", "not a finite number"),
    ("scaled: {money: '50%'}", r"did you mean 0\.5"),
    ("scaled: {listing_of_idle_results: 0.5}", "is a switch"),
    ("scaled: {fund_size: 1.5, listed_income_share: 2}", "outside the bounds; allowed 0 to 0.97 fraction"),
    ("scaled: {fund_size: 0.5, fund_size: 0.6}", "repeated"),
]


@pytest.mark.parametrize(("entry", "words"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_adjustment_is_refused_with_its_place(entry: str, words: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(f"base: action_plan\n{entry}\n", "utf-8")
    found = [str(problem) for problem in check(mine)]
    assert found and re.search(words, found[0], re.IGNORECASE), found
    assert found[0].startswith(f"{mine}:2:")


def test_a_file_lies_on_an_overlay_that_is_named_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("base: only_task_22\nlevers: {task_21: plan}\n", "utf-8")
    assert load(mine).hash == load("finance_only").hash
    mine.write_text("base: action_plan\noverlays: [without_task_21, half_budget]\n", "utf-8")
    assert load(mine).hash == load("without_task_21+half_budget").hash
    mine.write_text("base: action_plan\noverlays: [without_task_21, half_budgt]\n", "utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml:2:29: .*did you mean half_budget"):
        load(mine)
