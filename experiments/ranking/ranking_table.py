"""The table of a ranking: what each item adds to no plan and to the rest of the plan, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..effects.packages import ALL, NONE, items_of, package_name, without_name
from ..effects.paired_effects import COST, FORGONE, GROSS
from ..effects.quantities import PAID_BY
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, MORE, differences_of, visible_by_luck
from ..keeping.provenance import basis_of

if TYPE_CHECKING:
    from ...scenarios import Lever, Scenario

__all__ = ["COLUMNS", "WAYS", "chance_among_first", "packages_of", "ranking_table"]

FloatArray = npt.NDArray[np.float64]

ALONE: Final = "alone"
IN_PLAN: Final = "in_plan"
WAYS: Final = (ALONE, IN_PLAN)
"""Added alone to no plan, or what the plan has more than the plan without it."""

COLUMNS: Final = (
    "province", "scenario", "kind", "id", "counting", "unit", "year", "by", "way", "rank", "item",
    *DIFFERENCE_COLUMNS, "first_three", "net_cost_q05", "net_cost_mean", "net_cost_q95", "gross_cost_mean",
    "forgone_mean", "yuan_per_unit", "payer", "evidence", "comparisons", "by_luck", "basis",
)  # fmt: skip
"""Columns of ``ranking.csv``. Costs are yuan of all years together, by the same pairs; ``yuan_per_unit`` is
mean net cost over mean effect, where the verdict is more; ``comparisons`` are made at once for a quantity;
``by_luck`` is how many of them would be called visible if none had any effect; ``basis`` is the hash of
`provenance.basis_of`, by which a reader knows whether rules, levers and priors are still those."""

FIRST: Final = 3
FEWEST: Final = 2
_ONE_PAYER: Final = 0.95


def packages_of(scenario: Scenario, by: Sequence[str]) -> list[str]:
    """Name the packages that a ranking needs: nothing, everything, each item alone, everything but it."""
    items = [item for one in by for item in items_of(scenario, one)]
    alone, without = [package_name([item]) for item in items], [without_name(item) for item in items]
    return list(dict.fromkeys([NONE, ALL, *alone, *without]))


def ranking_table(figures: Figures, futures: int, scenario: Scenario, by: Sequence[str]) -> pd.DataFrame:
    """Rank the items of a scenario for each quantity, in the columns of `COLUMNS`.

    Of an item those futures count in which both packages of a pair ended well, so that a failed run costs no
    other item; chances to be among the first ones are of futures that have them all. A `RunError` says that
    an item has fewer than two.

    Parameters
    ----------
    figures : Figures
        Of the packages of `packages_of`, with the costs of `quantities.COSTS`.
    futures : int
        How many were asked for.
    scenario : Scenario
    by : sequence of str
        Of `packages.GROUPINGS`.
    """
    tables = []
    for grouping in by:
        items = items_of(scenario, grouping)
        for way in WAYS:
            moved = {item: _moved(figures, futures, item, way) for item in items}
            tables += list(_rows(figures, moved, items, scenario, (grouping, way)))
    order = {one.head: place for place, one in enumerate(figures.quantities)}
    table = pd.DataFrame([row for rows in tables for row in rows], columns=list(COLUMNS))
    heads = zip(*(table[name] for name in ("kind", "id", "counting", "unit", "year")), strict=True)
    return (
        table.assign(_place=[order[head] for head in heads])
        .sort_values("_place", kind="stable", ignore_index=True)
        .drop(columns="_place")
    )


def _moved(figures: Figures, futures: int, item: str, way: str) -> pd.DataFrame:
    """Give what an item moved: a row for each future, a column for each quantity by its place."""
    more, less = (package_name([item]), NONE) if way == ALONE else (ALL, without_name(item))
    whole = figures.futures_with([more, less], range(futures))
    if len(whole) < FEWEST:
        raise RunError(
            f"{item} has {len(whole)} of {futures} futures in which it can be compared, and two are needed:"
            " see failures.csv"
        )
    return pd.DataFrame(figures.of(more, whole) - figures.of(less, whole), index=whole)


def _rows(
    figures: Figures,
    moved: Mapping[str, pd.DataFrame],
    items: Mapping[str, Sequence[Lever]],
    scenario: Scenario,
    what: tuple[str, str],
) -> Iterator[list[dict[str, Any]]]:
    """Give the rows of each quantity, the largest mean first."""
    by, way = what
    place = {one.indicator: column for column, one in enumerate(figures.quantities) if one.kind == "cost"}
    comparisons, basis = len(WAYS) * len(items), basis_of(scenario)
    costs = {item: _costs(sample, place) for item, sample in moved.items()}
    evidence = {item: _evidence(levers) for item, levers in items.items()}
    for column, quantity in enumerate(figures.quantities):
        effects = pd.DataFrame({item: sample[column] for item, sample in moved.items()})
        chances = chance_among_first(effects.dropna().to_numpy(np.float64))
        means = effects.mean().to_numpy(np.float64)
        rows = []
        for rank, number in enumerate(np.argsort(-means, kind="stable"), start=1):
            item = effects.columns[number]
            sample = effects[item].dropna().to_numpy(np.float64)
            said = differences_of(sample)
            dear = costs[item]["net_cost_mean"] / said["mean"] if said["verdict"] == MORE else np.nan
            head = (scenario.pack().name, scenario.name, *quantity.head, by, way, rank, item)
            rows.append(
                {
                    **dict(zip(COLUMNS, head, strict=False)),
                    **said,
                    "first_three": chances[number],
                    **costs[item],
                    "yuan_per_unit": dear,
                    "evidence": evidence[item],
                    "comparisons": comparisons,
                    "by_luck": comparisons * visible_by_luck(len(sample)),
                    "basis": basis,
                }
            )
        yield rows


def chance_among_first(effects: FloatArray, first: int = FIRST) -> FloatArray:
    """Give each item's share of futures in which it is among the first ones.

    Parameters
    ----------
    effects : ndarray of shape (futures, items)
    first : int
        How many are the first ones. An item is among them if it adds anything, and fewer than so many add
        more: items that add the same are among them together.

    Returns
    -------
    ndarray of shape (items,)
        Fractions; nan without any future.

    Examples
    --------
    >>> chance_among_first(np.array([[3.0, 1.0, 0.0], [0.0, 2.0, 2.0]]), first=1).tolist()
    [0.5, 0.5, 0.5]
    """
    if not len(effects):
        return np.full(effects.shape[1], np.nan)
    larger = (effects[:, None, :] > effects[:, :, None]).sum(axis=2)
    found: FloatArray = ((larger < first) & (effects > 0.0)).mean(axis=0)
    return found


def _costs(moved: pd.DataFrame, place: Mapping[str, int]) -> dict[str, Any]:
    net = moved[place[COST]].to_numpy(np.float64)
    province, cities = (float(moved[place[name]].mean()) for name in PAID_BY)
    return {
        "net_cost_q05": float(np.quantile(net, 0.05)),
        "net_cost_mean": float(net.mean()),
        "net_cost_q95": float(np.quantile(net, 0.95)),
        "gross_cost_mean": float(moved[place[GROSS]].mean()),
        "forgone_mean": float(sum(moved[place[tax]].mean() for tax in FORGONE)),
        "payer": payer_of(province, cities),
    }


def payer_of(province: float, cities: float) -> str:
    """Name who bears a mean net cost: ``province``, ``cities``, ``both`` or ``nobody``.

    Examples
    --------
    >>> payer_of(9e7, 1e6), payer_of(0.0, 5.0), payer_of(3.0, 2.0), payer_of(0.0, 0.0)
    ('province', 'cities', 'both', 'nobody')
    """
    whole = abs(province) + abs(cities)
    if whole == 0.0:
        return "nobody"
    if max(abs(province), abs(cities)) < _ONE_PAYER * whole:
        return "both"
    return "province" if abs(province) > abs(cities) else "cities"


def _evidence(levers: Sequence[Lever]) -> str:
    from ...scenarios.task_verdicts import evidence_of

    tasks = dict.fromkeys(lever.selector for lever in levers)
    grades = {
        letter
        for task in tasks
        for letter in evidence_of(task, [lever for lever in levers if lever.selector == task])
    }
    return "".join(sorted(grades))
