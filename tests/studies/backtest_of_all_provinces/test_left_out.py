"""One province left out, on a channel of two lines: fits are found, none is made, all stand in the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.fitting_provinces.estimate_all import RunsLeft, nothing_is_made
from shaanxi_transfer.experiments.fitting_provinces.settings import Settings
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.studies.backtest_of_all_provinces.left_out import (
    LEFT_OUT,
    SHARED,
    SUMMARY,
    LeftOut,
    by_series_and_horizon,
    left_out,
    said,
)
from shaanxi_transfer.studies.backtest_of_all_provinces.results import runs_of_backtest

FITTED = ("hubei", "shaanxi", "sichuan")
SETTINGS = Settings((2016,), members=12, banks=2, runs=10, seed=1, all_years=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, channel: Any) -> Path:
    folder = tmp_path_factory.mktemp("left_out")
    runs_of_backtest(
        FITTED, folder / "runs", SETTINGS, channel.model(), channel.Counted(), report=lambda line: None
    )
    return folder


def leave_out(folder: Path, channel: Any, provinces: Any, executor: Any, tables: bool = True) -> Any:
    return left_out(
        provinces,
        FITTED,
        folder / "runs",
        folder / "tables" if tables else None,
        SETTINGS,
        model=channel.model(),
        executor=executor,
        report=lambda line: None,
    )


@pytest.fixture(scope="module")
def done(folder: Path, channel: Any) -> LeftOut:
    with pytest.raises(RunsLeft):
        leave_out(folder, channel, ("hubei",), nothing_is_made)
    counted = channel.Counted()
    assert leave_out(folder, channel, ("hubei",), counted, tables=False) is None  # a piece
    assert counted.runs == SETTINGS.runs
    found: LeftOut = leave_out(folder, channel, (*FITTED, "gansu"), counted)
    assert counted.runs == 4 * SETTINGS.runs, "no fit is made, and the piece is found"
    return found


def test_each_stands_beside_its_own_fit(done: LeftOut, folder: Path) -> None:
    table = pd.read_csv(folder / "tables" / LEFT_OUT).set_index(["province", "indicator", "horizon"])
    whole = table.xs(("all", "all"), level=("indicator", "horizon"))
    assert set(whole.index) == {*FITTED, "gansu"} and (whole["points"] == len(SERIES)).all()
    both = table.xs("hubei")
    own, others = both["crps_model_fitted"], both["crps_model_left_out"]
    assert own.notna().all() and others.notna().all() and (own != others).all()
    of_gansu = table.xs("gansu")
    assert of_gansu["crps_model_fitted"].isna().all() and of_gansu["crps_model_left_out"].notna().all()
    single = both.loc[list(SERIES)]["crps_model_left_out"].unstack()
    assert single["1"].mean() == pytest.approx(both.loc[("all", "all"), "crps_model_left_out"], rel=1e-5)


def test_the_summary_holds_it_against_the_own_fit(done: LeftOut, folder: Path) -> None:
    overall = pd.read_csv(folder / "tables" / SUMMARY).query("by == 'all'").set_index("forecaster")
    assert (overall["provinces"] == len(FITTED)).all(), "one without a fit of its own is not in it"
    assert overall.loc["model_fitted", "model_less"] == 0.0
    crps = overall["crps_log"].to_dict()
    expected = crps["model_fitted"] - crps["model_left_out"]
    assert overall.loc["model_left_out", "model_less"] == pytest.approx(expected, rel=1e-4)
    assert len(said(done)) == 4 and not done.left_out
    learnt = pd.read_csv(folder / "tables" / SHARED)
    assert learnt.groupby("province")["others"].first().to_dict() == {**dict.fromkeys(FITTED, 2), "gansu": 3}


def test_errors_and_scores_are_means_over_origins() -> None:
    rows = [
        ("a", origin, SERIES[0], origin + ahead, ahead, who, crps, median, 1.0)
        for origin, ahead, who, crps, median in (
            (2015, 1, "own", 0.1, np.e),
            (2016, 1, "own", 0.3, 1.0),
            (2015, 2, "own", 0.5, np.exp(-0.5)),
        )
    ]
    names = ["province", "origin", "indicator", "year", "horizon", "forecaster", "crps_log"]
    table = by_series_and_horizon(pd.DataFrame(rows, columns=[*names, "median", "observed"]))
    found = table.set_index(["indicator", "horizon"])
    assert [*found.xs((SERIES[0], 1))][1:] == pytest.approx([2, 0.2, 0.5])
    assert [*found.xs(("all", "all"))][1:] == pytest.approx([3, 0.3, 0.5 / 3.0])


@pytest.mark.soak
def test_fits_that_are_not_there_and_lone_strangers_are_refused(
    done: LeftOut, folder: Path, channel: Any, tmp_path: Path
) -> None:
    with pytest.raises(RunsLeft, match="has not been run"):
        leave_out(tmp_path, channel, ("hubei",), channel.Counted())
    with pytest.raises(InputError, match="none of them has a fit"):
        leave_out(folder, channel, ("gansu",), nothing_is_made)
