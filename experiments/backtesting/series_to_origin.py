"""What is known at the origin of a forecast: series cut off there, and nothing after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

FloatArray = npt.NDArray[np.float64]

FEWEST: Final = 4
"""Figures up to the origin without which no rival forecasts: three growths, two changes of growth."""


@dataclass(frozen=True)
class Past:
    """What is known at the origin of a forecast; made by `past_of`.

    ``years`` with a figure rise, none after the origin; ``logs`` are natural logs of the figures. What is
    national is empty if no national series was given.
    """

    origin: int
    years: FloatArray
    logs: FloatArray
    national_years: FloatArray
    national_logs: FloatArray


def past_of(own: Mapping[int, float], origin: int, national: Mapping[int, float] | None = None) -> Past:
    """Cut series at an origin; later figures are not even looked at.

    Series give year to figure in levels, NaN or absent where there is none. Refuses fewer than `FEWEST`
    figures, and one that is infinite, zero or below.
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


def check_asked(horizon: int, draws: int, key: str) -> None:
    """Refuse a forecast of no year, or of fewer than two draws."""
    if horizon < 1 or draws < 2:
        raise InputError(
            f"horizon {horizon} with {draws} draws", key=key, allowed="one year or more, two draws or more"
        )


def check_enough(figures: int, origin: int, key: str) -> None:
    """Refuse a past of fewer than `FEWEST` figures."""
    if figures < FEWEST:
        raise InputError(
            f"{figures} figures up to {origin}",
            key=key,
            allowed=f"at least {FEWEST} figures up to the origin",
        )
