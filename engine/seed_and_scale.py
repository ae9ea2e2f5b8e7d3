"""The two numbers that fix a run beside its scenario, and what is refused as seed or scale."""

from __future__ import annotations

from typing import Final, TypeGuard

import numpy as np

from .errors import InputError
from .luck import SEED_MASK

SMALLEST_SCALE: Final = 0.01
"""Below one in a hundred a province holds a handful of sellers, and says nothing about its totals."""


def check_seed(seed: object) -> None:
    """Refuse what is not a seed.

    Raises
    ------
    InputError
        If it is no whole number from 0 to 2**63 - 1.
    """
    if not is_whole(seed) or not 0 <= int(seed) <= SEED_MASK:
        raise InputError(
            f"{seed!r} is not a seed", key="seed", allowed=f"a whole number from 0 to {SEED_MASK}"
        )


def check_scale(scale: object) -> None:
    """Refuse what is not a scale.

    Raises
    ------
    InputError
        If it is no number from 0.01 to 1.
    """
    if not is_real(scale) or not SMALLEST_SCALE <= scale <= 1:
        percent = f"{scale / 100:g}" if is_real(scale) and 1 < scale <= 100 else None
        raise InputError(
            f"{scale!r} is not a scale",
            key="scale",
            allowed=f"a share from {SMALLEST_SCALE:g} to 1",
            suggestion=percent,
        )


def is_whole(value: object) -> TypeGuard[int]:
    """Say whether a value is a whole number; true and false are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def is_real(value: object) -> TypeGuard[float]:
    """Say whether a value is a finite number; true and false are none."""
    return (
        isinstance(value, (int, float, np.number))
        and not isinstance(value, bool)
        and bool(np.isfinite(value))
    )


__all__ = ["SMALLEST_SCALE", "check_scale", "check_seed", "is_real", "is_whole"]
