"""Administrative costs: due while an instrument stands where the plan has put it."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.agents.government import PROVINCE
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.state.administration import Administration
from shaanxi_transfer.scenarios import Scenario, costs_known_by_running_only, declared_costs, load
from shaanxi_transfer.scenarios.choosing.catalogue import lever_catalogue

PLAN = Quarter.parse("2018-Q2").index - Quarter.parse("2010-Q1").index


def of(scenario: Scenario) -> Administration:
    return Administration(scenario, scenario.lever_paths(), 1)


def test_the_old_instruments_cost_nothing_anew() -> None:
    assert of(load("no_plan")).cost.sum() == 0
    assert of(load("nothing")).cost.sum() == 0


def test_what_the_plan_changes_costs_from_its_start() -> None:
    found = of(load("action_plan"))
    assert found.cost.sum() > 0
    assert found.cost[:, :PLAN].sum() == 0
    assert (PROVINCE, 21) in found.accounts and (PROVINCE, 22) in found.accounts


def test_one_lever_costs_its_own_administration() -> None:
    scenario = load("no_plan").set(voucher_budget=1e7)
    found = of(scenario)
    assert found.accounts == [(PROVINCE, 22)]
    yearly = lever_catalogue()["voucher_budget"].admin_cost_per_year
    path = scenario.lever_paths()["voucher_budget"]
    assert found.cost.sum() == np.count_nonzero(path) * round(yearly / 4)


def test_an_instrument_costs_nothing_once_it_is_ended() -> None:
    scenario = load("no_plan").set(fund_size=0.0)
    ended = scenario.lever_paths()["fund_size"][PLAN:] == 0.0
    assert ended.any() and of(scenario).cost[:, PLAN:][:, ended].sum() == 0


@pytest.mark.parametrize(
    "name", ["action_plan", "no_plan", "half_budget", "delayed_two_years", "only_task_22", "without_task_15"]
)
def test_what_a_scenario_declares_is_what_the_run_makes_due(name: str) -> None:
    scenario = load(name)
    declared = declared_costs(scenario)
    due = of(scenario)
    by_task = declared.groupby("task")["administration"].sum().to_dict()
    found: dict[str, float] = {}
    for (_, task), costs in zip(due.accounts, due.cost, strict=True):
        selector = f"task_{task:02d}" if task <= 25 else f"organisation_{task - 25}"
        found[selector] = found.get(selector, 0.0) + float(costs.sum())
    # A run rounds each quarter's cost of each lever to whole yuan.
    assert {task: cost for task, cost in by_task.items() if cost} == pytest.approx(found, abs=200)


def test_budgets_are_declared_above_the_same_time_without_the_plan() -> None:
    costs = declared_costs(load("action_plan").set(all="no_plan", voucher_budget={"2019-Q3": 4e7}))
    assert costs.set_index("year")["budget"].to_dict() == {2019: 2e7, 2020: 4e7}
    assert costs.set_index("year")["administration"].to_dict() == {2019: 5e5, 2020: 1e6}
    less = declared_costs(load("action_plan").set(all="no_plan", compensation_pool=0.0))
    assert less.set_index("year")["budget"].sum() < 0 and (less["administration"] < 1e6).all()
    assert declared_costs(load("no_plan")).empty
    assert costs_known_by_running_only(load("no_plan")) == []
    assert "fund_size" in costs_known_by_running_only(load("only_task_21"))
