"""The page of the ledger of evidence, from tables made up and committed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.evidence import ledger as evidence
from shaanxi_transfer.experiments.evidence.entries import entries
from shaanxi_transfer.experiments.evidence.ledger import WORLD, drawn_and_predicted, ledger
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.scenarios import Scenario
from shaanxi_transfer.studies.reference_pages.evidence_page import FILE, PAGE, page

RUNS = 600


TURNOVER, PEOPLE = "contract_value_output", "trained_people"


@pytest.fixture(scope="module")
def world() -> Scenario:
    return door_to_model.loaded(WORLD, province="shaanxi").set(belief="prior", name=WORLD)


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


@pytest.fixture(scope="module")
def fake_model() -> Model:
    flow, stock = SimpleNamespace(unit="yuan", kind="flow"), SimpleNamespace(unit="people", kind="stock")
    targets = {
        name: SimpleNamespace(indicator=name, goal=1.0, unit=of.unit, year=2020, how=how)
        for name, of, how in ((TURNOVER, flow, "flow_of_year"), (PEOPLE, stock, "stock_at_end"))
    }
    return Model(run, Definitions({TURNOVER: flow, PEOPLE: stock}, targets), lambda: None)


@pytest.fixture(scope="module")
def drawn(world: Scenario, fake_model: Model) -> tuple[pd.DataFrame, pd.DataFrame]:
    parameters, figures, failures = drawn_and_predicted(
        world, fake_model, runs=RUNS, scale=0.1, seed=1, workers=0
    )
    assert len(parameters) == len(figures) == RUNS - len(failures)
    assert all("no money left" in failed.message for failed in failures)
    return parameters, figures


def effects() -> pd.DataFrame:
    rows = [
        ("training_seats", "no_plan", PEOPLE, 0.02, True),
        ("fund_size", "no_plan", TURNOVER, 1e9, True),
        ("voucher_budget", "no_plan", TURNOVER, 1.0, False),
        (None, "action_plan", PEOPLE, -9.0, True),
    ]
    return pd.DataFrame(rows, columns=["lever", "against", "indicator", "mean", "visible"])


@pytest.fixture(scope="module")
def table(world: Scenario, drawn: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    learnt = pd.DataFrame({"parameter": ["local_share"], "verdict": ["partly"]})
    return ledger(entries(world), *drawn, effects=effects(), identifiability=learnt)


def written(table: pd.DataFrame, folder: Path) -> pd.DataFrame:
    table.assign(asked=RUNS, runs=RUNS, scale=0.1, seed=1).to_csv(folder / FILE, index=False)
    return pd.read_csv(folder / FILE)


def test_the_page_tells_every_entry_once(table: pd.DataFrame, tmp_path: Path) -> None:
    text = page(written(table, tmp_path))
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) == len(table)
    assert all(sum(f"`{name}`" in line for line in rows) == 1 for name in table["name"])
    for word in (" nan", "nan]", "<NA>", "None |", "inf "):
        assert word not in text


def test_the_command_writes_the_table_and_tells_what_was_not_there(
    fake_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(door_to_model, "model", lambda own=None: fake_model)
    monkeypatch.setattr(evidence, "DEFAULT_FOLDER", tmp_path / "nothing")
    given = ["--runs", str(RUNS), "--workers", "0", "--out", str(tmp_path)]
    assert evidence.main(given) in (0, 1)
    said = capsys.readouterr()
    assert "no effects of levers" in said.err and "nothing said of what is learnt" in said.err
    table = pd.read_csv(tmp_path / FILE)
    assert table["name"].is_unique and (table["asked"] == RUNS).all()
    assert f"{len(table)} entries" in said.out


@pytest.mark.house
def test_the_page_on_evidence_is_made_from_the_committed_table() -> None:
    root = Path(__file__).resolve().parents[3]
    file = root / "results" / "reference" / FILE
    if not file.exists():
        assert not (root / "docs" / "model" / PAGE).exists(), "a page without its table"
        return
    made = pd.read_csv(file)
    assert (made["runs"] >= 900).all(), "the reference table is of about 1,000 futures"
    assert (root / "docs" / "model" / PAGE).read_text(encoding="utf-8") == page(made), "run `make pages`"
    told = entries(door_to_model.loaded(WORLD, province="shaanxi"))
    assert set(made["name"]) == set(told["name"]), "run `make evidence`"
