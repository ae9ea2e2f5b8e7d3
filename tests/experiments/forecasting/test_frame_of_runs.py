"""The frame of a small forecast: what its futures drew, what its tables say; then what is asked of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.discover import discover
from shaanxi_transfer.experiments.discovering.forecast_asked import finished_at
from shaanxi_transfer.experiments.forecast import Forecast, forecast
from shaanxi_transfer.experiments.forecasting.frame_of_runs import HEAD, frame_of
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.experiments.worth import worth
from shaanxi_transfer.reports.command_line import main
from shaanxi_transfer.reports.exporting.frame_file import dictionary_of_frame
from shaanxi_transfer.scenarios import load


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    folder = tmp_path_factory.mktemp("framed") / "预测 a"
    return forecast("action_plan", out=folder, runs=3, scale=0.01, seed=5, workers=0)


@pytest.fixture(scope="module")
def frame(done: Forecast) -> pd.DataFrame:
    return done.frame()


def test_a_row_is_a_run_and_inputs_are_those_of_its_future(frame: pd.DataFrame) -> None:
    assert tuple(frame.columns[:4]) == HEAD and len(frame) == 6
    assert frame["scenario"].tolist() == ["action_plan", "no_plan"] * 3
    scenario = load("action_plan")
    for row in frame.to_dict("records"):
        draws = scenario.parameter_draws(int(row["seed"]))
        assert row["parameter.registration_hazard"] == draws["registration_hazard"]
    inputs = [name for name in frame if str(name).startswith(("parameter.", "outside.", "unexplained."))]
    assert len(inputs) > 200 and {"outside.rd", "unexplained.contract_value_output"} <= set(inputs)
    plan, none = (
        frame.loc[frame["scenario"] == world, inputs].reset_index(drop=True)
        for world in ("action_plan", "no_plan")
    )
    pd.testing.assert_frame_equal(plan, none)


def test_targets_and_differences_are_those_of_the_tables(done: Forecast, frame: pd.DataFrame) -> None:
    plan = frame[frame["scenario"] == "action_plan"]
    said = done.targets[done.targets["scenario"] == "action_plan"].dropna(subset=["q50"])
    assert len(said) >= 11
    for row in said.to_dict("records"):
        values = plan[f"target.{row['target']}.{row['counting']}"]
        assert values.median() == pytest.approx(row["q50"])
    rows = done.differences[done.differences["kind"].isin(["target", "cost"])]
    rows = rows[(rows["kind"] == "target") | (rows["id"] == "public_cost")]
    for row in rows.to_dict("records"):
        name = f"more.{row['id']}.{row['counting']}".removesuffix(".")
        assert plan[name].mean() == pytest.approx(row["mean"], rel=1e-9, abs=1e-6)
    assert (frame.loc[frame["scenario"] == "no_plan", "more.public_cost"].isna()).all()


def test_other_indicators_come_when_asked(done: Forecast) -> None:
    definitions = model().definitions
    column = frame_of(Store(done.folder), definitions, [("broker_use", 2017)])["indicator.broker_use.2017"]
    assert np.isfinite(column).all() and column.iloc[0] == column.iloc[1], "before the plan nothing differs"
    with pytest.raises(InputError, match=r"no run holds indicator\.broker_use\.1999"):
        frame_of(Store(done.folder), definitions, [("broker_use", 1999)])


def test_the_dictionary_tells_of_every_column_in_both_languages(frame: pd.DataFrame) -> None:
    told = dictionary_of_frame(frame, load("action_plan").parameter_table(), model().definitions)
    assert told["column"].tolist() == list(frame.columns)
    assert (told[["definition_en", "definition_zh"]] != "").to_numpy().all()
    mine = told[told["kind"] != ""]
    assert (mine[["unit", "title_en", "title_zh"]] != "").to_numpy().all()


@pytest.mark.soak
def test_few_futures_are_told_and_not_refused(done: Forecast, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ema_workbench")
    assert main(["discover", str(done.folder), "--target", "incubation_platforms", "--dry-run"]) == 0
    assert "3 futures" in capsys.readouterr().out and not (done.folder / "boxes.csv").exists()
    found = discover(done.folder, target="incubation_platforms")
    assert set(found.table["verdict"]) <= {"nothing flips it", "too few cases"}
    assert (found.table["futures"] == 3).all() and found.exit_code == 0
    Forecast.read(done.folder)  # the folder is whole with one more table


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"target": "people"}, "no target is called"),
        ({"runs": 9}, "with its own runs: 3"),
        ({"seed": 1}, "seed: 5"),
    ],
)
def test_bad_input_is_one_line(done: Forecast, asked: dict[str, Any], said: str) -> None:
    for ask in (discover, worth):
        with pytest.raises(InputError) as refused:
            ask(done.folder, **asked)
        assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_price_below_nothing_and_a_folder_without_forecast_are_refused(
    done: Forecast, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no price of a unit"):
        worth(done.folder, price=-1.0)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="holds no experiment"):
        finished_at(tmp_path, {})
    assert finished_at("action_plan", {}) is None
