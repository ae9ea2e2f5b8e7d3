"""Expected value of sample information by regression on runs that exist.

Who learns a statistic x decides by what is then expected of the net benefit of acting, E[b | x], and acts if
it is above zero. That expectation is a function of x, and the regression of the net benefit of all futures on
the statistic as it would be observed in each of them estimates it (Strong, Oakley and Brennan, Medical
Decision Making 34, 2014, and, with these authors and Breeze, 35, 2015: no further run is needed). So

    value = mean(max(0, E[b | x])) - max(0, mean(b)).

The regression is a cubic spline whose coefficients have a normal prior of a variance that the data choose
(the evidence is maximised); its standard errors come, as there, from the coefficients' posterior. All of it
is scikit-learn's.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Value", "normal_value", "perfect_value", "value_by_luck", "value_of"]

FloatArray = npt.NDArray[np.float64]

_KNOTS: Final = 5
_DRAWS: Final = 200
_FEWEST: Final = 10
"""Values of a statistic that differ, below which no curve can be drawn through them."""

SHUFFLES: Final = 19
"""Statistics about nothing: the largest of their values is what luck gives, once in twenty times."""


class Value(NamedTuple):
    """Expected value of sample information, and the standard error of the regression that gave it."""

    mean: float
    error: float


def perfect_value(benefit: FloatArray) -> float:
    """Give the expected value of knowing the net benefit itself, in its unit: no statistic is worth more.

    Examples
    --------
    >>> perfect_value(np.array([-1.0, 3.0]))
    0.5
    """
    return float(np.maximum(benefit, 0.0).mean() - max(0.0, benefit.mean()))


def value_of(statistic: FloatArray, benefit: FloatArray, seed: int = 1) -> Value:
    """Estimate what a statistic is worth to who decides whether to act.

    Parameters
    ----------
    statistic : ndarray of shape (futures,)
        As it would be observed in each future, with its error.
    benefit : ndarray of shape (futures,)
        Net benefit of acting in each future.
    seed : int
        By which coefficients are drawn.

    Returns
    -------
    Value
        In the benefit's unit; zero for a statistic that hardly varies, or a benefit that does not.
    """
    spread = float(benefit.std())
    if spread == 0.0 or len(np.unique(statistic)) < _FEWEST:
        return Value(0.0, 0.0)
    from sklearn.linear_model import BayesianRidge
    from sklearn.preprocessing import SplineTransformer

    spline = SplineTransformer(n_knots=_KNOTS, degree=3, knots="quantile", include_bias=False)
    basis: Any = spline.fit_transform(np.asarray(statistic, np.float64)[:, None])
    fit = BayesianRidge().fit(basis, benefit / spread)
    drawn = np.random.default_rng(seed).multivariate_normal(fit.coef_, fit.sigma_, _DRAWS)
    away = basis - basis.mean(axis=0)
    mean = float(benefit.mean()) / spread
    now = max(0.0, mean)
    values = np.maximum(mean + away @ drawn.T, 0.0).mean(axis=0) - now
    best = float(np.maximum(mean + away @ fit.coef_, 0.0).mean() - now)
    return Value(max(0.0, best) * spread, float(values.std()) * spread)


def value_by_luck(benefit: FloatArray, seed: int = 1) -> float:
    """Give what a statistic about nothing is worth by this estimate: the largest of `SHUFFLES`."""
    generator = np.random.default_rng((seed, SHUFFLES))  # a stream of its own, whatever drew the benefit
    return max(value_of(generator.standard_normal(len(benefit)), benefit, seed).mean for _ in range(SHUFFLES))


def normal_value(mean: float, learnt: float) -> float:
    """Give the value of information where what is learnt of a benefit is normal: the closed form.

    Raiffa and Schlaifer, Applied Statistical Decision Theory (1961): with a benefit of that ``mean`` before,
    and a standard deviation ``learnt`` of its expectation after, the value is ``s f(m / s) + m F(m / s) -
    max(0, m)``.

    Examples
    --------
    >>> round(normal_value(0.0, 1.0), 4), round(normal_value(2.0, 1.0), 4), normal_value(1.0, 0.0)
    (0.3989, 0.0085, 0.0)
    """
    from statistics import NormalDist

    if learnt == 0.0:
        return 0.0
    standard, ratio = NormalDist(), mean / learnt
    return learnt * standard.pdf(ratio) + mean * standard.cdf(ratio) - max(0.0, mean)
