"""A sweep with the real province: two levels of one lever, two futures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.results import results
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.experiments.sweep import sweep
from shaanxi_transfer.experiments.sweeping.finished_sweep import Sweep
from shaanxi_transfer.scenarios import load

SMALL: dict[str, Any] = {"runs": 2, "scale": 0.01, "seed": 5, "workers": 0}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("swept") / "扫描 a"
    return sweep(lever={"voucher_budget": [0.0, 2e7]}, target="contract_value_output", out=folder, **SMALL)


def test_the_level_of_the_base_changes_nothing(done: Sweep) -> None:
    assert done.levers == ["voucher_budget"]
    assert done.table.groupby("point")["voucher_budget"].first().tolist() == [2e7, 0.0, 2e7]
    same = done.table[done.table["point"].isin(["base", "point_00002"])]
    assert (same["verdict"] == "identical").all() and (same["mean"] == 0.0).all()
    none = done.table[(done.table["point"] == "point_00001") & (done.table["id"] == "public_cost")]
    assert none["mean"].iloc[0] < -1e6, "vouchers that nobody issues cost nothing"
    assert done.net_costs["point_00001"] == none["mean"].iloc[0]


@pytest.mark.soak
def test_a_point_is_what_a_forecast_of_its_scenario_changes(done: Sweep, tmp_path: Path) -> None:
    point = load("action_plan").set(voucher_budget=0.0, name="point")
    found = forecast(point, against="action_plan", out=tmp_path / "point", **SMALL)
    mine = done.table[done.table["point"] == "point_00001"]
    sides = mine.merge(
        found.differences, on=["kind", "id", "counting", "year"], suffixes=("", "_there"), how="left"
    )
    assert len(sides) >= 11, "every target in each way of counting, and costs"
    for column in ("mean", "q05", "q95", "share_positive"):
        there = sides[f"{column}_there"].to_numpy()
        assert sides[column].to_numpy() == pytest.approx(there, rel=1e-9, abs=1e-3)
    levels = found.indicators.query("scenario == 'point' and year == 2020").set_index("indicator")["q50"]
    sold = mine[mine["counting"] == "full_value"].iloc[0]
    assert sold["level_q50"] == pytest.approx(levels["contract_value_output"], rel=1e-12)
    assert np.isnan(mine.loc[mine["kind"] == "cost", "chance"]).all() and 0.0 <= sold["chance"] <= 1.0


@pytest.mark.soak
def test_what_was_lost_is_made_again_and_the_list_says_so(done: Sweep) -> None:
    for part in Store(done.folder).parts():
        part.unlink()
    (done.folder / "sweep.csv").unlink()
    assert (kind_of(done.folder), resume(done.folder, workers=0)) == ("sweep", 0)
    pd.testing.assert_frame_equal(Sweep.read(done.folder).table, done.table)
    (row,) = results(done.folder.parent).table.to_dict("records")
    assert row["finished"] and row["same_rules"] and row["title_zh"] == "行动方案"
    command = (
        "shaanxi-transfer sweep action_plan --lever voucher_budget=0,20000000 --runs 2 --scale 0.01 --seed 5"
    )
    assert row["command"] == f"{command} --target contract_value_output"


def test_another_design_in_the_same_folder_is_refused(done: Sweep) -> None:
    with pytest.raises(InputError, match="another experiment"):
        sweep(lever={"voucher_budget": [0.0, 3e7]}, target="contract_value_output", out=done.folder, **SMALL)
    assert Sweep.read(done.folder).table.equals(done.table)


def test_a_target_that_is_none_is_one_line_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        sweep(lever="voucher_budget=0", target="contract_value", out=tmp_path / "out", **SMALL)
    assert "contract_value_output" in str(refused.value) and "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
