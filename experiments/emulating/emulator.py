"""An emulator: ridge regression on Legendre polynomials of levers; its error grows away from the design.

A statistic over futures is a smooth function of ten levers and of the plan. Terms are Legendre polynomials
of each lever up to `MOST_DEGREE`, products of two levers, and of the plan with each lever: a polynomial chaos
(Xiu and Karniadakis, SIAM J. Sci. Comput. 24, 2002), whose numbers a few lines of any language evaluate.
`sklearn.linear_model.RidgeCV` fits them and chooses its penalty by leaving one point out, a penalty a column.

The error is measured at points that were never seen, as a multiple of the leverage (how far a point is from
the fitted ones); the ninth decile of that multiple, with conformal prediction's correction for few points
(Lei et al., JASA 113, 2018), times the leverage anywhere is the error that is stated there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

__all__ = ["COVERED", "Emulator", "Term", "fewest_points", "fitted", "terms_of"]

FloatArray = npt.NDArray[np.float64]
Term = tuple[tuple[int, int], ...]
"""A product of Legendre polynomials: for each column in it, the column and its degree."""

MOST_DEGREE: Final = 4
COVERED: Final = 0.9
"""Share of unseen points at which the stated error is not exceeded."""

_PENALTIES: Final = tuple(10.0 ** (power / 2.0) for power in range(-8, 9))


def fewest_points(levers: int, plans: int) -> int:
    """Say how many points an emulator takes at least: two for each lever's line and bend, and each plan.

    Examples
    --------
    >>> fewest_points(10, 2)
    44
    """
    return 2 * (2 * levers + plans)


def terms_of(levers: int, plans: int) -> tuple[Term, ...]:
    """List the terms of an emulator, without the constant.

    Columns are the levers, each from -1 to 1, and one for each plan but the first: 1 where it is in force,
    -1 elsewhere.

    Examples
    --------
    >>> terms_of(2, 2)[:5], len(terms_of(10, 2))
    ((((0, 1),), ((0, 2),), ((0, 3),), ((0, 4),), ((1, 1),)), 106)
    """
    own = [((lever, degree),) for lever in range(levers) for degree in range(1, MOST_DEGREE + 1)]
    pairs = [((one, 1), (two, 1)) for one, two in combinations(range(levers), 2)]
    of_plans: list[Term] = []
    for plan in range(levers, levers + plans - 1):
        of_plans += [((plan, 1),)]
        of_plans += [((lever, degree), (plan, 1)) for lever in range(levers) for degree in (1, 2)]
    return (*own, *pairs, *of_plans)


def _legendre(columns: FloatArray) -> FloatArray:
    """Give the polynomials of degree 0 to `MOST_DEGREE`, of shape (degrees, points, columns)."""
    found = [np.ones_like(columns), columns]
    for n in range(1, MOST_DEGREE):
        found.append(((2 * n + 1) * columns * found[n] - n * found[n - 1]) / (n + 1))
    return np.stack(found)


def values_of(terms: tuple[Term, ...], columns: FloatArray) -> FloatArray:
    """Evaluate terms at points; ``columns`` is of shape (points, columns)."""
    known = _legendre(columns)
    made = [math.prod((known[degree, :, column] for column, degree in term), start=1.0) for term in terms]
    return np.stack([np.broadcast_to(one, len(columns)) for one in made], axis=1).astype(np.float64)


@dataclass(frozen=True)
class Emulator:
    """What was fitted, as numbers.

    Attributes
    ----------
    terms : tuple of Term
    means : ndarray of shape (terms,)
        Of the terms at the fitted points.
    constants : ndarray of shape (outputs,)
    slopes : ndarray of shape (terms, outputs)
    spread : ndarray of shape (terms, terms)
        The leverage of a point is ``sqrt(1 + 1/points + d' spread d)``, d its terms less their means.
    points : int
        That were fitted.
    errors : ndarray of shape (outputs,)
        Stated error for a leverage of one, in the output's own unit.
    """

    terms: tuple[Term, ...]
    means: FloatArray
    constants: FloatArray
    slopes: FloatArray
    spread: FloatArray
    points: int
    errors: FloatArray

    def predict(self, columns: FloatArray) -> FloatArray:
        """Give the outputs at points, of shape (points, outputs)."""
        found: FloatArray = self.constants + (values_of(self.terms, columns) - self.means) @ self.slopes
        return found

    def leverage(self, columns: FloatArray) -> FloatArray:
        """Say by how much the error at points exceeds that among the fitted ones, of shape (points,)."""
        away = values_of(self.terms, columns) - self.means
        found: FloatArray = np.sqrt(
            1.0 + 1.0 / self.points + np.einsum("pi,ij,pj->p", away, self.spread, away)
        )
        return found

    def stated(self, columns: FloatArray) -> FloatArray:
        """Give the stated error at points, of shape (points, outputs)."""
        found: FloatArray = self.leverage(columns)[:, None] * self.errors
        return found

    def as_dict(self, figures: int = 6) -> dict[str, Any]:
        """Give the numbers for a page, of so many figures."""

        def plain(values: FloatArray) -> Any:
            return [plain(one) if one.ndim else float(f"{one:.{figures}g}") for one in values]

        upper = [self.spread[row, row:] for row in range(len(self.terms))]
        return {
            "terms": [[list(factor) for factor in term] for term in self.terms],
            "means": plain(self.means),
            "constants": plain(self.constants),
            "slopes": plain(self.slopes.T),
            "spread": [plain(one) for one in upper],
            "points": self.points,
            "errors": plain(self.errors),
        }


def fitted(
    levers: int, plans: int, columns: FloatArray, outputs: FloatArray, unseen: FloatArray, truth: FloatArray
) -> Emulator:
    """Fit an emulator, and measure its error at points that it does not see.

    Parameters
    ----------
    levers, plans : int
    columns : ndarray of shape (points, levers + plans - 1)
    outputs : ndarray of shape (points, outputs)
    unseen, truth : ndarray
        Points that were held back, and what came out there.

    Raises
    ------
    InputError
        If there are too few points: with how many it takes.
    """
    from sklearn.linear_model import RidgeCV

    if len(columns) < (fewest := fewest_points(levers, plans)):
        raise InputError(
            f"{len(columns)} points are too few for {levers} levers and {plans} plans",
            key="points",
            allowed=f"{fewest} or more, or fewer levers",
        )
    terms = terms_of(levers, plans)
    values = values_of(terms, columns)
    means = values.mean(axis=0)
    scale = outputs.std(axis=0)
    scale[scale == 0.0] = 1.0
    middle = outputs.mean(axis=0)
    away = values - means
    ridge = RidgeCV(alphas=_PENALTIES, alpha_per_target=True, fit_intercept=True)
    ridge.fit(away, (outputs - middle) / scale)
    slopes = np.atleast_2d(ridge.coef_).T * scale
    constants = middle + np.atleast_1d(ridge.intercept_) * scale
    penalty = float(np.median(ridge.alpha_))
    spread = np.linalg.inv(away.T @ away + penalty * np.eye(len(terms)))
    found = Emulator(terms, means, constants, slopes, spread, len(columns), np.zeros(outputs.shape[1]))
    multiples = np.abs(found.predict(unseen) - truth) / found.leverage(unseen)[:, None]
    share = min(1.0, math.ceil((len(unseen) + 1) * COVERED) / len(unseen))
    errors = np.quantile(multiples, share, axis=0, method="higher")
    return Emulator(terms, means, constants, slopes, spread, len(columns), errors)
