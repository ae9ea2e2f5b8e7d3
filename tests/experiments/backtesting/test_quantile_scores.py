"""Scores from quantiles: against the closed form, against scores of draws, against the interval score."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.stats import norm

from shaanxi_transfer.experiments.backtesting.quantile_scores import NEEDED, score_quantiles, wis_log
from shaanxi_transfer.experiments.backtesting.scores import BANDS, score_sample

FloatArray = npt.NDArray[np.float64]

HUBS = np.array([0.01, 0.025, *(step / 20 for step in range(1, 20)), 0.975, 0.99])
PERCENT = np.unique([*(step / 100 for step in range(1, 100)), *NEEDED])
MEAN, SPREAD = 10.0, 0.4


def closed(outcome: float) -> float:
    z = (outcome - MEAN) / SPREAD
    return SPREAD * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))


def quantiles(levels: FloatArray) -> FloatArray:
    return np.exp(MEAN + SPREAD * norm.ppf(levels))


@pytest.mark.parametrize("outcome", [10.0, 10.3, 11.0, 8.5])
@pytest.mark.parametrize(("levels", "off"), [(HUBS, 0.015), (PERCENT, 0.005), (np.array(NEEDED), 0.13)])
def test_crps_from_quantiles_of_a_lognormal_is_the_closed_form(
    levels: FloatArray, off: float, outcome: float
) -> None:
    found = score_quantiles(levels, quantiles(levels), math.exp(outcome))
    assert found["crps_log"] == pytest.approx(closed(outcome), rel=off)


def test_over_many_outcomes_the_crps_is_as_near_as_is_said() -> None:
    outcomes = MEAN + SPREAD * norm.ppf((np.arange(400) + 0.5) / 400)
    truth = np.mean([closed(outcome) for outcome in outcomes])
    for levels, off in ((HUBS, 0.002), (np.array(NEEDED), 0.031)):
        scores = [score_quantiles(levels, quantiles(levels), math.exp(one))["crps_log"] for one in outcomes]
        assert 1.0 - off < np.mean(scores) / truth <= 1.0


@pytest.mark.parametrize("outcome", [10.0, 10.3, 11.0, 8.5])
def test_quantiles_and_draws_of_one_distribution_are_scored_alike(outcome: float) -> None:
    draws = np.exp(MEAN + SPREAD * norm.ppf((np.arange(4000) + 0.5) / 4000))
    of_draws = score_sample(draws, math.exp(outcome))
    found = score_quantiles(HUBS, quantiles(HUBS), math.exp(outcome))
    assert list(found) == list(of_draws)
    for name, value in of_draws.items():
        assert found[name] == (value if name in BANDS else pytest.approx(value, rel=0.015, abs=1e-9))
    both = wis_log(pd.DataFrame([found, of_draws]))
    assert both[0] == pytest.approx(both[1], rel=2e-3)


def test_the_weighted_interval_score_is_that_of_its_intervals() -> None:
    import scoringrules  # it compiles for five seconds when it is imported

    levels = np.array(NEEDED)
    for outcome in (9.0, 10.1, 11.7):
        found = score_quantiles(levels, quantiles(levels), math.exp(outcome))
        lower, upper = MEAN + SPREAD * norm.ppf(levels[:3]), MEAN + SPREAD * norm.ppf(levels[:3:-1])
        alpha = 2 * levels[:3]
        intervals = scoringrules.interval_score(outcome, lower, upper, alpha, backend="numpy")
        by_hand = (0.5 * abs(outcome - MEAN) + (alpha / 2 * intervals).sum()) / 3.5
        assert wis_log(pd.DataFrame([found]))[0] == pytest.approx(by_hand, rel=1e-12)
