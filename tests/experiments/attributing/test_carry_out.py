"""An attribution with the real province: two projects, three tasks, two futures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.attribute import attribute
from shaanxi_transfer.experiments.attributing.attribution_table import COLUMNS, attribution_table
from shaanxi_transfer.experiments.attributing.coalitions import Coalitions
from shaanxi_transfer.experiments.attributing.finished_attribution import Attribution
from shaanxi_transfer.experiments.effects.kept_figures import Figures
from shaanxi_transfer.experiments.effects.packages import Packages
from shaanxi_transfer.experiments.effects.quantities import Quantity
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.experiments.resume import kind_of, resume
from shaanxi_transfer.scenarios import Scenario, load

SMALL: dict[str, Any] = {"runs": 2, "scale": 0.01, "seed": 5, "workers": 0}


@pytest.fixture(scope="module")
def few() -> Scenario:
    return load("no_plan").set(task_14="plan", task_15="plan", task_16="plan", name="few")


@pytest.fixture(scope="module")
def done(few: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Attribution:
    folder = tmp_path_factory.mktemp("shared") / "贡献 a"
    return attribute(few, target="trained_people,loans_new", out=folder, **SMALL)


def _of(done: Attribution, name: str, counting: str = "") -> Any:
    return done.table[(done.table["id"] == name) & (done.table["counting"] == counting)].set_index("level")


def test_parts_sum_to_the_whole_to_the_yuan_and_tasks_to_their_project(done: Attribution) -> None:
    assert tuple(done.table.columns) == COLUMNS
    for _, rows in done.table.groupby(["kind", "id", "counting"]):
        by = rows.set_index("level")["mean"]
        assert abs(by["project"].sum() - by["whole"]) < 0.5
        assert abs(by["task"].sum() - by["whole"]) < 0.5
        tasks = rows[rows["level"] == "task"].groupby("other")["mean"].sum()
        projects = rows[rows["level"] == "project"].set_index("item")["mean"]
        assert (tasks - projects).abs().max() < 0.5


def test_training_trains_and_the_north_west_centre_sells(done: Attribution) -> None:
    people: Any = done.table[
        (done.table["id"] == "trained_people") & (done.table["counting"] == "certificates")
    ]
    by: Any = people[people["level"] == "task"].set_index("item")
    assert by["mean"]["task_15"] > 100.0 and by["share"]["task_15"] == pytest.approx(1.0)
    assert set(by.loc[["task_14", "task_16"], "verdict"]) == {"identical"}
    cost = _of(done, "public_cost")
    assert (cost.loc["project", "mean"] > 1e6).all() and (cost["year"] == 2020).all()


def test_all_targets_and_costs_stand_in_the_table_and_what_was_asked_besides(done: Attribution) -> None:
    assert done.asked == [("trained_people", "certificates"), ("loans_new", "")]
    assert {"contract_value_output", "guidance_fund_committed", "loans_new", "public_cost"} <= set(
        done.table["id"]
    )
    assert (done.table["pairs"] == 2).all() and (done.table["verdict"] != "more").all(), (
        "two futures see nothing"
    )


def test_a_coalitions_rows_are_those_of_a_forecast_of_its_scenario(
    few: Scenario, done: Attribution, tmp_path: Path
) -> None:
    rows = Store(done.folder).read()
    name = next(one for one in rows["scenario"].unique() if one.startswith("p3+task_"))
    mine = rows[rows["scenario"] == name]
    alone = forecast(Packages(few, [])[name], against=None, out=tmp_path / "alone", **SMALL)
    keys = ["run_id", "indicator", "year", "quarter"]
    both = mine.merge(Store(alone.folder).read(), on=keys, suffixes=("", "_alone"))
    assert len(both) == len(mine) > 0
    assert np.array_equal(both["value"], both["value_alone"])
    assert np.array_equal(both["seed"], both["seed_alone"])


def test_differences_are_those_of_the_predicted_rows(
    few: Scenario, done: Attribution, tmp_path: Path
) -> None:
    both = forecast(few, against="no_plan", out=tmp_path / "both", **SMALL)
    years = both.indicators[
        (both.indicators["indicator"] == "contract_value_output") & (both.indicators["year"] == 2020)
    ].set_index("scenario")["mean"]
    whole = _of(done, "contract_value_output", "full_value").loc["whole"]
    assert whole["mean"] == pytest.approx(years["few"] - years["no_plan"], rel=1e-9, abs=1.0)


def test_what_was_lost_is_made_again_and_gives_the_same_table(done: Attribution) -> None:
    for part in Store(done.folder).parts():
        part.unlink()
    (done.folder / "attribution.csv").unlink()
    assert (kind_of(done.folder), resume(done.folder, workers=0)) == ("attribution", 0)
    again = Attribution.read(done.folder)
    pd.testing.assert_frame_equal(again.table, done.table)
    assert again.asked == done.asked, "what was asked is not forgotten"
    found = replayed(done.folder, "p3+p4-000001")
    assert found.scenario.name == "p3+p4" and found.run.future == 1


def test_another_question_about_the_same_runs_makes_none(few: Scenario, done: Attribution) -> None:
    before = {part.name for part in Store(done.folder).parts()}
    other = attribute(few, target="loans_new,contract_value_output_technology", out=done.folder, **SMALL)
    assert {part.name for part in Store(done.folder).parts()} == before
    assert other.asked[1] == ("contract_value_output", "technology_part")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scenario": "no_plan"}, "'no_plan' moves no lever"),
        ({"target": "turnover"}, "no target or indicator is called 'turnover'"),
        ({"target": "trained_peple"}, "did you mean trained_people"),
        ({"runs": 1}, "1 future has no spread"),
        ({"orders": 0}, "0 orders cannot be drawn"),
        ({"counting": "trained_people=heads"}, "is not counted as 'heads'"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(asked: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        attribute(**{"scenario": "action_plan", "out": tmp_path / "out", **SMALL, **asked})
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_target_judged_before_the_plan_or_after_the_end_is_refused(few: Scenario, tmp_path: Path) -> None:
    short = few.set(end="2019-Q4", name="short")
    with pytest.raises(InputError, match="no lever touches trained_people: it is judged at the end of 2020"):
        attribute(short, target="trained_people", out=tmp_path / "out", **SMALL)


def test_a_folder_of_another_belief_is_refused_and_kept(few: Scenario, done: Attribution) -> None:
    before = done.table
    with pytest.raises(InputError, match="holds another experiment"):
        attribute(few, belief="prior", out=done.folder, **SMALL)
    pd.testing.assert_frame_equal(Attribution.read(done.folder).table, before)


def test_futures_with_a_failed_run_are_left_out_and_fewer_than_two_are_an_error(few: Scenario) -> None:
    coalitions = Coalitions.of(few, seed=1, pairs=1)
    quantity = Quantity("cost", "public_cost", "", "public_cost", "yuan", 2020)
    worth = {name: float(len(name)) for future in range(3) for name in coalitions.packages_in(future)}
    found = {
        (name, future): np.array([worth[name] * (1 + future)])
        for future in range(3)
        for name in coalitions.packages_in(future)
    }
    del found["p3", 0]
    table = attribution_table(coalitions, Figures([quantity], found), 3, few)
    assert (table["pairs"] == 2).all()
    whole = table[table["level"] == "whole"].iloc[0]
    assert whole["mean"] == pytest.approx((worth["p3+p4"] - worth["none"]) * 2.5)
    del found["none", 1]
    with pytest.raises(RunError, match="ended well in 1 of 3 futures"):
        attribution_table(coalitions, Figures([quantity], found), 3, few)
