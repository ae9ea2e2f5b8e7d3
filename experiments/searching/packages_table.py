"""The table of a search: packages in fresh futures, their levers, and what holds these back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..effects.packages import ALL, NONE
from ..effects.quantities import Quantity
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, differences_of
from ..forecasting.target_and_indicator_tables import wilson_interval
from ..keeping.provenance import basis_of
from .search_space import SearchSpace
from .stages import CHEAPEST, OUT_OF_REACH, WITHOUT, Found

if TYPE_CHECKING:
    from .outcomes import Goal, Outcome

__all__ = ["ALL_GOALS", "COLUMNS", "ROLES", "packages_table"]

ALL_GOALS: Final = "all_goals"

BEST: Final = "best"
FRONT: Final = "front"
PLAN: Final = "plan"
ROLES: Final = (WITHOUT, CHEAPEST, BEST, FRONT, PLAN, NONE)
"""What a package is: the answer (no lever at all, the cheapest one, or the best that can be had), another one
of the front, the scenario as it is, or no plan where that is no answer."""

COLUMNS: Final = (
    "province", "scenario", "answer", "package", "role", "kind", "id", "counting", "unit", "year",
    *DIFFERENCE_COLUMNS, "goal", "level_q05", "level_q50", "level_q95", "chance", "chance_low", "chance_high",
    "chance_searched", "value", "without", "low", "high", "state", "held_by", "basis",
)  # fmt: skip
"""Columns of ``packages.csv``. Rows are of four kinds: ``goals`` (all goals together), ``target`` or
``indicator`` (each goal) and ``cost``, with differences from no plan in fresh futures; and ``lever``, with
the value, the level without a plan and the bounds that were searched. ``chance`` is the share of fresh
futures in which the goal is reached, with its 95 % interval; ``chance_searched`` that of the futures by which
the package was chosen. ``state`` is ``bound`` or ``saturated``; ``held_by`` names stocks that are used up, or
idle, as more of that lever is taken, with the share in the median of futures."""

AT_BOUND: Final = "bound"
SATURATED: Final = "saturated"

TAKEN: Final = 0.95
"""From here on a stock counts as used up."""

_FULL: Final = (
    "broker_use", "incubator_occupancy", "maker_space_occupancy", "zone_occupancy", "bank_use",
)  # fmt: skip
_SCARCE: Final = {"broker_use": "deals_per_broker", "practising_holders_share": "posts"}
"""Shares that are low where there is somebody and nothing for him to do."""
_IDLE: Final = 0.5
_MOVED: Final = 0.005
_UNMET: Final = "needs_unmet_share"


def packages_table(
    found: Found, space: SearchSpace, figures: Figures, futures: Sequence[int], goals: Sequence[Goal]
) -> pd.DataFrame:
    """Say what the confirmed packages came to, in the columns of `COLUMNS`; the cheapest first.

    Parameters
    ----------
    found : Found
    space : SearchSpace
    figures : Figures
        Of all runs.
    futures : sequence of int
        The fresh ones.
    goals : sequence of Goal
    """
    basis, rows = basis_of(space.scenario), []
    for outcome in sorted(found.confirmed.values(), key=lambda one: (one.net, one.package)):
        role = _role(outcome.package, found)
        head = {
            "province": space.scenario.pack().name,
            "scenario": space.scenario.name,
            "answer": found.answer,
            "package": outcome.package,
            "role": role,
            "basis": basis,
        }
        made = [*_reached(outcome, found, figures, futures, goals)]
        made += (
            _levers(found, space, figures) if outcome.package == found.package else _values(outcome, space)
        )
        rows += [{**head, **row} for row in made]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _role(package: str, found: Found) -> str:
    if package == found.package:
        return BEST if found.answer == OUT_OF_REACH else found.answer
    return {ALL: PLAN, NONE: NONE}.get(package, FRONT)


def _reached(
    outcome: Outcome, found: Found, figures: Figures, futures: Sequence[int], goals: Sequence[Goal]
) -> Iterator[dict[str, Any]]:
    """Give the rows of goals and costs."""
    name = outcome.package
    good = figures.futures_with([name, NONE], futures)
    if len(good) < 2:
        raise RunError(
            f"package {name} ended well in {len(good)} of {len(futures)} fresh futures: see failures.csv"
        )
    there, plain = figures.of(name, good), figures.of(NONE, good)
    before = found.searched.get(name)
    last = max(goal.quantity.year for goal in goals)
    yield {
        **_head(Quantity("goals", ALL_GOALS, "", "", "fraction", last)),
        **_chance(outcome.met, len(outcome.levels)),
        "chance_searched": np.nan if before is None else before.chance,
    }
    wanted = {goal.quantity: (place, goal.value) for place, goal in enumerate(goals)}
    for column, quantity in enumerate(figures.quantities):
        if quantity not in wanted and quantity.kind != "cost":
            continue
        row = {**_head(quantity), **differences_of(there[:, column] - plain[:, column])}
        if quantity in wanted:
            place, goal = wanted[quantity]
            level = np.quantile(there[:, column], (0.05, 0.5, 0.95))
            row |= dict(zip(("level_q05", "level_q50", "level_q95"), level.tolist(), strict=True))
            row |= {
                "goal": goal,
                **_chance(int((outcome.levels[:, place] >= 1.0).sum()), len(outcome.levels)),
            }
            if before is not None:
                row["chance_searched"] = float((before.levels[:, place] >= 1.0).mean())
        yield row


def _head(quantity: Quantity) -> dict[str, Any]:
    return dict(zip(("kind", "id", "counting", "unit", "year"), quantity.head, strict=True))


def _chance(met: int, futures: int) -> dict[str, float]:
    low, high = wilson_interval(met, futures)
    return {"chance": met / futures, "chance_low": low, "chance_high": high}


def _values(outcome: Outcome, space: SearchSpace) -> list[dict[str, Any]]:
    """Give the levers of a package; the scenario as it is says its own elsewhere."""
    if outcome.package == ALL:
        return []
    moved = space.moved(space.steps(outcome.package))
    return [
        {
            "kind": "lever",
            "id": axis.lever,
            "unit": axis.unit,
            "value": moved[axis.lever],
            "without": axis.without,
            "low": axis.low,
            "high": axis.high,
        }
        for axis in space.axes
        if axis.lever in moved
    ]


def _levers(found: Found, space: SearchSpace, figures: Figures) -> list[dict[str, Any]]:
    """Give the levers of the answer, with those of which more brings nothing, and what holds them back."""
    if found.package in (ALL, NONE):
        return []
    rows = _values(found.confirmed[found.package], space)
    for row in rows:
        onward = found.further.get(row["id"])
        at_bound = onward == found.package
        row["state"] = AT_BOUND if at_bound else SATURATED if row["id"] in found.saturated else ""
        if row["state"] and onward is not None:
            row["held_by"] = "; ".join(f"{name}={use:.2f}" for name, use in _binding(figures, onward).items())
    return rows


def _binding(figures: Figures, package: str) -> Mapping[str, float]:
    """Name the stocks that are used up in a package, or idle, in the median of its futures.

    Those that the package leaves as they are without it hold nothing of it back.
    """
    futures = figures.futures_with([package, NONE], figures.futures_of(package))
    there, plain = (np.median(figures.of(name, futures), axis=0) for name in (package, NONE))
    use = {
        one.id: float(there[place])
        for place, one in enumerate(figures.quantities)
        if one.kind == "indicator" and abs(there[place] - plain[place]) >= _MOVED
    }
    found = {name: use[name] for name in _FULL if use.get(name, 0.0) >= TAKEN}
    found |= {word: use[name] for name, word in _SCARCE.items() if use.get(name, 1.0) <= _IDLE}
    if use.get(_UNMET, 0.0) >= _IDLE:
        found["supply_of_results"] = use[_UNMET]
    return found
