"""Forecasts from priors, tried on the past on a channel of two lines, and what forecasts then read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecasting import discrepancy
from shaanxi_transfer.experiments.forecasting.discrepancy import (
    FILE,
    SERIES,
    discrepancy_of,
    discrepancy_of_world,
)
from shaanxi_transfer.experiments.forecasting.options import MODEL
from shaanxi_transfer.experiments.freezing.tried_kinds import check_tried
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.studies.backtest_of_all_provinces.from_priors import (
    ELSEWHERE,
    PAST_ONLY,
    SCORES,
    from_priors,
)

PROVINCES = ("hubei", "shaanxi", "sichuan")
WITHOUT = {"chongqing", "guangxi", "hainan", "jilin", "xizang", "zhejiang"}
"""Provinces that come without a posterior."""


def run(folder: Path, channel: Any, executor: Any) -> pd.DataFrame:
    lines: list[str] = []
    scores, left_out = from_priors(
        PROVINCES,
        folder / "runs",
        folder / "tables",
        origins=(2015, 2016),
        runs=10,
        model=channel.model(),
        executor=executor,
        report=lines.append,
    )
    assert not left_out and sum("has no posterior" in line for line in lines) == len(WITHOUT)
    return scores


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("from_priors")


@pytest.fixture(scope="module")
def scores(folder: Path, channel: Any) -> pd.DataFrame:
    executor = channel.Counted()
    found = run(folder, channel, executor)
    assert executor.runs == len(PROVINCES) * 2 * 10
    return found


def test_both_forecasters_are_scored_on_all_figures_after_their_origin(
    scores: pd.DataFrame, folder: Path
) -> None:
    written = pd.read_csv(folder / "tables" / SCORES)
    assert set(written["forecaster"]) == {ELSEWHERE, PAST_ONLY}
    figures = written.groupby("forecaster").size()
    assert (figures == len(PROVINCES) * len(SERIES) * (2 + 1)).all()
    assert (written["year"] > written["origin"]).all() and len(written) == len(scores)


def test_what_was_run_is_not_run_again(scores: pd.DataFrame, folder: Path, channel: Any) -> None:
    executor = channel.Counted()
    again = run(folder, channel, executor)
    assert executor.runs == 0
    pd.testing.assert_frame_equal(again, scores)


def test_those_without_a_posterior_carry_the_whole_residual_and_others_are_left_alone(
    scores: pd.DataFrame, folder: Path
) -> None:
    found = {place.name: discrepancy_of(place) for place in (folder / "runs").iterdir()}
    assert {name for name, one in found.items() if one is not None} == WITHOUT
    for one in found.values():
        if one is not None:
            assert one.drawn_from == "prior" and set(one.series) == set(SERIES)
            assert {series.carry for series in one.series.values()} == {1.0}


def test_a_forecast_reads_that_of_its_own_kind_and_is_frozen_with_no_other(
    scores: pd.DataFrame, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = load("no_plan").set(province="chongqing", name="no_plan")
    shipped = discrepancy_of_world(world)
    assert world.posterior() is None and shipped is not None and shipped.drawn_from == "prior"
    of_fits = folder / "of_fits"
    (of_fits / "chongqing").mkdir(parents=True)
    shipped.model_copy(update={"drawn_from": "posterior"}).write(of_fits / "chongqing" / FILE)
    monkeypatch.setattr(discrepancy, "POSTERIORS", of_fits)
    assert discrepancy_of_world(world) is None
    with pytest.raises(InputError, match="like 'no_plan', of chongqing drawn from the prior"):
        check_tried({"no_plan": world}, MODEL)
    monkeypatch.setattr(discrepancy, "POSTERIORS", folder / "runs")
    assert discrepancy_of_world(world) == discrepancy_of(folder / "runs" / "chongqing")
    check_tried({"no_plan": world}, MODEL)
    # Where there is a posterior and a person asks for priors, nobody has tried it.
    assert discrepancy_of_world(load("no_plan").set(belief="prior")) is None
    assert discrepancy_of_world(load("no_plan")) is not None
