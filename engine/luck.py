"""Luck is a function, not a sequence.

A draw is a hash of (seed, mechanism, entity, step, k). Nothing is consumed, so a
policy that adds a firm or asks one question more leaves every other draw where it
was: two worlds with one seed differ by the policy alone.

The hash is Threefry-2x64 with 13 rounds, the smallest number of rounds of that
generator that its authors found to pass BigCrush.

References
----------
Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3,
SC'11, doi:10.1145/2063384.2063405. Known-answer vectors: Random123, kat_vectors.
Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), for the normal quantile.
"""

from __future__ import annotations

import hashlib
import math
from typing import Final

import numpy as np

from .rules import rule

_PARITY: Final = np.uint64(0x1BD11BDAA9FC1A22)
_WORD: Final = np.uint64(64)
_ROTATIONS: Final = tuple(np.uint64(bits) for bits in (16, 42, 12, 31, 16, 32, 24, 21))
_R0, _R1, _R2, _R3, _R4, _R5, _R6, _R7 = _ROTATIONS
_ONE: Final = np.uint64(1)
_TWO: Final = np.uint64(2)
_THREE: Final = np.uint64(3)
_ELEVEN: Final = np.uint64(11)
_HALF_WORD: Final = np.uint64(32)
_LOW: Final = np.uint64(0xFFFFFFFF)
_STEP_OF_UNIT: Final = 2.0**-53
_NORMAL_FROM: Final = 60.0

SEED_MASK: Final = 0x7FFF_FFFF_FFFF_FFFF
"""Seeds are non-negative 63-bit numbers, so that every table can hold them."""


def key_of(*parts: str | int) -> int:
    """Make a 64-bit key from an ancestry written as words and numbers.

    Parameters
    ----------
    *parts : str or int
        For example ``key_of("university", "shaanxi", 12)``.

    Returns
    -------
    int
        The key, the same on every platform and in every process.
    """
    text = "\x1f".join(f"{type(part).__name__[0]}{part}" for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def mechanism(name: str) -> np.uint64:
    """Give the code under which a mechanism draws; name each mechanism once."""
    return np.uint64(key_of("mechanism", name))


@rule
def _mix(x0: np.uint64, x1: np.uint64, bits: np.uint64) -> tuple[np.uint64, np.uint64]:
    """One Threefry round: add, rotate, exclusive or."""
    x0 = x0 + x1
    x1 = ((x1 << bits) | (x1 >> (_WORD - bits))) ^ x0
    return x0, x1


@rule
def threefry(
    key0: np.uint64, key1: np.uint64, counter0: np.uint64, counter1: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Threefry-2x64-13: two random words from a key and a counter of two words each."""
    key2 = _PARITY ^ key0 ^ key1
    x0 = counter0 + key0
    x1 = counter1 + key1
    x0, x1 = _mix(x0, x1, _R0)
    x0, x1 = _mix(x0, x1, _R1)
    x0, x1 = _mix(x0, x1, _R2)
    x0, x1 = _mix(x0, x1, _R3)
    x0, x1 = x0 + key1, x1 + key2 + _ONE
    x0, x1 = _mix(x0, x1, _R4)
    x0, x1 = _mix(x0, x1, _R5)
    x0, x1 = _mix(x0, x1, _R6)
    x0, x1 = _mix(x0, x1, _R7)
    x0, x1 = x0 + key2, x1 + key0 + _TWO
    x0, x1 = _mix(x0, x1, _R0)
    x0, x1 = _mix(x0, x1, _R1)
    x0, x1 = _mix(x0, x1, _R2)
    x0, x1 = _mix(x0, x1, _R3)
    x0, x1 = x0 + key0, x1 + key1 + _THREE
    return _mix(x0, x1, _R4)


@rule
def _words(
    seed: np.uint64, mechanism_code: np.uint64, entity: np.uint64, step: int, k: int
) -> tuple[np.uint64, np.uint64]:
    """Two random words of one draw."""
    # Steps before the start are negative; plain Python refuses them as uint64, an int64 wraps in both.
    counter = (np.uint64(np.int64(step)) << _HALF_WORD) | (np.uint64(np.int64(k)) & _LOW)
    return threefry(seed, mechanism_code, entity, counter)


@rule
def uniform(seed: np.uint64, mechanism_code: np.uint64, entity: np.uint64, step: int, k: int) -> float:
    """Draw a number strictly between 0 and 1 (53 bits)."""
    word, _ = _words(seed, mechanism_code, entity, step, k)
    return (float(word >> _ELEVEN) + 0.5) * _STEP_OF_UNIT


@rule
def two_uniforms(
    seed: np.uint64, mechanism_code: np.uint64, entity: np.uint64, step: int, k: int
) -> tuple[float, float]:
    """Draw two independent numbers strictly between 0 and 1 at the price of one hash."""
    first, second = _words(seed, mechanism_code, entity, step, k)
    return (
        (float(first >> _ELEVEN) + 0.5) * _STEP_OF_UNIT,
        (float(second >> _ELEVEN) + 0.5) * _STEP_OF_UNIT,
    )


@rule
def child_key(parent: np.uint64, kind: np.uint64, step: int, k: int) -> np.uint64:
    """Key of what is born of ``parent``: the ``k``-th thing of a kind in a step.

    Two worlds that share the parent share the child, whatever else was born.
    """
    key, _ = _words(parent, kind, np.uint64(0), step, k)
    return key


@rule
def slot_of(key: np.uint64, slots: int) -> int:
    """Slot of a key among ``slots``, a power of two."""
    return int(key & np.uint64(slots - 1))


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


@rule
def poisson_quantile(u: float, mean: float) -> int:
    """Number of events of a Poisson count at quantile ``u``.

    Sequential inversion below a mean of 60; above, the normal quantile with its
    skewness term (Cornish and Fisher 1938), whose error there is below one event.
    """
    if mean <= 0.0:
        return 0
    if mean < _NORMAL_FROM:
        probability = math.exp(-mean)
        total = probability
        count = 0
        # Rounding may leave the sum just below a quantile next to 1: stop where nothing is added any more.
        while u > total and total + probability > total:
            count += 1
            probability *= mean / count
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


def draw_uniform(seed: int, mechanism_code: int, entity: int, step: int = 0, k: int = 0) -> float:
    """Draw from plain Python numbers, for callers outside compiled rules.

    Parameters
    ----------
    seed, mechanism_code, entity : int
        64-bit keys.
    step, k : int
        Step of time and ordinal of the draw.

    Returns
    -------
    float
        Strictly between 0 and 1.
    """
    with np.errstate(over="ignore"):
        return float(
            uniform(np.uint64(seed), np.uint64(mechanism_code), np.uint64(entity), int(step), int(k))
        )


def draw_normal(seed: int, mechanism_code: int, entity: int, step: int = 0, k: int = 0) -> float:
    """Draw a standard normal number from plain Python numbers."""
    return float(normal_quantile(draw_uniform(seed, mechanism_code, entity, step, k)))
