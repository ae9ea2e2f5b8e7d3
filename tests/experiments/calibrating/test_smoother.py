"""The smoother on a problem with a known answer, with luck in the simulator."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.experiments.calibrating import smoother

PARAMETERS, SUMMARIES, LUCK = 4, 7, 0.3
SLOPES = np.random.default_rng(5).normal(size=(SUMMARIES, PARAMETERS))
OBSERVED = np.random.default_rng(6).normal(size=SUMMARIES)
ERRORS = np.full(SUMMARIES, 0.4)


def distances(positions: np.ndarray, seed: int) -> np.ndarray:
    luck = np.random.default_rng(seed).normal(size=(*positions.shape[:-1], SUMMARIES)) * LUCK
    return positions @ SLOPES.T + luck - OBSERVED


def exact() -> tuple[np.ndarray, np.ndarray]:
    """Posterior of the linear model with a standard normal prior."""
    weight = SLOPES.T / (ERRORS**2 + LUCK**2)
    covariance = np.linalg.inv(weight @ SLOPES + np.eye(PARAMETERS))
    return covariance @ weight @ OBSERVED, covariance


@pytest.mark.parametrize("assimilations", [1, 4])
def test_mean_and_spread_are_those_of_the_exact_posterior(assimilations: int) -> None:
    positions = smoother.prior_positions(4, 2000, PARAMETERS, 1)
    for step in range(assimilations):
        positions = smoother.update(
            positions, distances(positions, 100 + step), ERRORS, assimilations, seed=step
        )
    mean, covariance = exact()
    flat = positions.reshape(-1, PARAMETERS)
    assert flat.mean(axis=0) == pytest.approx(mean, abs=0.04)
    assert np.cov(flat.T) == pytest.approx(covariance, abs=0.03)


def test_luck_that_is_taken_for_certain_would_make_the_posterior_too_sharp() -> None:
    positions = smoother.prior_positions(4, 2000, PARAMETERS, 1)
    for step in range(4):
        positions = smoother.update(
            positions,
            distances(positions, 100 + step),
            ERRORS,
            4,
            seed=step,
            noise=np.zeros((SUMMARIES, SUMMARIES)),
        )
    spread = positions.reshape(-1, PARAMETERS).var(axis=0).sum()
    assert spread < 0.9 * np.trace(exact()[1])


def test_noise_is_found_beside_the_slopes() -> None:
    positions = smoother.prior_positions(1, 4000, PARAMETERS, 3)[0]
    noise = smoother.noise_covariance(positions, distances(positions, 9))
    assert noise == pytest.approx(LUCK**2 * np.eye(SUMMARIES), abs=0.01)


def test_failed_runs_cost_their_member_only() -> None:
    positions = smoother.prior_positions(2, 50, PARAMETERS, 4)
    simulated = distances(positions, 5)
    simulated[0, :3] = np.nan
    moved = smoother.update(positions, simulated, ERRORS, 1, seed=1)
    assert moved.shape == positions.shape
    assert np.isfinite(moved).all()
    simulated[0, :30] = np.nan
    with pytest.raises(ValueError, match="only 20 of 50"):
        smoother.update(positions, simulated, ERRORS, 1, seed=1)


def test_independent_draws_are_worth_themselves_and_disagreement_costs() -> None:
    rng = np.random.default_rng(8)
    drawn = rng.normal(size=(20, 50, 30))
    together, each = smoother.effective_sample_size(drawn)
    assert together == pytest.approx(1000, rel=0.2)
    assert each.shape == (30,)
    apart, _ = smoother.effective_sample_size(drawn + rng.normal(size=(20, 1, 30)))
    assert apart == pytest.approx(20, rel=0.3)
