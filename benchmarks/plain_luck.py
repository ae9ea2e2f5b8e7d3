"""Luck for the plain agents: the model's hash written once more in Python, or Python's own generator.

:class:`SameLuck` follows the papers named in ``engine/luck.py``, not its code, so that plain
agents draw the numbers that the compiled rules draw. It is slow, which would flatter the
compiled rules: a race is run with :class:`QuickLuck`, which costs what a modeller would pay.
"""

from __future__ import annotations

import random
from typing import Final, Protocol

from shaanxi_transfer.engine.luck import key_of

_WORD: Final = (1 << 64) - 1
_PARITY: Final = 0x1BD11BDAA9FC1A22
_ROTATIONS: Final = (16, 42, 12, 31, 16, 32, 24, 21)
_ROUNDS: Final = 13
_GOLDEN: Final = 0x9E3779B97F4A7C15


def mechanism(name: str) -> int:
    """Code under which a mechanism draws."""
    return key_of("mechanism", name)


def threefry(key: tuple[int, int], counter: tuple[int, int]) -> tuple[int, int]:
    """Threefry-2x64 with 13 rounds (Salmon and others 2011): a key goes in after every fourth round."""
    keys = (*key, _PARITY ^ key[0] ^ key[1])
    x, y = (counter[0] + keys[0]) & _WORD, (counter[1] + keys[1]) & _WORD
    for turn in range(_ROUNDS):
        bits = _ROTATIONS[turn % 8]
        x = (x + y) & _WORD
        y = ((y << bits | y >> 64 - bits) & _WORD) ^ x
        if turn % 4 == 3:
            time = turn // 4 + 1
            x = (x + keys[time % 3]) & _WORD
            y = (y + keys[(time + 1) % 3] + time) & _WORD
    return x, y


def _fraction(word: int) -> float:
    return ((word >> 11) + 0.5) * 2.0**-53


class Stream(Protocol):
    """What an agent draws of one mechanism in one step."""

    def pick(self, k: int) -> float:
        """Give the ``k``-th number strictly between 0 and 1."""

    def word(self, k: int) -> int:
        """Give the ``k``-th word of 64 bits."""


class Luck(Protocol):
    """Where plain agents draw from."""

    def uniform(self, code: int, key: int, step: int, k: int = 0) -> float:
        """Draw one number strictly between 0 and 1."""

    def two_uniforms(self, code: int, key: int, step: int) -> tuple[float, float]:
        """Draw two of them."""

    def stream(self, code: int, key: int, step: int) -> Stream:
        """Begin a stream of many."""


class SameStream:
    """A stream of the model's luck: SplitMix64 (Steele, Lea and Flood 2014) from a hashed beginning."""

    def __init__(self, begin: int) -> None:
        self.begin = begin

    def word(self, k: int) -> int:
        """Give the ``k``-th word."""
        x = (self.begin + (k + 1) * _GOLDEN) & _WORD
        x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & _WORD
        x = ((x ^ x >> 27) * 0x94D049BB133111EB) & _WORD
        return x ^ x >> 31

    def pick(self, k: int) -> float:
        """Give the ``k``-th number strictly between 0 and 1."""
        return _fraction(self.word(k))


class SameLuck:
    """The numbers that the compiled rules draw, to the bit.

    Parameters
    ----------
    seed : int
        The future's.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _words(self, code: int, key: int, step: int, k: int) -> tuple[int, int]:
        return threefry((self.seed, code), (key, (step << 32 | k) & _WORD))

    def uniform(self, code: int, key: int, step: int, k: int = 0) -> float:
        """Draw one number strictly between 0 and 1."""
        return _fraction(self._words(code, key, step, k)[0])

    def two_uniforms(self, code: int, key: int, step: int) -> tuple[float, float]:
        """Draw two of them."""
        first, second = self._words(code, key, step, 0)
        return _fraction(first), _fraction(second)

    def stream(self, code: int, key: int, step: int) -> SameStream:
        """Begin a stream of many."""
        return SameStream(self._words(code, key, step, 0)[0])


class QuickLuck:
    """Python's own generator: not the same numbers, but at the price that plain agents would pay.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def uniform(self, code: int, key: int, step: int, k: int = 0) -> float:
        """Draw one number between 0 and 1."""
        return self._draw.random()

    def two_uniforms(self, code: int, key: int, step: int) -> tuple[float, float]:
        """Draw two of them."""
        return self._draw.random(), self._draw.random()

    def stream(self, code: int, key: int, step: int) -> QuickLuck:
        """Begin a stream: the generator itself."""
        return self

    def pick(self, k: int) -> float:
        """Draw one number between 0 and 1."""
        return self._draw.random()

    def word(self, k: int) -> int:
        """Draw a word of 64 bits."""
        return self._draw.getrandbits(64)
