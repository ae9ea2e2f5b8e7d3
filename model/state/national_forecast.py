"""One forecast of the nation's market of technology, the same for all provinces.

A dynamic linear model of two logarithms, the nation's number of contracts and their value. In a year each
grows by a drift, which itself walks, and by a shock; the shocks of number and value go together, and in
some years both are large (Student's t)::

    drift(t) = drift(t - 1) + walk w          level(t) = level(t - 1) + drift(t) + shock s sqrt(scale(t))

The model is filtered from the first year on: given scales and spreads it is linear and normal, so that the
Kalman filter is exact; scales and spreads are drawn from their priors and weighted year by year (a
Rao-Blackwellised particle filter). A year without a figure is stepped over.

West, Harrison (1997), Bayesian Forecasting and Dynamic Models, 2nd edition, Springer, chapters 4 and 12.
Doucet, de Freitas, Murphy, Russell (2000), Rao-Blackwellised particle filtering for dynamic Bayesian
networks, UAI 2000, 176-183.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, ndtri

from ...engine import luck
from ...engine.errors import InputError

__all__ = ["FEWEST", "NationalForecast", "NationalPaths", "NationalPrior", "national_forecast"]

Numbers = npt.NDArray[np.float64]

FEWEST: Final = 4
"""Figures up to the origin without which a series is not forecast."""

PARTICLES: Final = 4_000
"""Draws of spreads and scales that are weighted."""

_NUMBER_LEVEL, _VALUE_LEVEL, _NUMBER_DRIFT, _VALUE_DRIFT = range(4)
_UNKNOWN: Final = 100.0
"""Variance of a level of which nothing is known yet."""


@dataclass(frozen=True)
class NationalPrior:
    """What is believed before the first year; spreads are of logarithms a year.

    Medians of the shocks' and of the walks' spread with the standard deviations of their logarithms, of the
    correlation (Fisher's z), and middle and standard deviation of the first drift. ``degrees`` of freedom of
    the shocks are held: twenty growths cannot tell them.
    """

    shock: float = 0.04
    shock_ln_sd: float = 0.4
    walk: float = 0.025
    walk_ln_sd: float = 0.5
    correlation_z_sd: float = 0.5
    drift: float = 0.1
    drift_sd: float = 0.15
    degrees: float = 5.0


class NationalPaths(NamedTuple):
    """Joint paths of the nation, shape (draws, horizon), from the year after the origin on.

    ``number`` in contracts, ``value`` in yuan. Row i is future i in every province.
    """

    number: Numbers
    value: Numbers


@dataclass(frozen=True)
class NationalForecast:
    """What is known of the nation at an origin; made by `national_forecast`.

    Attributes
    ----------
    origin : int
        Last year that is known.
    weights : ndarray of shape (particles,)
        Sum to one.
    spreads : ndarray of shape (particles, 5)
        Shock of number and of value, walk of number and of value, correlation of the shocks.
    means, covariances : ndarray of shape (particles, 4), (particles, 4, 4)
        Of log number, log value and their drifts, at the origin.
    degrees : float
        Degrees of freedom of the shocks.
    """

    origin: int
    weights: Numbers
    spreads: Numbers
    means: Numbers
    covariances: Numbers
    degrees: float

    def paths(self, horizon: int, draws: int, seed: int) -> NationalPaths:
        """Draw futures of the nation.

        Parameters
        ----------
        horizon : int
            Years after the origin.
        draws : int
            Number of futures. Future i is the same however many are drawn, and however far.
        seed : int
            Of the experiment.

        Raises
        ------
        InputError
            Fewer than one year or one future.
        """
        if horizon < 1 or draws < 1:
            raise InputError(
                f"horizon {horizon} with {draws} draws",
                key="nation",
                allowed="one year or more, one draw or more",
            )
        said = _Luck(seed, draws, f"national forecast {self.origin}")
        chosen = np.minimum(
            np.searchsorted(np.cumsum(self.weights), said.uniform("particle"), side="right"),
            len(self.weights) - 1,
        )
        spreads = self.spreads[chosen]
        begin = np.stack([said.normal(f"begin {place}") for place in range(4)], axis=1)
        state = self.means[chosen] + np.einsum("nij,nj->ni", _root(self.covariances[chosen]), begin)
        levels = np.empty((2, draws, horizon))
        for step in range(horizon):
            one, other = said.normal(f"shock number {step}"), said.normal(f"shock value {step}")
            scale = np.sqrt(_scale(said.uniform(f"scale {step}"), self.degrees))
            together = spreads[:, 4]
            both = (one, together * one + np.sqrt(1.0 - together**2) * other)
            for place, name in enumerate(("number", "value")):
                state[:, 2 + place] += spreads[:, 2 + place] * said.normal(f"walk {name} {step}")
                state[:, place] += state[:, 2 + place] + spreads[:, place] * scale * both[place]
                levels[place, :, step] = state[:, place]
        return NationalPaths(*np.exp(levels))


def national_forecast(
    number: Mapping[int, float],
    value: Mapping[int, float],
    origin: int,
    prior: NationalPrior | None = None,
    particles: int = PARTICLES,
) -> NationalForecast:
    """Filter the nation's number and value up to an origin; later figures are not even looked at.

    Parameters
    ----------
    number, value : mapping of int to float
        Year to contracts and to yuan; years without a figure are absent.
    origin : int
        Last year that is known.
    prior : NationalPrior, optional
    particles : int
        See `PARTICLES`. Their luck is the filter's own: the same in every experiment.

    Raises
    ------
    InputError
        Fewer than `FEWEST` figures up to the origin, or one without a logarithm.
    """
    prior = NationalPrior() if prior is None else prior
    known = _known(number, origin, "number"), _known(value, origin, "value")
    said = _Luck(0, particles, "national filter")
    spreads = _spreads(prior, said)
    means = np.tile([0.0, 0.0, prior.drift, prior.drift], (particles, 1))
    covariances = np.tile(
        np.diag([_UNKNOWN, _UNKNOWN, prior.drift_sd**2, prior.drift_sd**2]), (particles, 1, 1)
    )
    weights = np.full(particles, 1.0 / particles)
    first = min(min(series) for series in known)
    for year in range(first, origin + 1):
        if year > first:
            scale = _scale(said.uniform(f"scale {year}"), prior.degrees)
            means, covariances = _a_year_later(means, covariances, spreads, scale)
        surprise = np.zeros(particles)
        for place, series in enumerate(known):
            if year in series:
                surprise += _learn(means, covariances, place, series[year])
        weights = weights * np.exp(surprise - surprise.max())
        weights /= weights.sum()
        if 1.0 / float(weights @ weights) < particles / 2:
            kept = _kept(weights, said.uniform(f"kept {year}")[0])
            spreads, means, covariances = spreads[kept], means[kept], covariances[kept]
            weights = np.full(particles, 1.0 / particles)
    return NationalForecast(origin, weights, spreads, means, covariances, prior.degrees)


class _Luck:
    """Numbers of many futures by name: those of future i hang on seed, name and i alone."""

    def __init__(self, seed: int, draws: int, about: str) -> None:
        self._seed, self._about = seed & luck.SEED_MASK, about
        self._futures = np.arange(draws, dtype=np.uint64)

    def uniform(self, name: str) -> Numbers:
        code = int(luck.mechanism(f"{self._about} {name}"))
        return luck.draw_uniforms(self._seed, code, self._futures)

    def normal(self, name: str) -> Numbers:
        return np.asarray(ndtri(self.uniform(name)))


def _known(series: Mapping[int, float], origin: int, key: str) -> dict[int, float]:
    """Give the logarithms of a series up to an origin."""
    known = {year: float(series[year]) for year in sorted(series) if year <= origin}
    for year, figure in known.items():
        if not 0.0 < figure < np.inf:
            raise InputError(
                f"{figure} in {year} has no logarithm", key=f"nation.{key}", allowed="figures above zero"
            )
    if len(known) < FEWEST:
        raise InputError(
            f"{len(known)} figures up to {origin}",
            key=f"nation.{key}",
            allowed=f"at least {FEWEST} figures up to the origin",
        )
    return {year: float(np.log(figure)) for year, figure in known.items()}


def _spreads(prior: NationalPrior, said: _Luck) -> Numbers:
    shocks = [
        prior.shock * np.exp(prior.shock_ln_sd * said.normal(f"shock {name}")) for name in ("number", "value")
    ]
    walks = [
        prior.walk * np.exp(prior.walk_ln_sd * said.normal(f"walk {name}")) for name in ("number", "value")
    ]
    together = np.tanh(prior.correlation_z_sd * said.normal("correlation"))
    return np.stack([*shocks, *walks, together], axis=1)


def _scale(uniform: Numbers, degrees: float) -> Numbers:
    """Draw the factor by which a normal variance becomes that of Student's t."""
    return np.asarray(degrees / chdtri(degrees, uniform))


def _a_year_later(
    means: Numbers, covariances: Numbers, spreads: Numbers, scale: Numbers
) -> tuple[Numbers, Numbers]:
    moved = np.eye(4)
    moved[_NUMBER_LEVEL, _NUMBER_DRIFT] = moved[_VALUE_LEVEL, _VALUE_DRIFT] = 1.0
    noise = np.zeros_like(covariances)
    shared = scale * spreads[:, 4] * spreads[:, 0] * spreads[:, 1]
    noise[:, _NUMBER_LEVEL, _VALUE_LEVEL] = noise[:, _VALUE_LEVEL, _NUMBER_LEVEL] = shared
    for place in range(2):
        walk = spreads[:, 2 + place] ** 2
        noise[:, place, place] = scale * spreads[:, place] ** 2 + walk  # the drift of a year moves its level
        noise[:, 2 + place, 2 + place] = walk
        noise[:, place, 2 + place] = noise[:, 2 + place, place] = walk
    return means @ moved.T, moved @ covariances @ moved.T + noise


def _learn(means: Numbers, covariances: Numbers, place: int, figure: float) -> Numbers:
    """Learn a level, in place; give the log density under which it was expected."""
    variance = covariances[:, place, place].copy()
    missed = figure - means[:, place]
    gain = covariances[:, :, place] / variance[:, np.newaxis]
    means += gain * missed[:, np.newaxis]
    covariances -= gain[:, :, np.newaxis] * covariances[:, np.newaxis, place, :].copy()
    covariances[:, place, :] = covariances[:, :, place] = 0.0  # known to the digit, whatever rounding leaves
    return np.asarray(-0.5 * (np.log(2.0 * np.pi * variance) + missed**2 / variance))


def _kept(weights: Numbers, uniform: float) -> npt.NDArray[np.intp]:
    """Draw particles again by weight, evenly spaced (systematic resampling)."""
    places = (np.arange(len(weights)) + uniform) / len(weights)
    return np.minimum(np.searchsorted(np.cumsum(weights), places, side="right"), len(weights) - 1)


def _root(covariances: Numbers) -> Numbers:
    """Give lower triangles whose squares are the covariances, of which some have no rank (levels known)."""
    left, root = covariances.copy(), np.zeros_like(covariances)
    for place in range(covariances.shape[-1]):
        pivot = left[:, place, place]
        some = pivot > 1e-12
        column = (
            np.where(some[:, np.newaxis], left[:, :, place], 0.0)
            / np.sqrt(np.where(some, pivot, 1.0))[:, np.newaxis]
        )
        root[:, :, place] = column
        left -= column[:, :, np.newaxis] * column[:, np.newaxis, :]
    return root
