"""Growth of the nation's contracts after the last observed year, drawn by the national forecast.

What is forecast is the nation; what all others sell is taken to grow as it does, so that the province's own
part of it stays what it was. The luck hangs on the future alone: all provinces of a future have the same
nation, with years that are bad for everybody and a drift that walks.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from ...engine.errors import InputError
from .national_forecast import NationalForecast, national_forecast

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["growth_of_nation", "nation_known"]

Growth = Callable[[int], float]
Known = tuple[tuple[int, float], ...]

_PATHS: Final = ("national_count", "national_value")


def growth_of_nation(pack: Pack, years: range, seed: int | None) -> dict[str, Growth]:
    """Draw one future of the nation, or give the middle of all.

    Parameters
    ----------
    pack : Pack
        Whose series of the nation's number is used; the value's is longer and comes with the package.
    years : range
        Those that a run looks at, from the year after the last known one; what is drawn for a year does not
        depend on how many follow.
    seed : int or None
        Of the future; without it no luck is drawn.

    Returns
    -------
    dict of str to callable
        By path, ``national_count`` and ``national_value``: growth of the logarithm from the year before, by
        year; behind the years asked for it goes on as in the last.

    Raises
    ------
    InputError
        If too few years of the nation are known, or not the last one.
    """
    until = years.start - 1
    number = tuple(sorted(pack.series_of("contract_count_output", "china").items()))
    nation, value = nation_known(number, until)
    if seed is None:
        drifts = nation.weights @ nation.means[:, 2:]
        return {name: _held(until, [float(drift)]) for name, drift in zip(_PATHS, drifts, strict=True)}
    drawn = nation.paths(len(years), 1, seed)
    at_origin = (dict(number).get(until), value)
    found: dict[str, Growth] = {}
    for name, known, path in zip(_PATHS, at_origin, drawn, strict=True):
        if known is None:
            raise InputError(f"the nation's number in {until} is not known", key="national_forecast")
        growth = np.diff(np.log(path[0]), prepend=math.log(known))
        found[name] = _held(until, growth.tolist())
    return found


@functools.lru_cache(maxsize=8)
def nation_known(number: Known, until: int) -> tuple[NationalForecast, float]:
    """Filter the nation up to a year, once a process: 0.1 s, a fifth of a run; give its value then as well.

    Parameters
    ----------
    number : tuple of (int, float)
        Year and contracts of the nation.
    until : int
        Last year that may be known.
    """
    from ...scenarios.provinces.national_series import national_series

    value = national_series("contract_value_output")
    return national_forecast(dict(number), value, until), value[until]


def _held(until: int, growth: list[float]) -> Growth:
    """Give growth by year; behind the last year it stays as it was then."""
    return lambda year: growth[min(year - until, len(growth)) - 1]
