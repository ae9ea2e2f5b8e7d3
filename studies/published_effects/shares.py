"""Shares of a group, and how many times larger one is than the other: what answers of yes and no tell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ...engine.errors import InputError
from .estimate import LEVEL, Estimate

__all__ = ["ratio_of_shares", "share"]

Answers = npt.NDArray[np.bool_]


def share(answers: Answers) -> Estimate:
    """Give the share of those who say yes, with the interval of Wilson (1927), JASA 22, 209-212.

    Raises
    ------
    InputError
        If nobody was asked.

    Examples
    --------
    >>> found = share(np.array([True, False, False, False]))
    >>> found.effect, round(found.low, 3), round(found.high, 3)
    (0.25, 0.046, 0.699)
    """
    if not len(answers):
        raise InputError("nobody was asked", key="answers", allowed="one or more")
    low, high = proportion_confint(int(answers.sum()), len(answers), alpha=1.0 - LEVEL, method="wilson")
    return Estimate(float(answers.mean()), float(low), float(high), len(answers), 0)


def ratio_of_shares(treated: Answers, controls: Answers) -> Estimate:
    """Give by how much more often the treated say yes, as a share of how often the others do.

    The interval is that of the logarithm of the ratio (Katz and others 1978, Biometrics 34, 469-474).

    Raises
    ------
    InputError
        If nobody on one of the sides says yes.

    Examples
    --------
    >>> treated, controls = np.arange(100) < 40, np.arange(100) < 20
    >>> found = ratio_of_shares(treated, controls)
    >>> found.effect, round(found.low, 2), round(found.high, 2)
    (1.0, 0.26, 2.17)
    """
    if not treated.any() or not controls.any():
        raise InputError(
            f"{treated.sum()} of {len(treated)} treated, {controls.sum()} of {len(controls)} others",
            key="answers",
            allowed="one or more that say yes on each side",
        )
    low, high = confint_proportions_2indep(
        int(treated.sum()),
        len(treated),
        int(controls.sum()),
        len(controls),
        method="log",
        compare="ratio",
        alpha=1.0 - LEVEL,
    )
    ratio = float(treated.mean() / controls.mean())
    return Estimate(ratio - 1.0, float(low) - 1.0, float(high) - 1.0, len(treated), len(controls))
