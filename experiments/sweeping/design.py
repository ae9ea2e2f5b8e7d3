"""The points of a sweep: every combination of levels of some levers, or a Latin hypercube between bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ...engine.errors import InputError

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["BASE", "Levels", "SweepPoints", "design_of", "point_name"]

BASE: Final = "base"
"""Name of the scenario as it is: what every point is held against."""

_POINT: Final = "point_"
_DIGITS: Final = 5
_KEPT_POINTS: Final = 600
_FIGURES: Final = 4

Levels = tuple[tuple[str, tuple[float, ...]], ...]
"""By lever the levels of a grid, or the two bounds of a hypercube."""


def point_name(number: int) -> str:
    """Name a point by its number, from 1.

    Examples
    --------
    >>> point_name(12)
    'point_00012'
    """
    return f"{_POINT}{number:0{_DIGITS}d}"


def design_of(levels: Levels, points: int | None, seed: int) -> tuple[tuple[float, ...], ...]:
    """Give the levels of all levers at each point, in the order of the levers.

    Parameters
    ----------
    levels : sequence of (str, sequence of float)
    points : int, optional
        Points of a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979) by
        `scipy.stats.qmc`; without it every combination of the levels is a point.
    seed : int
        Of the hypercube. Its levels have four figures, so that a person can write them down.

    Examples
    --------
    >>> design_of((("a", (0.0, 1.0)), ("b", (5.0,))), None, 1)
    ((0.0, 5.0), (1.0, 5.0))
    >>> sorted(int(4 * share) for share, in design_of((("a", (0.0, 1.0)),), 4, 1))
    [0, 1, 2, 3]
    """
    if points is None:
        return tuple(product(*(values for _, values in levels)))
    from scipy.stats import qmc

    unit = qmc.LatinHypercube(len(levels), rng=np.random.default_rng(seed)).random(points)
    low, high = np.array([values for _, values in levels]).T
    drawn = low + unit * (high - low)
    return tuple(tuple(float(f"{value:.{_FIGURES}g}") for value in point) for point in drawn)


class SweepPoints(Mapping[str, Any]):
    """The scenario of each point by name, built when it is asked for; first the base.

    Parameters
    ----------
    scenario : Scenario
        The base: all that is not swept is as in it.
    levers : sequence of str
    design : sequence of sequence of float
        Levels of the levers at each point.
    """

    def __init__(
        self, scenario: Scenario, levers: Sequence[str], design: Sequence[tuple[float, ...]]
    ) -> None:
        self.scenario, self.levers, self.design = scenario, tuple(levers), tuple(design)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to a worker without what was built here."""
        return SweepPoints, (self.scenario, self.levers, self.design)

    @cached_property
    def _built(self) -> Any:
        return lru_cache(maxsize=_KEPT_POINTS)(self._build)

    def __getitem__(self, name: str) -> Any:
        """Give the scenario of a point; its name is the point's."""
        return self._built(name)

    def _build(self, name: str) -> Scenario:
        if name == BASE:
            return self.scenario.set(name=name)
        return self.scenario.set(levers=self.levels_of(name), name=name)

    def levels_of(self, name: str) -> dict[str, float]:
        """Give the levels of a point by lever; of the base those in force in its last quarter."""
        if name == BASE:
            paths = self.scenario.quarterly_lever_paths()
            return {lever: float(paths[lever][-1]) for lever in self.levers}
        number = name.removeprefix(_POINT)
        if name == number or not number.isdigit() or not 0 < int(number) <= len(self.design):
            raise KeyError(name)
        return dict(zip(self.levers, self.design[int(number) - 1], strict=True))

    def __iter__(self) -> Iterator[str]:
        """Name the base and every point."""
        yield BASE
        yield from (point_name(number) for number in range(1, len(self.design) + 1))

    def __len__(self) -> int:
        """How many there are, with the base."""
        return 1 + len(self.design)

    def check(self) -> None:
        """Build every point once, so that a level that is refused is refused before any run.

        Raises
        ------
        InputError
            With the lever and the level.
        """
        for name in self:
            try:
                self._build(name)
            except InputError as error:
                levels = ", ".join(f"{lever}={level:g}" for lever, level in self.levels_of(name).items())
                raise InputError(
                    f"{levels}: {error.problem}",
                    key="lever",
                    allowed=error.allowed,
                    suggestion=error.suggestion,
                ) from error
