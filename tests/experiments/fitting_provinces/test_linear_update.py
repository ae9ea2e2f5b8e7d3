"""The linear update against what is known exactly, and its banks against lines that are known."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.experiments.fitting_provinces.linear_update import (
    GROUPS,
    Bank,
    Lines,
    Normal,
    common_of,
    effective_sample_size,
    lines_through,
    updated,
    without_group,
)

RNG = np.random.default_rng(7)
SLOPES = np.array([[0.5, 0.2, 0.0], [0.4, 0.0, 0.3]])
NOISE = np.array([[0.04, 0.02], [0.02, 0.05]])
LEVEL = np.array([0.3, -0.2])
ERRORS = np.array([0.1, 0.2])
PRIOR = Normal(np.array([0.2, 0.0, -0.1]), np.array([[1.0, 0.3, 0.0], [0.3, 0.8, 0.0], [0.0, 0.0, 1.0]]))


def bank(runs: int, level: np.ndarray = LEVEL, slopes: np.ndarray = SLOPES, spread: float = 1.0) -> Bank:
    positions = spread * RNG.standard_normal((runs, 3))
    luck = RNG.multivariate_normal(np.zeros(2), NOISE, size=runs)
    return Bank(positions, level + positions @ slopes.T + luck)


def test_update_is_that_of_bayes() -> None:
    """Against the sum of precisions, another way to the same posterior."""
    found = updated(PRIOR, Lines(LEVEL, SLOPES, NOISE), ERRORS)
    weight = np.linalg.inv(NOISE + np.diag(ERRORS**2))
    before = np.linalg.inv(PRIOR.covariance)
    covariance = np.linalg.inv(before + SLOPES.T @ weight @ SLOPES)
    mean = covariance @ (before @ PRIOR.mean + SLOPES.T @ weight @ (0.0 - LEVEL))
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-12)
    np.testing.assert_allclose(found.mean, mean, atol=1e-12)


def test_lines_are_found() -> None:
    many = bank(20_000)
    common = common_of([many])
    lines = lines_through([many], common)
    np.testing.assert_allclose(lines.slopes, SLOPES, atol=0.01)
    np.testing.assert_allclose(lines.intercept, LEVEL, atol=0.01)
    np.testing.assert_allclose(lines.noise, NOISE, atol=0.002)


def test_level_is_that_of_the_last_bank_and_slopes_of_both() -> None:
    first, second = bank(4_000), bank(4_000, level=LEVEL + 1.0, spread=0.3)
    lines = lines_through([first, second], common_of([first, second]))
    np.testing.assert_allclose(lines.intercept, LEVEL + 1.0, atol=0.02)
    np.testing.assert_allclose(lines.slopes, SLOPES, atol=0.03)


def test_provinces_share_slopes_and_keep_levels_even_where_one_lacks_a_figure() -> None:
    one, other = bank(3_000), bank(3_000, level=LEVEL - 2.0)
    other.distances[:, 1] = np.nan
    common = common_of([one, other])
    np.testing.assert_allclose(common.slopes, SLOPES, atol=0.03)
    assert abs(common.correlation[0, 1]) < 0.02 + NOISE[0, 1] / np.sqrt(NOISE[0, 0] * NOISE[1, 1])
    lines = lines_through([Bank(other.positions, other.distances[:, :1])], common.of([0]))
    np.testing.assert_allclose(lines.intercept, LEVEL[:1] - 2.0, atol=0.02)


def test_slopes_that_few_runs_cannot_tell_are_kept_small() -> None:
    few = bank(12, slopes=np.zeros((2, 3)))
    loose = np.linalg.lstsq(few.positions - few.positions.mean(0), few.distances, rcond=None)[0]
    assert np.abs(common_of([few]).slopes).sum() < np.abs(loose).sum()


def test_intervals_hold_what_is_true() -> None:
    """Nine in ten, with slopes from the runs of ten provinces and forty runs of one's own."""
    inside = []
    for _ in range(150):
        truth = RNG.multivariate_normal(PRIOR.mean, PRIOR.covariance)
        seen = RNG.multivariate_normal(SLOPES @ truth + LEVEL, NOISE) + ERRORS * RNG.standard_normal(2)
        banks = [bank(40, level=LEVEL - seen) for _ in range(10)]
        found = updated(PRIOR, lines_through(banks[:1], common_of(banks)), ERRORS)
        inside.append(np.abs(truth - found.mean) < 1.645 * np.sqrt(np.diag(found.covariance)))
    assert 0.85 < np.mean(inside) < 0.95


def test_effective_sample_size_grows_with_the_runs_and_never_beyond_the_draws() -> None:
    sizes = []
    for runs in (40, 4_000):
        banks = [bank(runs) for _ in range(4)]
        parts = [common_of([one for b in banks for one in without_group([b], g)]) for g in range(GROUPS)]
        sizes.append(effective_sample_size(PRIOR, banks[:1], ERRORS, 400, common_of(banks), parts))
    assert 0.0 < sizes[0] < sizes[1] <= 400.0
    assert sizes[1] > 300.0


def test_draws_have_mean_and_covariance_and_stay_within_reach() -> None:
    drawn = PRIOR.draws(50_000, 4.0, 1)
    np.testing.assert_allclose(drawn.mean(axis=0), PRIOR.mean, atol=0.02)
    np.testing.assert_allclose(np.cov(drawn.T), PRIOR.covariance, atol=0.03)
    assert np.abs(Normal(np.full(3, 9.0), np.eye(3)).draws(10, 4.0, 1)).max() == pytest.approx(4.0)
