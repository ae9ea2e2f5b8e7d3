"""Placebos: one of every estimator, and a programme that guarantees what banks lend anyway."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.studies.published_effects.futures import estimates
from shaanxi_transfer.studies.published_effects.placebo import BY, PLACEBO, fake_programme
from shaanxi_transfer.studies.published_effects.registered import registered

ESTIMATORS = {
    "difference_of_means", "ratio_of_shares", "matched_difference", "hazard_ratio", "discontinuity", "notch",
    "poisson_difference", "instrumented", "collapsed_t", "randomised",
}  # fmt: skip


@pytest.mark.slow
def test_one_future_has_a_placebo_of_every_estimator_and_its_truth_is_zero() -> None:
    found, failures = estimates(("placebo",), "shaanxi", runs=1, seed=1, workers=0)
    assert not failures
    assert found["future"].nunique() == round(PLACEBO.share_of_futures) == 2
    assert (found["true"] == 0.0).all()
    named = [name.partition(BY) for name in found["figure"]]
    assert {own or registered()[figure].estimator for figure, _, own in named} == ESTIMATORS
    covered = (found["low"] <= 0.0) & (found["high"] >= 0.0)
    assert covered.mean() > 0.7


def _banks(seed: int, added: float) -> pd.DataFrame:
    luck = np.random.default_rng(seed)
    keys = np.arange(1, 31).astype(np.uint64)
    rows = [
        pd.DataFrame(
            {
                "year": 2010 + quarter // 4,
                "quarter": 1 + quarter % 4,
                "key": keys,
                "lent_programme": 0,
                "lent_ordinary": 2e7 + 1e6 * keys + luck.normal(0.0, 2e6, len(keys)) + added * quarter,
            }
        )
        for quarter in range(20)
    ]
    return pd.concat(rows, ignore_index=True)


@pytest.mark.parametrize("added", [0.0, pytest.param(1e6, marks=pytest.mark.soak)])
def test_a_guarantee_of_loans_that_are_made_anyway_adds_nothing(added: float) -> None:
    found = [fake_programme(_banks(seed, added), seed) for seed in range(30)]
    assert np.mean([one.effect for one in found]) == pytest.approx(0.0, abs=0.1)
    assert sum(one.covers(0.0) for one in found) >= 26
    assert all(math.isfinite(one.low) and math.isfinite(one.high) for one in found)
