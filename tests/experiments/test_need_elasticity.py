"""Elasticities of purchases: pairs of growths, and a slope that one odd province does not move."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.need_elasticity import COLUMNS, elasticity, growths
from shaanxi_transfer.experiments.past_fits import robust_coefficients
from shaanxi_transfer.scenarios import load

TABLE = Path(__file__).resolve().parents[2] / "results" / "reference" / "need_elasticity.csv"


def test_growths_are_of_the_same_years_and_none_is_later() -> None:
    bought = {
        "a": {2010: 1.0, 2012: 4.0, 2013: 8.0, 2014: 16.0},
        "b": {2010: 2.0},
        "c": {2010: 1.0, 2013: 0.0},
    }
    research = {
        "a": {year: 10.0 * 2.0 ** (year - 2010) for year in range(2010, 2016)},
        "c": {2010: 1.0, 2013: 1.0},
    }
    pairs = growths(bought, research, 1, 2013)
    assert pairs.to_dict("list") == {
        "province": ["a"],
        "year": [2012],
        "bought": [pytest.approx(math.log(2.0))],
        "research": [pytest.approx(math.log(2.0))],
    }
    assert growths(bought, research, 3, 2013)["bought"].tolist() == pytest.approx([math.log(8.0)])
    assert growths(bought, research, 4, 2013).empty


@pytest.mark.parametrize("years_apart", [False, True])
def test_the_slope_is_found_whatever_one_odd_province_does(years_apart: bool) -> None:
    rng = np.random.default_rng(1)
    pairs = pd.DataFrame({"province": np.arange(60) // 2, "year": 2010 + np.arange(60) % 2})
    pairs["research"] = rng.normal(0.3, 0.1, 60)
    pairs["bought"] = 0.2 * pairs["research"] + 0.1 + rng.normal(0.0, 0.01, 60)
    pairs.loc[7, "bought"] = 5.0
    assert elasticity(pairs, years_apart) == pytest.approx(0.2, abs=0.05)
    common = pairs.assign(bought=pairs["bought"] + 3.0 * (pairs["year"] == 2011))
    if years_apart:  # what is common to all provinces in a year does not count
        assert elasticity(common, years_apart) == pytest.approx(0.2, abs=0.05)


def test_without_noise_the_line_is_exact() -> None:
    design = np.column_stack([np.arange(5.0), np.ones(5)])
    assert robust_coefficients(design @ np.array([2.0, -1.0]), design) == pytest.approx([2.0, -1.0])


@pytest.mark.house
def test_the_prior_of_the_model_covers_what_the_committed_table_says() -> None:
    table = pd.read_csv(TABLE)
    assert list(table.columns) == list(COLUMNS)
    of_number = table[(table["indicator"] == "contract_count_inflow") & (table["until"] == 2017)]
    prior = load("no_plan").parameter_table()["need_count_elasticity"]
    assert prior.low is not None
    assert prior.high is not None
    assert of_number["elasticity"].max() < prior.high
    assert prior.high >= of_number["high"].max() - 0.02
    assert prior.low <= prior.value <= prior.high
    assert abs(prior.value - of_number["elasticity"].median()) < 0.15
