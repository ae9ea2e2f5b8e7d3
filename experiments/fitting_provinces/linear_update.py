"""Learn from figures where runs are few: straight lines through banks of runs, and one exact update.

A province gets some hundred runs at each origin, too few for the sample covariances of the
smoother. Here the logarithms of the figures are taken as linear in the positions,
``d = a + B z + luck``, luck with covariance N. By how much a parameter moves a figure, and which figures luck
moves together, is much the same in all provinces: B and the correlations of N are those of the runs
of all of them; the level a and the standard deviations of N are the province's own. What is known of z
beforehand is a normal distribution with mean m and covariance P, given, not sampled. Then the
figures (distances 0 with errors E) move it as a Kalman update does::

    K = P B' (B P B' + N + E)^-1,   m + K (0 - a - B m),   P - K B P

Where the lines bend, a second bank is run at what the first one found; its level counts then, and the slopes
are those of both. The figures are used once, from the prior, however many banks there are (an iterative
smoother with the sensitivity of the ensemble: Chen and Oliver 2013, doi:10.1007/s10596-013-9351-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

GROUPS: Final = 10
"""Parts of the bank, each left out in turn, that show how far its chance moves the posterior."""

_PENALTIES: Final = np.geomspace(0.01, 1000.0, 21)
"""Penalties that are tried, in runs' worth of 'no effect'."""


class Bank(NamedTuple):
    """Runs at known positions (runs, parameters), and ln(simulated / observed) of each (runs, figures).

    A row of distances that is not finite is a failed run.
    """

    positions: Numbers
    distances: Numbers

    def well(self) -> Bank:
        """Leave out failed runs."""
        kept = np.isfinite(self.distances).all(axis=1)
        return Bank(self.positions[kept], self.distances[kept])


class Lines(NamedTuple):
    """Figures as straight lines of the positions.

    ``intercept`` (figures,) is at position 0, ``slopes`` are (figures, parameters); ``noise`` (figures,
    figures) is the covariance of what is left: luck, all that is not moved, and how far the lines are not
    straight.
    """

    intercept: Numbers
    slopes: Numbers
    noise: Numbers


class Common(NamedTuple):
    """What the figures of all provinces have in common.

    Slopes (figures, parameters), and the correlation (figures, figures) of what is left beside the lines.
    """

    slopes: Numbers
    correlation: Numbers

    def of(self, figures: Sequence[int]) -> Common:
        """Give that of some figures."""
        return Common(self.slopes[figures], self.correlation[np.ix_(figures, figures)])


class Normal(NamedTuple):
    """A normal distribution of positions, shapes (parameters,) and (parameters, parameters)."""

    mean: Numbers
    covariance: Numbers

    def draws(self, number: int, farthest: float, seed: int) -> Numbers:
        """Draw positions, none farther out than ``farthest`` either way, array (number, parameters)."""
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        drawn = np.random.default_rng(seed).standard_normal((number, len(self.mean)))
        return np.asarray(np.clip(self.mean + drawn @ root.T, -farthest, farthest))


def common_of(banks: Sequence[Bank]) -> Common:
    """Fit what banks of several provinces have in common.

    Banks are without failed runs, all of the same positions and figures, each with its own level. A column of
    not a number is a figure that this province does not have.

    Slopes by ridge regression, with a penalty that is chosen for each figure by generalised cross-validation
    (Golub, Heath and Wahba 1979, Technometrics 21, 215-223). The correlations lose a part that shrinks as
    runs grow in number (as in Schaefer and Strimmer 2005, doi:10.2202/1544-6115.1175, the share given).
    """
    positions = np.concatenate([bank.positions - bank.positions.mean(axis=0) for bank in banks])
    distances = np.concatenate([bank.distances - bank.distances.mean(axis=0) for bank in banks])
    there = np.isfinite(distances)
    slopes = np.zeros((distances.shape[1], positions.shape[1]))
    patterns, which = np.unique(there.T, axis=0, return_inverse=True)
    for number, rows in enumerate(patterns):
        figures = np.flatnonzero(which.ravel() == number)
        slopes[figures] = _ridge(positions[rows], distances[np.ix_(rows, figures)], levels=len(banks))
    left = distances - positions @ slopes.T
    return Common(slopes, _correlation(np.where(there, left, 0.0)))


def _ridge(positions: Numbers, distances: Numbers, levels: int) -> Numbers:
    """Give slopes (figures, parameters)."""
    left, sizes, right = np.linalg.svd(positions, full_matrices=False)
    aligned = left.T @ distances  # (axes, figures)
    used = sizes[:, None] ** 2 / (sizes[:, None] ** 2 + _PENALTIES)  # (axes, penalties)
    freedom = np.maximum(len(positions) - levels - used.sum(axis=0), 1.0)
    kept = (2.0 * used - used**2).T @ aligned**2  # (penalties, figures)
    chosen = np.argmin(((distances**2).sum(axis=0) - kept) / freedom[:, None] ** 2, axis=0)
    filters = used[:, chosen] / np.maximum(sizes, 1e-12)[:, None]
    return np.asarray((right.T @ (filters * aligned)).T)


def _correlation(left: Numbers) -> Numbers:
    """Correlate what is left; figures that no province has together count as unrelated."""
    together = left.T @ left
    sizes = np.sqrt(np.maximum(np.diag(together), 1e-300))
    share = len(together) / (len(left) + len(together))
    shrunk = (1.0 - share) * together / np.outer(sizes, sizes)
    np.fill_diagonal(shrunk, 1.0)
    return np.asarray(shrunk)


def lines_through(banks: Sequence[Bank], common: Common) -> Lines:
    """Lay the common lines through the banks of one province, given without failed runs.

    They stand in the order in which they were run; the level of the last one counts.
    """
    left = [bank.distances - bank.positions @ common.slopes.T for bank in banks]
    apart = np.concatenate([part - part.mean(axis=0) for part in left])
    spread = np.sqrt((apart**2).sum(axis=0) / max(1, len(apart) - len(banks)))
    return Lines(left[-1].mean(axis=0), common.slopes, common.correlation * np.outer(spread, spread))


def updated(prior: Normal, lines: Lines, errors: Numbers) -> Normal:
    """Move what is known of the positions by the figures, whose logarithms have these standard errors."""
    across = prior.covariance @ lines.slopes.T
    spread = lines.slopes @ across + lines.noise + np.diag(errors**2)
    gain = np.linalg.solve(spread, across.T).T
    mean = prior.mean - gain @ (lines.intercept + lines.slopes @ prior.mean)
    covariance = prior.covariance - gain @ across.T
    return Normal(mean, 0.5 * (covariance + covariance.T))


def effective_sample_size(
    prior: Normal, banks: Sequence[Bank], errors: Numbers, draws: int, common: Common, parts: Sequence[Common]
) -> float:
    """Say how many independent draws of the posterior its draws are worth, with so small banks.

    ``draws`` is how many are kept; ``parts`` is what all provinces have in common with each of the `GROUPS`
    left out (`without_group`). It is the variances of the posterior, summed over the positions, over those of
    its mean: by chance of the draws, and by chance of the banks, from a jackknife over groups of runs (Efron
    and Stein 1981, doi:10.1214/aos/1176345462). The smoother's is the same measure, from ensembles
    (`smoother`).
    """
    within = float(np.trace(updated(prior, lines_through(banks, common), errors).covariance))
    means = [
        updated(prior, lines_through(without_group(banks, group), part), errors).mean
        for group, part in enumerate(parts)
    ]
    by_chance = (GROUPS - 1) ** 2 / GROUPS * float(np.var(means, axis=0, ddof=1).sum())
    return within / (within / draws + by_chance)


def without_group(banks: Sequence[Bank], group: int) -> list[Bank]:
    """Leave out one of `GROUPS` groups of runs."""
    rest = []
    for bank in banks:
        kept = np.arange(len(bank.positions)) % GROUPS != group
        rest.append(Bank(bank.positions[kept], bank.distances[kept]))
    return rest
