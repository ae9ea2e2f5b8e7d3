from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS
from shaanxi_transfer.experiments.backtesting.rivals_half import (
    COLUMNS,
    backtest_rivals,
    rival_scores,
)
from shaanxi_transfer.experiments.backtesting.scores import QUANTILES, summary_of_scores
from shaanxi_transfer.experiments.backtesting.stored_forecasts import STORED
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.scenarios import load_pack

FORECAST = ["median", *QUANTILES]
INDICATOR = "contract_value_output"


@pytest.fixture(scope="module")
def shaanxi() -> pd.DataFrame:
    return backtest_rivals("shaanxi", draws=100)


def test_every_origin_series_year_and_rival_is_there_once(shaanxi: pd.DataFrame) -> None:
    assert tuple(shaanxi.columns) == (*COLUMNS, *STORED)
    assert len(shaanxi) == len(RIVALS) * len(SERIES) * (4 + 3 + 2 + 1)
    assert not shaanxi.duplicated(["origin", "indicator", "year", "forecaster"]).any()
    assert (shaanxi["year"] == shaanxi["origin"] + shaanxi["horizon"]).all()
    series = load_pack("shaanxi").series_of(INDICATOR)
    mine = shaanxi[shaanxi["indicator"] == INDICATOR]
    assert mine["observed"].tolist() == [series[year] for year in mine["year"]]
    assert shaanxi["year"].max() == 2017


def test_summary_has_forty_points_and_sixteen_figures(shaanxi: pd.DataFrame) -> None:
    summary = summary_of_scores(shaanxi)
    assert summary["forecaster"].tolist() == list(RIVALS)
    assert summary["points"].tolist() == [40] * 5
    assert summary["figures"].tolist() == [16] * 5
    by_series = summary_of_scores(shaanxi, ("forecaster", "indicator"))
    assert by_series["points"].tolist() == [10] * 20


def test_nothing_later_than_the_origin_enters() -> None:
    pack = load_pack("shaanxi")
    own, national = pack.series_of(INDICATOR), pack.series_of(INDICATOR, "china")
    as_it_was = rival_scores(own, national, INDICATOR, draws=100)
    generator = np.random.default_rng(1)
    for origin in (2013, 2015):
        changed = [
            {y: value * (generator.lognormal(2.0) if y > origin else 1.0) for y, value in series.items()}
            for series in (own, national)
        ]
        # One more year of the nation, which a careless cut would let in.
        changed[1][2018] = 1e15
        again = rival_scores(changed[0], changed[1], INDICATOR, origins=(origin,), draws=100)
        before = as_it_was[as_it_was["origin"] == origin]
        assert again[FORECAST].to_numpy().tobytes() == before[FORECAST].to_numpy().tobytes()
        assert (again["observed"].to_numpy() != before["observed"].to_numpy()).all()


def test_the_year_of_the_origin_enters() -> None:
    # Else the test above would pass with forecasters that look at nothing.
    pack = load_pack("shaanxi")
    own, national = pack.series_of(INDICATOR), pack.series_of(INDICATOR, "china")
    before = rival_scores(own, national, INDICATOR, origins=(2014,), draws=100)
    after = rival_scores({**own, 2014: own[2014] * 1.1}, national, INDICATOR, origins=(2014,), draws=100)
    assert (before["median"] != after["median"]).all()


def test_a_year_without_a_figure_is_not_scored() -> None:
    pack = load_pack("shaanxi")
    own, national = pack.series_of(INDICATOR), pack.series_of(INDICATOR, "china")
    del own[2016]
    scores = rival_scores({**own, 2015: float("nan")}, national, INDICATOR, origins=(2014,), draws=50)
    assert scores["year"].tolist() == [2017] * len(RIVALS)


def test_origins_without_future_or_past_are_refused() -> None:
    with pytest.raises(InputError, match="origin 2017 leaves no year"):
        backtest_rivals("shaanxi", origins=(2017,), draws=50)
    with pytest.raises(InputError, match="own: 2 figures up to 2009"):
        backtest_rivals("shaanxi", origins=(2009,), draws=50)
    with pytest.raises(InputError, match="did you mean contract_value_output"):
        backtest_rivals("shaanxi", indicators=("contract_value_outptu",), draws=50)
