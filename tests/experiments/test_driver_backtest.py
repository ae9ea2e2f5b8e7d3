from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.driver_backtest import drivers_of, main, provinces_of
from shaanxi_transfer.experiments.driver_errors import Miss, Walk, coverage, fitted_walk, growth_rates, misses
from shaanxi_transfer.model.outside import outside_world
from shaanxi_transfer.scenarios import load


def test_a_steady_growth_is_never_missed() -> None:
    steady = {year: 100.0 * 1.1 ** (year - 2000) for year in range(2000, 2018)}
    found = list(misses("somewhere", steady, window=4))
    assert all(miss.error == pytest.approx(0.0, abs=1e-12) for miss in found)
    assert {miss.origin for miss in found} == set(range(2002, 2017))  # two years of growth at least
    assert max(miss.origin + miss.horizon for miss in found) == 2017


def test_a_miss_is_what_came_over_what_the_window_gave() -> None:
    series = {2000: 1.0, 2005: math.e, 2010: math.e**3, 2012: math.e**3}
    # from 2010 the window of four years begins with the known year 2005: 0.4 a year
    (miss,) = misses("x", series, window=4)
    assert miss[:3] == ("x", 2010, 2) and miss.error == pytest.approx(-0.8)
    rates = growth_rates(series)
    assert [rate[:2] for rate in rates] == [(2000, 2005), (2005, 2010), (2010, 2012)]
    assert [rate[2] for rate in rates] == pytest.approx([0.2, 0.4, 0.0])


def test_the_walk_is_that_of_the_model() -> None:
    world = load("no_plan")
    centrals = world.parameter_centrals() | {"drift_sd_rd": 0.04, "shock_sd_rd": 0.02}
    pack = world.pack()
    paths = np.array([outside_world(world, pack, centrals, seed).paths["rd"] for seed in range(400)])
    ln = np.log(paths[:, 2018 - 2000 : 2021 - 2000] / paths[:, [2017 - 2000]])
    assert ln.std(axis=0) == pytest.approx(Walk(0.04, 0.02).spread(np.array([1.0, 2.0, 3.0])), rel=0.12)
    known = drivers_of("shaanxi")["rd"]
    (last,) = (one for one in misses("rd", {**known, 2018: known[2017]}, 4) if one.origin == 2017)
    assert ln.mean(axis=0)[0] == pytest.approx(-last.error, abs=0.01)


def test_known_spreads_are_found_and_covered() -> None:
    luck, truth = np.random.default_rng(1), Walk(0.06, 0.03)
    missed = [
        Miss("x", origin, horizon, float(luck.normal(0.0, truth.spread(horizon))))
        for origin in range(0, 3000, 5)
        for horizon in (1, 2, 3)
    ]
    fitted = fitted_walk(missed, Walk(0.03, 0.03))
    assert fitted.walk.drift_sd == pytest.approx(0.06, abs=0.01)
    assert fitted.walk.shock_sd == pytest.approx(0.03, abs=0.02)
    assert fitted.drift_sd[1] <= 0.06 <= fitted.drift_sd[2] and fitted.gain > 10.0
    assert fitted.drift_sd[0] == pytest.approx(0.06, abs=0.01)
    errors = np.array([miss.error for miss in missed])
    horizons = np.array([miss.horizon for miss in missed], np.float64)
    for level, inside in coverage(errors, horizons, truth).items():
        assert inside == pytest.approx(level, abs=0.04)
    assert coverage(errors, horizons, Walk(0.03, 0.03))[0.95] < 0.85


def test_what_one_target_year_shows_in_many_places_counts_once() -> None:
    one = [Miss("x", 2014, 1, 0.1), Miss("x", 2015, 1, -0.1)]
    many = [miss._replace(place=str(place)) for miss in one for place in range(30)]
    declared = Walk(0.03, 0.03)
    assert fitted_walk(many, declared).gain == pytest.approx(fitted_walk(one, declared).gain)


def test_nothing_later_than_2017_is_looked_at() -> None:
    for series in (*drivers_of("shaanxi").values(), *provinces_of("rd_expenditure").values()):
        assert max(series) == 2017
    assert len(provinces_of("rd_expenditure")) == 31


def test_the_command_writes_three_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--province", "hubei", "--out", str(tmp_path)]) == 0
    backtest = pd.read_csv(tmp_path / "driver_backtest_hubei.csv")
    assert set(backtest["walk"]) == {"declared", "fitted"}
    shares = backtest.filter(like="coverage_")
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    spreads = pd.read_csv(tmp_path / "driver_spreads_hubei.csv")
    assert (spreads["supported_low"] <= spreads["fitted"]).all() and (spreads["gain"] >= 0).all()
    growth = pd.read_csv(tmp_path / "driver_growth_hubei.csv")
    common = growth[growth["measure"] == "share_common"]["value"]
    assert ((common >= 0) & (common <= 1)).all() and len(common) == 3
    assert main(["--province", "hubai", "--out", str(tmp_path)]) == 2
    assert "did you mean hubei (湖北)" in capsys.readouterr().err
