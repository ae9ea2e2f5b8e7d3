"""Two halves of the provinces, by lot: designs are chosen on one and reported on the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

__all__ = ["SEED_OF_THE_LOT", "half_for_choosing"]

SEED_OF_THE_LOT: Final = 23
"""Written down before any design was scored."""


def half_for_choosing(provinces: Iterable[str]) -> tuple[str, ...]:
    """Draw half of the provinces by lot, sorted; of an odd number the smaller half.

    Examples
    --------
    >>> len(half_for_choosing("abcde"))
    2
    """
    names = sorted(provinces)
    order = np.random.default_rng(SEED_OF_THE_LOT).permutation(len(names))
    return tuple(sorted(names[place] for place in order[: len(names) // 2]))
