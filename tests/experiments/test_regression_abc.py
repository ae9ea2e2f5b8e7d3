"""Regression ABC on a linear problem with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.experiments.regression_abc import accept

SLOPES = np.random.default_rng(5).normal(size=(7, 3))
OBSERVED = np.random.default_rng(6).normal(size=7)
ERRORS = np.full(7, 0.5)


def test_mean_and_spread_are_those_of_the_exact_posterior() -> None:
    positions = np.random.default_rng(1).normal(size=(20_000, 3))
    found = accept(positions, positions @ SLOPES.T - OBSERVED, ERRORS, seed=2)
    weight = SLOPES.T / ERRORS**2
    covariance = np.linalg.inv(weight @ SLOPES + np.eye(3))
    assert found.mean() == pytest.approx(covariance @ weight @ OBSERVED, abs=0.06)
    assert found.spread() == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.1)
    assert 1000 < found.effective_sample_size <= 2000


def test_a_failed_run_is_left_out() -> None:
    positions = np.random.default_rng(1).normal(size=(500, 3))
    distances = positions @ SLOPES.T - OBSERVED
    distances[7, 2] = np.nan
    assert np.isfinite(accept(positions, distances, ERRORS, seed=2).positions).all()
