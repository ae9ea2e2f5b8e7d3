"""What is known at the origin of a forecast: series cut off there, and nothing after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

__all__ = ["FEWEST", "Past", "check_enough", "past_of"]

FloatArray = npt.NDArray[np.float64]

FEWEST: Final = 4
"""Figures up to the origin without which no rival forecasts: three growths, two changes of growth."""


@dataclass(frozen=True)
class Past:
    """What is known at the origin of a forecast; made by `past_of`.

    Attributes
    ----------
    origin : int
        Year after which the forecast begins.
    years : ndarray of shape (n,)
        Years with a figure, rising, none after the origin.
    logs : ndarray of shape (n,)
        Natural logs of the figures.
    national_years, national_logs : ndarray of shape (m,)
        The same of the nation; empty if no national series was given.
    """

    origin: int
    years: FloatArray
    logs: FloatArray
    national_years: FloatArray
    national_logs: FloatArray


def past_of(own: Mapping[int, float], origin: int, national: Mapping[int, float] | None = None) -> Past:
    """Cut series at an origin; later figures are not even looked at.

    Parameters
    ----------
    own : mapping of int to float
        Year to figure of the province, in levels; NaN or absent where there is none.
    origin : int
        Last year that may be known.
    national : mapping of int to float, optional
        The same of the nation.

    Returns
    -------
    Past

    Raises
    ------
    InputError
        If there are fewer than `FEWEST` figures, or one is infinite, zero or below.
    """
    years, logs = _known(own, origin, "own")
    if national is None:
        return Past(origin, years, logs, np.empty(0), np.empty(0))
    return Past(origin, years, logs, *_known(national, origin, "national"))


def _known(series: Mapping[int, float], origin: int, key: str) -> tuple[FloatArray, FloatArray]:
    known = {year: float(series[year]) for year in sorted(series) if year <= origin}
    known = {year: value for year, value in known.items() if not np.isnan(value)}
    for year, value in known.items():
        if not 0.0 < value < np.inf:
            raise InputError(f"{value} in {year} has no logarithm", key=key, allowed="figures above zero")
    check_enough(len(known), origin, key)
    return np.array(list(known), dtype=np.float64), np.log(np.array(list(known.values())))


def check_enough(figures: int, origin: int, key: str) -> None:
    """Refuse a past of fewer than `FEWEST` figures.

    Parameters
    ----------
    figures : int
        How many are known.
    origin : int
        Up to which year.
    key : str
        What they are figures of, for the message.

    Raises
    ------
    InputError
        If there are too few.
    """
    if figures < FEWEST:
        raise InputError(
            f"{figures} figures up to {origin}",
            key=key,
            allowed=f"at least {FEWEST} figures up to the origin",
        )
