"""Fits of statsmodels behind doors with types: the one place that imports it."""

from __future__ import annotations

import importlib
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

FloatArray = npt.NDArray[np.float64]

_COEFFICIENTS_OF_A_TREND: Final = 2


class Line(NamedTuple):
    """A line fitted by least squares, with what its uncertainty is drawn from.

    ``spread`` is the covariance of the coefficients at a residual variance of one, ``variance`` the residual
    variance of a figure of weight one, ``degrees`` figures less coefficients.
    """

    coefficients: FloatArray
    spread: FloatArray
    variance: float
    degrees: int


def fitted_line(response: FloatArray, design: FloatArray, weights: FloatArray) -> Line:
    """Fit a line by weighted least squares.

    ``design`` has a row a figure and a column a coefficient, the constant included; weights are inverse
    variances up to a factor, ones for ordinary least squares.
    """
    fit = _module("statsmodels.regression.linear_model").WLS(response, design, weights=weights).fit()
    return Line(
        np.asarray(fit.params, dtype=np.float64),
        np.asarray(fit.normalized_cov_params, dtype=np.float64),
        float(fit.scale),
        int(fit.df_resid),
    )


def drawn_variance(variance: float, degrees: int, draws: int, generator: np.random.Generator) -> FloatArray:
    """Draw what the variance may be after few residuals: scaled inverse chi-squared.

    A normal error with this variance is t-distributed, as in a prediction interval.

    Gelman and others (2013), Bayesian Data Analysis, 3rd edition, section 3.2.
    """
    return variance * degrees / generator.chisquare(degrees, draws)


def damped_paths(logs: FloatArray, steps: int, draws: int, generator: np.random.Generator) -> FloatArray:
    """Fit exponential smoothing with a damped trend, and simulate on from the end, shape (draws, steps).

    ``logs`` hold one figure a year without leaving one out; NaN where none was published. At least three
    figures, the first and the last among them.

    Additive errors, additive damped trend, no season. Level and trend of the start are
    estimated with both smoothing weights and the damping (0.80 to 0.98) by maximum likelihood,
    in the form with a Kalman filter: a year without a figure widens what follows as it should.
    The estimated variance counts as one of n - 2 degrees of freedom, because a level and a
    trend were fitted. That the smoothing weights are estimated too is not counted, as is usual
    (chapter 6): from eight figures in a row the bands are too narrow
    (tests/experiments/backtesting/test_rivals.py).

    Hyndman, Koehler, Ord, Snyder (2008), Forecasting with Exponential Smoothing, Springer,
    chapters 5 and 6; the model is their ETS(A,Ad,N).
    """
    module = _module("statsmodels.tsa.statespace.exponential_smoothing")
    smoothing = module.ExponentialSmoothing(
        logs, trend=True, damped_trend=True, initialization_method="concentrated"
    )
    # The search tries weights beyond what exp can hold, where their bound is met all the same.
    with np.errstate(over="ignore"):
        fit = smoothing.fit(disp=False)
    paths = np.asarray(
        fit.simulate(steps, anchor="end", repetitions=draws, rng=generator), dtype=np.float64
    ).reshape(steps, draws)
    middle = np.asarray(fit.get_forecast(steps).predicted_mean, dtype=np.float64)
    figures = int(np.isfinite(logs).sum())
    # Paths are linear in their errors, so that another variance stretches them about the middle.
    degrees = figures - _COEFFICIENTS_OF_A_TREND
    stretch = np.sqrt(drawn_variance(figures / degrees, degrees, draws, generator))
    return np.asarray(middle + (paths.T - middle) * stretch[:, np.newaxis])


def _module(name: str) -> Any:
    """Load a part of statsmodels when it is needed: a second of time that only a backtest pays."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InputError(
            "statsmodels is not installed",
            key="rivals",
            allowed="with the extra: pip install 'shaanxi-transfer[calibrate]'",
        ) from error
