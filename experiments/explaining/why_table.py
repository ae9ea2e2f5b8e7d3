"""The table of an explanation: parts that sum to the number, and what each mechanism adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..effects.quantities import Quantity
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, differences_of
from ..gaining.breakdowns import Breakdown
from ..gaining.gains_table import check_sums
from .mechanisms import WHOLE, Knocked

__all__ = ["COLUMNS", "why_table"]

COLUMNS: Final = (
    "province", "scenario", "id", "unit", "year", "section", "by", "item", "share", "chance",
    *DIFFERENCE_COLUMNS,
)  # fmt: skip
"""Columns of ``why.csv``. ``section`` is ``whole`` (the number over futures, and ``chance``, the share of
them that reach a target's goal), ``part`` (one of its parts, with its ``share`` of the mean; no verdict), or
``without`` and ``eased``: what the number has less without a mechanism, or more with a condition eased, in
the same futures, as a difference with its verdict. All as simulated: the model's error has no mechanism."""

FEWEST: Final = 2


def why_table(
    figures: Figures,
    futures: int,
    worlds: Knocked,
    wholes: Sequence[Quantity],
    parts: Sequence[Breakdown],
    goals: Mapping[int, float | None],
) -> pd.DataFrame:
    """Make the table.

    Parameters
    ----------
    figures : Figures
        Of every world, with the number and its parts.
    futures : int
    worlds : Knocked
    wholes : sequence of Quantity
        The number that is explained, in each year.
    parts : sequence of Breakdown
    goals : mapping of int to float or None
        What a target asks of this number, by year.

    Raises
    ------
    RunError
        If a world can be compared in fewer than two futures, or parts do not sum to the number.
    """
    rows = [
        row
        for whole in wholes
        for row in _rows(figures, futures, worlds, whole, parts, goals.get(whole.year))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    figures: Figures,
    futures: int,
    worlds: Knocked,
    whole: Quantity,
    parts: Sequence[Breakdown],
    goal: float | None,
) -> Iterator[dict[str, Any]]:
    scenario = worlds.scenario
    head = dict(
        zip(COLUMNS, (scenario.pack().name, scenario.name, whole.id, whole.unit, whole.year), strict=False)
    )
    place = {
        one.indicator: column
        for column, one in enumerate(figures.quantities)
        if one.kind != "cost" and one.year == whole.year
    }
    values = figures.of(WHOLE, figures.futures_with([WHOLE], range(futures)))
    if len(values) < FEWEST:
        raise RunError(f"{len(values)} of {futures} futures ended well, and two are needed: see failures.csv")
    mine = values[:, place[whole.indicator]]
    level = {**differences_of(mine), "verdict": "", "smallest_visible": np.nan}
    chance = np.nan if goal is None else float((mine >= goal).mean())
    yield {**head, "section": "whole", "by": "", "item": "all", "share": 1.0, "chance": chance, **level}
    for one in parts:
        names = list(one.parts)
        columns = values[:, [place[name] for name in one.parts.values()]]
        check_sums(np.column_stack([mine, columns]), one, whole.unit, whole.year)
        for column in np.argsort(-columns.mean(axis=0), kind="stable"):
            said = {**differences_of(columns[:, column]), "verdict": "", "smallest_visible": np.nan}
            share = float(columns[:, column].mean() / mine.mean()) if mine.mean() else np.nan
            yield {**head, "section": "part", "by": one.by, "item": names[column], "share": share, **said}
    for section, by, items in (
        ("without", "mechanism", worlds.mechanisms),
        ("eased", "condition", worlds.conditions),
    ):
        moved = {item: _moved(figures, futures, item, place[whole.indicator], section) for item in items}
        for item in sorted(moved, key=lambda name: -abs(float(moved[name].mean()))):
            share = float(moved[item].mean() / mine.mean()) if mine.mean() else np.nan
            said = differences_of(moved[item])
            yield {**head, "section": section, "by": by, "item": item, "share": share, **said}


def _moved(figures: Figures, futures: int, item: str, place: int, section: str) -> Any:
    """Give what the number has more with a mechanism than without it, or with a condition eased."""
    both = figures.futures_with([WHOLE, item], range(futures))
    if len(both) < FEWEST:
        raise RunError(
            f"{item} has {len(both)} of {futures} futures in which it can be compared, and two are needed:"
            " see failures.csv"
        )
    as_it_is, changed = (figures.of(name, both)[:, place] for name in (WHOLE, item))
    return as_it_is - changed if section == "without" else changed - as_it_is
