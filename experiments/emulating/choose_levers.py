"""Which levers get a slider: in turn each target takes the one that moves it most, until there are enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...engine.errors import RunError
from ..effects.kept_figures import Figures
from ..effects.packages import ALL
from ..effects.paired_effects import is_visible
from ..effects.quantities import Quantity

__all__ = ["chosen_levers"]


def chosen_levers(
    figures: Figures,
    ends: Mapping[str, str],
    asked: Sequence[Quantity],
    futures: Sequence[int],
    many: int,
) -> tuple[str, ...]:
    """Choose levers by what each does alone, taken from the scenario as it is to its farther bound.

    A lever's worth for a target is its mean paired difference there, without its sign, if it is visible by
    the rule of `paired_differences.verdict_of`. The targets take turns, in the plan's order: each takes the
    lever of most worth for it that is still there.

    Parameters
    ----------
    figures : Figures
    ends : mapping
        By lever the world in which it alone is at a bound.
    asked : sequence of Quantity
        Targets.
    futures : sequence of int
        In which the ends were run.
    many : int
        How many levers are wanted.

    Returns
    -------
    tuple of str
        In the order in which they were taken; fewer where fewer move anything.

    Raises
    ------
    RunError
        If no lever moves a target.
    """
    places = [figures.quantities.index(one) for one in asked]
    worth = {lever: np.zeros(len(places)) for lever in ends}
    for lever, world in ends.items():
        good = figures.futures_with([world, ALL], futures)
        moved = (figures.of(world, good) - figures.of(ALL, good))[:, places]
        if good:
            seen = np.array([is_visible(column) for column in moved.T])
            worth[lever] = np.where(seen, np.abs(moved.mean(axis=0)), 0.0)
    found: list[str] = []
    while len(found) < many:
        before = len(found)
        for place in range(len(places)):
            left = [lever for lever in worth if lever not in found and worth[lever][place] > 0.0]
            if left and len(found) < many:
                found.append(max(left, key=lambda lever: float(worth[lever][place])))
        if len(found) == before:
            break
    if not found:
        raise RunError("no lever moves any target visibly, taken to a bound alone")
    return tuple(found)
