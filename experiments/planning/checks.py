"""What an experiment refuses before any run is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...engine.errors import InputError
from ...engine.seed_and_scale import check_scale, check_seed, is_whole

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
    if not is_whole(runs) or not 1 <= runs <= LARGEST_RUNS:
        raise InputError(
            f"{runs!r} futures cannot be run",
            key="runs",
            allowed=f"a whole number from 1 to {LARGEST_RUNS}",
        )
    check_scale(scale)
    check_seed(seed)
    check_workers(workers)


def check_workers(workers: int | None) -> None:
    """Refuse a number of worker processes that cannot be started: None, or 0 and more, is allowed.

    Raises
    ------
    InputError
        Otherwise.
    """
    if workers is not None and (not is_whole(workers) or workers < 0):
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
