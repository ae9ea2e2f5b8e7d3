"""Administrative costs: due while an instrument stands where the plan has put it."""

from __future__ import annotations

import numpy as np

from shaanxi_transfer.agents.government import PROVINCE
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.administration import Administration
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.catalogue import lever_catalogue

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
