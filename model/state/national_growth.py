"""Growth of the nation's contracts after the last observed year, drawn by the national forecast.

What is forecast is the nation; what all others sell is taken to grow as it does, so that the province's own
part of it stays what it was. The luck hangs on the future alone: all provinces of a future have the same
nation, with years that are bad for everybody and a drift that walks.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
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
        Whose series of the nation are used: that of the value is longer, see `Pack.nation`.
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
    until, luck_of = years.start - 1, pack.years.luck_of
    number = _in_years(pack.series_of("contract_count_output", "china"), luck_of)
    in_yuan = _in_years(pack.nation("contract_value_output"), luck_of)
    nation, value = nation_known(number, in_yuan, luck_of(until))
    if seed is None:
        drifts = nation.weights @ nation.means[:, 2:]
        return {name: _held(until, [float(drift)]) for name, drift in zip(_PATHS, drifts, strict=True)}
    drawn = nation.paths(len(years), 1, seed)
    at_origin = (dict(number).get(luck_of(until)), value)
    found: dict[str, Growth] = {}
    for name, known, path in zip(_PATHS, at_origin, drawn, strict=True):
        if known is None:
            raise InputError(f"the nation's number in {until} is not known", key="national_forecast")
        growth = np.diff(np.log(path[0]), prepend=math.log(known))
        found[name] = _held(until, growth.tolist())
    return found


@functools.lru_cache(maxsize=8)
def nation_known(number: Known, value: Known, until: int) -> tuple[NationalForecast, float]:
    """Filter the nation up to a year, once a process: 0.1 s, a fifth of a run; give its value then as well.

    Parameters
    ----------
    number, value : tuple of (int, float)
        Year, and contracts or yuan of the nation; the luck of a year is keyed by its number.
    until : int
        Last year that may be known.
    """
    in_yuan = dict(value)
    return national_forecast(dict(number), in_yuan, until), in_yuan[until]


def _in_years(series: Mapping[int, float], luck_of: Callable[[int], int]) -> Known:
    """Give a series by the numbers that key the luck of its years."""
    return tuple(sorted((luck_of(year), figure) for year, figure in series.items()))


def _held(until: int, growth: list[float]) -> Growth:
    """Give growth by year; behind the last year it stays as it was then."""
    return lambda year: growth[min(year - until, len(growth)) - 1]
