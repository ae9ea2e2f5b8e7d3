"""Worlds of a comparison: what comes with the package is given the time of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.door_to_model import judged, model, worlds
from shaanxi_transfer.scenarios import load


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text("base: action_plan\nend: 2023-Q2\nsteps_per_year: 12\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("against", ["no_plan", "action_plan", "without_task_21", "no_plan+half_budget"])
def test_a_named_world_takes_the_time_of_ones_own(mine: Path, against: str) -> None:
    for pair in ((mine, against), (against, str(mine)), (load(mine), against)):
        found = worlds(*pair)
        assert {(world.end, world.steps_per_year) for world in found.values()} == {("2023-Q2", 12)}
        named = load(against)
        assert found[named.name].levers == named.levers and "mine" in found


def test_worlds_of_the_same_time_stay_what_they_are() -> None:
    assert worlds("action_plan", "no_plan") == {name: load(name) for name in ("action_plan", "no_plan")}


def test_two_worlds_of_ones_own_may_end_apart_and_what_is_named_goes_as_far_as_the_longer(
    mine: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("base: no_plan\nsteps_per_year: 12\n", encoding="utf-8")
    found = worlds(other, "no_plan", [mine])
    assert {name: world.end for name, world in found.items()} == {
        "other": "2020-Q4",
        "mine": "2023-Q2",
        "no_plan": "2023-Q2",
    }


def test_two_worlds_of_ones_own_go_in_the_same_steps(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("base: no_plan\n", encoding="utf-8")
    with pytest.raises(InputError, match="'mine' has steps_per_year 12, 'other' has 4"):
        worlds(mine, other)


def test_further_worlds_stand_between_the_two(mine: Path) -> None:
    names = ["action_plan", "action_plan_managed", "without_task_21", "no_plan"]
    first, *also, last = names
    assert list(worlds(first, last, also)) == names
    assert {world.end for world in worlds(mine, last, also).values()} == {"2023-Q2"}
    assert list(worlds(first, last, ["action_plan"])) == [first, last], "one and the same is run once"


TARGETS: dict[str, Any] = {
    "more": {
        "indicator": "trained_people", "goal": 5, "year": 2022, "kind": "stock",
        "title_en": "A", "title_zh": "B",
    }
}  # fmt: skip


def test_runs_are_judged_by_the_targets_that_a_scenario_declares() -> None:
    known = model().definitions
    plain = load("no_plan")
    mine = plain.set(end="2022-Q4", targets=TARGETS, name="mine")
    assert judged(known, plain) is known
    own = judged(known, plain, mine)
    assert own.declared and list(own.targets) == ["more"]
    found = own.targets["more"]
    assert (found.indicator, found.goal, found.year, found.unit, found.how) == (
        "trained_people", 5, 2022, "people", "stock_at_end",
    )  # fmt: skip
    other = mine.set(targets={"more": {**TARGETS["more"], "goal": 6}}, name="other")
    with pytest.raises(InputError, match="'mine' and 'other' declare different targets"):
        judged(known, mine, other)


def test_the_world_without_a_plan_takes_time_and_targets_of_the_users_own() -> None:
    mine = load("no_plan").set(
        end="2022-Q4", plan_start="2019-Q1", targets=TARGETS, fund_size=8e9, name="mine"
    )
    found = worlds(mine, "no_plan")["no_plan"]
    assert (found.end, found.plan_start, found.targets) == (mine.end, mine.plan_start, mine.targets)
    plan = worlds(mine, "action_plan")["action_plan"]
    assert (plan.end, plan.plan_start) == (mine.end, load("action_plan").plan_start), "its levers stay"
