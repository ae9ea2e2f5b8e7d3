"""The table of what each lever moves: its worlds, its pairs, its costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.effects import lever_effects
from shaanxi_transfer.experiments.effects.lever_effects import COLUMNS, unmoved_levers, worlds
from shaanxi_transfer.experiments.effects.paired_effects import is_visible
from shaanxi_transfer.scenarios import TASKS, Scenario, lever_catalogue


def test_every_lever_and_task_has_its_worlds() -> None:
    found = worlds("shaanxi")
    for lever in lever_catalogue().values():
        assert (f"lever:{lever.id}" in found) is (lever not in unmoved_levers())
    assert all(f"only_{task}" in found and f"without_{task}" in found for task in TASKS)
    alone = found["lever:voucher_budget"].diff(found["no_plan"])
    assert set(alone.loc[alone["what"] == "lever", "name"]) == {"voucher_budget"}
    left_out = found["without_task_22"].diff(found["action_plan"])
    assert {lever_catalogue()[name].task for name in left_out.loc[left_out["what"] == "lever", "name"]} == {
        22
    }


@pytest.mark.parametrize(
    ("moved", "visible"),
    [
        ([1.0] * 10, True),
        ([-2.0] * 9 + [1.0], True),
        ([1.0] * 9, False),
        ([1.0] * 8 + [0.0] * 2, False),
        ([0.0] * 10, False),
    ],
)
def test_an_effect_is_visible_if_nine_of_ten_futures_agree_on_its_sign(
    moved: list[float], visible: bool
) -> None:
    assert is_visible(np.array(moved)) is visible


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    few = ("no_plan", "action_plan", "lever:training_seats", "only_task_15", "without_task_15")
    every = worlds("shaanxi")
    chosen: dict[str, Scenario] = {name: every[name] for name in few}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lever_effects, "worlds", lambda province: chosen)
        found, failures = lever_effects.lever_effects("shaanxi", runs=3, scale=0.01, seed=1, workers=1)
    assert not failures
    return found


def test_the_table_holds_own_indicator_and_five_targets_of_each_world(table: pd.DataFrame) -> None:
    assert tuple(table.columns) == COLUMNS
    assert set(table["scenario"]) == {
        "action_plan",
        "lever:training_seats",
        "only_task_15",
        "without_task_15",
    }
    lever = table[table["lever"] == "training_seats"]
    assert lever["indicator"].iloc[0] == "trained_people" and len(lever) == 5
    assert (table["futures"] == 3).all() and (table["year"] == 2020).all()
    assert (table["q05"] <= table["q50"]).all() and (table["q50"] <= table["q95"]).all()


def test_effects_and_costs_are_differences_of_pairs(table: pd.DataFrame) -> None:
    by: dict[tuple[str, str], Any] = {
        (row["scenario"], row["indicator"]): row for row in table.to_dict("records")
    }
    seats = by["lever:training_seats", "trained_people"]
    assert seats["q50"] > 100 and seats["share_moved"] == 1.0 and seats["net_cost_q50"] > 1e6
    tax = table[table["scenario"] == "without_task_15"]
    assert (tax["forgone_q05"] < tax["forgone_q95"]).all(), "contracts differ, and so does their tax"
    assert tax["forgone_q50"].nunique() == 1, "one figure for a world, whatever the indicator"
    assert by["without_task_15", "trained_people"]["q50"] < -100
    assert by["without_task_15", "trained_people"]["net_cost_q50"] < 0
    assert by["lever:training_seats", "incubation_platforms"]["mean"] == 0.0


def test_an_unwritable_folder_is_refused_before_any_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert lever_effects.main(["--runs", "1", "--out", str(file / "below")]) == 2
    assert capsys.readouterr().err.startswith("out: ")
