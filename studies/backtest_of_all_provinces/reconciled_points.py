"""The model's forecasts of the past, reconciled at each origin with the nation as it was forecast there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...experiments.backtesting.pooled_discrepancy import PlacedPoint
from ...experiments.backtesting.reconcile import growth_of_futures, reconcile
from ...experiments.planning.definitions import LAST_YEAR
from ...experiments.planning.plan_of_runs import future_seed

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["COHERENCE", "ReconciledPoints", "reconciled_points"]

FloatArray = npt.NDArray[np.float64]

COHERENCE: Final = (
    *("origin", "indicator", "year", "horizon", "provinces", "draws"),
    *("gap_before", "gap_low", "gap_high"),
)
"""By how much the provinces' sum exceeds the national path of the same draw, in logarithms: the middle before
it is reconciled, and what remains in 90 % of the draws about a middle of zero."""


class ReconciledPoints(NamedTuple):
    """Draws of the points in their order, logarithms by number of the future, and `COHERENCE`."""

    draws: list[FloatArray]
    coherence: pd.DataFrame


def reconciled_points(
    points: Sequence[tuple[PlacedPoint, FloatArray]],
    packs: Mapping[str, Pack],
    seeds: Mapping[int, int],
    runs: Mapping[int, int],
) -> ReconciledPoints:
    """Shift the forecasts of all provinces so that they add up; nothing after an origin is looked at.

    Parameters
    ----------
    points : sequence of (PlacedPoint, ndarray)
        With the draws of `pooled_discrepancy.predicted`; draw i is of run i modulo ``runs``.
    packs : mapping of str to Pack
        By province, for what was observed at the origin.
    seeds, runs : mapping of int to int
        By origin, seed of the futures and their number.
    """
    number = next(iter(packs.values())).series_of("contract_count_output", "china")
    grown = {
        origin: growth_of_futures(
            number,
            origin,
            LAST_YEAR - origin,
            [future_seed(seeds[origin], run) for run in range(runs[origin])],
        )
        for origin in {one.point.origin for one, _ in points}
    }
    groups: dict[tuple[int, str, int], list[int]] = {}
    for place, (one, _) in enumerate(points):
        groups.setdefault((one.point.origin, one.point.series, one.point.horizon), []).append(place)
    draws = [mine for _, mine in points]
    rows = []
    for (origin, series, horizon), places in sorted(groups.items()):
        joint = np.stack([points[place][1] for place in places], axis=1)
        at_origin = [packs[points[place][0].province].series_of(series)[origin] for place in places]
        nation = np.tile(grown[origin][series][:, horizon - 1], len(joint) // runs[origin])
        found = reconcile(joint, np.log(at_origin), nation)
        for place in places:
            draws[place] = points[place][1] + found.shift
        head = (origin, series, origin + horizon, horizon, len(places), len(found.gap))
        rows.append((*head, -found.shift, *found.ends))
    return ReconciledPoints(draws, pd.DataFrame(rows, columns=list(COHERENCE)))
