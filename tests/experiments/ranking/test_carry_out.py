"""A ranking with the real province: three tasks of two projects, two futures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.rank import rank
from shaanxi_transfer.experiments.ranking.finished_ranking import Ranking
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.scenarios import Scenario, load

SMALL: dict[str, Any] = {"runs": 2, "scale": 0.01, "seed": 5, "workers": 0}


@pytest.fixture(scope="module")
def few() -> Scenario:
    return load("no_plan").set(task_14="plan", task_15="plan", task_16="plan", name="few")


@pytest.fixture(scope="module")
def done(few: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Ranking:
    folder = tmp_path_factory.mktemp("ranked") / "排序 a"
    return rank(few, by="task,project", target="trained_people", out=folder, **SMALL)


def test_training_comes_first_for_people_and_nobody_else_counts(done: Ranking) -> None:
    rows: Any = done.table[
        (done.table["id"] == "trained_people") & (done.table["counting"] == "certificates")
    ]
    alone = rows[(rows["by"] == "task") & (rows["way"] == "alone")].set_index("item")
    assert alone.loc["task_15", "rank"] == 1 and alone.loc["task_15", "first_three"] == 1.0
    assert set(alone.loc[["task_14", "task_16"], "verdict"]) == {"identical"}
    assert alone.loc["task_15", "net_cost_mean"] > 1e6 and alone.loc["task_15", "payer"] == "province"
    projects = rows[(rows["by"] == "project") & (rows["way"] == "in_plan")]
    assert projects["item"].tolist() == ["project_4", "project_3"]
    assert done.asked == [("trained_people", "certificates")]


def test_alone_is_what_a_forecast_of_the_task_alone_changes(done: Ranking, tmp_path: Path) -> None:
    alone = load("no_plan").set(task_14="plan", name="alone")
    found = forecast(alone, against="no_plan", out=tmp_path / "alone", **SMALL)
    keys = ["kind", "id", "counting"]
    mine = done.table[(done.table["item"] == "task_14") & (done.table["way"] == "alone")]
    sides = mine[mine["by"] == "task"].merge(found.differences, on=[*keys, "year"], suffixes=("", "_there"))
    assert len(sides) >= 11, "every target in each way of counting, and costs"
    assert sides["mean"].to_numpy() == pytest.approx(sides["mean_there"].to_numpy(), rel=1e-9, abs=1e-3)


def test_what_was_lost_is_made_again(done: Ranking) -> None:
    for part in Store(done.folder).parts():
        part.unlink()
    (done.folder / "ranking.csv").unlink()
    assert (kind_of(done.folder), resume(done.folder, workers=0)) == ("ranking", 0)
    again = Ranking.read(done.folder)
    pd.testing.assert_frame_equal(again.table, done.table)
    assert again.asked == done.asked


def test_more_futures_in_the_same_folder_keep_the_ones_that_are_there(few: Scenario, tmp_path: Path) -> None:
    asked: dict[str, Any] = {**SMALL, "by": "project", "target": "trained_people", "out": tmp_path / "grows"}
    rank(few, **asked)
    before = {part.name for part in Store(tmp_path / "grows").parts()}
    longer = rank(few, **{**asked, "runs": 3})
    assert before < {part.name for part in Store(tmp_path / "grows").parts()}
    assert (longer.table["pairs"] == 3).all() and longer.asked == [("trained_people", "certificates")]
    with pytest.raises(InputError, match="3 futures or more"):
        rank(few, **asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scenario": "no_plan"}, "'no_plan' moves no lever"),
        ({"by": "tasks"}, "did you mean task"),
        ({"by": ""}, "'' is not one of the choices"),
        ({"runs": 1}, "1 future has no spread"),
        ({"target": "contract_value"}, "no target or indicator is called 'contract_value'"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(asked: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        rank(**{"scenario": "action_plan", "out": tmp_path / "out", **SMALL, **asked})
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
