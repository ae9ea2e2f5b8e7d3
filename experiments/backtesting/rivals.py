"""Five simple forecasters that a planner would use, against which the model has to be worth its trouble.

Each knows a series up to its origin and nothing else, and gives draws; a sixth rival, which sees all
provinces, is in `share_layer`. All work on natural
logs. Figures are missing for some years: the walks take the growth over a gap as the sum of
as many yearly growths (its variance grows with the gap), the trend leaves the year out,
smoothing filters through it. Nothing is interpolated: on an interpolated line the errors of
smoothing come out at a third of their size (docs/decisions/0012-calibration-libraries.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError, nearest
from ...engine.luck import SEED_MASK, key_of
from .series_to_origin import Past, check_asked, check_enough
from .statsmodels_fits import damped_paths, drawn_variance, fitted_line

FloatArray = npt.NDArray[np.float64]

_LARGEST_LOG: Final = 700.0
"""A double holds nothing larger; only the far tail of a forecast from four figures comes near."""


def last_growth(past: Past, horizon: int, draws: int, generator: np.random.Generator) -> FloatArray:
    """Repeat the last yearly growth; growth itself changes as often as it did.

    Growth is a random walk from year to year. Its variance a year is the mean of past squared
    changes of growth, each over what a walk would give between the mean growths of its two
    intervals, with as many degrees of freedom as changes.
    """
    gaps = np.diff(past.years)
    growths = np.diff(past.logs) / gaps
    factors = np.array([_ramp(after) + 1.0 + _ramp(before) for before, after in pairwise(gaps)])
    yearly = float(np.mean(np.diff(growths) ** 2 / factors))
    scale = np.sqrt(drawn_variance(yearly, len(factors), draws, generator))
    # The mean growth of several years is not that of the last of them.
    begin = growths[-1] + scale * np.sqrt(_ramp(gaps[-1])) * generator.standard_normal(draws)
    steps = _steps(past.years, past.origin, horizon)
    shocks = scale[:, np.newaxis] * generator.standard_normal((draws, steps))
    growth = begin[:, np.newaxis] + np.cumsum(shocks, axis=1)
    return np.asarray(past.logs[-1] + np.cumsum(growth, axis=1))[:, -horizon:]


def _ramp(gap: float) -> float:
    """Sum (i / gap)^2 for i from 1 to gap - 1: a walk's variance between a mean and its last year."""
    part = np.arange(1.0, gap) / gap
    return float(part @ part)


def random_walk_with_drift(
    past: Past, horizon: int, draws: int, generator: np.random.Generator
) -> FloatArray:
    """Go on at the mean growth of the whole past, with its uncertainty, and walk about it.

    After h years the log is t-distributed with one degree of freedom less than there are
    growths and squared scale s^2 (h + h^2 / T), where T is the length of the past in years.
    """
    gaps = np.diff(past.years)
    line = fitted_line(np.diff(past.logs) / gaps, np.ones((len(gaps), 1)), gaps)
    variance = drawn_variance(line.variance, line.degrees, draws, generator)
    drift = line.coefficients[0] + np.sqrt(variance * line.spread[0, 0]) * generator.standard_normal(draws)
    steps = _steps(past.years, past.origin, horizon)
    shocks = np.sqrt(variance)[:, np.newaxis] * generator.standard_normal((draws, steps))
    return np.asarray(past.logs[-1] + np.cumsum(drift[:, np.newaxis] + shocks, axis=1))[:, -horizon:]


def log_linear_trend(past: Past, horizon: int, draws: int, generator: np.random.Generator) -> FloatArray:
    """Lay a straight line through the logs, with its prediction interval (t-distributed)."""
    design = np.column_stack((np.ones(len(past.years)), past.years - past.origin))
    line = fitted_line(past.logs, design, np.ones(len(past.years)))
    variance = drawn_variance(line.variance, line.degrees, draws, generator)
    errors = generator.standard_normal((draws, 2)) @ np.linalg.cholesky(line.spread).T
    coefficients = line.coefficients + np.sqrt(variance)[:, np.newaxis] * errors
    ahead = np.column_stack((np.ones(horizon), np.arange(1.0, horizon + 1.0)))
    noise = np.sqrt(variance)[:, np.newaxis] * generator.standard_normal((draws, horizon))
    return np.asarray(coefficients @ ahead.T + noise)


def constant_national_share(
    past: Past, horizon: int, draws: int, generator: np.random.Generator
) -> FloatArray:
    """Keep the last share of the nation; the nation is a random walk with drift.

    Refuses a past without a national series, or a province that has as much as the nation.

    The log odds of the share walk without drift, by the mean of past squared changes a year:
    no province has more than the nation, and a small share's log odds move as its log does.
    Share and nation are drawn independently.
    """
    if not len(past.national_years):
        raise InputError(
            "there is no national series", key="national", allowed="a national series up to the origin"
        )
    years, mine, theirs = np.intersect1d(past.years, past.national_years, return_indices=True)
    check_enough(len(years), past.origin, "share")
    log_share = past.logs[mine] - past.national_logs[theirs]
    if (log_share >= 0.0).any():
        year = int(years[int(np.argmax(log_share >= 0.0))])
        raise InputError(
            f"the province has as much as the nation in {year}", key="national", allowed="a share below one"
        )
    odds = log_share - np.log(-np.expm1(log_share))
    changes = np.diff(odds)
    yearly = float(np.mean(changes**2 / np.diff(years)))
    scale = np.sqrt(drawn_variance(yearly, len(changes), draws, generator))
    shocks = scale[:, np.newaxis] * generator.standard_normal((draws, _steps(years, past.origin, horizon)))
    walk = (odds[-1] + np.cumsum(shocks, axis=1))[:, -horizon:]
    nation = random_walk_with_drift(
        replace(past, years=past.national_years, logs=past.national_logs), horizon, draws, generator
    )
    return np.asarray(nation - np.logaddexp(0.0, -walk))


def damped_smoothing(past: Past, horizon: int, draws: int, generator: np.random.Generator) -> FloatArray:
    """Smooth exponentially with a damped trend; see `statsmodels_fits.damped_paths`."""
    places = (past.years - past.years[0]).astype(np.int64)
    line = np.full(int(places[-1]) + 1, np.nan)
    line[places] = past.logs
    return damped_paths(line, _steps(past.years, past.origin, horizon), draws, generator)[:, -horizon:]


def _steps(years: FloatArray, origin: int, horizon: int) -> int:
    """Years from the last figure to the end; more than the horizon if the origin has none."""
    return origin + horizon - int(years[-1])


Forecaster = Callable[[Past, int, int, np.random.Generator], FloatArray]
"""What is known, horizon in years, number of draws, source of luck; gives logs, (draws, horizon)."""

RIVALS: Final[Mapping[str, Forecaster]] = {
    "last_growth": last_growth,
    "random_walk_with_drift": random_walk_with_drift,
    "log_linear_trend": log_linear_trend,
    "constant_national_share": constant_national_share,
    "damped_smoothing": damped_smoothing,
}
"""The rivals that see one province alone, by name."""

SHARE_LAYER: Final = "share_layer"
"""The rival that sees all provinces; see `all_provinces` and `share_layer`."""

EVERY_RIVAL: Final = (*RIVALS, SHARE_LAYER)
"""Names of all rivals. A table or a frozen file may be older than the last of them."""


def rival_sample(
    name: str, past: Past, *, horizon: int, draws: int, seed: int, about: str = ""
) -> FloatArray:
    """Draw a rival's forecast: positive, finite levels of the years after the origin, shape (draws, horizon).

    A row is a path. ``about`` names province and indicator: forecasts about different things are drawn with
    different luck. Refuses a past from which the rival cannot forecast, and fewer than two draws.
    """
    if name not in RIVALS:
        raise InputError(
            f"there is no rival {name!r}",
            key="forecaster",
            allowed=", ".join(RIVALS),
            suggestion=nearest(name, RIVALS),
        )
    check_asked(horizon, draws, "rivals")
    key = key_of("rival", name, about, past.origin, seed) & SEED_MASK
    logs = RIVALS[name](past, horizon, draws, np.random.default_rng(key))
    return np.asarray(np.exp(np.clip(logs, -_LARGEST_LOG, _LARGEST_LOG)), dtype=np.float64)
