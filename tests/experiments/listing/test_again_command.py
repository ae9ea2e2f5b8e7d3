"""The command that makes an experiment again names the same worlds, or is none at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.listing.again_command import again_command
from shaanxi_transfer.scenarios import Scenario, load

FOLDER = Path("results/a")


def manifest_of(kind: str, *worlds: Scenario, **entries: Any) -> dict[str, Any]:
    scenarios = {one.name: {"hash": one.hash, "contents": one.model_dump(mode="json")} for one in worlds}
    identity = {"kind": kind, "runs": 20, "scale": 0.05, "seed": 3, "scenarios": scenarios, **entries}
    return {"identity": identity}


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load("action_plan")


@pytest.fixture(scope="module")
def none() -> Scenario:
    return load("no_plan")


def test_a_forecast_of_scenarios_of_the_package(plan: Scenario, none: Scenario) -> None:
    managed = load("action_plan_managed")
    said = again_command(manifest_of("forecast", plan, managed, none, without=["carry"]), FOLDER)
    assert said == (
        "shaanxi-transfer forecast action_plan --also action_plan_managed --against no_plan"
        " --runs 20 --scale 0.05 --seed 3 --without carry"
    )


def test_what_was_changed_and_moved_is_named(plan: Scenario, none: Scenario) -> None:
    changed = plan.set(fund_size=8e9, voucher_budget={"2019-Q1": 2e7}).set(province="hubei")
    there = none.set(province="hubei", name=none.name)
    said = again_command(manifest_of("forecast", changed, there), FOLDER)
    assert "--set fund_size=8000000000.0" in said and "--set voucher_budget@2019-Q1=20000000.0" in said
    assert "--province hubei" in said and "--against no_plan" in said


def test_what_the_command_line_cannot_name_is_made_again_from_its_folder(
    plan: Scenario, none: Scenario
) -> None:
    mine = plan.set(name="mine", fund_size=8e9)
    delayed = plan.set(delay_quarters={"all": 4})
    for manifest in (
        manifest_of("forecast", mine, none),
        manifest_of("forecast", delayed, none),
        manifest_of("forecast", plan, none.set(voucher_budget=1e6, name="no_plan")),
        manifest_of("forecast", plan),
        manifest_of("forecast", plan, none, own_code={"rules": {"a": {}}}),
        manifest_of("sensitivity", plan),
    ):
        assert again_command(manifest, FOLDER).startswith("shaanxi-transfer resume ")


def test_a_comparison_that_was_broken_down_and_an_explanation(plan: Scenario, none: Scenario) -> None:
    taken_down = {"rules": {}, "indicators": {}, "taken_down": {"size": "0"}}
    manifest = manifest_of("forecast", plan, none, own_code=taken_down) | {"by": ["city", "size"]}
    assert again_command(manifest, FOLDER) == (
        "shaanxi-transfer compare action_plan --base no_plan --runs 20 --scale 0.05 --seed 3 --by city,size"
    )
    for year in (2015, "2010-2020"):
        explained = manifest_of("why", plan, indicator="rd_expenditure", year=year)
        assert again_command(explained, FOLDER) == (
            f"shaanxi-transfer why rd_expenditure --scenario action_plan --year {year}"
            " --runs 20 --scale 0.05 --seed 3"
        )


def test_a_sweep_with_its_levels_and_a_ranking_with_its_items(plan: Scenario) -> None:
    asked = [["trained_people", "attendances"]]
    swept = manifest_of("sweep", plan, lever=[["fund_size", [5e9, 2e10]]], points=30) | {"asked": asked}
    said = again_command(swept, FOLDER)
    assert "sweep action_plan --lever fund_size=5000000000,20000000000 --points 30" in said
    assert "--target trained_people --counting trained_people=attendances" in said
    ranked = again_command(manifest_of("ranking", plan, by=["task", "lever"]), FOLDER)
    assert "rank action_plan --by task,lever --runs 20" in ranked
