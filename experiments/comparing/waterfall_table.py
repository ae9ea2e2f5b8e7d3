"""What each lever adds on the way from one scenario to another, as a table whose parts sum to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..forecasting.difference_table import COST, NET_COST, TARGET
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, differences_of
from ..forecasting.target_and_indicator_tables import yearly
from ..planning.definitions import Definitions
from .lever_steps import ORDERS, LeverSteps

FloatArray = npt.NDArray[np.float64]

ALL: Final = "all"
"""Name of the row of all levers together, the last one of each way."""

COSTS: Final = (NET_COST, "public_cost_gross")

COLUMNS: Final = (
    "province", "base", "scenario", "kind", "id", "counting", "unit", "year", "order", "step", "lever",
    "task", "begin", "end", *DIFFERENCE_COLUMNS,
)  # fmt: skip
"""Columns of ``waterfall.csv``; ``begin`` and ``end`` are means over futures before and after the step."""


class Quantity(NamedTuple):
    """One thing that levers add to: a target in its year by one way of counting, or a cost of all years."""

    kind: str
    name: str
    counting: str
    indicator: str
    year: int


def quantities_of(definitions: Definitions, last_year: int) -> list[Quantity]:
    """List what a waterfall is made of, in the order of its table."""
    targets = [
        Quantity(TARGET, name, counting, indicator, target.year)
        for name, target in definitions.targets.items()
        for counting, indicator in target.countings.items()
        if target.year <= last_year
    ]
    costs = [Quantity(COST, name, "", name, last_year) for name in COSTS if name in definitions.indicators]
    return [*targets, *costs]


def waterfall_table(
    frames: Iterable[pd.DataFrame], steps: LeverSteps, definitions: Definitions, province: str
) -> pd.DataFrame:
    """Make ``waterfall.csv`` from predicted rows of whole runs, in the store's columns.

    Only futures in which every world ended well count: in each of them the steps of either way sum to the
    difference of its end and its base.

    Parameters
    ----------
    frames : iterable of DataFrame
        Runs of `LeverSteps.plan`, part by part.
    steps : LeverSteps
    definitions : Definitions
    province : str
        Name to show.
    """
    quantities = quantities_of(definitions, _last_year(steps))
    values = _values(frames, quantities, definitions)
    ways = {order: [steps.way(order, future) for future in range(steps.runs)] for order in ORDERS}
    whole = [
        future
        for future in range(steps.runs)
        if all((name, future) in values for order in ORDERS for name in ways[order][future])
    ]
    rows: list[pd.DataFrame] = []
    for order in ORDERS if whole else ():
        levels = np.array([[values[name, future] for name in ways[order][future]] for future in whole])
        added = _in_order_of_plan(np.diff(levels, axis=1), [steps.order(order, one) for one in whole], steps)
        base, moved = levels[:, 0], levels[:, -1] - levels[:, 0]
        for place, quantity in enumerate(quantities):
            unit = definitions.of(quantity.indicator).unit
            head = {
                "province": province, "base": steps.base.name, "scenario": steps.end.name,
                "kind": quantity.kind, "id": quantity.name, "counting": quantity.counting, "unit": unit,
                "year": quantity.year, "order": order,
            }  # fmt: skip
            rows.append(_rows(head, steps, base[:, place], added[:, :, place], moved[:, place]))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(COLUMNS))


def _last_year(steps: LeverSteps) -> int:
    """Give the last year that is whole."""
    last = steps.base.quarters[-1]
    return last.year if last.quarter == 4 else last.year - 1


def _values(
    frames: Iterable[pd.DataFrame], quantities: list[Quantity], definitions: Definitions
) -> dict[tuple[str, int], FloatArray]:
    """Give each run's quantities, by world and future."""
    found: dict[tuple[str, int], FloatArray] = {}
    for frame in frames:
        years = yearly(frame, definitions)
        parts = []
        for quantity in quantities:
            mine = years[years["indicator"] == quantity.indicator]
            if quantity.kind == TARGET:
                mine = mine[mine["year"] == quantity.year]
            parts.append(mine.groupby(["scenario", "future"])["value"].sum())
        table = pd.concat(parts, axis="columns")
        keys: list[Any] = table.index.to_list()
        for (world, future), row in zip(keys, table.to_numpy(np.float64), strict=True):
            found[str(world), int(future)] = row
    return found


def _in_order_of_plan(added: FloatArray, orders: list[tuple[str, ...]], steps: LeverSteps) -> FloatArray:
    """Put what each step added, of shape (futures, steps, quantities), to the lever whose step it was."""
    place = {name: number for number, name in enumerate(steps.levers)}
    sorted_ = np.empty_like(added)
    for future, order in enumerate(orders):
        sorted_[future, [place[name] for name in order]] = added[future]
    return sorted_


def _rows(
    head: Mapping[str, Any], steps: LeverSteps, base: FloatArray, added: FloatArray, moved: FloatArray
) -> pd.DataFrame:
    """Give the rows of one quantity on one way: a lever each, then all together."""
    from ...scenarios import lever_catalogue

    tasks = [lever_catalogue()[name].selector for name in steps.levers]
    begin = float(base.mean())
    ends = begin + np.cumsum(added.mean(axis=0))
    said = pd.DataFrame(differences_of(np.column_stack([added, moved])))
    return pd.DataFrame(
        {
            **{name: [value] * len(said) for name, value in head.items()},
            "step": range(1, len(said) + 1),
            "lever": [*steps.levers, ALL],
            "task": [*tasks, ALL],
            "begin": [begin, *ends[:-1], begin],
            "end": [*ends, begin + float(moved.mean())],
        }
    ).join(said)[list(COLUMNS)]
