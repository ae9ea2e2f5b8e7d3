"""A ledger of evidence from a model made by hand, whose figures are two of its parameters."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.evidence.entries import entries
from shaanxi_transfer.experiments.evidence.ledger import WORLD, drawn_and_predicted, ledger
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.scenarios import Scenario

RUNS = 700
TURNOVER, PEOPLE = "contract_value_output", "trained_people"


class Evidence(NamedTuple):
    world: Scenario
    model: Model
    drawn: tuple[pd.DataFrame, pd.DataFrame]
    table: pd.DataFrame


def figures_of(draws: dict[str, float]) -> tuple[float, float]:
    return draws["mean_contract_value_2017"], draws["training_pass_share"]


def run(scenario: Scenario, *, seed: int, scale: float = 0.1) -> Any:
    turnover, people = figures_of(scenario.parameter_draws(seed))
    if seed % 97 == 0:
        raise ValueError("no money left")
    quarters = tuple(Quarter(2017, 1).later(step) for step in range(16))
    return SimpleNamespace(
        indicators=(TURNOVER, PEOPLE),
        quarters=quarters,
        values=np.column_stack([np.full(16, turnover), np.linspace(0.0, people, 16)]),
    )


def model_by_hand() -> Model:
    flow, stock = SimpleNamespace(unit="yuan", kind="flow"), SimpleNamespace(unit="people", kind="stock")
    targets = {
        name: SimpleNamespace(indicator=name, goal=1.0, unit=of.unit, year=2020, how=how)
        for name, of, how in ((TURNOVER, flow, "flow_of_year"), (PEOPLE, stock, "stock_at_end"))
    }
    return Model(run, Definitions({TURNOVER: flow, PEOPLE: stock}, targets), lambda: None)


def effects() -> pd.DataFrame:
    rows = [
        ("training_seats", "no_plan", PEOPLE, 0.02, True),
        ("fund_size", "no_plan", TURNOVER, 1e9, True),
        ("voucher_budget", "no_plan", TURNOVER, 1.0, False),
        (None, "action_plan", PEOPLE, -9.0, True),
    ]
    return pd.DataFrame(rows, columns=["lever", "against", "indicator", "mean", "visible"])


def made() -> Evidence:
    world = door_to_model.loaded(WORLD, province="shaanxi").set(belief="prior", name=WORLD)
    model = model_by_hand()
    parameters, figures, failures = drawn_and_predicted(world, model, runs=RUNS, scale=0.1, seed=1, workers=0)
    assert len(parameters) == len(figures) == RUNS - len(failures)
    assert all("no money left" in failed.message for failed in failures)
    learnt = pd.DataFrame({"parameter": ["local_share"], "verdict": ["partly"]})
    table = ledger(entries(world), parameters, figures, effects=effects(), identifiability=learnt)
    return Evidence(world, model, (parameters, figures), table)
