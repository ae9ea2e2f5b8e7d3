from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.scenarios import TASKS, Scenario, lever_catalogue, load, shared_parameters
from shaanxi_transfer.scenarios.choosing.lever_choices import lay_over


def before_plan(scenario: Scenario) -> int:
    return Quarter.parse(scenario.plan_start).index - Quarter.parse(scenario.start).index


OVERRIDES: list[dict[str, object]] = [
    {},
    {"all": "no_plan"},
    {"task_22": "no_plan"},
    {"fund_size": 0.0, "voucher_budget": {"2018-Q2": 4e8}},
    {"listing_of_idle_results": 0, "training_seats": {"2018-Q2": 1500, "2020-Q1": 0}},
    {"compensation_share": 0.8},
]


@pytest.mark.parametrize("changes", OVERRIDES)
@pytest.mark.parametrize("plan_start", ["2018-Q2", "2019-Q3"])
def test_worlds_are_equal_to_the_bit_before_the_plan(changes: dict[str, object], plan_start: str) -> None:
    later = {
        name: {"2019-Q3" if plan_start > date else date: v for date, v in value.items()}
        if isinstance(value, dict)
        else value
        for name, value in changes.items()
    }
    plan = load("action_plan").set(plan_start=plan_start, **later)
    without = load("no_plan").set(plan_start=plan_start)
    upto = before_plan(plan)
    for name, path in plan.lever_paths().items():
        assert path[:upto].tobytes() == without.lever_paths()[name][:upto].tobytes(), name


def test_a_forecast_tried_on_the_past_need_not_know_what_became_of_the_levers_since() -> None:
    def path(until: int, ahead: float) -> dict[str, Any]:
        outside = {"observed_until": until}
        world = load("no_plan").set(end="2017-Q4", outside=outside, regimes_known_ahead=ahead)
        return {name: values.tolist() for name, values in world.lever_paths().items()}

    known = path(2013, 1.0)
    assert known == path(2017, 1.0) == path(2017, 0.0), "from 2017 nothing of the history lies ahead"
    unknown = path(2013, 0.0)
    # The fund's aim of early 2014 was known in that quarter, that of 2016 was not.
    fund = [unknown["fund_size"][4 * (year - 2010)] for year in range(2013, 2018)]
    assert fund == [1.0e8, 3.0e9, 3.0e9, 3.0e9, 3.0e9]
    assert known["fund_size"][-1] == 5.0e9
    until_then = 4 * 4 + 1
    for name, values in unknown.items():
        assert values[:until_then] == known[name][:until_then], name
        assert len(set(values[until_then:])) == 1, "nothing moves after the origin"


def test_every_changing_lever_moves_after_the_plan_starts_and_reaches_its_value() -> None:
    plan, without = load("action_plan").lever_paths(), load("no_plan").lever_paths()
    for name, lever in lever_catalogue().items():
        assert plan[name][-1] == lever.plan
        assert without[name][-1] == lever.level_before
        assert (plan[name] != without[name]).any() == lever.changes, name


def test_all_at_no_plan_is_no_plan_and_all_at_zero_is_nothing() -> None:
    plan = load("action_plan")
    one_by_one = plan.set(**dict.fromkeys(lever_catalogue(), "no_plan"))
    by_value = plan.set(**{name: lever.level_before for name, lever in lever_catalogue().items()})
    for same in (plan.set(all="no_plan"), one_by_one, by_value):
        assert same.hash == load("no_plan").hash
    assert plan.set(all="zero").hash == load("nothing").hash
    for path in load("nothing").lever_paths().values():
        assert not path.any()


def test_a_number_replaces_the_plan_value_and_keeps_start_and_ramp() -> None:
    plan = load("action_plan")
    assert plan.set(fund_size=1.0e10).hash == plan.hash
    half = plan.set(fund_size=7.5e9).lever_paths()["fund_size"]
    full = plan.lever_paths()["fund_size"]
    assert np.allclose(half[33:] - 5.0e9, (full[33:] - 5.0e9) / 2)


def test_dated_path_holds_from_its_date_and_is_at_no_plan_before() -> None:
    path = (
        load("action_plan").set(voucher_budget={"2019-Q1": 2e7, "2020-Q1": 0}).lever_paths()["voucher_budget"]
    )
    assert path[:36].tolist() == [0.0] * 36
    assert path[36:40].tolist() == [2e7] * 4
    assert path[40:].tolist() == [0.0] * 4


def test_delayed_plan_shifts_every_start() -> None:
    plan, late = (
        load("action_plan").lever_paths(),
        load("action_plan").set(plan_start="2019-Q2").lever_paths(),
    )
    for name in plan:
        assert late[name][4:][29:].tobytes() == plan[name][29:-4].tobytes(), name


def test_a_plan_after_the_end_never_starts() -> None:
    far = load("action_plan").set(plan_start="2021-Q1")
    for name, path in load("no_plan").lever_paths().items():
        assert far.lever_paths()[name].tobytes() == path.tobytes()


def test_twelve_steps_a_year_have_the_values_of_their_quarters() -> None:
    plan = load("action_plan")
    monthly = plan.set(steps_per_year=12).lever_paths()
    for name, path in plan.lever_paths().items():
        assert monthly[name].shape == (132,)
        assert monthly[name].tobytes() == np.repeat(path, 3).tobytes()


def test_layers_narrow_over_broad_and_upper_over_lower() -> None:
    assert lay_over({"fund_size": 1e9}, {"all": "plan"}) == {"all": "plan"}
    assert lay_over({"fund_size": 1e9, "all": "no_plan"}, {"task_21": "plan"}) == {
        "all": "no_plan",
        "task_21": "plan",
    }
    assert lay_over({"task_5": "plan"}, {"fund_size": 2e9}) == {"task_05": "plan", "fund_size": 2e9}
    plan = load("no_plan").set(task_21="plan", fund_size=6e9)
    assert plan.lever_paths()["fund_size"][-1] == 6e9
    assert plan.lever_paths()["voucher_budget"][-1] == 0.0


UNKNOWN = [
    ("fund_sice", "fund_size"),
    ("task21", "task_21"),
    ("plan_strat", "plan_start"),
    ("draw_parameter", "draw_parameters"),
]


@pytest.mark.parametrize(("name", "suggestion"), UNKNOWN)
def test_unknown_name_is_refused_with_the_nearest(name: str, suggestion: str) -> None:
    with pytest.raises(InputError) as caught:
        load("action_plan").set(**{name: 1})
    assert caught.value.suggestion == suggestion
    assert caught.value.key == name


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"compensation_share": 50}, "divide by 100"),
    ({"compensation_share": True}, "is not a choice"),
    ({"fund_size": float("nan")}, "finite"),
    ({"fund_size": float("inf")}, "finite"),
    ({"fund_size": None}, "is not a choice"),
    ({"fund_size": "1e10"}, "is not a choice"),
    ({"listing_of_idle_results": 0.5}, "not a switch"),
    ({"voucher_budget": {"2016-Q1": 1e7}}, "before the plan's start"),
    ({"voucher_budget": {"2016": 1e7}}, "not a quarter"),
    ({"steps_per_year": 5}, "choices"),
    ({"end": "2009-Q4"}, "out of range"),
    ({"start": "2011-Q2"}, "first quarter"),
    ({"province": "atlantis"}, "no province"),
    ({"outside": {"constant": "yes"}}, "true or false"),
    ({"outside": 3}, "entries"),
    ({"name": ""}, "name"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_bad_change_is_refused_in_one_line(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        load("action_plan").set(**changes)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_parameters_are_held_within_their_bounds() -> None:
    table = shared_parameters()
    name, parameter = next((n, p) for n, p in table.items() if p.distribution in ("uniform", "triangular"))
    assert parameter.low is not None and parameter.high is not None
    held = load("action_plan").set(**{name: parameter.low})
    assert held.parameters == {name: parameter.low}
    for seed in (1, 2):
        assert held.parameter_draws(seed)[name] == parameter.low
    with pytest.raises(InputError, match=r"outside the bounds|is not a fraction|percent|negative"):
        load("action_plan").set(**{name: parameter.high * 3 + 1})


def test_names_of_levers_parameters_and_fields_never_collide() -> None:
    levers, fields = set(lever_catalogue()), set(Scenario.model_fields)
    parameters = set(load("action_plan").parameter_table())
    assert not levers & parameters
    assert not (levers | parameters) & (fields | set(TASKS) | {"all"})


def test_changed_copy_has_its_own_name_and_hash() -> None:
    plan = load("action_plan")
    copy = plan.set(fund_size=5e9)
    assert copy.name.startswith("action_plan~") and copy.hash != plan.hash
    assert copy.set(fund_size=6e9).name.count("~") == 1
    assert plan.set(fund_size=5e9, name="half").name == "half"
    assert plan.name == "action_plan" and plan.levers == {"all": "plan"}, "the original is untouched"


def test_a_scenario_shows_in_a_line_what_tells_it_from_others() -> None:
    mine = load("no_plan").set(fund_size=5e9, name="mine")
    assert repr(mine).endswith("levers={'all': 'no_plan', 'fund_size': 5000000000.0})")
    assert "fund_size" in repr(load("action_plan").set(fund_size=5e9)) and "model_dump" not in dir(mine)
    assert {"set", "diff", "save", "levers"} <= set(dir(mine))


def test_frozen_pickled_and_hashable() -> None:
    plan = load("action_plan").set(fund_size=5e9)
    with pytest.raises(ValueError, match="frozen"):
        plan.end = "2021-Q4"
    copy = pickle.loads(pickle.dumps(plan))
    assert copy == plan and copy.hash == plan.hash and len({copy, plan}) == 1
    assert plan != load("action_plan") and plan != 3


def test_hash_is_the_content_not_the_words() -> None:
    plan = load("action_plan")
    assert plan.set(name="other", title_en="other", note="other").hash == plan.hash
    for change in ({"end": "2021-Q4"}, {"steps_per_year": 12}, {"draw_outside": False}, {"fund_size": 1e9}):
        assert plan.set(**change).hash != plan.hash


@pytest.mark.soak
def test_hash_is_the_same_in_another_process() -> None:
    code = "from shaanxi_transfer.scenarios import load; print(load('action_plan').hash)"
    out = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert out == [load("action_plan").hash] * 2


def test_diff_is_tidy_and_empty_for_equals() -> None:
    plan = load("action_plan")
    assert plan.diff(plan).empty
    frame = plan.diff(plan.set(voucher_budget={"2019-Q1": 1e7}, draw_outside=False))
    assert set(frame["what"]) == {"field", "lever"}
    lever = frame[frame["what"] == "lever"]
    assert set(lever["name"]) == {"voucher_budget"}
    last = lever.iloc[-1]
    assert (last["from_quarter"], last["to_quarter"], last["this"], last["other"]) == (
        "2019-Q1",
        "2020-Q4",
        2e7,
        1e7,
    )
    name = next(
        n
        for n, p in shared_parameters().items()
        if p.distribution == "uniform" or p.distribution == "triangular"
    )
    fixed = plan.set(**{name: shared_parameters()[name].value})
    assert fixed.diff(plan).query("what == 'parameter'")["name"].tolist() == [name]


def test_diff_leaves_out_what_changes_no_run() -> None:
    plan = load("action_plan")
    assert plan.diff(plan.set(name="another", title_en="Another", note="why")).empty
    shifted = plan.set(plan_start="2018-Q3").diff(plan)
    assert shifted.query("what == 'field'")["name"].tolist() == ["plan_start"]
    scaled = plan.set(scaled={"money": 0.5}).diff(plan)
    assert set(scaled["what"]) == {"lever"} and "voucher_budget" in set(scaled["name"])


def test_a_count_is_whole_whoever_types_it() -> None:
    with pytest.raises(
        InputError, match=r"levers\.training_seats: 100\.5 is not whole; .*did you mean 100\?"
    ):
        load("action_plan").set(training_seats=100.5)
    with pytest.raises(InputError, match=r"training_seats\.2019-Q1: 100\.5 is not whole"):
        load("action_plan").set(training_seats={"2019-Q1": 100.5})


def test_one_selector_in_two_spellings_is_refused_in_either_order() -> None:
    for choices in ({"task_5": "plan", "task_05": "no_plan"}, {"task_05": "no_plan", "task_5": "plan"}):
        with pytest.raises(InputError, match="same selector"):
            load("action_plan").set(levers=choices)
