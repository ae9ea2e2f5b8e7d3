"""Forecasts of the past are made by the code that writes a forecast, draw by draw."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.backtesting.model_half import points_from
from shaanxi_transfer.experiments.backtesting.points import points_of
from shaanxi_transfer.experiments.backtesting.pooled_discrepancy import (
    PlacedPoint,
    PooledShape,
    Volatility,
    discrepancy_of_province,
    predicted,
)
from shaanxi_transfer.experiments.backtesting.predicted_points import predicted_points, scores_of_predicted
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES, Discrepancy, SeriesDiscrepancy
from shaanxi_transfer.experiments.forecasting.predictive import Prediction, Predictive
from shaanxi_transfer.experiments.keeping.parquet_parts import table_of
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed, plan_runs
from shaanxi_transfer.experiments.planning.runs import Finished
from shaanxi_transfer.model.indicators import INDICATORS

VALUE, COUNT = "contract_value_output", "contract_count_output"
SEED, ORIGIN, FUTURES = 11, 2014, 12
OBSERVED = {
    VALUE: {2014: 9.0e9, 2015: 1.0e10, 2016: 1.2e10, 2017: 1.1e10},
    COUNT: {2014: 900.0, 2015: 950.0, 2017: 1000.0},
}


def whole(carry: float = 1.0) -> Discrepancy:
    one = SeriesDiscrepancy(scale=0.1, carry=carry, observation_error=0.05)
    return Discrepancy(
        source="made up for a test",
        points=10,
        rules="0" * 16,
        drawn_from="prior",
        degrees_of_freedom=5.0,
        growth_power=0.6,
        series={VALUE: one, COUNT: one},
    )


@pytest.fixture(scope="module")
def finished() -> list[Finished]:
    """Runs of 2013 to 2017 whose level has nothing to do with what was observed."""
    quarters = tuple(Quarter(2013, 1).later(step) for step in range(20))
    done = []
    for run in plan_runs(["world"], FUTURES, SEED):
        luck = np.random.default_rng(run.seed).lognormal(0.0, 0.3, (20, 2))
        done.append(Finished(run, (VALUE, COUNT), quarters, luck * [3.0e8, 40.0]))
    return done


@pytest.fixture(scope="module")
def points(finished: list[Finished]) -> pd.DataFrame:
    definitions = Definitions({name: INDICATORS[name] for name in (VALUE, COUNT)}, {})
    return points_from(finished, definitions, OBSERVED, ORIGIN)


def test_what_is_tried_is_what_is_written(finished: list[Finished], points: pd.DataFrame) -> None:
    predicted = predicted_points(points, {ORIGIN: whole()}, SEED).set_index(["indicator", "draw", "year"])
    ln_observed = {name: math.log(series[ORIGIN]) for name, series in OBSERVED.items()}
    written = Predictive({"world": Prediction(whole(), ORIGIN, ln_observed)})
    frame = written.of(table_of(finished)).to_pandas().astype({"indicator": str})
    yearly = frame.groupby(["indicator", "future", "year"])["value"].sum()
    assert len(predicted) == FUTURES * 5, "three years of the value, two of the number"
    for key, found in predicted["ln_predicted"].to_dict().items():
        assert found == pytest.approx(math.log(yearly.to_dict()[key]), rel=1e-9)


@pytest.mark.parametrize("by_place", [False, True])
def test_the_pooled_backtest_draws_what_is_frozen(points: pd.DataFrame, by_place: bool) -> None:
    shape = PooledShape(
        dict.fromkeys(SERIES, 0.8), dict.fromkeys(SERIES, 0.6), growth_power=0.6, weight=3.0,
        degrees_of_freedom=5.0,
    )  # fmt: skip
    known = Volatility(0.04, 4)
    frozen = discrepancy_of_province(
        shape, {VALUE: (known, 0.02), COUNT: (known, 0.02)}, points=9, source="made up for a test"
    )
    for point in points_of(points):
        placed = PlacedPoint("gansu", point, known, 0.02)
        found = predicted(placed, shape, SEED, by_place=by_place)
        base = {point.series: math.log(OBSERVED[point.series][ORIGIN])}
        prediction = Prediction(frozen, ORIGIN, base, "gansu" if by_place else "")
        for draw in range(FUTURES):
            start = math.exp(base[point.series] - point.residual[draw])
            factors = prediction.ln_factors(point.series, future_seed(SEED, draw), start, 3)
            expected = point.simulated[draw] + factors[point.horizon - 1]
            assert found[draw] == pytest.approx(expected, rel=1e-9)


def test_with_the_whole_residual_a_wrong_level_is_put_right_for_good(points: pd.DataFrame) -> None:
    silent = whole().less(("discrepancy", "observation"))
    found = predicted_points(points, {ORIGIN: silent}, SEED)
    growth = found["ln_simulated"] - found["ln_simulated_at_origin"]
    expected = found["ln_observed_at_origin"] + growth
    assert found["ln_predicted"].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-12)


def test_scores_are_of_the_predicted_draws(points: pd.DataFrame) -> None:
    predicted = predicted_points(points, {ORIGIN: whole()}, SEED)
    scores = scores_of_predicted(predicted, "prior_whole_carry")
    assert scores[["indicator", "year", "horizon"]].to_numpy().tolist() == [
        [COUNT, 2015, 1], [COUNT, 2017, 3], [VALUE, 2015, 1], [VALUE, 2016, 2], [VALUE, 2017, 3],
    ]  # fmt: skip
    mine = predicted.query("indicator == @VALUE and year == 2016")["ln_predicted"]
    assert scores.loc[3, "median"] == pytest.approx(math.exp(mine.median()))
    assert scores.loc[3, "observed"] == pytest.approx(1.2e10)


def test_a_series_without_a_discrepancy_is_left_out(points: pd.DataFrame) -> None:
    one = whole()
    only = one.model_copy(update={"series": {VALUE: one.series[VALUE]}})
    assert set(predicted_points(points, {ORIGIN: only}, SEED)["indicator"]) == {VALUE}


def test_the_kind_of_forecast_is_kept_in_the_file(tmp_path: Path) -> None:
    whole().write(tmp_path / "discrepancy.yaml")
    assert Discrepancy.read(tmp_path / "discrepancy.yaml") == whole()
    text = (tmp_path / "discrepancy.yaml").read_text(encoding="utf-8").replace("drawn_from: prior\n", "")
    (tmp_path / "before.yaml").write_text(text, encoding="utf-8")
    assert Discrepancy.read(tmp_path / "before.yaml").drawn_from == "posterior"
