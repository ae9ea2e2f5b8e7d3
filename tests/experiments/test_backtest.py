"""The backtest of the model on a channel of two lines: what enters, and how it is scored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments import backtest as backtest_room
from shaanxi_transfer.experiments import calibrate as calibrate_room
from shaanxi_transfer.experiments.backtest import SCORES, Backtest, backtest, kept_options
from shaanxi_transfer.experiments.backtesting.model_half import forecast_points, world_of_origin
from shaanxi_transfer.experiments.backtesting.options import BacktestOptions
from shaanxi_transfer.experiments.backtesting.points import POINT_COLUMNS
from shaanxi_transfer.experiments.backtesting.rivals_half import check_origins
from shaanxi_transfer.experiments.backtesting.stored_forecasts import read_quantiles
from shaanxi_transfer.experiments.calibrating.observed_figures import observed_table
from shaanxi_transfer.experiments.fits_in_folders import kind_of_fits, status_of_folder
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES, discrepancy_of
from shaanxi_transfer.model.state.outside import OutsideWorld, outside_world
from shaanxi_transfer.scenarios import load_pack

ORIGINS = (2015, 2016)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, channel: Any) -> Backtest:
    folder = tmp_path_factory.mktemp("backtest")
    file = folder / "observed.csv"
    file.write_text(channel.observed(24_000.0, 2.2e6), encoding="utf-8")
    contracts = observed_table(load_pack("shaanxi"), channel.model().definitions, file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate_room, "FITTED", channel.FREE)
        patch.setattr(calibrate_room, "observed_table", lambda *_: contracts)
        patch.setattr(backtest_room, "DRAWS", 400)
        asked: dict[str, Any] = {"ensembles": 2, "members": 120, "assimilations": 3, "runs": 40}
        options = BacktestOptions(origins=ORIGINS, out=folder, workers=0, **asked)
        return backtest(options, channel.model())


@pytest.mark.slow
def test_model_and_rivals_are_scored_on_the_same_figures(done: Backtest) -> None:
    places = done.scores.groupby("forecaster")[["origin", "indicator", "year"]]
    of_all = [set(map(tuple, table.to_numpy().tolist())) for _, table in places]
    assert len(of_all) == 9
    assert all(one == of_all[0] for one in of_all)
    assert len(of_all[0]) == 4 * (2 + 1)
    assert np.isfinite(done.scores["crps_log"]).all()
    assert set(done.summary["indicator"]) == {"all", *SERIES}


@pytest.mark.slow
def test_discrepancy_is_estimated_and_written(done: Backtest) -> None:
    assert discrepancy_of(done.folder) is not None
    assert done.discrepancy.points == 12
    # The channel of two lines misses most of what happened: its error must not be taken for luck.
    assert all(one.scale > 0.0 for one in done.discrepancy.series.values())
    fitted = done.scores[done.scores["forecaster"] == "model_fitted"]
    whole = done.scores[done.scores["forecaster"] == "model"]
    width = [np.log(table["q90"] / table["q10"]).mean() for table in (fitted, whole)]
    assert width[1] > width[0]


@pytest.mark.slow
def test_points_have_the_columns_that_the_estimate_reads(done: Backtest) -> None:
    points = pd.read_parquet(done.folder / "points.parquet")
    assert tuple(points.columns) == POINT_COLUMNS
    assert len(points) == 40 * 12


@pytest.mark.slow
def test_quantiles_of_every_point_are_kept(done: Backtest) -> None:
    kept = read_quantiles(done.folder, SCORES)
    names = ["origin", "indicator", "year", "forecaster"]
    assert kept[names].to_numpy().tolist() == done.scores[names].to_numpy().tolist()


def drawn(until: int, seed: int) -> OutsideWorld:
    world = world_of_origin("shaanxi", until, "prior")
    return outside_world(world, world.pack(), world.parameter_centrals(), seed)


def test_outside_paths_know_nothing_after_the_origin() -> None:
    one, two = drawn(2014, 1), drawn(2014, 2)
    for name in ("national_count", "national_value", "rd", "output"):
        for date in (2010.1, 2014.4, 2014.9):
            assert one.relative(name, date) == two.relative(name, date), "no draw moves the past"
        assert one.level(name, 2015) != two.level(name, 2015)
        assert one.level(name, 2014) == drawn(2017, 1).level(name, 2014)
    assert drawn(2017, 1).level("rd", 2015) not in (one.level("rd", 2015), two.level("rd", 2015))


def test_more_futures_leave_the_first_ones_as_they_are(channel: Any) -> None:
    world, model = world_of_origin("shaanxi", 2016, "prior"), channel.model()
    few, more = (forecast_points(world, model, runs=runs, scale=0.1, seed=1, workers=0) for runs in (10, 70))
    kept = more[more["draw"] < 10].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, kept)


@pytest.mark.parametrize("text", ["2012", "2013,2013", "", "soon"])
def test_origins_that_cannot_be_tried_are_refused(text: str) -> None:
    with pytest.raises(Exception, match="origin"):
        check_origins(text)
    assert check_origins("2016, 2013") == (2013, 2016)


@pytest.mark.slow
def test_folder_of_an_origin_holds_its_posterior(done: Backtest) -> None:
    for origin in ORIGINS:
        folder = Path(done.folder) / f"origin_{origin}"
        assert f"observed_until: {origin}" in (folder / "posterior.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_folder_of_a_backtest_has_a_status_and_says_what_was_asked(done: Backtest) -> None:
    options = kept_options(done.folder)
    assert (options.origins, options.members, options.runs) == (ORIGINS, 120, 40)
    assert kind_of_fits(done.folder) == "backtest" and kind_of_fits(done.folder / "origin_2016") is None
    status = status_of_folder(done.folder)
    assert status.planned == len(ORIGINS) * (2 * 120 * 4 + 2 * 40)
    assert (status.finished, status.left) == (status.planned, 0)
    missing = done.folder / SCORES
    away = missing.rename(missing.with_suffix(".away"))
    try:
        assert status_of_folder(done.folder).left == len(ORIGINS) * 2 * 40, "forecasts are made again"
    finally:
        away.rename(missing)
