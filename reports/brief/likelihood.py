"""One rule from a probability to a word: a word of the IPCC's scale, if the whole interval lies in its range.

The scale is that of Mastrandrea and others, Guidance note for lead authors of the IPCC fifth assessment
report on consistent treatment of uncertainties, 2010, table 1, with "more likely than not" and its mirror
image. A probability of few futures is itself unsure; so of all words in whose range the whole 95 % interval
lies the narrowest is said, and if it lies in none, that the futures leave it open. Eleven futures of twelve,
0.92 (0.65-0.99), are "more likely than not". The number stands beside the word wherever it is said.
"""

from __future__ import annotations

from typing import Final

from ..words.phrases import Language, say

__all__ = ["LEVELS", "OPEN", "level_of", "likelihood"]

OPEN: Final = "open"

_RANGES: Final = (
    ("virtually_certain", 0.99, 1.0),
    ("exceptionally_unlikely", 0.0, 0.01),
    ("very_likely", 0.90, 1.0),
    ("very_unlikely", 0.0, 0.10),
    ("likely", 0.66, 1.0),
    ("unlikely", 0.0, 0.33),
    ("even", 0.33, 0.66),
    ("more_likely", 0.5, 1.0),
    ("more_unlikely", 0.0, 0.5),
)
"""Words with their ranges, both ends included, the narrowest first."""

LEVELS: Final = (
    *("virtually_certain", "very_likely", "likely", "more_likely", "even", OPEN),
    *("more_unlikely", "unlikely", "very_unlikely", "exceptionally_unlikely"),
)
"""Words in the order of what they say, the most likely first."""


def level_of(low: float, high: float) -> str:
    """Name the level of a probability by its 95 % interval, one of `LEVELS`.

    Examples
    --------
    >>> level_of(0.992, 1.0), level_of(0.68, 1.0), level_of(0.0, 0.28), level_of(0.09, 0.53)
    ('virtually_certain', 'likely', 'unlikely', 'open')
    """
    return next((name for name, least, most in _RANGES if least <= low and high <= most), OPEN)


def likelihood(level: str, language: Language) -> str:
    """Say how likely something is."""
    return say(f"brief.level_{level}", language)
