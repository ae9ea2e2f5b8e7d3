"""What an experiment refuses before any run is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ...engine.errors import InputError
from ...engine.luck import SEED_MASK

SMALLEST_SCALE: Final = 0.01
"""Below one in a hundred a province holds a handful of sellers, and says nothing about its totals."""

LARGEST_RUNS: Final = 1_000_000
"""A run's name holds six digits."""


def check_numbers(*, runs: int, scale: float, seed: int, workers: int | None) -> None:
    """Refuse numbers for which no run can be made.

    Parameters
    ----------
    runs : int
        Futures: from 1 to `LARGEST_RUNS`.
    scale : float
        Share of the many small actors that is simulated: from 0.01 to 1.
    seed : int
        From 0 to 2**63 - 1.
    workers : int or None
        Worker processes: None, or 0 and more.

    Raises
    ------
    InputError
        With the option's name, what was given and what is allowed.
    """
    if not _whole(runs) or not 1 <= runs <= LARGEST_RUNS:
        raise InputError(
            f"{runs!r} futures cannot be run",
            key="runs",
            allowed=f"a whole number from 1 to {LARGEST_RUNS}",
        )
    if not _real(scale) or not SMALLEST_SCALE <= scale <= 1:
        percent = _real(scale) and 1 < scale <= 100
        raise InputError(
            f"{scale!r} is not a scale",
            key="scale",
            allowed=f"a share from {SMALLEST_SCALE:g} to 1",
            suggestion=f"{scale / 100:g}" if percent else None,
        )
    if not _whole(seed) or not 0 <= seed <= SEED_MASK:
        raise InputError(
            f"{seed!r} is not a seed", key="seed", allowed=f"a whole number from 0 to {SEED_MASK}"
        )
    check_workers(workers)


def check_workers(workers: int | None) -> None:
    """Refuse a number of worker processes that cannot be started: None, or 0 and more, is allowed.

    Raises
    ------
    InputError
        Otherwise.
    """
    if workers is not None and (not _whole(workers) or workers < 0):
        raise InputError(
            f"{workers!r} worker processes cannot be started",
            key="workers",
            allowed="a whole number of 0 or more",
        )


def check_provinces(text: str, known: Sequence[str]) -> list[str]:
    """Give the packs of provinces that are named with commas between; none for an empty text.

    Raises
    ------
    InputError
        As `check_province`, for the first that has no pack.
    """
    return [check_province(name.strip(), known) for name in text.split(",") if name.strip()]


def check_province(province: str, known: Sequence[str]) -> str:
    """Give the name of the pack of a province, or refuse a province for which there is none.

    Parameters
    ----------
    province : str
        Name of the pack, a Chinese name, or the name in the panel.
    known : sequence of str
        Names of packs.

    Raises
    ------
    InputError
        With the nearest names, each in both languages.
    """
    from ...scenarios.provinces.names import find_province, unknown_province

    found = find_province(province, known)
    if found is None:
        raise unknown_province(province, known)
    return found


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _real(value: object) -> bool:
    return (
        isinstance(value, (int, float, np.number))
        and not isinstance(value, bool)
        and bool(np.isfinite(value))
    )
