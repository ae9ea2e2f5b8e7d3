"""Scenarios against one of them, in the same futures: a forecast told by its differences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer import compare, forecast, keep, load
from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments import compare as comparing
from shaanxi_transfer.experiments.compare import Comparison, compare_as
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keep import KeptFutures
from shaanxi_transfer.experiments.keeping.store import DIFFERENCES, MANIFEST, Store
from shaanxi_transfer.scenarios import Scenario

START = {"plan_start": "2011-Q1", "end": "2011-Q4"}
SMALL: dict[str, Any] = {"runs": 3, "scale": 0.02, "seed": 9}


def world(base: str, **changes: Any) -> Scenario:
    return load(base).set(**{**START, "name": base.replace("+", "_"), **changes})


@pytest.fixture(scope="module")
def kept() -> Iterator[KeptFutures]:
    with keep(**SMALL, workers=0, scenarios=[world("action_plan"), world("no_plan")]) as made:
        yield made


def test_a_scenario_against_itself_differs_in_nothing(tmp_path: Path) -> None:
    plan = world("action_plan")
    made = compare(plan, plan, **SMALL, out=tmp_path / "out", workers=0)
    table = made.differences
    assert set(table["scenario"]) == {"action_plan_again"} and set(table["base"]) == {"action_plan"}
    assert set(table["verdict"]) == {"identical"} and (table["pairs"] == 3).all()
    assert (table["share_zero"] == 1.0).all()
    assert not table[["q05", "q50", "q95", "mean"]].to_numpy().any()


def test_a_comparison_is_the_forecast_and_kept_futures_give_the_same(
    kept: KeptFutures, tmp_path: Path
) -> None:
    plan, none = world("action_plan"), world("no_plan")
    half = world("action_plan+half_budget")
    made = compare(none, plan, half, base=none, **SMALL, out=tmp_path / "compared", workers=0)
    asked = forecast(plan, also=half, against=none, **SMALL, out=tmp_path / "forecast", workers=0)
    again = kept.compare(plan, half, base=none, out=tmp_path / "kept")
    assert made.differences.equals(asked.differences) and again.differences.equals(asked.differences)
    seals = {Store(one.folder).seal for one in (made, asked, again)}
    assert len(seals) == 1, "one and the same experiment"
    table = made.differences
    costs = table[(table["kind"] == "cost") & (table["id"] == "public_cost")]
    assert list(costs["scenario"]) == ["action_plan", "action_plan_half_budget"]
    assert (costs["q05"] > 0.0).all() and (costs["year"] == 2011).all()
    assert made.exit_code == 0 and "action_plan and action_plan_half_budget against no_plan" in repr(made)
    assert Comparison.read(made.folder).differences.equals(made.differences)
    assert asked.compare().differences.equals(made.differences)
    assert DIFFERENCES in Store(made.folder).manifest()["files"] and MANIFEST not in DIFFERENCES


def test_worlds_that_end_apart_are_compared_as_far_as_both_go(tmp_path: Path) -> None:
    short, long = world("no_plan"), world("no_plan", end="2012-Q4", name="longer")
    made = compare(short, long, **{**SMALL, "runs": 2}, out=tmp_path / "out", workers=0)
    table = made.differences
    assert set(table["year"]) == {2010, 2011}
    assert set(table["verdict"]) == {"identical"}, "how long a world goes on changes nothing before"
    years = made.forecast.indicators.groupby("scenario")["year"].max()
    assert years.to_dict() == {"longer": 2012, "no_plan": 2011}


def options(**given: Any) -> ForecastOptions:
    return ForecastOptions(**given)


def test_the_first_is_the_base_unless_another_is_named() -> None:
    chosen = compare_as(["no_plan", "action_plan", "without_task_21"], None, options())
    assert (chosen.scenario, chosen.also, chosen.against) == ("action_plan", ("without_task_21",), "no_plan")
    chosen = compare_as(["action_plan", "without_task_21"], "no_plan", options())
    assert (chosen.scenario, chosen.also, chosen.against) == ("action_plan", ("without_task_21",), "no_plan")


def test_changes_are_made_in_all_but_the_base() -> None:
    alone = compare_as(["action_plan"], None, options(changes=["fund_size=8e9"]))
    assert alone.against == "action_plan" and alone.changes == ()
    assert alone.scenario.diff(load("action_plan"))["name"].unique().tolist() == ["fund_size"]
    assert alone.scenario.title_en == "The action plan with fund_size=8e9"
    held = compare_as(["action_plan"], "no_plan", options(changes=["fund_size=8e9"]))
    assert held.against == "no_plan" and held.scenario == alone.scenario
    same = compare_as(["action_plan"], None, options(changes=["task_21=plan"]))
    assert same.scenario.name == "action_plan_again"


@pytest.mark.parametrize(
    ("scenarios", "base", "given", "message"),
    [
        (["action_plan"], None, {}, r"^scenarios: 'action_plan' alone .*allowed another scenario, `base`"),
        ([], None, {}, r"^scenarios: no scenario is named"),
        (["action_plan", "no_plan"], None, {"runs": 1}, r"^runs: 1 future makes no pairs"),
        (["action_plan", "noplan"], None, {}, r"did you mean no_plan\?"),
        (["action_plan"], "noplan", {}, r"did you mean no_plan\?"),
        (["action_plan"], None, {"changes": ["fund_sise=8e9"]}, r"did you mean fund_size\?"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    scenarios: list[str], base: str | None, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message) as refused:
        compare_as(scenarios, base, options(**given))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"belief": "prior"}, "'other' has belief 'prior', 'no_plan' has 'posterior': they share no future"),
        ({"province": "hubei"}, "'other' has province 'hubei'"),
        ({"draw_outside": False}, "'other' has draw_outside False"),
    ],
)
def test_worlds_that_share_no_future_are_refused(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    other = world("action_plan").set(**changes, name="other")
    with pytest.raises(InputError, match=message):
        compare(other, base=world("no_plan"), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_that_never_both_end_well_have_no_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, none = world("action_plan"), world("no_plan")
    made = forecast(plan, against=none, **{**SMALL, "runs": 2}, out=tmp_path / "out", workers=0)
    made.differences.loc[:, "pairs"] = 0
    monkeypatch.setattr(comparing, "make_forecast", lambda *_: made)
    with pytest.raises(RunError, match=r"no future in which both 'action_plan' and 'no_plan' ended well"):
        compare(plan, base=none, out=tmp_path / "out")
