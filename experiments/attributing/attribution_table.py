"""The table of an attribution: the whole, its projects, their tasks, and what pairs of projects do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..forecasting.paired_differences import DIFFERENCE_COLUMNS, differences_of
from .coalitions import Coalitions
from .owen_values import scaled_to
from .shapley_values import shapley_interactions, shapley_values

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["COLUMNS", "LEVELS", "attribution_table"]

FloatArray = npt.NDArray[np.float64]

WHOLE: Final = "whole"
PROJECT: Final = "project"
TASK: Final = "task"
PAIR: Final = "pair"
LEVELS: Final = (WHOLE, PROJECT, TASK, PAIR)
"""What a row is of: the scenario against no plan, a player's exact value, a task's sampled one, a pair."""

COLUMNS: Final = (
    "province", "scenario", "kind", "id", "counting", "unit", "year", "level", "item", "other",
    *DIFFERENCE_COLUMNS, "standard_error", "share",
)  # fmt: skip
"""Columns of ``attribution.csv``. ``other`` is the project of a task, or the second of a pair; ``mean`` is
the value, ``standard_error`` that of the mean, ``share`` the value over that of the whole, as a fraction."""

FEWEST: Final = 2


def attribution_table(
    coalitions: Coalitions, figures: Figures, futures: int, scenario: Scenario
) -> pd.DataFrame:
    """Share out each quantity, in the columns of `COLUMNS`.

    Only futures count in which every package ended well. A `RunError` says that fewer than two did.

    Parameters
    ----------
    coalitions : Coalitions
    figures : Figures
        Of the packages of all futures.
    futures : int
        How many were asked for.
    scenario : Scenario
        Names the rows.
    """
    whole = [f for f in range(futures) if figures.futures_with(coalitions.packages_in(f), [f])]
    if len(whole) < FEWEST:
        raise RunError(
            f"every package ended well in {len(whole)} of {futures} futures, and two are needed:"
            " see failures.csv"
        )
    values = np.stack([figures.of(name, whole) for name in coalitions.names])
    shares, together = shapley_values(values), shapley_interactions(values)
    tasks = [
        scaled_by_quantity(shares[player], _added(coalitions, figures, whole, player))
        for player in range(len(coalitions.players))
    ]
    rows: list[dict[str, Any]] = []
    for place, quantity in enumerate(figures.quantities):
        head = dict(zip(COLUMNS[:7], (scenario.pack().name, scenario.name, *quantity.head), strict=True))
        everything = values[-1, :, place] - values[0, :, place]
        samples = _samples(
            coalitions,
            everything,
            shares[..., place],
            [one[..., place] for one in tasks],
            together[..., place],
        )
        for level, item, other, sample in samples:
            rows.append({**head, "level": level, "item": item, "other": other, **_said(sample, everything)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _samples(
    coalitions: Coalitions,
    everything: FloatArray,
    shares: FloatArray,
    tasks: Sequence[FloatArray],
    together: FloatArray,
) -> Iterator[tuple[str, str, str, FloatArray]]:
    """Give level, item, other and the values of all futures, row by row."""
    yield WHOLE, "", "", everything
    for place, player in enumerate(coalitions.players):
        yield PROJECT, player, "", shares[place]
        for member, task in enumerate(coalitions.members[place]):
            yield TASK, task, player, tasks[place][:, member]
    for one, player in enumerate(coalitions.players):
        for other in range(one + 1, len(coalitions.players)):
            yield PAIR, player, coalitions.players[other], together[one, other]


def _said(sample: FloatArray, everything: FloatArray) -> dict[str, Any]:
    total = float(everything.mean())
    return {
        **differences_of(sample),
        "standard_error": float(sample.std(ddof=1)) / len(sample) ** 0.5,
        "share": float(sample.mean()) / total if total else np.nan,
    }


def _added(coalitions: Coalitions, figures: Figures, futures: Sequence[int], player: int) -> FloatArray:
    """Average what the tasks of a player added in each future: shape (futures, members, quantities)."""
    sums = []
    for future in futures:
        drawn = coalitions.orders_in(future)[player]
        added = np.zeros((len(coalitions.members[player]), len(figures.quantities)))
        for order in drawn:
            chain = np.concatenate([figures.of(name, [future]) for name in coalitions.chain(player, order)])
            added[list(order.members)] += np.diff(chain, axis=0)
        sums.append(added / len(drawn))
    return np.stack(sums)


def scaled_by_quantity(exact: FloatArray, added: FloatArray) -> FloatArray:
    """Scale the tasks of a player to its exact values, quantity by quantity.

    ``exact`` has the shape (futures, quantities), ``added`` and what is given (futures, members, quantities).
    """
    return np.stack([scaled_to(exact[:, q], added[..., q]) for q in range(exact.shape[1])], axis=2)
