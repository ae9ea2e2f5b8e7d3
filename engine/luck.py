"""Luck is a function, not a sequence.

A draw is a hash of (seed, mechanism, entity, step, k). Nothing is consumed, so a
policy that adds a firm or asks one question more leaves every other draw where it
was: two worlds with one seed differ by the policy alone.

The hash is Threefry-2x64 with 13 rounds, the smallest number of rounds of that
generator that its authors found to pass BigCrush. What draws many numbers in one
step (a seller with hundreds of contracts) hashes once for its stream of the step and
picks the k-th number of the stream with the finalizer of SplitMix64, at a quarter of the price.

References
----------
Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3,
SC'11, doi:10.1145/2063384.2063405. Known-answer vectors: Random123, kat_vectors.
Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators, OOPSLA'14,
doi:10.1145/2660193.2660195; the constants are those of java.util.SplittableRandom.
"""

from __future__ import annotations

import functools
import hashlib
from contextlib import AbstractContextManager, nullcontext
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from .quantiles import (
    binomial_quantile,
    normal_quantile,
    poisson_quantile,
    quick_normal_quantile,
    rounded,
)
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
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLIER_A: Final = np.uint64(0xBF58476D1CE4E5B9)
_MULTIPLIER_B: Final = np.uint64(0x94D049BB133111EB)
_SHIFT_A: Final = np.uint64(30)
_SHIFT_B: Final = np.uint64(27)
_SHIFT_C: Final = np.uint64(31)

_QUIET: Final = nullcontext()

Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

SEED_MASK: Final = 0x7FFF_FFFF_FFFF_FFFF
"""Seeds are non-negative 63-bit numbers, so that every table can hold them."""


@functools.lru_cache(maxsize=1 << 14, typed=True)
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
def stream(seed: np.uint64, mechanism_code: np.uint64, entity: np.uint64, step: int) -> np.uint64:
    """Begin what an entity draws of one mechanism in one step; :func:`pick` and :func:`word` read it."""
    begin, _ = _words(seed, mechanism_code, entity, step, 0)
    return begin


@rule
def word(begin: np.uint64, k: int) -> np.uint64:
    """Give the ``k``-th random word (64 bits) of a stream, in any order and as often as wanted."""
    x = begin + (np.uint64(np.int64(k)) + _ONE) * _GOLDEN
    x = (x ^ (x >> _SHIFT_A)) * _MULTIPLIER_A
    x = (x ^ (x >> _SHIFT_B)) * _MULTIPLIER_B
    return x ^ (x >> _SHIFT_C)


@rule
def pick(begin: np.uint64, k: int) -> float:
    """Give the ``k``-th number strictly between 0 and 1 (53 bits) of a stream."""
    return (float(word(begin, k) >> _ELEVEN) + 0.5) * _STEP_OF_UNIT


@rule
def child_key(parent: np.uint64, kind: np.uint64, step: int, k: int) -> np.uint64:
    """Key of what is born of ``parent``: the ``k``-th thing of a kind in a step.

    Two worlds that share the parent share the child, whatever else was born.
    """
    key, _ = _words(parent, kind, np.uint64(0), step, k)
    return key


@rule
def child_keys(parents: Words, kind: np.uint64, step: int, numbers: npt.NDArray[np.int64]) -> Words:
    """Keys of what is born of many parents in a step: ``numbers[i]`` of ``parents[i]``, parent by parent."""
    keys = np.empty(numbers.sum(), dtype=np.uint64)
    born = 0
    for i in range(len(parents)):
        for k in range(numbers[i]):
            keys[born] = child_key(parents[i], kind, step, k)
            born += 1
    return keys


@rule
def slot_of(key: np.uint64, slots: int) -> int:
    """Slot of a key among ``slots``, a power of two."""
    return int(key & np.uint64(slots - 1))


def _wrapping() -> AbstractContextManager[object]:
    """Words wrap around on purpose; only uncompiled rules have to be told so."""
    return np.errstate(over="ignore") if numba.config.DISABLE_JIT else _QUIET


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
    with _wrapping():
        return float(
            uniform(np.uint64(seed), np.uint64(mechanism_code), np.uint64(entity), int(step), int(k))
        )


@rule
def _fill(seed: np.uint64, mechanism_code: np.uint64, entities: Words, draws: Floats) -> None:
    for i in range(len(entities)):
        draws[i] = uniform(seed, mechanism_code, entities[i], 0, 0)


def draw_uniforms(seed: int, mechanism_code: int, entities: Words) -> Floats:
    """Draw one number for each of many entities.

    Parameters
    ----------
    seed, mechanism_code : int
    entities : ndarray of uint64 of shape (n,)

    Returns
    -------
    ndarray of float64 of shape (n,)
        The same numbers as :func:`draw_uniform` gives one by one.
    """
    draws = np.zeros(len(entities), dtype=np.float64)
    with _wrapping():
        _fill(np.uint64(seed), np.uint64(mechanism_code), np.ascontiguousarray(entities), draws)
    return draws


def draw_normal(seed: int, mechanism_code: int, entity: int, step: int = 0, k: int = 0) -> float:
    """Draw a standard normal number from plain Python numbers."""
    return float(normal_quantile(draw_uniform(seed, mechanism_code, entity, step, k)))


__all__ = [
    "SEED_MASK",
    "binomial_quantile",
    "child_key",
    "child_keys",
    "draw_normal",
    "draw_uniform",
    "draw_uniforms",
    "key_of",
    "mechanism",
    "normal_quantile",
    "pick",
    "poisson_quantile",
    "quick_normal_quantile",
    "rounded",
    "slot_of",
    "stream",
    "threefry",
    "two_uniforms",
    "uniform",
    "word",
]
