from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.scores import (
    BANDS,
    crps,
    points_in_words,
    score_sample,
    summary_of_scores,
)


def of_the_normal(outcome: float, mean: float = 0.0, deviation: float = 1.0) -> float:
    """Closed form: Gneiting and others (2005), Monthly Weather Review 133, 1098-1118, equation 5."""
    z = (outcome - mean) / deviation
    return float(deviation * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)))


@pytest.mark.parametrize("outcome", [-2.0, 0.0, 0.3, 4.0])
def test_crps_of_a_large_sample_is_that_of_the_normal(outcome: float) -> None:
    sample = norm.ppf((np.arange(20_000) + 0.5) / 20_000, loc=0.5, scale=2.0)
    assert crps(sample, outcome) == pytest.approx(of_the_normal(outcome, 0.5, 2.0), abs=5e-4)


def test_crps_of_few_draws_has_no_bias() -> None:
    samples = np.random.default_rng(1).standard_normal((40_000, 5))
    scores = crps(samples, np.full(40_000, 0.3))
    error = scores.std(ddof=1) / np.sqrt(scores.size)
    assert abs(scores.mean() - of_the_normal(0.3)) < 4 * error
    # The plain score with m in place of m - 1 would be too large by a tenth of the mean distance.
    assert 4 * error < 0.1 * 2 / np.sqrt(np.pi) / 5 * 4


def test_crps_is_the_sum_over_pairs() -> None:
    generator = np.random.default_rng(2)
    sample, outcomes = generator.gamma(2.0, size=(3, 4, 7)), generator.gamma(2.0, size=(3, 4))
    pairs = np.abs(sample[..., :, np.newaxis] - sample[..., np.newaxis, :]).sum(axis=(-1, -2)) / (2 * 7 * 6)
    naive = np.abs(sample - outcomes[..., np.newaxis]).mean(axis=-1) - pairs
    assert crps(sample, outcomes) == pytest.approx(naive, rel=1e-12)


@pytest.mark.parametrize(
    ("sample", "outcome"), [([1.0], 1.0), ([1.0, np.nan], 1.0), ([1.0, 2.0], np.inf), ([], 1.0), (1.0, 1.0)]
)
def test_crps_refuses_what_is_no_sample(sample: list[float], outcome: float) -> None:
    with pytest.raises(InputError):
        crps(sample, outcome)


def test_scores_are_in_logs_and_bands_in_levels() -> None:
    generator = np.random.default_rng(3)
    sample = np.exp(generator.normal(10.0, 0.2, 50_000))
    score = score_sample(sample, float(np.exp(10.1)))
    assert score["crps_log"] == pytest.approx(of_the_normal(10.1, 10.0, 0.2), abs=2e-3)
    assert score["abs_log_error"] == pytest.approx(0.1, abs=5e-3)
    assert score["median"] == pytest.approx(np.exp(10.0), rel=5e-3)
    assert score["q975"] == pytest.approx(np.exp(10.0 + 0.2 * norm.ppf(0.975)), rel=1e-2)
    assert (score["inside_50"], score["inside_80"], score["inside_95"]) == (True, True, True)
    outside = score_sample(sample, float(np.exp(10.3)))
    assert (outside["inside_50"], outside["inside_80"], outside["inside_95"]) == (False, False, True)


@given(
    st.lists(st.floats(1e-3, 1e15), min_size=2, max_size=60),
    st.floats(1e-3, 1e15),
    st.floats(1e-3, 1e3),
)
def test_the_unit_does_not_matter_and_bands_are_nested(
    sample: list[float], outcome: float, unit: float
) -> None:
    score = score_sample(sample, outcome)
    other = score_sample([unit * draw for draw in sample], unit * outcome)
    assert other["crps_log"] == pytest.approx(score["crps_log"], abs=1e-9)
    assert score["q025"] <= score["q10"] <= score["q25"] <= score["median"] * (1 + 1e-12)
    assert score["median"] * (1 - 1e-12) <= score["q75"] <= score["q90"] <= score["q975"]
    assert score["inside_50"] <= score["inside_80"] <= score["inside_95"]


@given(st.floats(1e-3, 1e15), st.integers(2, 50))
def test_a_certain_and_right_forecast_is_perfect(figure: float, draws: int) -> None:
    score = score_sample([figure] * draws, figure)
    assert score["crps_log"] == pytest.approx(0.0, abs=1e-12)
    assert score["abs_log_error"] == 0.0
    assert all(score[band] for band in BANDS)


def test_bands_of_few_draws_hold_as_often_as_they_say() -> None:
    # 39 draws and an outcome drawn like them: the 95 % band is from the least to the largest
    # draw, outside of which 2 of 40 equally likely ranks lie.
    generator = np.random.default_rng(4)
    cases = 4_000
    held = {band: 0 for band in BANDS}
    for _ in range(cases):
        *sample, outcome = np.exp(generator.standard_normal(40))
        score = score_sample(sample, outcome)
        for band in BANDS:
            held[band] += bool(score[band])
    for band, share in zip(BANDS, (0.5, 0.8, 0.95), strict=True):
        assert abs(held[band] / cases - share) < 4 * np.sqrt(share * (1 - share) / cases), (band, held)


@pytest.mark.parametrize(
    ("sample", "outcome", "said"),
    [
        ([1.0, 0.0], 1.0, "draws: has no logarithm"),
        ([1.0, np.inf], 1.0, "draws: has no logarithm"),
        ([1.0, 2.0], -1.0, "observed: has no logarithm"),
        ([1.0, 2.0], np.nan, "observed: has no logarithm"),
        ([[1.0, 2.0]], 1.0, r"shape \(1, 2\)"),
        ([1.0], 1.0, "a sample of 1 draws"),
    ],
)
def test_score_refuses_what_has_no_logarithm(sample: list[float], outcome: float, said: str) -> None:
    with pytest.raises(InputError, match=said):
        score_sample(sample, outcome)


def _scores() -> pd.DataFrame:
    rows = [
        {
            "forecaster": name,
            "indicator": "output",
            "origin": origin,
            "year": 2017,
            "crps_log": score,
            "abs_log_error": 2 * score,
            "inside_50": False,
            "inside_80": score < 0.25,
            "inside_95": True,
        }
        for name, scores in (("second", (0.1, 0.3)), ("first", (0.2, 0.2)))
        for origin, score in zip((2015, 2016), scores, strict=True)
    ]
    return pd.DataFrame(rows)


def test_summary_counts_points_and_figures() -> None:
    summary = summary_of_scores(_scores())
    assert summary["forecaster"].tolist() == ["second", "first"]
    assert summary["points"].tolist() == [2, 2]
    assert summary["figures"].tolist() == [1, 1]
    first = {str(name): value for name, value in summary.iloc[0].items()}
    assert first["crps_log"] == pytest.approx(0.2)
    assert first["abs_log_error"] == pytest.approx(0.4)
    assert [first[band] for band in BANDS] == [0.0, 0.5, 1.0]
    # Wilson's interval of one in two.
    ends = [first["inside_80_low"], first["inside_80_high"]]
    assert ends == pytest.approx([0.0945, 0.9055], abs=1e-4)
    both = summary_of_scores(_scores(), ("forecaster", "indicator"))
    names = list(zip(both["forecaster"], both["indicator"], strict=True))
    assert names == [("second", "output"), ("first", "output")]
    assert points_in_words(_scores()).startswith("2 points a forecaster: 1 observed figures, forecast from 2")


def test_summary_names_a_missing_column() -> None:
    with pytest.raises(InputError, match="no column 'inside_80'"):
        summary_of_scores(_scores().drop(columns="inside_80"))
