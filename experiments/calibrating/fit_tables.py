"""What a calibration found, as tables: how well it fits, and what it learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..planning.fitted_parameters import CARRIED
from .compare_observed import six_digits
from .ensemble_fit import Calibration
from .ensemble_runs import values_at

if TYPE_CHECKING:
    from ...scenarios import Scenario

Numbers = npt.NDArray[np.float64]

LEARNT_BELOW: Final = 0.6
PARTLY_BELOW: Final = 0.9
"""Posterior over prior standard deviation, below which a parameter counts as learnt, or partly learnt."""

_QUANTILES: Final = (0.05, 0.5, 0.95)


def fit_table(found: Calibration) -> pd.DataFrame:
    """Hold what was fitted against the runs of prior and posterior, one row a figure.

    Quantiles are in the figure's unit. ``ln_distance`` is of the posterior's median, ``standard_distance``
    that over the root of error, luck and spread of parameters together; ``inside`` says whether the observed
    figure lies in the posterior's 5-95 % band of simulations with observation error.
    """
    rows = []
    for column, seen in enumerate(found.observations):
        prior = _finite(found.prior_distances[..., column])
        posterior = _finite(found.distances[..., column])
        total = float(np.hypot(posterior.std(ddof=1), seen.ln_error))
        distance = float(np.median(posterior))
        rows.append(
            (
                seen.indicator,
                seen.year,
                seen.side,
                seen.value,
                seen.ln_error,
                *(six_digits(seen.value * np.exp(q)) for q in np.quantile(prior, _QUANTILES)),
                *(six_digits(seen.value * np.exp(q)) for q in np.quantile(posterior, _QUANTILES)),
                round(distance, 4),
                round(distance / total, 3),
                "yes" if abs(distance) <= 1.645 * total else "no",
            )
        )
    quantiles = [f"{who}_q{round(100 * q):02d}" for who in ("prior", "posterior") for q in _QUANTILES]
    return pd.DataFrame(
        rows,
        columns=[
            "indicator",
            "year",
            "side",
            "observed",
            "ln_error",
            *quantiles,
            "ln_distance",
            "standard_distance",
            "inside",
        ],
    )


def misfit(found: Calibration, distances: Numbers | None = None) -> float:
    """Mean over members of the squared distances in units of observation error, a figure each.

    1 would be a fit as near as the errors that the figures are said to have; luck of the runs adds to it.
    Distances are those of the posterior if none are given.
    """
    chosen = found.distances if distances is None else distances
    errors = np.array([seen.ln_error for seen in found.observations])
    squares = (chosen.reshape(-1, len(errors)) / errors) ** 2
    return float(np.nanmean(squares[np.isfinite(squares).all(axis=1)]))


class Learnt(NamedTuple):
    """How much all figures together say.

    ``parameters`` are all that were fitted, ``claimed`` the free ones that are learnt. ``signal`` is the
    degrees of freedom for signal: the sum over parameters of 1 less the ratio of posterior to prior variance
    (Rodgers 2000, Inverse Methods for Atmospheric Sounding, section 2.4). ``independent`` is the effective
    number of independent figures: the participation ratio of the eigenvalues of the correlation of simulated
    figures over prior runs.
    """

    parameters: int
    claimed: int
    signal: float
    figures: int
    independent: float


def learnt(found: Calibration) -> Learnt:
    """Count what was learnt, beside what there was to learn from."""
    ratio = _spread(found.positions) / _spread(found.prior)
    prior = found.prior_distances.reshape(-1, len(found.observations))
    prior = prior[np.isfinite(prior).all(axis=1)]
    moving = prior[:, prior.std(axis=0) > 0.0]
    values = np.linalg.eigvalsh(np.corrcoef(moving.T))
    return Learnt(
        len(found.names),
        sum(r < LEARNT_BELOW and n not in CARRIED for n, r in zip(found.names, ratio, strict=True)),
        float((1.0 - np.minimum(ratio, 1.0) ** 2).sum()),
        len(found.observations),
        float(values.sum() ** 2 / (values**2).sum()),
    )


def identifiability_table(found: Calibration, world: Scenario) -> pd.DataFrame:
    """Hold prior against posterior, parameter by parameter; ``world`` is the one that was fitted.

    Quantiles are in the parameter's unit; ``role`` is free or carried (see `fitted_parameters`); ``sd_ratio``
    is posterior over prior standard deviation and ``shift`` that of the mean in prior standard deviations,
    both as positions in the prior; ``strongest_pair`` is the other parameter with which it goes most, in the
    posterior.
    """
    units = {name: parameter.unit for name, parameter in world.parameter_table().items()}
    prior = values_at(world, found.names, found.prior).reshape(-1, len(found.names))
    after = values_at(world, found.names, found.positions).reshape(-1, len(found.names))
    ratios = _spread(found.positions) / _spread(found.prior)
    shifts = found.positions.mean(axis=(0, 1))
    pairs: Numbers = np.atleast_2d(np.corrcoef(found.positions.reshape(-1, len(found.names)).T))
    np.fill_diagonal(pairs, 0.0)
    rows = []
    for column, name in enumerate(found.names):
        other = int(np.abs(pairs[column]).argmax())
        rows.append(
            (
                name,
                "carried" if name in CARRIED else "free",
                units[name],
                *(six_digits(q) for q in np.quantile(prior[:, column], _QUANTILES)),
                *(six_digits(q) for q in np.quantile(after[:, column], _QUANTILES)),
                round(float(ratios[column]), 3),
                round(float(shifts[column]), 3),
                round(float(found.each_effective[column])),
                _verdict(float(ratios[column])),
                found.names[other],
                round(float(pairs[column, other]), 2),
            )
        )
    quantiles = [f"{who}_q{round(100 * q):02d}" for who in ("prior", "posterior") for q in _QUANTILES]
    return pd.DataFrame(
        rows,
        columns=[
            "parameter",
            "role",
            "unit",
            *quantiles,
            "sd_ratio",
            "shift",
            "effective_sample_size",
            "verdict",
            "strongest_pair",
            "correlation",
        ],
    )


def _verdict(ratio: float) -> str:
    if ratio < LEARNT_BELOW:
        return "learnt"
    return "partly" if ratio < PARTLY_BELOW else "not learnt"


def _spread(positions: Numbers) -> Numbers:
    """Standard deviation of each parameter over all members."""
    spread: Numbers = positions.reshape(-1, positions.shape[-1]).std(axis=0, ddof=1)
    return spread


def _finite(values: Numbers) -> Numbers:
    flat: Numbers = values.ravel()
    finite: Numbers = flat[np.isfinite(flat)]
    return finite
