"""The worlds that an emulator is fitted to: plans as they are, levers at their ends, and two hypercubes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ...engine.errors import InputError
from ..effects.packages import ALL, NONE
from ..searching.search_space import STEPS, Axis

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["Design", "EmulatedPoints", "Point", "axis_of", "design_of", "level_of", "share_of"]

_POINT: Final = "point_"
_TEST: Final = "test_"
_LOW, _HIGH = "low_", "high_"
_DIGITS: Final = 5
_KEPT: Final = 800
_HALVINGS: Final = 12
_ROUNDS: Final = 50


class Point(NamedTuple):
    """One point of a design: the number of its plan, and the level of each lever."""

    plan: int
    levels: tuple[float, ...]


class Design(NamedTuple):
    """Points to be fitted to, and points that are held back."""

    fitted: tuple[Point, ...]
    held_back: tuple[Point, ...]


def level_of(axis: Axis, share: float) -> float:
    """Give the level at a share of the way from no plan to a bound, -1 to 1, in the steps of a search.

    Bounds are wide, and most instruments of a plan lie near their beginning: the square of the share counts.
    """
    return axis.value(STEPS * share) if share else axis.without  # type: ignore[arg-type]  # between steps


def share_of(axis: Axis, level: float) -> float:
    """Give the share of the way at which a level lies; the inverse of `level_of` but for its rounding."""
    bound = axis.high if level >= axis.without else axis.low
    way = bound - axis.without
    share = 0.0 if way == 0.0 else min(1.0, max(0.0, (level - axis.without) / way)) ** 0.5
    return share if level >= axis.without else -share


def axis_of(name: str, plans: Sequence[Scenario]) -> Axis:
    """Give the way of a lever between bounds that stand with every plan's other levers.

    Raises
    ------
    InputError
        For a switch, or a lever whose bounds are a point.
    """
    from ...scenarios import lever_catalogue

    lever = lever_catalogue()[name]
    axis = Axis.of(lever)
    if axis.unit == "switch":
        raise InputError(
            f"{name} is a switch, and nothing lies between its levels",
            key="lever",
            allowed="a lever with levels between",
        )
    axis = replace(axis, low=_standing(axis, axis.low, plans), high=_standing(axis, axis.high, plans))
    if axis.low == axis.high:
        raise InputError(
            f"the bounds of {name} are one point, {axis.low:g}",
            key="lever",
            allowed="a lever that can be moved",
        )
    return axis


def _standing(axis: Axis, bound: float, plans: Sequence[Scenario]) -> float:
    """Halve the way to a bound until a level is found that no other lever contradicts."""
    if _stands(axis.lever, bound, plans):
        return bound
    good, bad = axis.without, bound
    for _ in range(_HALVINGS):
        middle = float(f"{0.5 * (good + bad):.3g}")
        good, bad = (middle, bad) if _stands(axis.lever, middle, plans) else (good, middle)
    return good


def _stands(lever: str, level: float, plans: Sequence[Scenario]) -> bool:
    try:
        for plan in plans:
            plan.set(levers={lever: level})
    except InputError:
        return False
    return True


def design_of(axes: Sequence[Axis], plans: Sequence[Scenario], points: int, tests: int, seed: int) -> Design:
    """Spread points over levers and plans: two Latin hypercubes, of which each plan has its share.

    Points whose levers contradict each other are left out, and others drawn in their place.
    """
    rng = np.random.default_rng([seed, len(axes), points, tests])
    return Design(_cube(axes, plans, points, rng), _cube(axes, plans, tests, rng))


def _cube(
    axes: Sequence[Axis], plans: Sequence[Scenario], points: int, rng: np.random.Generator
) -> tuple[Point, ...]:
    from scipy.stats import qmc

    low = np.array([share_of(axis, axis.low) for axis in axes])
    high = np.array([share_of(axis, axis.high) for axis in axes])
    found: list[Point] = []
    for _ in range(_ROUNDS):
        unit = qmc.LatinHypercube(len(axes) + 1, rng=rng).random(points - len(found))
        for row in unit:
            shares = low + row[:-1] * (high - low)
            levels = tuple(map(level_of, axes, map(float, shares)))
            point = Point(int(row[-1] * len(plans)), levels)
            if _built(plans, axes, point) is not None:
                found.append(point)
        if len(found) == points:
            return tuple(found)
    names = ", ".join(axis.lever for axis in axes)
    raise InputError(
        f"the levers {names} contradict each other nearly everywhere", key="lever", allowed="other levers"
    )


def _built(
    plans: Sequence[Scenario], axes: Sequence[Axis], point: Point, name: str = "point"
) -> Scenario | None:
    levels = dict(zip((axis.lever for axis in axes), point.levels, strict=True))
    try:
        return plans[point.plan].set(levers=levels, name=name)
    except InputError:
        return None


class EmulatedPoints(Mapping[str, Any]):
    """The worlds of an emulator by name, each built when it is asked for.

    Parameters
    ----------
    plans : sequence of Scenario
        The scenario as it is, its absence, and others that may be chosen.
    axes : sequence of Axis
        Levers that are moved.
    design : Design or None
        None while levers are still being chosen: then an end of each lever is listed, beside the scenario.
    """

    def __init__(self, plans: Sequence[Scenario], axes: Sequence[Axis], design: Design | None) -> None:
        self.plans, self.axes, self.design = tuple(plans), tuple(axes), design

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to a worker without what was built here."""
        return EmulatedPoints, (self.plans, self.axes, self.design)

    @cached_property
    def plan_names(self) -> tuple[str, ...]:
        """Names of the plans among the worlds: first the scenario as it is, then its absence."""
        return (ALL, NONE, *(f"also_{number}" for number in range(1, len(self.plans) - 1)))

    @cached_property
    def fitted(self) -> tuple[str, ...]:
        """Names of the points that the emulator is fitted to."""
        return () if self.design is None else _numbered(_POINT, len(self.design.fitted))

    @cached_property
    def held_back(self) -> tuple[str, ...]:
        """Names of the points that it never sees."""
        return () if self.design is None else _numbered(_TEST, len(self.design.held_back))

    @cached_property
    def ends(self) -> dict[str, str]:
        """By lever the world in which it alone is at the bound that is farther from its level."""
        if self.design is not None:
            return {}
        paths = self.plans[0].quarterly_lever_paths()
        found = {}
        for axis in self.axes:
            level = share_of(axis, float(paths[axis.lever][-1]))
            below, above = level - share_of(axis, axis.low), share_of(axis, axis.high) - level
            found[axis.lever] = f"{_LOW if below > above else _HIGH}{axis.lever}"
        return found

    @cached_property
    def _made(self) -> Any:
        return lru_cache(maxsize=_KEPT)(self._make)

    def __getitem__(self, name: str) -> Any:
        """Give the scenario of a world; its name is the world's."""
        return self._made(name)

    def _make(self, name: str) -> Scenario:
        if name in self.plan_names:
            return self.plans[self.plan_names.index(name)].set(name=name)
        if self.design is None:
            by_lever = {axis.lever: axis for axis in self.axes}
            for word, bound in ((_LOW, "low"), (_HIGH, "high")):
                if (lever := name.removeprefix(word)) != name and lever in by_lever:
                    return self.plans[0].set(levers={lever: getattr(by_lever[lever], bound)}, name=name)
            raise KeyError(name)
        made = _built(self.plans, self.axes, self.point(name), name)
        if made is None:  # the design holds none such
            raise KeyError(name)
        return made

    def point(self, name: str) -> Point:
        """Give the point of a name."""
        if self.design is not None:
            for word, points in ((_POINT, self.design.fitted), (_TEST, self.design.held_back)):
                number = name.removeprefix(word)
                if number != name and number.isdigit() and 0 < int(number) <= len(points):
                    return points[int(number) - 1]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Name every world that is run."""
        if self.design is None:
            yield from (ALL, *self.ends.values())
        else:
            yield from (*self.plan_names, *self.fitted, *self.held_back)

    def __len__(self) -> int:
        """How many there are."""
        return sum(1 for _ in self)


def _numbered(word: str, many: int) -> tuple[str, ...]:
    return tuple(f"{word}{number:0{_DIGITS}d}" for number in range(1, many + 1))
