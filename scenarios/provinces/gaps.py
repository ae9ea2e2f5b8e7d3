"""What the statistics do not have of a province, and what its data therefore cannot carry.

Gaps stay gaps: nothing is filled. They are named in the pack, in ``check`` and in the
table of provinces instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from ..choosing.pack_years import shipped_years
from .calendar_of_facts import calendar_of
from .sources_read import NATION, Sources

__all__ = [
    "CONTRACTS_SOLD",
    "FEWEST_TO_FIT",
    "FEWEST_TO_RUN",
    "FIRST_FITTED",
    "LUCK_AS_LARGE_AS_A_FORECAST",
    "VALUE_SOLD",
    "about_gaps",
    "in_years",
    "limits_of",
    "luck_of_a_year",
    "missing_years",
    "years_of_the_panel",
]

CONTRACTS_SOLD: Final = "contract_count_output"
VALUE_SOLD: Final = "contract_value_output"

FIRST_FITTED: Final = shipped_years().first
"""First year to which the value of contracts sold is fitted."""

FEWEST_TO_RUN: Final = 1
"""The model takes the province's own sales off the nation's, in unknown years at the part of the nearest
known year; without one there is nothing to take."""

FEWEST_TO_FIT: Final = 4
"""With fewer years from `FIRST_FITTED` on neither growth nor registration can be told from the level."""

LUCK_AS_LARGE_AS_A_FORECAST: Final = 0.35
"""Standard deviation of ln: the robust error of a forecast of contract value three years ahead, over all
provinces (advice of the prototype). Where one year's luck is as large, a fit follows luck."""

_LUCK_AT: Final = ((31357.0, 0.11), (3135.7, 0.26))
"""Contracts a year, and the standard deviation of the ln of their sum, as measured for the specification of
the model where 4 % of the contracts carry 80 % of the value."""

_LIMITS: Final = {
    "no_run": "no year of contracts sold: a run is refused",
    "no_fit": "too few years of contracts sold to tell growth and registration from the level: no fit",
    "luck": "{contracts} contracts sold in {last_year}, whose luck alone moves a year's value by {luck} "
    "(standard deviation of ln): prior plus noise",
}
"""What the head of a pack says of each limit."""

_LARGEST_LUCK: Final = 1.0
"""Beyond this the line through two points says no more than that all is luck."""


def luck_of_a_year(contracts: float) -> float:
    """Tell how far luck alone moves the value of so many contracts, as a standard deviation of ln.

    The line through the two measured points, in logs: near Shaanxi's tail of values, and only a
    guide far outside 3,000 to 30,000 contracts.

    Parameters
    ----------
    contracts : float
        Contracts of a year, above 0.

    Examples
    --------
    >>> round(luck_of_a_year(31357), 2), round(luck_of_a_year(321), 2)
    (0.11, 0.61)
    """
    (many, small_luck), (few, large_luck) = _LUCK_AT
    power = math.log(large_luck / small_luck) / math.log(many / few)
    return float(small_luck * (many / contracts) ** power)


def years_of_the_panel(sources: Sources, last_year: int) -> dict[str, tuple[int, ...]]:
    """Give the years in which the panel has a series for any province, up to the last year that counts."""
    found: dict[str, set[int]] = {}
    for province, indicator, year in sources.panel:
        if province != NATION and year <= last_year:
            found.setdefault(indicator, set()).add(year)
    return {indicator: tuple(sorted(found[indicator])) for indicator in sorted(found)}


def missing_years(
    expected: Mapping[str, Iterable[int]], has: Mapping[str, Iterable[int]]
) -> dict[str, tuple[int, ...]]:
    """Give the years in which others have a series and this province has not, where there are any.

    Parameters
    ----------
    expected, has : mapping of str to years
        By indicator.
    """
    found = {name: tuple(sorted(set(years) - set(has.get(name, ())))) for name, years in expected.items()}
    return {name: years for name, years in found.items() if years}


def in_years(years: Iterable[int]) -> str:
    """Write years, runs of three and more drawn together.

    Examples
    --------
    >>> in_years([2000, 2005, 2012, 2013, 2014, 2016])
    '2000, 2005, 2012-2014, 2016'
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(parts)


def about_gaps(sources: Sources, province: str, last_year: int) -> dict[str, object]:
    """Give the entries ``missing`` and ``limits`` of the head of a pack; none where nothing is to be said.

    Parameters
    ----------
    sources : Sources
    province : str
        Name of the pack.
    last_year : int
        Last year that counts.
    """
    has: dict[str, list[int]] = {}
    for name, indicator, year in sources.panel:
        if name == province and year <= last_year:
            has.setdefault(indicator, []).append(year)
    missing = {
        indicator: "no year at all" if indicator not in has else in_years(years)
        for indicator, years in missing_years(years_of_the_panel(sources, last_year), has).items()
    }
    sold = sources.panel.get((province, CONTRACTS_SOLD, last_year))
    contracts = None if sold is None else float(sold["value"])
    luck = luck_of_a_year(contracts or 1.0)
    words = f"about {luck:.2f}" if luck < _LARGEST_LUCK else f"more than {_LARGEST_LUCK:g}"
    limits = [
        _LIMITS[limit].format(contracts=f"{contracts or 0:g}", luck=words, last_year=last_year)
        for limit in limits_of(has.get(VALUE_SOLD, ()), contracts, calendar_of(sources)["first_year"])
    ]
    return {
        **({"missing": missing} if missing else {}),
        **({"limits": "; ".join(limits)} if limits else {}),
    }


def limits_of(
    value_sold: Iterable[int], contracts: float | None, first_fitted: int = FIRST_FITTED
) -> tuple[str, ...]:
    """Name what the contract statistics of a province cannot carry.

    Parameters
    ----------
    value_sold : iterable of int
        Years in which the value of its sales is known.
    contracts : float or None
        Contracts sold in the last known year; None if not known.
    first_fitted : int, optional
        First year to which the value is fitted.

    Returns
    -------
    tuple of str
        ``no_run``: no year that tells what others sold; ``no_fit``: too few for a fit;
        ``luck``: so few contracts that a year's sum is mostly luck. Empty if all is well.
    """
    years = set(value_sold)
    found = []
    if len(years) < FEWEST_TO_RUN:
        found.append("no_run")
    if sum(year >= first_fitted for year in years) < FEWEST_TO_FIT:
        found.append("no_fit")
    if not contracts or luck_of_a_year(contracts) >= LUCK_AS_LARGE_AS_A_FORECAST:
        found.append("luck")
    return tuple(found)
