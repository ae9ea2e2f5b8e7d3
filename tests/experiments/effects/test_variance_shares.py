from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.effects import pick_freeze
from shaanxi_transfer.experiments.effects.variance_shares import COLUMNS, main, variance_shares
from shaanxi_transfer.experiments.forecasting.discrepancy import Discrepancy, SeriesDiscrepancy
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model

TURNOVER = "contract_value_output"


def normal(*key: int) -> float:
    return float(np.random.default_rng(key).normal())


@dataclass(frozen=True)
class Outside:
    seed: int | None = None
    observed_until: int = 2017

    def model_copy(self, update: dict[str, Any]) -> Outside:
        return replace(self, **update)


@dataclass(frozen=True)
class World:
    """Turnover is a sum of one normal number a group, their sizes 1 to 5 tenths; two groups meet."""

    folder: Path
    learnt: bool = False
    parameters: dict[str, float] = field(default_factory=dict)
    outside: Outside = Outside()

    def posterior(self) -> object:
        return SimpleNamespace(names=["hazard"]) if self.learnt else None

    def parameter_draws(self, seed: int) -> dict[str, float]:
        return self.parameters or {
            "size": normal(seed, 1), "hazard": normal(seed, 2), "office_success": normal(seed, 5),
        }  # fmt: skip

    def parameter_table(self) -> dict[str, Any]:
        return {
            "size": SimpleNamespace(mechanism="contract", distribution="normal"),
            "hazard": SimpleNamespace(mechanism="registration", distribution="normal"),
            "office_success": SimpleNamespace(mechanism="people", distribution="normal"),
        }

    def model_copy(self, update: dict[str, Any]) -> World:
        return replace(self, **update)

    def pack(self) -> Any:
        observed = pd.DataFrame({"indicator": [TURNOVER], "year": [2017], "value": [4.0]})
        return SimpleNamespace(name="nowhere", folder=self.folder, observed=observed)


def run(scenario: World, *, seed: int, scale: float = 0.1) -> Any:
    draws = scenario.parameter_draws(seed)
    assert scenario.outside.seed is not None
    parts = (
        draws["size"], draws["hazard"], normal(scenario.outside.seed, 3), normal(seed, 4),
        draws["office_success"],
    )  # fmt: skip
    ln = 0.1 * sum(size * part for size, part in enumerate(parts, start=1))
    values = np.ones((16, 2))
    values[12:, 0] = math.exp(ln)
    return SimpleNamespace(
        indicators=(TURNOVER, "platforms"),
        quarters=tuple(Quarter(2017, 1).later(step) for step in range(16)),
        values=values,
    )


@pytest.fixture
def model(fake: Any) -> Model:
    return Model(
        run,
        Definitions(
            {TURNOVER: fake.Indicator("yuan", "flow"), "platforms": fake.Indicator("count", "stock")},
            {
                TURNOVER: fake.Target(TURNOVER, 5.0, "yuan", 2020, "flow_of_year"),
                "platforms": fake.Target("platforms", 5.0, "count", 2020, "stock_at_end"),
            },
        ),
        fake.nothing_to_compile,
    )


def shares(world: World, model: Model, rows: int = 500) -> pd.DataFrame:
    table, failures = variance_shares({"plan": world}, model, rows=rows, scale=0.1, seed=1, workers=0)
    assert not failures and list(table.columns) == list(COLUMNS)
    return table.set_index(["target", "output", "group"]).sort_index()


def test_shares_of_a_sum_with_an_interaction_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    # x + 2 y + x y of standard normal numbers: variance 6
    monkeypatch.setattr(pick_freeze, "RESAMPLES", 200)

    def f(x: Any, y: Any) -> Any:
        return x + 2 * y + x * y

    truth = np.array([[1 / 6, 2 / 6], [4 / 6, 5 / 6]])
    values, inside = [], []
    for seed in range(60):
        x, y, v, w = np.random.default_rng(seed).normal(size=(4, 200))
        found = [pick_freeze.shares_of(f(x, y), f(v, w), one) for one in (f(v, y), f(x, w))]
        both = np.array([[(share.value, share.low, share.high) for share in of or ()] for of in found])
        values.append(both[:, :, 0])
        inside.append((both[:, :, 1] < truth) & (truth < both[:, :, 2]))
    assert np.mean(values, axis=0) == pytest.approx(truth, abs=0.03)
    assert (np.mean(inside, axis=0) > 0.8).all()  # 95 % of them in the long run
    assert pick_freeze.shares_of(np.ones(9), np.ones(9), np.ones(9)) is None


def test_each_group_has_its_share(model: Model, tmp_path: Path) -> None:
    table = shares(World(tmp_path), model)
    ln = table.xs((TURNOVER, "ln"))
    groups = {"parameters": 1, "registration": 2, "outside": 3, "luck": 4, "plan": 5}
    for group, size in groups.items():
        assert ln["first"][group] == pytest.approx(size**2 / 55, abs=0.08)
        assert ln["total"][group] == pytest.approx(size**2 / 55, abs=0.08)
    assert ln["sd"]["luck"] == pytest.approx(math.sqrt(0.55), rel=0.1)
    assert math.isnan(ln["first"]["discrepancy"]) and "no discrepancy" in ln["note"]["discrepancy"]
    assert set(table["belief"]) == {"prior"}


def test_a_constant_output_is_said_to_be_constant(model: Model, tmp_path: Path) -> None:
    table = shares(World(tmp_path), model, rows=5)
    platforms = table.xs(("platforms", "value"))
    assert list(platforms.index) == ["constant"] and platforms["mean"]["constant"] == 1.0
    assert math.isnan(platforms["first"]["constant"])


def test_with_a_posterior_parameters_and_registration_are_one_group(model: Model, tmp_path: Path) -> None:
    ln = shares(World(tmp_path, learnt=True), model).xs((TURNOVER, "ln"))
    assert "registration" not in ln.index and set(ln["belief"]) == {"posterior"}
    assert ln["first"]["parameters"] == pytest.approx(5 / 55, abs=0.08)
    assert ln["first"]["plan"] == pytest.approx(25 / 55, abs=0.1)


def test_what_a_calibration_learns_is_not_of_the_plan_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert pick_freeze.plan_parameters(world) == ["office_success"]
    learnt = SimpleNamespace(
        posterior=lambda: SimpleNamespace(names=["office_success"]), parameter_table=world.parameter_table
    )
    assert pick_freeze.plan_parameters(learnt) == []


def test_a_discrepancy_takes_its_share_and_costs_no_run(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = SeriesDiscrepancy(scale=0.3, carry=0.0, observation_error=0.0)
    Discrepancy(
        source="a test that knows the truth",
        points=10,
        rules=hash_of_mechanisms(),
        degrees_of_freedom=1000.0,
        growth_power=0.0,
        series={TURNOVER: one},
    ).write(tmp_path / "discrepancy.yaml")
    made = []

    def counted(scenario: World, *, seed: int, scale: float = 0.1) -> Any:
        made.append(seed)
        return run(scenario, seed=seed, scale=scale)

    ln = shares(World(tmp_path), replace(model, run_one=counted), rows=500).xs((TURNOVER, "ln"))
    assert ln["first"]["discrepancy"] == pytest.approx(9 / 64, abs=0.1)
    assert ln["first"]["luck"] == pytest.approx(16 / 64, abs=0.12)
    assert len(made) == 500 * 7


def test_too_few_rows_are_refused(model: Model, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^runs: 1 pairs of draws have no variance; allowed 2 or more"):
        shares(World(tmp_path), model, rows=1)

    def failing(scenario: World, *, seed: int, scale: float = 0.1) -> Any:
        raise ValueError("no money left")

    with pytest.raises(RunError, match="0 of 3 rows ended well; exception: ValueError: no money left"):
        variance_shares(
            {"plan": World(tmp_path)}, replace(model, run_one=failing), rows=3, scale=0.1, seed=1, workers=0
        )


def test_the_command_refuses_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--province", "shaanxii", "--out", str(tmp_path)]) == 2
    assert "did you mean shaanxi (陕西) or shanxi (山西)?" in capsys.readouterr().err
