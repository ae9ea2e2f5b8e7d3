"""What a design is: worlds of one future, what is taken down in them, and the study's own estimates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import check_choice
from ...engine.quarters import Quarter
from ...experiments.planning import door_to_model
from ...model.ecosystem import Ecosystem
from .estimate import Estimate

if TYPE_CHECKING:
    from ...engine.table import RowArray
    from ...model.orders import Order
    from ...model.watch import Watch
    from ...scenarios import Scenario

__all__ = [
    "Design",
    "Enacted",
    "Measured",
    "Measures",
    "Tables",
    "base_world",
    "closings",
    "first_rows",
    "followed",
    "numbered",
    "of",
    "on_terms_of_the_study",
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


Measures = Callable[[Mapping[str, Tables], int], Mapping[str, Callable[[], Measured]]]
"""What estimates each figure, from the tables of each world and the seed of the future."""


class Enacted(Protocol):
    """What is asked of any design, whatever its worlds are."""

    @property
    def name(self) -> str:
        """As in `futures.DESIGNS`."""

    @property
    def share_of_futures(self) -> float:
        """Futures for each of those that are asked for: fewer where one is dear."""

    @property
    def measure(self) -> Measures:
        """What estimates each figure; one that refuses in a future is left out there."""

    def lived(self, province: str, seed: int) -> Mapping[str, Tables]:
        """Live the worlds of one future."""


@dataclass(frozen=True)
class Design:
    """One re-enactment among the single units of a province, at real scale.

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
    orders : callable
        Levers for single units by world, from the province and the seed of the future.
    share_of_futures : float
        Futures for each of those that are asked for.
    """

    name: str
    worlds: Callable[[str], Mapping[str, Scenario]]
    watch: Watch
    measure: Measures
    orders: Callable[[str, int], Mapping[str, Sequence[Order]]] = lambda province, seed: {}
    share_of_futures: float = 1.0

    def lived(self, province: str, seed: int) -> dict[str, Tables]:
        """Live the worlds of one future; give what the watch took down in each."""
        from ...model.running import run

        orders = self.orders(province, seed)
        return {
            world: run(assumed, seed=seed, scale=1.0, watch=self.watch, orders=orders.get(world, ())).tables
            for world, assumed in self.worlds(province).items()
        }


def base_world(province: str, *, since: str, end: str, belief: str | None = None) -> Scenario:
    """Give the history of a province, in which levers may be moved from a quarter on."""
    base: Scenario = door_to_model.loaded("no_plan", province=province, belief=belief)
    return base.set(plan_start=since, end=end, name="without")


def on_terms_of_the_study(scenario: Scenario, **parameters: float) -> Scenario:
    """Hold parameters at what the study's programme had, also beyond the bounds of a scenario's own.

    Bounds say what early 2018 could believe of Shaanxi; a re-enactment asks what happened elsewhere.

    Raises
    ------
    InputError
        If there is no such parameter.
    """
    known = scenario.parameters_before_overrides()
    for name in parameters:
        problem = f"no parameter is called {name!r}"
        check_choice(name, name, known, problem, allowed="an id of parameters.yaml")
    return scenario.model_copy(update={"parameters": {**scenario.parameters, **parameters}})


def first_rows(scenario: Scenario, kind: str, seed: int) -> RowArray[Any]:
    """Give the owners or banks of a kind as they are at the start of a future, at any scale the same."""
    return Ecosystem(scenario, seed, scale=0.01).province.tables[kind].rows


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
