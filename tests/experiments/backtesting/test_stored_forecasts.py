"""What is kept of every forecast: read as it was written, small, and enough to score a later design."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.quantile_scores import crps_of_quantiles
from shaanxi_transfer.experiments.backtesting.scores import crps
from shaanxi_transfer.experiments.backtesting.stored_forecasts import (
    JOINT_DRAWS,
    LEVELS,
    STEP,
    draws_file,
    kept_of,
    quantiles_file,
    read_draws,
    read_quantiles,
    write_stored,
)

TABLE = "backtest.csv"


def scores(points: int, forecasters: int, draws: int = 200, seed: int = 1) -> pd.DataFrame:
    """Forecasts of points in thirty provinces, each lognormal."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(points):
        head = {
            "province": f"p{place % 30:02d}",
            "origin": 2013 + place % 4,
            "indicator": f"series_{place % 5}",
            "year": 2017,
            "observed": float(np.exp(22.0)),
        }
        for number in range(forecasters):
            logs = rng.normal(rng.normal(22.0, 2.0), rng.uniform(0.1, 0.5), draws)
            rows.append({**head, "forecaster": f"f{number}", **kept_of(logs)})
    return pd.DataFrame(rows)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    table = scores(7, 2)
    write_stored(tmp_path, TABLE, table)
    quantiles, draws = read_quantiles(tmp_path, TABLE), read_draws(tmp_path, TABLE)
    names = ["province", "origin", "indicator", "year", "forecaster", "observed"]
    pd.testing.assert_frame_equal(quantiles[names], table[names])
    for found, stored in ((quantiles, "quantiles"), (draws, "draws")):
        np.testing.assert_array_equal(np.stack(list(found[stored])), np.stack(list(table[stored])))


def test_rounding_moves_no_logarithm_by_more_than_half_a_step() -> None:
    logs = np.random.default_rng(1).normal(25.0, 0.3, 150)
    kept = kept_of(logs)
    exact = np.quantile(logs, LEVELS, method="weibull")
    assert np.abs(kept["quantiles"] - exact).max() <= STEP / 2.0
    assert np.abs(kept["draws"] - logs[:JOINT_DRAWS]).max() <= STEP / 2.0


def test_a_future_that_failed_leaves_its_place_empty() -> None:
    kept = kept_of(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), np.array([0, 2, JOINT_DRAWS + 5]))
    draws = kept["draws"]
    assert (draws[0], draws[2]) == (1.0, 2.0)
    assert np.isnan(np.delete(draws, [0, 2])).all(), "one beyond those that are kept is in none of them"


def test_quantiles_score_as_the_draws_do() -> None:
    rng = np.random.default_rng(2)
    logs, outcome = rng.normal(20.0, 0.4, 4000), 20.3
    kept = kept_of(logs)["quantiles"]
    assert crps_of_quantiles(LEVELS, kept, outcome) == pytest.approx(float(crps(logs, outcome)), rel=0.01)


def test_the_size_of_all_points_is_bounded(tmp_path: Path) -> None:
    write_stored(tmp_path, TABLE, scores(1200, 8))
    sizes = {name: (tmp_path / name).stat().st_size for name in (quantiles_file(TABLE), draws_file(TABLE))}
    assert max(sizes.values()) < 3_000_000, sizes


def test_a_backtest_of_before_and_crossing_quantiles_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="made before they were kept"):
        read_quantiles(tmp_path, TABLE)
    write_stored(tmp_path, TABLE, scores(3, 1), draws=False)
    assert not (tmp_path / draws_file(TABLE)).exists()
    file = tmp_path / quantiles_file(TABLE)
    frame = pd.read_parquet(file)
    frame["p500"] = np.where(frame.index == 1, frame["p490"] - 1.0, frame["p500"])
    frame.to_parquet(file)
    with pytest.raises(InputError, match="row 2 has quantiles that cross"):
        read_quantiles(tmp_path, TABLE)
    frame.drop(columns="p500").to_parquet(file)
    with pytest.raises(InputError, match="lacks a column"):
        read_quantiles(tmp_path, TABLE)
