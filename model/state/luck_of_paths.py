"""The luck of outside paths: the nation's is one for all provinces, that of an own path is theirs in part.

Provinces grow neither in step nor each for itself: of the yearly growth of their R&D a quarter is common to
all (decision 0039). What is not common is keyed by the place, so that a comparison across provinces has the
scatter that provinces have.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from ...engine import luck
from ...engine.errors import InputError

__all__ = ["OWN_PATHS", "Luck", "luck_of_path", "part_in_common", "path_luck"]

Luck = Callable[[np.uint64, int], float]
"""Standard normal number by mechanism and year."""

OWN_PATHS: Final = ("rd", "fiscal_science", "output")
"""Paths of the province itself; the others are the nation's, and move alike for all provinces."""


def part_in_common(name: str, parameters: Mapping[str, float]) -> float:
    """Give the part of the variance of a path's luck that all provinces have in common.

    Parameters
    ----------
    name : str
        Of a path.
    parameters : mapping of str to float
        With ``common_luck_rd`` and so on for `OWN_PATHS` (measured in the panel up to 2017 by
        ``studies.upkeep.common_luck``).

    Returns
    -------
    float
        Fraction; 1 for what the nation does.

    Raises
    ------
    InputError
        If it is no fraction.
    """
    if name not in OWN_PATHS:
        return 1.0
    key = f"common_luck_{name}"
    common = parameters[key]
    if not 0.0 <= common <= 1.0:
        nearest = None if math.isnan(common) else "0" if common < 0.0 else "1"
        raise InputError(
            f"{common:g} is no part of a variance", key=key, allowed="0 to 1", suggestion=nearest
        )
    return common


def luck_of_path(seed: int, name: str, place: str, parameters: Mapping[str, float]) -> Luck:
    """Give the luck of a path of one future.

    That of the nation's R&D is what the R&D of its provinces has in common, weighted as it is there: what is
    their own cancels out over all of them.

    Parameters
    ----------
    seed, name, place
        As for `path_luck`.
    parameters : mapping of str to float
        As for `part_in_common`.

    Raises
    ------
    InputError
        As for `part_in_common`.
    """
    if name != "national_rd":
        return functools.partial(path_luck, seed, name, place, part_in_common(name, parameters))
    weight = math.sqrt(part_in_common("rd", parameters))
    return lambda mechanism, year: weight * path_luck(seed, "rd", place, 1.0, mechanism, year)


def path_luck(seed: int, name: str, place: str, common: float, mechanism: np.uint64, year: int) -> float:
    """Draw the luck of a path: the nation's part, and beside it that of the place.

    The squared weights of the two sum to 1, so that how far a single province may go does not depend on what
    it shares with others.

    Parameters
    ----------
    seed : int
        Of the outside paths of a future.
    name : str
        Of the path.
    place : str
        Name of the pack.
    common : float
        As from `part_in_common`, fraction.
    mechanism : uint64
        What is drawn: a drift or a shock.
    year : int
        Calendar year; 0 for what holds in all years.

    Returns
    -------
    float
        A standard normal number.
    """
    nation = luck.draw_normal(seed, int(mechanism), luck.key_of("outside path", name), year)
    if common == 1.0:
        return nation
    own = luck.draw_normal(seed, int(mechanism), luck.key_of("outside path", name, place), year)
    return math.sqrt(common) * nation + math.sqrt(1.0 - common) * own
