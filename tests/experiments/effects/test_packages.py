"""Packages of levers: which are on, what they are called, how they travel."""

from __future__ import annotations

import pickle

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.effects.packages import (
    ALL,
    NONE,
    Packages,
    items_of,
    moved_levers,
    package_name,
    without_name,
)
from shaanxi_transfer.scenarios import Scenario, lever_catalogue, load


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load("action_plan")


def _moved(scenario: Scenario) -> set[str]:
    return {lever.id for lever in moved_levers(scenario)}


def test_nobody_is_no_plan_and_everybody_is_the_plan(plan: Scenario) -> None:
    packages = Packages(plan, [NONE, ALL])
    assert packages[NONE].hash == load("no_plan").hash
    assert packages[ALL].hash == plan.hash
    every = package_name(list(items_of(plan, "project")))
    assert packages[every].hash == plan.hash, "all projects together are the plan"
    assert packages[every].name == every == "organisation+p1+p2+p3+p4+p5+p6+p7"


def test_a_package_moves_its_levers_and_no_other(plan: Scenario) -> None:
    packages = Packages(plan, [])
    task_14, third = items_of(plan, "task")["task_14"], items_of(plan, "project")["project_3"]
    assert _moved(packages["task_14"]) == {lever.id for lever in task_14}
    assert _moved(packages["p3"]) == {lever.id for lever in third}
    assert _moved(packages["p6+task_14"]) == {
        lever.id for lever in (*task_14, *items_of(plan, "project")["project_6"])
    }
    assert _moved(packages["without_p3"]) == _moved(plan) - _moved(packages["p3"])
    assert _moved(packages["without_fund_size"]) == _moved(plan) - {"fund_size"}


def test_levers_of_a_scenario_of_ones_own_keep_their_choices() -> None:
    own = load("no_plan").set(voucher_budget={"2019-Q1": 2e7}, task_14="plan", delay_quarters={"task_14": 2})
    assert set(items_of(own, "task")) == {"task_14", "task_22"}
    alone = Packages(own, [])["voucher_budget"]
    paths, mine = alone.quarterly_lever_paths(), own.quarterly_lever_paths()
    assert _moved(alone) == {"voucher_budget"}
    assert (paths["voucher_budget"] == mine["voucher_budget"]).all()
    assert alone.delay_quarters == own.delay_quarters


def test_a_managed_plan_leaves_its_own_lever_to_its_own_task() -> None:
    managed = load("action_plan_managed")
    task = lever_catalogue()["target_management"].selector
    assert "target_management" in _moved(Packages(managed, [])[task])
    assert "target_management" not in _moved(Packages(managed, [])[without_name(task)])


def test_a_scenario_without_a_lever_has_no_items() -> None:
    with pytest.raises(InputError, match="'no_plan' moves no lever"):
        items_of(load("no_plan"), "task")


def test_a_name_that_is_no_package_is_a_key_error(plan: Scenario) -> None:
    for name in ("p9", "task_77", "", "p1++p2"):
        with pytest.raises(KeyError):
            Packages(plan, [])[name]


def test_they_travel_without_what_was_built(plan: Scenario) -> None:
    packages = Packages(plan, ["p1"])
    before = len(pickle.dumps(packages))
    assert packages["p1"] is packages["p1"], "built once, since a worker keeps the policy of the very object"
    assert len(pickle.dumps(packages)) == before
    again = pickle.loads(pickle.dumps(packages))
    assert again == packages and list(again) == ["p1"] and again["p1"] == packages["p1"]
