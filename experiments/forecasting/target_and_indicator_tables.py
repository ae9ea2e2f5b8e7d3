"""The two tables that a policy researcher reads: chances of the targets, bands of the indicators.

Everything here is computed from the store alone, run by run in a fixed order, so
that the same parts always give the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..planning.definitions import Definitions, TargetLike

TARGET_COLUMNS: Final = (
    "province", "scenario", "target", "counting", "unit", "goal",
    "probability", "probability_low", "probability_high",
    "q05", "q25", "q50", "q75", "q95", "first_year_median",
)  # fmt: skip
"""Columns of ``targets.csv``; ``counting`` names one of the target's ways of counting."""

INDICATOR_COLUMNS: Final = (
    "province", "scenario", "indicator", "unit", "year", "q05", "q10", "q25", "q50", "q75", "q90", "q95",
    "mean", "runs",
)  # fmt: skip
"""Columns of ``indicators.csv``."""

_QUANTILES: Final = {f"q{percent:02d}": percent / 100 for percent in (5, 10, 25, 50, 75, 90, 95)}
_TARGET_QUANTILES: Final = ("q05", "q25", "q50", "q75", "q95")
_KINDS: Final = ("flow", "stock", "ratio")
_FLOW, _STOCK = 0, 1
Z_95: Final = 1.959963984540054
"""Quantile 0.975 of the standard normal distribution, for a two-sided interval of 95 %."""

_RUN_KEY: Final = ["scenario", "future", "indicator", "year"]
NO_YEARS: Final = pd.DataFrame(columns=[*_RUN_KEY, "value"])
"""The years of no run at all."""


def yearly(frame: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Turn quarters of whole runs, in the store's columns, into calendar years.

    Gives ``scenario``, ``future``, ``indicator``, ``year``, ``value``: a flow is summed over the year's four
    quarters, a stock is its value at the year's end, a ratio the plain mean of the four quarters. A year with
    fewer than four quarters is left out: its sum would not be a year's.
    """
    scenarios, scenario = _words(frame["scenario"])
    indicators, indicator = _words(frame["indicator"])
    kind = np.array([_KINDS.index(definitions.of(name).kind) for name in indicators], np.int64)
    futures, future = np.unique(frame["future"].to_numpy(np.int64), return_inverse=True)
    years, year = np.unique(frame["year"].to_numpy(), return_inverse=True)
    shape = (len(_KINDS), len(scenarios), len(futures), len(indicators), len(years))
    key = np.ravel_multi_index((kind[indicator], scenario, future, indicator, year), shape)
    order = np.argsort(4 * key + frame["quarter"].to_numpy(np.int64) - 1, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    whole = starts[np.diff(starts, append=len(key)) == 4]
    quarters = frame["value"].to_numpy(np.float64)[order][whole[:, None] + np.arange(4)]
    of_kind, of_scenario, of_future, of_indicator, of_year = np.unravel_index(key[whole], shape)
    total = quarters[:, 0] + quarters[:, 1] + quarters[:, 2] + quarters[:, 3]  # in this order, to the digit
    values = np.select([of_kind == _FLOW, of_kind == _STOCK], [total, quarters[:, 3]], total / 4)
    return pd.DataFrame(
        {
            "scenario": np.array(scenarios, object)[of_scenario],
            "future": futures[of_future],
            "indicator": np.array(indicators, object)[of_indicator],
            "year": years[of_year],
            "value": values,
        }
    ).astype({"scenario": "str", "indicator": "str"})


def _words(column: pd.Series) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Give the words of a column in the order of its categories, and each row's place among them."""
    found = column.astype("category")
    return [str(name) for name in found.cat.categories], found.cat.codes.to_numpy().astype(np.int64)


def yearly_of_parts(frames: Iterable[pd.DataFrame], definitions: Definitions) -> pd.DataFrame:
    """Turn every part of a store into years, in an order that does not depend on the parts."""
    pieces = [yearly(frame, definitions) for frame in frames]
    if not pieces:
        return NO_YEARS
    return pd.concat(pieces, ignore_index=True).sort_values(_RUN_KEY, ignore_index=True)


def indicator_table(
    years: pd.DataFrame, definitions: Definitions, provinces: Mapping[str, str]
) -> pd.DataFrame:
    """Make ``indicators.csv``: quantiles over futures of each indicator in each year.

    ``years`` are of `yearly_of_parts`; ``provinces`` name the province of each scenario, in the order of the
    table; quantiles interpolate linearly between futures.
    """
    scenarios, scenario = _words(years["scenario"])
    indicators, indicator = _words(years["indicator"])
    calendar, year = np.unique(years["year"].to_numpy(np.int64), return_inverse=True)
    shape = (len(scenarios), len(indicators), len(calendar))
    key = np.ravel_multi_index((scenario, indicator, year), shape)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    sizes = np.diff(starts, append=len(key))
    samples = years["value"].to_numpy(np.float64)[order]
    quantiles = np.zeros((len(_QUANTILES), len(starts)))
    means = np.zeros(len(starts))
    for size in np.unique(sizes):  # one as a rule: all together, as each alone to the digit
        groups = np.flatnonzero(sizes == size)
        values = samples[starts[groups][:, None] + np.arange(size)]
        quantiles[:, groups] = np.quantile(values, list(_QUANTILES.values()), axis=1)
        means[groups] = values.mean(axis=1)
    of_scenario, of_indicator, of_year = np.unravel_index(key[order][starts], shape)
    table = pd.DataFrame(
        {
            "province": np.array([provinces[name] for name in scenarios], object)[of_scenario],
            "scenario": np.array(scenarios, object)[of_scenario],
            "indicator": np.array(indicators, object)[of_indicator],
            "unit": np.array([definitions.of(name).unit for name in indicators], object)[of_indicator],
            "year": calendar[of_year],
            **dict(zip(_QUANTILES, quantiles, strict=True)),
            "mean": means,
            "runs": sizes,
        },
        columns=list(INDICATOR_COLUMNS),
    )
    return in_order(table, list(provinces), ["indicator", "year"])


def in_order(table: pd.DataFrame, scenarios: Sequence[str], then: Sequence[str]) -> pd.DataFrame:
    """Sort a table by scenario, in the order given, then by other columns."""
    rank = table["scenario"].map({name: place for place, name in enumerate(scenarios)})
    return (
        table.assign(_rank=rank)
        .sort_values(["_rank", *then], ignore_index=True, kind="stable")
        .drop(columns="_rank")
    )


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Give the 95 % Wilson score interval of a probability estimated by Monte Carlo.

    Wilson (1927), Journal of the American Statistical Association 22(158), 209-212. The same to the bit as
    ``binomtest`` of ``scipy.stats``, whose import alone costs half a second of each forecast.

    Examples
    --------
    >>> low, high = wilson_interval(15, 148)
    >>> round(low, 4), round(high, 4)
    (0.0624, 0.1605)
    """
    share = successes / trials
    width = 2 * (trials + Z_95**2)
    centre = (2 * trials * share + Z_95**2) / width
    half = Z_95 / width * sqrt(4 * trials * share * (1 - share) + Z_95**2)
    # At the ends rounding would leave a trace.
    return 0.0 if successes == 0 else centre - half, 1.0 if successes == trials else centre + half


def first_year_met(values: npt.NDArray[np.float64], years: Sequence[int], goal: float) -> int | None:
    """Give the first year by which more than half of the futures have met the goal; None if there is none.

    ``values`` have the shape (futures, years), years ascending; a value of the goal itself meets it.
    """
    met_by = np.logical_or.accumulate(values >= goal, axis=1)
    enough = met_by.mean(axis=0) > 0.5
    return int(years[int(np.argmax(enough))]) if enough.any() else None


def target_table(years: pd.DataFrame, definitions: Definitions, provinces: Mapping[str, str]) -> pd.DataFrame:
    """Make ``targets.csv``: the chance of each target in each scenario, by each way of counting it.

    ``years`` and ``provinces`` as in `indicator_table`. The numbers of a way of counting whose indicator no
    record carries (not modelled yet), or of a target whose year lies outside the runs, are empty.
    """
    rows = []
    for scenario, province in provinces.items():
        for name, target in definitions.targets.items():
            for counting, indicator in target.countings.items():
                mine = years[(years["scenario"] == scenario) & (years["indicator"] == indicator)]
                head = (province, scenario, name, counting, target.unit, target.goal)
                if (mine["year"] == target.year).any():
                    rows.append((*head, *_chance(mine, target)))
                else:
                    rows.append((*head, *[np.nan] * 8, pd.NA))
    table = pd.DataFrame(rows, columns=list(TARGET_COLUMNS))
    return table.astype({"first_year_median": "Int64"})


def _chance(years: pd.DataFrame, target: TargetLike) -> tuple[object, ...]:
    by_future = years.pivot(index="future", columns="year", values="value").sort_index(axis=1)
    judged = by_future[target.year].to_numpy(np.float64)
    met = int(np.count_nonzero(judged >= target.goal))
    quantiles = np.quantile(judged, [_QUANTILES[name] for name in _TARGET_QUANTILES])
    calendar = [int(year) for year in by_future.columns.to_numpy(np.int64)]
    first = first_year_met(by_future.to_numpy(np.float64), calendar, target.goal)
    return (
        met / len(judged),
        *wilson_interval(met, len(judged)),
        *quantiles,
        pd.NA if first is None else first,
    )
