"""What a package comes to in some futures: whether goals are met, how near it comes, what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..effects.kept_figures import Figures
from ..effects.packages import NONE
from ..effects.paired_effects import COST, GROSS
from ..effects.quantities import Quantity

__all__ = ["Goal", "Outcome", "Wish", "nondominated", "outcomes_of"]

FloatArray = npt.NDArray[np.float64]

_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Goal:
    """What is to be reached: a quantity, and how much of it, in its unit."""

    quantity: Quantity
    value: float


@dataclass(frozen=True)
class Outcome:
    """What a package came to, future by future, beside the absence of any.

    Attributes
    ----------
    package : str
    levels : ndarray of shape (futures, goals)
        Of what is to be reached, each over its goal.
    net, gross : float
        Mean public cost against no plan, undiscounted yuan of all years.
    """

    package: str
    levels: FloatArray
    net: float
    gross: float

    @property
    def met(self) -> int:
        """Futures in which all goals are reached."""
        return int((self.levels >= 1.0).all(axis=1).sum())

    @property
    def chance(self) -> float:
        """Share of the futures in which all goals are reached."""
        return self.met / len(self.levels)

    @property
    def score(self) -> float:
        """Order packages by the chance, and those with the same one by how near the goals they come.

        Of each future counts the goal that is farthest from being reached. Nearness weighs less than one
        future does, so that it decides nowhere but among equals.
        """
        near = float(np.clip(self.levels.min(axis=1), 0.0, 1.0).mean())
        return (self.met + near) / (len(self.levels) + 1)


@dataclass(frozen=True)
class Wish:
    """What is asked for: a chance, at most a cost, and in how many futures it is looked for.

    Attributes
    ----------
    chance : float
    budget : float or None
    runs : int
        Futures of the search, and as many fresh ones in which it is confirmed.
    tried : int
        Packages.
    seed : int
    """

    chance: float
    budget: float | None
    runs: int
    tried: int
    seed: int

    def affords(self, outcome: Outcome) -> bool:
        """Whether a package is within the budget."""
        return self.budget is None or outcome.net <= self.budget

    def granted(self, outcome: Outcome) -> bool:
        """Whether a package is what was asked for."""
        return outcome.chance >= self.chance - _ROUNDING and self.affords(outcome)


def outcomes_of(
    figures: Figures, packages: Sequence[str], futures: Sequence[int], goals: Sequence[Goal]
) -> dict[str, Outcome]:
    """Say what packages came to in some futures.

    Futures in which a run of a package, or of no plan, failed count as not reached: a package that breaks
    runs is not preferred for it. A package without any good future is left out.
    """
    places = [figures.quantities.index(goal.quantity) for goal in goals]
    scale = np.array([goal.value for goal in goals])
    costs = [place for place, one in enumerate(figures.quantities) if one.id in (COST, GROSS)]
    found = {}
    for name in packages:
        good = figures.futures_with([name, NONE], futures)
        if not good:
            continue
        there, plain = figures.of(name, good), figures.of(NONE, good)
        levels = np.zeros((len(futures), len(goals)))
        levels[np.isin(np.asarray(futures), good)] = there[:, places] / scale
        net, gross = (there - plain)[:, costs].mean(axis=0)
        found[name] = Outcome(name, levels, float(net), float(gross))
    return found


def nondominated(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Give the front: the cheapest first, each of a higher score than all that cost less."""
    front: list[Outcome] = []
    for one in sorted(outcomes, key=lambda each: (each.net, -each.score, each.package)):
        if not front or one.score > front[-1].score:
            front.append(one)
    return front
