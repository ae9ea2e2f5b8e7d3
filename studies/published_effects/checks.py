"""What a table must be before an estimator computes: one clear line where it is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError, check_choice

__all__ = ["Columns", "arms", "clusters_of", "collapse", "differing", "read", "within"]

Columns = Mapping[str, str]
"""Columns of the table by the argument that names each."""


def read(table: pd.DataFrame, numbers: Columns, labels: Columns | None = None) -> pd.DataFrame:
    """Take the columns that are asked for, under the names of the arguments.

    Numbers come as floats, labels (keys, cities) as they are.

    Raises
    ------
    InputError
        No row; a column that does not exist; a value that is missing, infinite or no number; a ``treated``
        that is neither 0 nor 1. The key is the argument.
    """
    if table.empty:
        raise InputError("the table has no rows")
    found = {}
    for argument, column in {**numbers, **(labels or {})}.items():
        check_choice(column, argument, map(str, table.columns), f"no column {column!r}")
        values = table[column].reset_index(drop=True)
        if argument in numbers:
            values = pd.to_numeric(values, errors="coerce").astype(np.float64)
            bad = ~np.isfinite(values.to_numpy())
        else:
            bad = values.isna().to_numpy()
        if argument == "treated":
            bad |= ~values.isin([0.0, 1.0]).to_numpy()
        if bad.any():
            row = int(bad.argmax())
            raise InputError(
                f"{int(bad.sum())} of {len(values)} values of {column!r} cannot be used, the first,"
                f" {table[column].iloc[row]}, in row {row + 1}",
                key=argument,
                allowed="0 or 1" if argument == "treated" else "finite numbers" * (argument in numbers),
            )
        found[argument] = values
    return pd.DataFrame(found)


def arms(treated: pd.Series, *, fewest: int = 2) -> tuple[int, int]:
    """Count treated and untreated, and refuse a comparison with too few of either."""
    number = int(treated.sum())
    others = len(treated) - number
    if min(number, others) < fewest:
        raise InputError(
            f"{number or 'nobody'} treated, {others or 'nobody'} untreated",
            key="treated",
            allowed=f"{fewest} or more of each",
        )
    return number, others


def differing(values: npt.ArrayLike, key: str) -> None:
    """Refuse what is the same for all, of which no luck can be learnt."""
    if np.ptp(np.asarray(values)) == 0.0:
        raise InputError("it is the same for all", key=key, allowed="values that differ")


def within(value: float, values: pd.Series, key: str) -> None:
    """Refuse a date or threshold with nothing before it, or nothing from it on."""
    if not values.min() < value <= values.max():
        raise InputError(
            f"{value:g} does not part the data in two",
            key=key,
            allowed=f"above {values.min():g} and at most {values.max():g}",
        )


def clusters_of(panel: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Number the clusters of the rows: column ``cluster`` where there is one, else ``unit``."""
    if "cluster" not in panel:
        return pd.factorize(panel["unit"])[0]
    places = panel.groupby("unit")["cluster"].nunique()
    if (places > 1).any():
        raise InputError(f"unit {places.idxmax()} is in {places.max()}", key="cluster", allowed="one a unit")
    return pd.factorize(panel["cluster"])[0]


def collapse(panel: pd.DataFrame, start: float) -> pd.DataFrame:
    """Make of a row a unit and period a row a unit, before ``start`` and from it on.

    ``panel`` has the columns outcome, unit, period and treated. Returns, in the order of the units: treated
    and, for before and after, mean (``before``, ``after``) and number of periods (``periods_before``,
    ``periods_after``) of the outcome.
    """
    within(start, panel["period"], "start")
    twice = panel.duplicated(["unit", "period"])
    if twice.any():
        unit, period = panel.loc[twice, ["unit", "period"]].iloc[0]
        raise InputError(f"unit {unit} has two rows in period {period:g}", key="unit", allowed="one")
    changing = panel.groupby("unit")["treated"].nunique()
    if (changing > 1).any():
        raise InputError(
            f"unit {changing.idxmax()} is treated in some rows and not in others",
            key="treated",
            allowed="one value a unit; `start` says when the treatment begins",
        )
    after = panel["period"] >= start
    parts = {"treated": panel.groupby("unit")["treated"].first()}
    for name, rows in (("before", panel[~after]), ("after", panel[after])):
        outcome = rows.groupby("unit")["outcome"]
        parts[name], parts[f"periods_{name}"] = outcome.mean(), outcome.size()
    units = pd.DataFrame(parts)
    lacking = units.isna().any(axis=1)
    if lacking.any():
        raise InputError(
            f"{int(lacking.sum())} of {len(units)} units, {lacking.idxmax()} the first, have no row on one"
            f" side of {start:g}",
            key="unit",
            allowed="units seen before and after",
        )
    return units
