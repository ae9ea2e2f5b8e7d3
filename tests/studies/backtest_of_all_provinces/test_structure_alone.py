"""The past told the nation, on a channel of two lines that does not look at it: errors are the province's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting.conditional import split_errors
from shaanxi_transfer.experiments.fitting_provinces.estimate_all import RunsLeft, nothing_is_made
from shaanxi_transfer.experiments.fitting_provinces.settings import Settings
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.studies.backtest_of_all_provinces.results import runs_of_backtest
from shaanxi_transfer.studies.backtest_of_all_provinces.structure_alone import (
    PARTS,
    SPLIT,
    SUMMARY,
    structure_alone,
    summary_of_split,
)

FITTED = ("hubei", "sichuan")
SETTINGS = Settings((2015, 2016), members=17, banks=2, runs=10, seed=1, all_years=False)


def alone(folder: Path, channel: Any, executor: Any) -> Any:
    return structure_alone(
        FITTED,
        folder / "runs",
        folder / "tables",
        SETTINGS,
        model=channel.model(),
        executor=executor,
        report=lambda line: None,
    )


def test_errors_are_split_in_the_futures_of_the_fits(tmp_path: Path, channel: Any) -> None:
    counted = channel.Counted()
    with pytest.raises(RunsLeft):
        alone(tmp_path, channel, counted)
    own = runs_of_backtest(
        FITTED, tmp_path / "runs", SETTINGS, channel.model(), channel.Counted(), report=lambda line: None
    )
    done = alone(tmp_path, channel, counted)
    assert counted.runs == len(FITTED) * len(SETTINGS.origins) * SETTINGS.runs, "no fit is made again"
    split = pd.read_csv(tmp_path / "tables" / SPLIT)
    assert len(split) == len(FITTED) * len(SERIES) * 3, "two years from 2015, one from 2016"
    np.testing.assert_allclose(split["of_the_nation"], 0.0, atol=1e-9)
    expected = split_errors(own.points, own.points)["error"]
    np.testing.assert_allclose(split["error"], expected, rtol=1e-5)
    assert not done.left_out
    again = alone(tmp_path, channel, nothing_is_made)
    pd.testing.assert_frame_equal(again.split, done.split)
    summary = pd.read_csv(tmp_path / "tables" / SUMMARY)
    assert {"mean", "mean_abs", "slope", "crps_log"} == set(summary["what"])


def test_means_and_slopes_are_those_of_the_errors() -> None:
    rows = [
        (province, origin, SERIES[0], origin + ahead, ahead, 0.1 * ahead + 0.2, 0.2, 0.1 * ahead)
        for province in ("a", "b")
        for origin in (2014, 2015)
        for ahead in (1, 2)
    ]
    split = pd.DataFrame(rows, columns=["province", "origin", "indicator", "year", "horizon", *PARTS])
    table = summary_of_split(split, {}, seed=1)
    values = table.set_index(["what", "by", "part"])["value"].to_dict()
    assert values["mean", "all", "of_the_province"] == pytest.approx(0.15)
    assert values["slope", "horizon", "of_the_province"] == pytest.approx(0.1)
    assert values["slope", "origin", "of_the_nation"] == pytest.approx(0.0, abs=1e-9)
