"""Quantiles: from a uniform draw to a normal number or to a count, monotone in the draw.

References
----------
Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), for the normal quantile.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

import numpy as np

from .rules import rule

_NORMAL_FROM: Final = 60.0

# Coefficients of AS 241, highest power first: numerator and denominator of three rational functions.
_CENTRE = (
    (
        2.5090809287301226727e3, 3.3430575583588128105e4,
        6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3,
        1.3314166789178437745e2, 3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3, 2.8729085735721942674e4,
        3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2,
        4.2313330701600911252e1, 1.0,
    ),
)  # fmt: skip
_MIDDLE = (
    (
        7.74545014278341407640e-4, 2.27238449892691845833e-2,
        2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0,
        4.63033784615654529590e0, 1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9, 5.47593808499534494600e-4,
        1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0,
        2.05319162663775882187e0, 1.0,
    ),
)  # fmt: skip
_TAIL = (
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5,
        1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0,
        5.46378491116411436990e0, 6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15, 1.42151175831644588870e-7,
        1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1,
        5.99832206555887937690e-1, 1.0,
    ),
)  # fmt: skip


@rule
def _rational(r: float, numerator: tuple[float, ...], denominator: tuple[float, ...]) -> float:
    """Value of one polynomial of degree 7 over another (Horner, written out: the hottest line of all)."""
    a, b = numerator, denominator
    above = ((((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * r + a[6]) * r + a[7]
    below = ((((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + b[5]) * r + b[6]) * r + b[7]
    return above / below


@rule
def normal_quantile(u: float) -> float:
    """Standard normal quantile to about 16 digits (Wichura 1988, AS 241, PPND16).

    The inverse is used rather than a rejection method because it is monotone: a
    better draw stays a better draw when a policy moves the mean.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _rational(0.180625 - q * q, _CENTRE[0], _CENTRE[1])
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        x = _rational(r - 1.6, _MIDDLE[0], _MIDDLE[1])
    else:
        x = _rational(r - 5.0, _TAIL[0], _TAIL[1])
    return -x if q < 0.0 else x


_CELLS: Final = 4096
_TAIL_CELLS: Final = 64
_NODES: Final = np.array(
    [NormalDist().inv_cdf(min(max(i, 0.5), _CELLS - 0.5) / _CELLS) for i in range(_CELLS + 1)]
)


@rule
def quick_normal_quantile(u: float) -> float:
    """Standard normal quantile to within 1.2e-5, at a third of the price, for draws by the million.

    On a line between tabulated quantiles; in the outer 1/64 on each side it is
    :func:`normal_quantile` itself. Monotone up to the size of the error.
    """
    place = u * _CELLS
    cell = int(place)
    if cell < _TAIL_CELLS or cell >= _CELLS - _TAIL_CELLS:
        return normal_quantile(u)
    return float(_NODES[cell] + (place - cell) * (_NODES[cell + 1] - _NODES[cell]))


_LAST: Final = 400
"""A Poisson count of mean 60 reaches 150 in one of 10**20 draws."""

_ONE_OVER: Final = 1.0 / np.maximum(1.0, np.arange(_LAST + 1.0))


@rule
def poisson_quantile(u: float, mean: float) -> int:
    """Number of events of a Poisson count at quantile ``u``.

    Sequential inversion below a mean of 60; above, the normal quantile with its
    skewness term (Cornish and Fisher 1938), whose error there is below one event.
    """
    # No event is at least as likely as 1 - mean; most rows are small and end here.
    if u <= 1.0 - mean:
        return 0
    if mean < _NORMAL_FROM:
        probability = math.exp(-mean)
        total = probability
        count = 0
        # Rounding may leave the sum just below a quantile next to 1: stop where nothing is added any more.
        while u > total and total + probability > total:
            count += 1
            probability *= mean * _ONE_OVER[min(count, _LAST)]
            total += probability
        return count
    z = normal_quantile(u)
    return max(0, int(math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)))


@rule
def binomial_quantile(u: float, trials: int, probability: float) -> int:
    """Number of successes among ``trials`` at quantile ``u``.

    Sequential inversion for up to 200 trials or a mean below 60; beyond, the normal
    quantile with its skewness term (Cornish and Fisher 1938), whose error there is
    below one success. Likelier successes than failures are counted by their failures,
    because ``(1 - probability) ** trials`` would fall below the smallest number.
    """
    # No success is at least as likely as 1 - mean; most rows are small and end here.
    if u <= 1.0 - trials * probability:
        return 0
    if trials <= 0 or probability <= 0.0:
        return 0
    if probability >= 1.0:
        return trials
    if trials == 1:
        return 1 if u > 1.0 - probability else 0
    often = probability > 0.5
    chance = 1.0 - probability if often else probability
    mean = trials * chance
    if trials > 200 and mean >= _NORMAL_FROM:
        z = -normal_quantile(u) if often else normal_quantile(u)
        skew = (1.0 - 2.0 * chance) * (z * z - 1.0) / 6.0
        count = int(math.floor(mean + math.sqrt(mean * (1.0 - chance)) * z + skew + 0.5))
        count = min(trials, max(0, count))
    else:
        odds = chance / (1.0 - chance)
        quantile = 1.0 - u if often else u
        # A float power: an integer one is computed differently compiled than plain.
        term = (1.0 - chance) ** float(trials)
        total = term
        count = 0
        while quantile > total and count < trials and total + term > total:
            term *= odds * (trials - count) / (count + 1)
            count += 1
            total += term
    return trials - count if often else count


@rule
def rounded(u: float, x: float) -> int:
    """Round to a whole number at random so that the mean is kept (``u`` uniform)."""
    whole = math.floor(x)
    return int(whole) + (1 if u < x - whole else 0)
