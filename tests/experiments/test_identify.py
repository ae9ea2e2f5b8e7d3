"""What the figures can see, what is switched off, what is adopted."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.adopt import ALONE, adopt, alone_of, main
from shaanxi_transfer.experiments.backtest import SCORES
from shaanxi_transfer.experiments.discrepancy import discrepancy_of
from shaanxi_transfer.experiments.free_parameters import CARRIED, FITTED, FREE
from shaanxi_transfer.experiments.knock_outs import MECHANISMS, switched_off
from shaanxi_transfer.experiments.provenance import calibration_world
from shaanxi_transfer.experiments.screening import screening_table
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.posterior import POSTERIORS

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "reference"


def test_a_screen_sees_what_moves_a_figure_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    parameters = pd.DataFrame(rng.lognormal(size=(1500, 40)), columns=[f"p{i}" for i in range(40)])
    figures = pd.DataFrame({"still": 1.0, "moved": np.log(parameters["p3"]) + 0.5 * np.log(parameters["p7"])})
    figures["moved"] += rng.normal(size=1500)
    table = screening_table(parameters, figures)
    assert table["parameter"].tolist()[:2] == ["p3", "p7"]
    assert table["most"].tolist()[:2] == pytest.approx([1 / 2.25, 0.25 / 2.25], abs=0.05)
    assert table["seen"].tolist() == ["yes"] * 2 + ["no"] * 38
    assert set(table["figure"]) == {"moved"}


def test_fitted_parameters_are_named_once_and_can_be_drawn() -> None:
    assert len(FREE) <= 20
    assert len(set(FITTED)) == len(FREE) + len(CARRIED)
    table = calibration_world("shaanxi", 2017).parameter_table()
    assert all(table[name].distribution != "fixed" for name in FITTED)


@pytest.mark.house
def test_the_committed_screen_sees_what_is_fitted() -> None:
    table = pd.read_csv(REFERENCE / "screening_shaanxi.csv").set_index("parameter")
    unseen = [name for name in FITTED if table.loc[name, "seen"] == "no"]
    # Two free ones stand at the edge: they drive the forecast, so that what they cannot learn is shown.
    assert len(unseen) <= 3, unseen
    strong = table[table["most"] > 0.03].index
    assert set(strong) <= set(FITTED)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism_can_be_switched_off(mechanism: str) -> None:
    world = calibration_world("shaanxi", 2017)
    off = switched_off(world, mechanism)
    assert set(off.parameters) == set(MECHANISMS[mechanism])
    assert off.parameter_draws(1) != world.parameter_draws(1)
    assert off.name == world.name


def test_a_value_that_is_neither_inside_nor_off_is_refused() -> None:
    with pytest.raises(InputError, match="registration_imitation"):
        load("no_plan").set(registration_imitation=-1.0)
    assert load("no_plan").set(registration_imitation=0.0).parameter_draws(1)["registration_imitation"] == 0.0


def test_the_committed_posterior_is_of_these_rules(tmp_path: Path) -> None:
    written = adopt(POSTERIORS / "shaanxi", "shaanxi", tmp_path / "beside", tmp_path / "tables")
    assert {path.name for path in written} >= {"posterior.csv", "posterior.yaml"}
    for path in written:
        assert path.read_bytes() == (POSTERIORS / "shaanxi" / path.name).read_bytes()


def test_a_posterior_of_other_rules_is_not_adopted(tmp_path: Path) -> None:
    for name in ("posterior.csv", "posterior.yaml"):
        text = (POSTERIORS / "shaanxi" / name).read_text(encoding="utf-8")
        lines = [f'rules: "{"0" * 16}"' if line.startswith("rules:") else line for line in text.splitlines()]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="rules changed"):
        adopt(tmp_path, "shaanxi", tmp_path / "beside", tmp_path / "tables")
    assert not (tmp_path / "beside").exists()
    with pytest.raises(InputError, match="nothing to adopt"):
        adopt(tmp_path / "tables", "shaanxi", tmp_path / "beside", tmp_path / "tables")


@pytest.mark.house
def test_a_backtest_leaves_its_discrepancy_in_both_places(tmp_path: Path) -> None:
    backtest, tables = tmp_path / "backtest", tmp_path / "tables"
    backtest.mkdir()
    shutil.copy(POSTERIORS / "shaanxi" / "discrepancy.yaml", backtest)
    assert adopt(backtest, "hubei", tmp_path / "beside", tables) == [tmp_path / "beside" / "discrepancy.yaml"]
    assert alone_of("hubei", tables) is None, "without scores it is not of a backtest of one province"
    shutil.copy(REFERENCE / "backtest_shaanxi.csv", backtest / SCORES)
    written = adopt(backtest, "hubei", tmp_path / "beside", tables)
    assert tables / ALONE.format("hubei") in written
    assert alone_of("hubei", tables) == discrepancy_of(backtest)


def test_the_folders_of_provinces_are_adopted_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, beside = tmp_path / "across", tmp_path / "posteriors"
    for province in ("shaanxi", "anhui"):
        (source / province).mkdir(parents=True)
        shutil.copy(POSTERIORS / "shaanxi" / "discrepancy.yaml", source / province)
    (source / "gansu").mkdir()
    monkeypatch.setattr("shaanxi_transfer.scenarios.posterior.POSTERIORS", beside)
    looked_at: list[str] = []

    def look(folder: Path, province: str) -> Path:
        looked_at.append(province)
        return folder / "fingerprint.csv"

    monkeypatch.setattr("shaanxi_transfer.experiments.adopt.write_fingerprint", look)
    assert main([str(source), "--each", "--out", str(tmp_path / "tables")]) == 0
    assert sorted(folder.name for folder in beside.iterdir()) == looked_at == ["anhui", "shaanxi"]
    assert main([str(source / "gansu"), "--each"]) == 2
    assert "holds no province to adopt" in capsys.readouterr().err
