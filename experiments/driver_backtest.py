"""Hold the walk of the outside world against its own past, to see whether its bands are wide enough.

``python -m shaanxi_transfer.experiments.driver_backtest --province shaanxi`` takes the drivers of a
province (number and mean value of the contracts of all others, R&D) and the R&D of all provinces, goes
on from each past year as the model would have, and writes three tables to ``results/reference``:
``driver_backtest_<province>.csv`` (errors and coverage), ``driver_spreads_<province>.csv`` (spreads
fitted to the errors) and ``driver_growth_<province>.csv`` (past growth, and what provinces share).
Nothing is simulated and nothing later than 2017 is used; runs, scale and seed have no effect.

The nation has few errors that do not overlap: between 2000 and 2017 its contracts are known for 2000,
2005, 2010 and 2012 to 2017. What 31 provinces share is one error of a year, not 31.
"""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import pearsonr

from ..scenarios import load_pack
from ..scenarios.pack_sources import NATION, Sources
from . import doors
from .definitions import LAST_YEAR
from .driver_errors import LEVELS, Miss, Walk, coverage, fitted_walk, growth_rates, misses
from .store import Store
from .table_command import run_table

__all__ = ["backtest_table", "drivers_of", "growth_table", "main", "provinces_of", "spread_table"]

PROVINCES_RD: Final = "rd of all provinces"
TURNOVER: Final = "national_value"
"""Value of the contracts of all others. The model draws it and their number independently of each other, and
the mean value follows: its spread is their root sum of squares."""

_TO_SD: Final = 0.6744897501960817
_COUNT, _VALUE, _RD = "contract_count_output", "contract_value_output", "rd_expenditure"

BACKTEST_COLUMNS: Final = (
    "driver", "walk", "drift_sd", "shock_sd", "horizon", "spread", "errors", "origins", "places",
    "median_error", "robust_sd", "rms", *(f"coverage_{round(100 * level)}" for level in LEVELS),
)  # fmt: skip
"""Columns of the table of errors. ``spread`` is the standard deviation of the logarithm that the walk gives;
``robust_sd`` that of normal errors with the same median size."""

SPREAD_COLUMNS: Final = (
    "driver", "parameter", "declared", "fitted", "fitted_alone", "supported_low", "supported_high",
    "gain", "target_years",
)  # fmt: skip
GROWTH_COLUMNS: Final = ("measure", "driver", "from", "to", "value", "note")

Series = Mapping[int, float]


def drivers_of(province: str) -> dict[str, Series]:
    """Give the past of a province's drivers.

    Returns
    -------
    dict
        ``national_count`` and ``national_mean`` (of all other provinces, as the model takes them) and
        ``rd``, by year up to 2017; and `TURNOVER`, the product of the first two.
    """
    pack = load_pack(province)
    others = {}
    for indicator in (_COUNT, _VALUE):
        nation, own = pack.series_of(indicator, "china"), pack.series_of(indicator)
        others[indicator] = {year: nation[year] - own[year] for year in nation if year in own}
    count, value = others[_COUNT], others[_VALUE]
    found = {
        "national_count": count,
        "national_mean": {year: value[year] / count[year] for year in count if year in value},
        TURNOVER: value,
        "rd": pack.series_of(_RD),
    }
    return {
        name: {year: value for year, value in series.items() if year <= LAST_YEAR}
        for name, series in found.items()
    }


def provinces_of(indicator: str) -> dict[str, Series]:
    """Give a series of the panel for every province, the nation left out."""
    sources = Sources()
    found: dict[str, dict[int, float]] = {name: {} for name in sources.provinces}
    for (province, name, year), row in sources.panel.items():
        if name == indicator and province in found and year <= LAST_YEAR:
            found[province][year] = float(row["value"])
    return {name: series for name, series in found.items() if len(series) > 1}


def declared_walk(parameters: Mapping[str, float], driver: str) -> Walk:
    """Give the central spreads that the model's parameters declare for a driver."""
    if driver == "national_mean":
        return together(*(declared_walk(parameters, name) for name in ("national_count", TURNOVER)))
    name = "rd" if driver == PROVINCES_RD else driver
    return Walk(parameters[f"drift_sd_{name}"], parameters[f"shock_sd_{name}"])


def together(one: Walk, other: Walk) -> Walk:
    """Give the walk of a product or ratio of two independent drivers."""
    return Walk(*(math.hypot(mine, others) for mine, others in zip(one, other, strict=True)))


def missed_by_driver(province: str, window: int) -> dict[str, list[Miss]]:
    """Give the misses of each driver of a province, and of the R&D of all provinces."""
    found = {name: list(misses(province, series, window)) for name, series in drivers_of(province).items()}
    found[PROVINCES_RD] = [
        miss for place, series in provinces_of(_RD).items() for miss in misses(place, series, window)
    ]
    return found


def backtest_table(
    missed: Mapping[str, Sequence[Miss]], walks: Mapping[str, Mapping[str, Walk]]
) -> pd.DataFrame:
    """Make the table of errors and coverage.

    Parameters
    ----------
    missed : mapping of str to sequence of Miss
        By driver.
    walks : mapping of str to mapping
        By word for the walk (``declared``, ``fitted``), then by driver.
    """
    rows: list[tuple[Any, ...]] = []
    for driver, all_misses in missed.items():
        for word, walk in ((word, of[driver]) for word, of in walks.items()):
            for horizon in (0, *sorted({miss.horizon for miss in all_misses})):
                mine = [miss for miss in all_misses if horizon in (0, miss.horizon)]
                errors = np.array([miss.error for miss in mine])
                horizons = np.array([miss.horizon for miss in mine], np.float64)
                inside = coverage(errors, horizons, walk)
                spread = float(walk.spread(horizon)) if horizon else math.nan
                robust = float(np.median(np.abs(errors))) / _TO_SD
                size = (len(mine), len({miss.origin for miss in mine}), len({miss.place for miss in mine}))
                told = (float(np.median(errors)), robust, float(np.sqrt((errors**2).mean())))
                rows.append((driver, word, *walk, horizon or "all", spread, *size, *told, *inside.values()))
    return pd.DataFrame(rows, columns=list(BACKTEST_COLUMNS)).round(4)


def spread_table(missed: Mapping[str, Sequence[Miss]], declared: Mapping[str, Walk]) -> pd.DataFrame:
    """Make the table of fitted spreads, each with the range that the past supports.

    Returns
    -------
    DataFrame
        Columns of `SPREAD_COLUMNS`; see `driver_errors.FittedWalk`. ``fitted_alone`` has the other spread
        as declared: a few years tell drift from shocks badly, and both together from neither well.
    """
    rows: list[tuple[Any, ...]] = []
    for driver, all_misses in missed.items():
        fitted = fitted_walk(all_misses, declared[driver])
        years = len({miss.origin + miss.horizon for miss in all_misses})
        for name in Walk._fields:
            values = (getattr(declared[driver], name), getattr(fitted.walk, name), *getattr(fitted, name))
            rows.append((driver, name, *values, fitted.gain, years))
    return pd.DataFrame(rows, columns=list(SPREAD_COLUMNS)).round(4)


def growth_table(province: str, missed: Mapping[str, Sequence[Miss]]) -> pd.DataFrame:
    """Make the table of past growth, and of what the provinces' growth has in common with the nation's.

    Returns
    -------
    DataFrame
        Columns of `GROWTH_COLUMNS`. ``growth`` and its ``range_of_growth`` are logarithms a year;
        ``correlation_with_nation`` is the median over provinces of that of yearly growth with the
        nation's, and ``share_common`` the part of the variance of provinces' growth, each about its own
        mean, that is the same in all of them. ``correlation_of_misses`` is that of the errors of two
        drivers from the same origins.
    """
    rows: list[tuple[Any, ...]] = []
    for driver, series in drivers_of(province).items():
        rates = growth_rates(series)
        rows += [("growth", driver, start, end, rate, "") for start, end, rate in rates]
        values = [rate for _, _, rate in rates]
        rows.append(
            ("range_of_growth", driver, rates[0][0], rates[-1][1], max(values) - min(values), "high less low")
        )
    for one, other in (("national_count", "national_mean"), ("national_count", TURNOVER)):
        errors = [[miss.error for miss in missed[driver]] for driver in (one, other)]
        when = (missed[one][0].origin, LAST_YEAR)
        note = f"{len(errors[0])} misses, overlapping"
        tie = float(pearsonr(*errors).statistic)
        rows.append(("correlation_of_misses", f"{one} with {other}", *when, tie, note))
    panel = Sources().panel
    for indicator in (_COUNT, _VALUE, _RD):
        nation = {
            year: float(row["value"])
            for (place, name, year), row in panel.items()
            if place == NATION and name == indicator and year <= LAST_YEAR
        }
        rows += _in_common(indicator, nation, provinces_of(indicator))
    return pd.DataFrame(rows, columns=list(GROWTH_COLUMNS)).round(4)


def _in_common(indicator: str, nation: Series, provinces: Mapping[str, Series]) -> Iterator[tuple[Any, ...]]:
    of_nation = {end: rate for start, end, rate in growth_rates(nation) if end - start == 1}
    years = sorted(of_nation)
    growth = [
        [mine[year] for year in years]
        for mine in (
            {end: rate for start, end, rate in growth_rates(series) if end - start == 1}
            for series in provinces.values()
        )
        if all(year in mine for year in years)
    ]
    table: npt.NDArray[np.float64] = np.array(growth)
    nations = np.array([of_nation[year] for year in years])
    correlations = [float(pearsonr(row, nations).statistic) for row in table]
    about = table - table.mean(axis=1, keepdims=True)
    places, dates = about.shape
    own = ((about - about.mean(axis=0)) ** 2).sum() / ((places - 1) * (dates - 1))
    # What is left of chance in the mean over provinces is taken off before it is called common.
    common = max(0.0, float((about.mean(axis=0) ** 2).sum() / (dates - 1) - own / places))
    when = (years[0] - 1, years[-1])
    note = f"{places} provinces, {dates} years"
    yield ("correlation_with_nation", indicator, *when, float(np.median(correlations)), note)
    yield ("share_common", indicator, *when, common / (common + own), note)
    yield ("sd_common", indicator, *when, common**0.5, "of growth a year, logarithm")
    yield ("sd_own", indicator, *when, own**0.5, "of growth a year, logarithm")


def write_table(given: Namespace) -> int:
    """Make and write the three tables of a province."""
    parameters = doors.loaded("no_plan", province=given.province).parameter_centrals()
    missed = missed_by_driver(given.province, round(parameters["drift_window_years"]))
    declared = {driver: declared_walk(parameters, driver) for driver in missed}
    fitted = {driver: fitted_walk(of, declared[driver]).walk for driver, of in missed.items()}
    tables = {
        "driver_backtest": backtest_table(missed, {"declared": declared, "fitted": fitted}),
        "driver_spreads": spread_table(missed, declared),
        "driver_growth": growth_table(given.province, missed),
    }
    for name, table in tables.items():
        file = f"{name}_{given.province}.csv"
        Store(given.out).write_csv(file, table)
        print(f"{given.out / file}: {len(table)} rows")
        print(table.to_string(index=False))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the tables; 0 done, 2 refused input."""
    return run_table(write_table, "driver_backtest", __doc__, runs=1, arguments=arguments)


if __name__ == "__main__":
    raise SystemExit(main())
