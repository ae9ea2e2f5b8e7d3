"""The table of a sweep: what each point comes to, and what it changes against the base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, differences_of, visible_by_luck
from ..keeping.provenance import basis_of
from ..planning.definitions import Definitions
from .design import BASE, SweepPoints

__all__ = ["HEAD", "LEVELS", "TAIL", "columns_of", "sweep_table"]

HEAD: Final = ("province", "scenario", "point")
LEVELS: Final = {"level_q05": 0.05, "level_q50": 0.5, "level_q95": 0.95}
TAIL: Final = (
    "kind", "id", "counting", "unit", "year", *LEVELS, "chance", *DIFFERENCE_COLUMNS,
    "comparisons", "by_luck", "basis",
)  # fmt: skip
"""Columns of ``sweep.csv`` behind `HEAD` and a column for each lever: what the quantity comes to over
futures (``level_``), the share of futures that reach a target's goal, the difference from the base by the
same futures; how many points are held against it, and how many of them would be called visible by luck."""

FEWEST: Final = 2


def columns_of(points: SweepPoints) -> list[str]:
    """Name the columns of a sweep's table."""
    return [*HEAD, *points.levers, *TAIL]


def sweep_table(
    figures: Figures, futures: int, points: SweepPoints, definitions: Definitions
) -> pd.DataFrame:
    """Tell what each point comes to, the base first; by quantity, then by point.

    Of a point those futures count in which it and the base ended well.

    Raises
    ------
    RunError
        If a point has fewer than two.
    """
    return pd.DataFrame(list(_rows(figures, futures, points, definitions)), columns=columns_of(points))


def _rows(
    figures: Figures, futures: int, points: SweepPoints, definitions: Definitions
) -> Iterator[dict[str, Any]]:
    province, scenario, basis = points.scenario.pack().name, points.scenario.name, basis_of(points.scenario)
    values = {}
    for point in points:
        whole = figures.futures_with([point, BASE], range(futures))
        if len(whole) < FEWEST:
            raise RunError(
                f"{point} has {len(whole)} of {futures} futures in which it can be compared, and two are"
                " needed: see failures.csv"
            )
        mine = figures.of(point, whole)
        values[point] = mine, mine - figures.of(BASE, whole)
    comparisons = len(points) - 1
    for place, quantity in enumerate(figures.quantities):
        target = definitions.targets.get(quantity.id) if quantity.kind == "target" else None
        for point, (levels, moved) in values.items():
            mine = levels[:, place]
            yield {
                **dict(zip(HEAD, (province, scenario, point), strict=True)),
                **points.levels_of(point),
                **dict(zip(("kind", "id", "counting", "unit", "year"), quantity.head, strict=True)),
                **{name: float(np.quantile(mine, share)) for name, share in LEVELS.items()},
                "chance": np.nan if target is None else float((mine >= target.goal).mean()),
                **differences_of(moved[:, place]),
                "comparisons": comparisons,
                "by_luck": comparisons * visible_by_luck(len(moved)),
                "basis": basis,
            }
