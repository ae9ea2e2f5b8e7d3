"""The ensemble smoother with multiple data assimilation (ES-MDA), for a simulator with luck of its own.

Emerick and Reynolds (2013), Computers and Geosciences 55, 3-15; the update itself is that of
`iterative_ensemble_smoother`. Parameters are positions z whose prior is a standard normal.

A run's summaries differ from those of its parameters by luck and by the parameters that are
not fitted. That noise enters every one of the ``a`` updates afresh, while the error of an
observation is meant to be inflated to ``a`` times itself. So that all updates together weigh the
sum of both once, the covariance given to the smoother is ``E + (1 - 1/a) N``: inflated and
with the noise that is in the runs already, ``a E + (a - 1) N + N``. N is what a linear
regression of the summaries on the positions leaves, over all ensembles.
"""

from __future__ import annotations

from typing import Final

import iterative_ensemble_smoother
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

FARTHEST: Final = 4.0
"""Positions are kept within so many standard deviations of the prior, as draws of it are."""


def prior_positions(ensembles: int, members: int, parameters: int, seed: int) -> Numbers:
    """Draw positions from the prior, shape (ensembles, members, parameters)."""
    drawn = np.random.default_rng(seed).standard_normal((ensembles, members, parameters))
    return np.clip(drawn, -FARTHEST, FARTHEST)


def noise_covariance(positions: Numbers, distances: Numbers) -> Numbers:
    """Estimate the covariance (summaries, summaries) of what summaries do beyond the fitted parameters.

    It is that of the residuals of a linear regression of the distances (runs, summaries), all finite, on the
    positions (runs, parameters), free of the fitted degrees of freedom.
    """
    design = np.column_stack([np.ones(len(positions)), positions])
    coefficients = np.linalg.lstsq(design, distances, rcond=None)[0]
    left = distances - design @ coefficients
    freedom = max(1, len(design) - design.shape[1])
    return np.asarray(left.T @ left / freedom, dtype=np.float64)


def update(
    positions: Numbers,
    distances: Numbers,
    errors: Numbers,
    assimilations: int,
    seed: int,
    noise: Numbers | None = None,
) -> Numbers:
    """Move ensembles one of ``assimilations`` steps towards the observations; the shape stays.

    ``positions`` have the shape (ensembles, members, parameters), ``distances`` (ensembles, members,
    summaries): simulated less observed. A row that is not finite is a failed run, whose member is replaced by
    a copy of another; a ValueError says that fewer than half of an ensemble's runs ended well. ``errors`` are
    standard deviations of the observations, whose perturbations ``seed`` draws. ``noise`` is estimated over
    all ensembles if absent.
    """
    positions, distances = _replaced(positions, distances)
    if noise is None:
        flat = positions.reshape(-1, positions.shape[2])
        noise = noise_covariance(flat, distances.reshape(-1, distances.shape[2]))
    covariance = np.diag(errors**2) + (1.0 - 1.0 / assimilations) * noise
    moved = np.empty_like(positions)
    for number, (before, simulated) in enumerate(zip(positions, distances, strict=True)):
        smoother = iterative_ensemble_smoother.ESMDA(
            covariance=covariance,
            observations=np.zeros(len(errors)),
            alpha=assimilations,
            seed=np.random.default_rng([seed, number]),
        )
        smoother.prepare_assimilation(Y=np.ascontiguousarray(simulated.T))
        moved[number] = smoother.assimilate_batch(X=np.ascontiguousarray(before.T)).T
    return np.clip(moved, -FARTHEST, FARTHEST)


def _replaced(positions: Numbers, distances: Numbers) -> tuple[Numbers, Numbers]:
    """Put copies of members that ran well in the places of those that failed."""
    positions, distances = positions.copy(), distances.copy()
    for before, simulated in zip(positions, distances, strict=True):
        well = np.isfinite(simulated).all(axis=1)
        if well.sum() * 2 < len(well):
            raise ValueError(f"only {well.sum()} of {len(well)} runs of an ensemble ended well")
        donors = np.flatnonzero(well)
        for place, failed in enumerate(np.flatnonzero(~well)):
            before[failed] = before[donors[place % len(donors)]]
            simulated[failed] = simulated[donors[place % len(donors)]]
    return positions, distances


def effective_sample_size(positions: Numbers) -> tuple[float, Numbers]:
    """Say how many independent draws the members of two or more ensembles are worth.

    Ensembles that start from different priors end at different means. If their members were independent
    draws, these means would differ by the spread within over the number of members; if they differ by more,
    fewer independent draws explain it (the reasoning of Gelman and Rubin 1992 for chains).

    Positions have the shape (ensembles, members, parameters). The first number is over all parameters:
    ensembles times the sum of variances within over the sum of variances between the means, no more than
    there are members. The second is the same for each parameter alone, which few ensembles give only roughly.
    """
    ensembles, members, _ = positions.shape
    within = positions.var(axis=1, ddof=1).mean(axis=0)
    between = positions.mean(axis=1).var(axis=0, ddof=1)
    most = float(ensembles * members)
    each = np.minimum(ensembles * within / np.maximum(between, 1e-12), most)
    together = min(ensembles * float(within.sum()) / max(float(between.sum()), 1e-12), most)
    return together, each
