from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.scenarios import check, list_scenarios, load, problems_of

GOOD = """\
name: mine
base: action_plan
plan_start: 2018-Q2
levers:
  task_21: no_plan
  voucher_budget: 3.0e7
  compensation_share:
    2019-Q1: 0.6
parameters: {}
"""


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_named_scenarios_load() -> None:
    assert {"action_plan", "no_plan", "nothing"} <= set(list_scenarios())
    for name in list_scenarios():
        assert load(name).name == name


def test_good_file_loads_and_names_itself_after_its_file(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, GOOD))
    assert scenario.levers == {
        "all": "plan",
        "task_21": "no_plan",
        "compensation_share": {"2019-Q1": 0.6},
        "voucher_budget": 3.0e7,
    }
    unnamed = load(written(tmp_path, "levers: {all: plan}\n", "我的 方案.yaml".replace(" ", "_")))
    assert unnamed.name == unnamed.title_zh == "我的_方案"


# Each: what is replaced in GOOD, by what, the line named, words of the message, the suggestion.
SPOILED: list[tuple[str, str, int, str, str | None]] = [
    ("levers:", "lever:", 4, "unknown key 'lever'", "levers"),
    ("plan_start", "planstart", 3, "unknown key", "plan_start"),
    ("plan_start: 2018-Q2", "fundsize: 1.0", 3, "unknown key", "fund_size, below the key levers"),
    ("plan_start: 2018-Q2", "task21: plan", 3, "unknown key", "task_21, below the key levers"),
    (
        "plan_start: 2018-Q2",
        "drift_window_year: 5",
        3,
        "unknown key",
        "drift_window_years, below the key parameters",
    ),
    ("parameters: {}", "outside: {constant: true, seed: 3}", 9, "seed: changes nothing while const", None),
    ("parameters: {}", "outside: {constant: true, file: a.csv}", 9, "file: changes nothing while", None),
    ("name: mine", "name: ''", 1, "name: '' is too short", None),
    ("2018-Q2", "2018Q2", 3, "is not a quarter", None),
    ("2018-Q2", "2010-Q1", 3, "not after the start", None),
    ("2018-Q2", "2018.25", 3, "is not text", None),
    ("task_21", "task_26", 5, "no lever, task or measure", None),
    ("task_21: no_plan", "task_21: noplan", 5, "is not a choice", "no_plan"),
    ("task_21: no_plan", "22: no_plan", 5, "no lever, task or measure", "task_22"),
    ("3.0e7", "no", 6, "is not a choice", "no_plan"),
    ("3.0e7", "true", 6, "is not a choice", "plan"),
    ("3.0e7", "2000万", 6, "is not a choice", "2e7"),
    ("2019-Q1: 0.6", "2019Q1: 0.6", 8, "is not a quarter", "2019-Q1"),
    ("task_21: no_plan", "task_21：no_plan", 6, "not readable as YAML", "task_21: no_plan"),
    ("task_21: no_plan", "task_21: 5.0", 5, "several levers at once", None),
    ("task_21: no_plan", "task_21: zero", 5, "history", "0"),
    ("voucher_budget", "voucher_budgte", 6, "no lever", "voucher_budget"),
    ("3.0e7", "'3.0e7'", 6, "is not a choice", "3e7"),
    ("3.0e7", "30,000,000", 6, "is not a choice", "3e7"),
    ("3.0e7", "-3.0e7", 6, "is negative", None),
    ("3.0e7", "3.0e12", 6, "outside the bounds", None),
    ("3.0e7", "true", 6, "is not a choice", None),
    ("3.0e7", "no", 6, "is not a choice", None),
    ("3.0e7", ".nan", 6, "not a finite number", None),
    ("3.0e7", "null", 6, "null", None),
    ("3.0e7", "[1, 2]", 6, "is not a choice", None),
    ("3.0e7", "{}", 6, "empty dated path", None),
    ("2019-Q1", "2019-01", 8, "is not a quarter", None),
    ("2019-Q1", "2017-Q4", 8, "before the plan's start", None),
    ("2019-Q1", "2021-Q1", 8, "after the scenario's end", None),
    ("2019-Q1: 0.6", "2019-Q1: 60", 8, "divide by 100", "0.6"),
    ("2019-Q1: 0.6", "2019-Q1: 60%", 8, "is not a number", "0.6"),
    ("2019-Q1: 0.6", "2019-Q1: 0.95", 8, "outside the bounds", None),
    ("2019-Q1: 0.6", "2019-Q1: 0.6\n    2019-Q1: 0.7", 9, "repeated", None),
    ("2019-Q1: 0.6", "2019-Q1: [0.6]", 8, "is not a number", None),
    ("parameters: {}", "parameters: {nothing_such: 1}", 9, "no parameter", None),
    ("parameters: {}", "parameters: {fund_privat_share: 0.5}", 9, "no parameter", "fund_private_share"),
    (
        "parameters: {}",
        "parameters: {fund_state_share: 0.7, fund_private_share: 0.5}",
        9,
        "fund_private_share: the sources of a fund's social capital sum to 1.2",
        None,
    ),
    (
        "parameters: {}",
        "parameters: {fund_central_share: 0, fund_city_share: 0, fund_state_share: 0.5, "
        "fund_private_share: 0.4}",
        9,
        "the sources of a fund's social capital sum to 0.9",
        None,
    ),
    ("parameters: {}", "steps_per_year: 6", 9, "not one of the choices", None),
    ("parameters: {}", "steps_per_year: '4'", 9, "not one of the choices", None),
    ("parameters: {}", "draw_parameters: 1", 9, "is not true or false", None),
    ("parameters: {}", "outside: {constnt: true}", 9, "unknown key 'constnt'", "constant"),
    ("parameters: {}", "outside: {file: nowhere.csv}", 9, "does not exist", None),
    ("parameters: {}", "province: shannxi", 9, "no province", "shanxi (山西) or shaanxi (陕西)"),
    ("parameters: {}", "province: ./nowhere", 9, "no pack.yaml", None),
    ("parameters: {}", "overlays: [stationry]", 9, "no overlay", "stationary"),
    ("parameters: {}", "overlays: stationary", 9, "is not a list", None),
    ("parameters: {}", "title_en: 7", 9, "is not text", None),
    ("name: mine", "name: a b", 1, "not allowed", None),
    ("base: action_plan", "base: acton_plan", 2, "no scenario", "action_plan"),
    ("base: action_plan", "base: ./absent.yaml", 2, "absent.yaml does not exist", None),
    ("base: action_plan", "base: mine.yaml", 2, "its own base", None),
    ("base: action_plan", "base: 7", 2, "is not text", None),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "words", "suggestion"),
    SPOILED,
    ids=[f"{row[0][:20]}->{row[1][:20]}" for row in SPOILED],
)
def test_spoiled_scenario_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str, suggestion: str | None
) -> None:
    assert GOOD.count(old) == 1
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(InputError) as caught:
        load(path)
    shown = str(caught.value)
    assert shown.startswith(f"{path}:{line}:"), shown
    assert caught.value.column is not None
    assert words in shown
    assert "\n" not in shown
    if suggestion is not None:
        assert caught.value.suggestion == suggestion


def test_number_in_wan_yuan_is_refused_by_the_bounds(tmp_path: Path) -> None:
    # 50,000 yuan typed as 5 (units of ten thousand).
    path = written(tmp_path, GOOD.replace("voucher_budget: 3.0e7", "voucher_face_value: 5"))
    with pytest.raises(
        InputError, match=r"mine\.yaml:6:.*5 is outside the bounds; allowed 5000 to 500000 yuan.*50000"
    ):
        load(path)


def test_every_problem_of_a_file_is_found(tmp_path: Path) -> None:
    text = GOOD.replace("3.0e7", "-1").replace("0.6", "60").replace("task_21", "task_31")
    found = check(written(tmp_path, text))
    assert [error.line for error in found] == [5, 6, 8]
    assert check(written(tmp_path, GOOD)) == ()


def test_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(InputError) as caught:
        load("acton_plan")
    assert caught.value.suggestion == "action_plan"
    for name in list_scenarios():
        assert name in str(caught.value)
    with pytest.raises(InputError, match="does not exist"):
        load("nowhere/mine.yaml")


def test_overlay_on_the_command_line_and_in_a_file(tmp_path: Path) -> None:
    still = load("no_plan+stationary")
    assert still.name == "no_plan+stationary"
    assert still.outside.constant and not still.draw_parameters and not still.draw_outside
    assert still.levers == load("no_plan").levers
    written(tmp_path, "levers: {fund_size: 6.0e9, voucher_budget: 1.0e7}\n", "small.yaml")
    path = written(tmp_path, "base: action_plan\noverlays: [./small.yaml]\nlevers: {fund_size: 7.0e9}\n")
    assert load(path).levers == {"all": "plan", "fund_size": 7.0e9, "voucher_budget": 1.0e7}
    assert load(path).overlays == ("./small.yaml",)


def test_overlay_that_names_a_base_is_refused(tmp_path: Path) -> None:
    overlay = written(tmp_path, "title_en: x\nbase: no_plan\n", "over.yaml")
    with pytest.raises(InputError, match=r"over\.yaml:2:1: base: an overlay has none"):
        load(f"no_plan+{overlay}")


def test_overlays_without_a_base_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="need a base"):
        load(written(tmp_path, "overlays: [stationary]\n"))


def test_problems_survive_pickling(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(written(tmp_path, GOOD.replace("3.0e7", "-1").replace("0.6", "60")))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert [str(error) for error in problems_of(copy)] == [str(error) for error in problems_of(caught.value)]
