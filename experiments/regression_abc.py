"""Approximate Bayesian computation on a bank of prior runs, with regression adjustment.

A second way to the posterior, which shares nothing with the smoother but the runs of the prior:
no update, no repeated use of the data, no assumption that summaries are linear in parameters
but near the observed ones.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Accepted", "accept"]

Numbers = npt.NDArray[np.float64]

SHARE: Final = 0.1
"""Share of the bank that is accepted."""


class Accepted(NamedTuple):
    """Draws of the posterior with weights.

    Attributes
    ----------
    positions : ndarray of shape (draws, parameters)
        Adjusted.
    weights : ndarray of shape (draws,)
        Summing to 1.
    effective_sample_size : float
        1 over the sum of squared weights.
    """

    positions: Numbers
    weights: Numbers
    effective_sample_size: float

    def mean(self) -> Numbers:
        """Weighted mean of each parameter."""
        return np.asarray(self.weights @ self.positions)

    def spread(self) -> Numbers:
        """Weighted standard deviation of each parameter."""
        return np.asarray(np.sqrt(self.weights @ (self.positions - self.mean()) ** 2))


def accept(
    positions: Numbers, distances: Numbers, errors: Numbers, *, seed: int, share: float = SHARE
) -> Accepted:
    """Accept the runs nearest to the observed figures and move them the rest of the way.

    Parameters
    ----------
    positions : ndarray of shape (runs, parameters)
        Of a bank of prior runs.
    distances : ndarray of shape (runs, summaries)
        Simulated less observed; rows that are not finite are left out.
    errors : ndarray of shape (summaries,)
        Standard deviations of observation, added to the simulated summaries at random.
    seed : int
        Of these errors.
    share : float
        Share of runs that is accepted.

    Notes
    -----
    Summaries are first turned into estimates of the parameters by linear regression over
    the whole bank (Fearnhead and Prangle 2012, JRSS B 74, 419-474); the nearest runs in these
    get Epanechnikov weights, and a weighted local-linear regression takes out what is left of the
    distance (Beaumont, Zhang and Balding 2002, Genetics 162, 2025-2035).
    """
    well = np.isfinite(distances).all(axis=1)
    positions, distances = positions[well], distances[well]
    noise = np.random.default_rng(seed).standard_normal(distances.shape)
    seen = distances + noise * errors
    design = np.column_stack([np.ones(len(seen)), seen])
    slopes = np.linalg.lstsq(design, positions, rcond=None)[0]
    away = seen @ slopes[1:]  # estimate at the run less estimate at the observed figures
    scaled = away / away.std(axis=0)
    far = np.sqrt((scaled**2).sum(axis=1))
    nearest = np.argsort(far, kind="stable")[: max(2 * positions.shape[1], round(share * len(far)))]
    weights = 1.0 - (far[nearest] / (far[nearest].max() * (1.0 + 1e-9))) ** 2
    local = np.column_stack([np.ones(len(nearest)), away[nearest]])
    root = np.sqrt(weights)[:, None]
    fitted = np.linalg.lstsq(local * root, positions[nearest] * root, rcond=None)[0]
    adjusted = positions[nearest] - away[nearest] @ fitted[1:]
    weights = weights / weights.sum()
    return Accepted(adjusted, weights, float(1.0 / (weights**2).sum()))
