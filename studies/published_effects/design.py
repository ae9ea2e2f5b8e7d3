"""What a design is: worlds of one future, what is taken down in them, and the study's own estimates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.quarters import Quarter
from ...experiments.planning import door_to_model
from .estimate import Estimate

if TYPE_CHECKING:
    from ...model.orders import Order
    from ...model.watch import Watch
    from ...scenarios import Scenario

__all__ = [
    "Design",
    "Measured",
    "Tables",
    "base_world",
    "closings",
    "followed",
    "numbered",
    "of",
    "rows_at",
    "sums",
]

Tables = Mapping[str, pd.DataFrame]
"""What a `Watch` took down in one world."""


@dataclass(frozen=True)
class Measured:
    """What the study would have estimated in one future, and what really happened there.

    Attributes
    ----------
    estimate : Estimate
        From recorded tables of the enacted world alone.
    true : float
        The effect, from the same future without the programme; not a number where there is none to have.
    """

    estimate: Estimate
    true: float = math.nan


@dataclass(frozen=True)
class Design:
    """One re-enactment.

    Attributes
    ----------
    name : str
    worlds : callable
        Scenarios of a province by name; the programme is enacted in the first.
    watch : Watch
        What is taken down in all of them.
    measure : callable
        What estimates each figure, from the tables of each world and the seed of the future, for lots of
        the study's own. One that refuses in a future is left out there.
    orders : mapping of str to sequence of Order
        Levers for single units, by world.
    of_asked : float
        Futures for each one that is asked for: a placebo's coverage needs more of them than a median.
    """

    name: str
    worlds: Callable[[str], Mapping[str, Scenario]]
    watch: Watch
    measure: Callable[[Mapping[str, Tables], int], Mapping[str, Callable[[], Measured]]]
    orders: Mapping[str, Sequence[Order]] = field(default_factory=dict)
    of_asked: float = 1.0


def base_world(province: str, *, since: str, end: str) -> Scenario:
    """Give the history of a province, in which levers may be moved from a quarter on."""
    base: Scenario = door_to_model.loaded("no_plan", province=province)
    return base.set(plan_start=since, end=end, name="without")


def numbered(table: pd.DataFrame, since: str) -> pd.Series:
    """Number the quarters of a table's rows, 0 in the quarter ``since`` (``YYYY-Qn``)."""
    return (4 * table["year"] + table["quarter"] - 1 - Quarter.parse(since).index).astype("int64")


def sums(table: pd.DataFrame, columns: list[str], number: pd.Series, first: int, last: int) -> pd.Series:
    """Add columns up by unit, over the quarters from ``first`` to ``last`` and over each other."""
    chosen = number.between(first, last)
    return table.loc[chosen, columns].sum(axis=1).groupby(table.loc[chosen, "key"]).sum()


def of(values: pd.Series, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """Give the values of units in the order of keys; one that is no longer there did nothing."""
    return values.reindex(keys).fillna(0.0).to_numpy(dtype=np.float64)


def rows_at(table: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Give the rows of one quarter (``YYYY-Qn``) under the keys of their units."""
    return table[numbered(table, quarter) == 0].set_index("key")


def closings(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the last rows of the firms that closed, under their keys: what `followed` looks in."""
    return firms[firms["closed"].to_numpy(dtype=bool)].set_index("key")


def followed(closed: pd.DataFrame, keys: pd.Index, since: str, end: str) -> pd.DataFrame:
    """Follow firms from the end of a quarter to that of another (``YYYY-Qn``).

    Returns
    -------
    DataFrame
        In the order of ``keys``: ``closed``, 1.0 or 0.0, and ``quarters`` until then, or until ``end``; not
        above zero for a firm that had closed before.
    """
    ended = numbered(closed, since).reindex(keys)
    last = Quarter.parse(end).index - Quarter.parse(since).index
    return pd.DataFrame({"closed": ended.notna().astype(np.float64), "quarters": ended.fillna(last)})
