"""The whole way once, with the real province at a small scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import Forecast, forecast
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.patterns.simulated_against_observed import main as make_reference
from shaanxi_transfer.experiments.planning.door_to_model import loaded, model, worlds
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.scenarios import load

SCALE = 0.02


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    return forecast(
        "action_plan", runs=2, scale=SCALE, seed=3, out=tmp_path_factory.mktemp("whole"), workers=1
    )


@pytest.mark.slow
@pytest.mark.soak
def test_both_worlds_have_one_history(small: Forecast) -> None:
    rows = Store(small.folder).read()
    history = rows[rows["year"] * 4 + rows["quarter"] <= 2018 * 4 + 1]
    paired = history.pivot(
        index=["future", "indicator", "year", "quarter"], columns="scenario", values="value"
    )
    assert len(paired) == 2 * 33 * rows["indicator"].nunique()
    assert (paired["action_plan"] == paired["no_plan"]).all()
    assert small.failed == 0


@pytest.mark.slow
def test_every_target_has_its_row_in_both_worlds(small: Forecast) -> None:
    counted = [(name, counting) for name, target in TARGETS.items() for counting in target.countings]
    assert list(zip(small.targets["target"], small.targets["counting"], strict=True)) == [*counted, *counted]
    assert small.targets["probability"].notna().all()
    turnover = small.targets[small.targets["target"] == "contract_value_output"]
    assert turnover[["probability", "q05", "q50", "q95"]].notna().all(axis=None)
    assert (turnover["q50"] > 1e9).all()


@pytest.mark.slow
def test_a_run_is_made_again_to_the_bit(small: Forecast) -> None:
    record = replayed(small.folder, "action_plan-000001").make()
    rows = Store(small.folder).read()
    stored = rows[rows["run_id"] == "action_plan-000001"].set_index(["year", "quarter", "indicator"])["value"]
    again = pd.Series(
        record.values.ravel(),
        index=pd.MultiIndex.from_tuples(
            [(*quarter, name) for quarter in record.quarters for name in record.indicators]
        ),
    )
    assert np.array_equal(stored.to_numpy(), again.loc[stored.index].to_numpy())


def test_the_definitions_of_the_model_fit_together() -> None:
    assert set(model().definitions.targets) == set(TARGETS)


def test_scenarios_keep_their_names_in_another_province() -> None:
    moved = worlds("action_plan", "no_plan", province="sichuan")
    assert list(moved) == ["action_plan", "no_plan"]
    assert {world.province for world in moved.values()} == {"sichuan"}


def test_a_scenario_against_itself_is_run_once() -> None:
    assert list(worlds("no_plan", "no_plan")) == ["no_plan"]
    assert list(worlds("no_plan", None)) == ["no_plan"]


def test_two_scenarios_of_one_name_are_refused() -> None:
    other = load("action_plan").set(name="no_plan")
    with pytest.raises(InputError, match=r"^against: two different scenarios are both called 'no_plan'"):
        worlds(other, "no_plan")


def test_unknown_names_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"did you mean action_plan\?"):
        forecast("action_plam", out=tmp_path / "out")
    with pytest.raises(InputError, match=r"^province: .*did you mean sichuan \(四川\)"):
        forecast("action_plan", province="sichaun", out=tmp_path / "out")
    with pytest.raises(InputError, match=r"^outside: .* is no file"):
        forecast("action_plan", outside=tmp_path / "none.csv", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_pack_without_a_table_is_refused(tmp_path: Path) -> None:
    pack = loaded("no_plan").pack()
    broken = tmp_path / "nowhere"
    broken.mkdir()
    for file in pack.folder.iterdir():
        if file.name != "series.csv":
            (broken / file.name).write_bytes(file.read_bytes())
    with pytest.raises(InputError, match=r"series\.csv"):
        forecast("action_plan", province=str(broken), out=tmp_path / "out")


def test_the_reference_table_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--runs", "2", "--scale", str(SCALE), "--workers", "0", "--out", str(tmp_path / "reference")]
    assert make_reference(given) == 0
    table = pd.read_csv(tmp_path / "reference" / "simulated_against_observed_shaanxi.csv")
    turnover = table[table["indicator"] == "contract_value_output"].set_index("year")
    assert list(turnover.index) == [*range(2010, 2018)]
    assert turnover["observed"][2017] == pytest.approx(9.209e10, rel=1e-3)
    assert (turnover["ratio"] - turnover["median"] / turnover["observed"]).abs().max() < 1e-4
    assert "bands met" in capsys.readouterr().out
    assert make_reference(["--province", "nowhere", "--out", str(tmp_path)]) == 2
    assert "there is no province 'nowhere'" in capsys.readouterr().err
