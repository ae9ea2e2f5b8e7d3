"""What an emulator speaks of: statistics over futures of each world, one column an output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..effects.packages import NONE
from ..effects.paired_effects import COST, GROSS
from ..effects.quantities import PAID_BY, Quantity
from ..forecasting.paired_differences import FEWEST_PAIRS

__all__ = ["CHANCE", "COST_SHOWN", "DECILES", "LEVEL", "MOVED", "Output", "Statistics", "statistics_of"]

FloatArray = npt.NDArray[np.float64]

LEVEL: Final = "level"
MOVED: Final = "moved"
CHANCE: Final = "chance"
DECILES: Final = {"q10": 0.1, "q50": 0.5, "q90": 0.9}
COST_SHOWN: Final = (COST, GROSS, *PAID_BY)


class Output(NamedTuple):
    """One column: of which target or cost, what of it, in which year, which statistic."""

    id: str
    kind: str
    year: int
    statistic: str
    unit: str


@dataclass(frozen=True)
class Statistics:
    """Statistics of worlds.

    Attributes
    ----------
    outputs : tuple of Output
    futures : tuple of int
        In which every world ended well.
    """

    outputs: tuple[Output, ...]
    futures: tuple[int, ...]
    _figures: Figures
    _parts: tuple[tuple[Output, int, float], ...]

    def of(self, world: str) -> FloatArray:
        """Give the statistics of one world, in the order of the outputs."""
        mine = self._figures.of(world, self.futures)
        moved = mine - self._figures.of(NONE, self.futures)
        found = []
        for output, place, number in self._parts:
            column = (moved if output.kind == MOVED else mine)[:, place]
            found.append((column >= number).mean() if output.kind == CHANCE else np.quantile(column, number))
        return np.array(found, np.float64)


def statistics_of(
    figures: Figures, asked: Sequence[Quantity], goals: dict[str, float], worlds: Sequence[str], runs: int
) -> Statistics:
    """Settle what is emulated, in the futures in which every world ended well.

    Of each target the deciles of its indicator in each year, those of the difference from no plan in its
    year, and the chance of its goal where one is given; of each cost those of the difference from no plan.

    Raises
    ------
    RunError
        If fewer than ten futures are left.
    """
    futures = figures.futures_with([NONE, *worlds], range(runs))
    if len(futures) < FEWEST_PAIRS:
        raise RunError(
            f"{len(futures)} of {runs} futures ended well at every point, and {FEWEST_PAIRS} are needed:"
            " see failures.csv"
        )
    places = {(one.kind, one.id, one.year): place for place, one in enumerate(figures.quantities)}
    parts: list[tuple[Output, int, float]] = []
    for one in asked:
        for quantity in figures.quantities:
            if quantity.kind == "indicator" and quantity.id == one.indicator:
                place = places["indicator", quantity.id, quantity.year]
                parts += [
                    (Output(one.id, LEVEL, quantity.year, word, one.unit), place, share)
                    for word, share in DECILES.items()
                ]
        place = places["indicator", one.indicator, one.year]
        parts += [
            (Output(one.id, MOVED, one.year, word, one.unit), place, share) for word, share in DECILES.items()
        ]
        if one.id in goals:
            parts.append((Output(one.id, CHANCE, one.year, CHANCE, "fraction"), place, goals[one.id]))
    for place, quantity in enumerate(figures.quantities):
        if quantity.kind == "cost" and quantity.id in COST_SHOWN:
            parts += [
                (Output(quantity.id, MOVED, quantity.year, word, quantity.unit), place, share)
                for word, share in DECILES.items()
            ]
    return Statistics(tuple(output for output, _, _ in parts), tuple(futures), figures, tuple(parts))
