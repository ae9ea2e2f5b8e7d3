"""What scenarios change: differences from their base, future by future, of targets, indicators and costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..keeping.cube import codes_of
from ..keeping.store import DIFFERENCES, Store
from ..planning.definitions import Definitions
from .paired_differences import DIFFERENCE_COLUMNS, differences_of

TARGET: Final = "target"
INDICATOR: Final = "indicator"
COST: Final = "cost"
KINDS: Final = (TARGET, INDICATOR, COST)
"""What a row is of: a target in its year, an indicator in a year, or a cost of all years together."""

NET_COST: Final = "public_cost"
"""The cost that is meant where one is asked for: what treasuries pay, less what comes back."""

_FORGONE: Final = ("tax_forgone", "tax_relief_of_certificates")

COLUMNS: Final = (
    "province", "base", "scenario", "kind", "id", "counting", "unit", "year", *DIFFERENCE_COLUMNS,
)  # fmt: skip
"""Columns of ``differences.csv``; ``counting`` is a target's way of counting, and empty otherwise."""


def is_cost(indicator: str) -> bool:
    """Whether an indicator is a payment, of a treasury or forgone by it, in the whole province.

    Examples
    --------
    >>> is_cost("public_cost_task_21"), is_cost("public_cost.xian"), is_cost("loans_new")
    (True, False, False)
    """
    return "." not in indicator and (indicator.startswith(NET_COST) or indicator in _FORGONE)


def no_differences() -> pd.DataFrame:
    """Give the table of a forecast that holds nothing against another."""
    return pd.DataFrame(columns=list(COLUMNS))


def read_differences(store: Store) -> pd.DataFrame:
    """Read ``differences.csv``; no row if a forecast has none, or is of 0.2 or earlier."""
    if not (store.folder / DIFFERENCES).is_file():
        return no_differences()
    return store.read_csv(DIFFERENCES).astype({"counting": "object"}).fillna({"counting": ""})


def compared_with_base(provinces: Mapping[str, str]) -> list[str]:
    """Name the scenarios that share their futures with the base, the last one: those of its province."""
    *others, base = provinces
    return [name for name in others if provinces[name] == provinces[base]]


def difference_rows(
    years: pd.DataFrame, definitions: Definitions, provinces: Mapping[str, str]
) -> pd.DataFrame:
    """Make the rows of ``differences.csv`` for some indicators; see `in_order_of_reading`.

    Scenarios are compared over the years that both have, in the futures that ended well in both.

    Parameters
    ----------
    years : DataFrame
        As of `target_and_indicator_tables.yearly`, of all runs.
    definitions : Definitions
        Units; targets with their ways of counting and their years.
    provinces : mapping of str to str
        Province of each scenario; the last one is the base.
    """
    names = [str(name) for name in years["indicator"].unique()]
    base = list(provinces)[-1]
    mine = _Years.of(years, base, names)
    tables = [
        _rows(_differences(_Years.of(years, name, names), mine), definitions, provinces[name], base, name)
        for name in compared_with_base(provinces)
    ]
    return pd.concat(tables or [no_differences()], ignore_index=True)


class _Years:
    """Years of one scenario: ``values`` of shape (indicators, futures, years)."""

    def __init__(
        self,
        names: Sequence[str],
        futures: npt.NDArray[np.int64],
        calendar: npt.NDArray[np.int64],
        values: npt.NDArray[np.float64],
    ) -> None:
        self.names, self.futures, self.calendar, self.values = names, futures, calendar, values

    @classmethod
    def of(cls, years: pd.DataFrame, scenario: str, names: Sequence[str]) -> _Years:
        mine = years[years["scenario"] == scenario]
        futures, future = np.unique(mine["future"].to_numpy(np.int64), return_inverse=True)
        calendar, year = np.unique(mine["year"].to_numpy(np.int64), return_inverse=True)
        values = np.full((len(names), len(futures), len(calendar)), np.nan)
        values[codes_of(mine["indicator"], list(names)), future, year] = mine["value"]
        return cls(names, futures, calendar, values)


def _differences(one: _Years, base: _Years) -> _Years:
    """Take the base from a scenario, where both have a future and a year."""
    futures, mine, theirs = np.intersect1d(one.futures, base.futures, return_indices=True)
    calendar, my_years, their_years = np.intersect1d(one.calendar, base.calendar, return_indices=True)
    moved = one.values[:, mine[:, None], my_years] - base.values[:, theirs[:, None], their_years]
    return _Years(one.names, futures, calendar, moved)


def _rows(moved: _Years, definitions: Definitions, province: str, base: str, scenario: str) -> pd.DataFrame:
    calendar = [int(year) for year in moved.calendar]
    if not calendar:
        return no_differences()
    places = {name: place for place, name in enumerate(moved.names)}
    of_targets = [
        (TARGET, target, counting, indicator, definition.year)
        for target, definition in definitions.targets.items()
        for counting, indicator in definition.countings.items()
        if indicator in places and definition.year in calendar
    ]
    of_indicators = [(INDICATOR, name, "", name, year) for name in moved.names for year in calendar]
    of_costs = [(COST, name, "", name, calendar[-1]) for name in moved.names if is_cost(name)]
    by_year = np.array(
        [moved.values[places[name], :, calendar.index(year)] for *_, name, year in of_targets + of_indicators]
    )
    in_all = np.array([moved.values[places[name]].sum(axis=1) for *_, name, _ in of_costs])
    samples = np.concatenate([one for one in (by_year, in_all) if len(one)])
    heads = [
        (province, base, scenario, kind, name, counting, definitions.of(indicator).unit, year)
        for kind, name, counting, indicator, year in of_targets + of_indicators + of_costs
    ]
    head = pd.DataFrame(heads, columns=list(COLUMNS[: -len(DIFFERENCE_COLUMNS)]))
    said: dict[str, Any] = differences_of(samples.T)
    return pd.concat([head, pd.DataFrame(said)], axis="columns")


def in_order_of_reading(
    tables: Sequence[pd.DataFrame], definitions: Definitions, provinces: Mapping[str, str]
) -> pd.DataFrame:
    """Put rows of `difference_rows` together: by scenario; targets, indicators, costs; names; years."""
    table = pd.concat(tables, ignore_index=True)
    targets = {name: place for place, name in enumerate(definitions.targets)}
    ranks = {
        "_scenario": table["scenario"].map({name: place for place, name in enumerate(provinces)}),
        "_kind": table["kind"].map({name: place for place, name in enumerate(KINDS)}),
        "_target": table["id"].map(targets).where(table["kind"] == TARGET, -1),
        "_id": table["id"].where(table["kind"] != TARGET, ""),
    }
    return (
        table.assign(**ranks)
        .sort_values([*ranks, "year"], kind="stable", ignore_index=True)
        .drop(columns=list(ranks))
    )
