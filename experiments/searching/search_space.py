"""What is searched: a value for each lever, in steps from its level without a plan to its bounds.

A package is known by its name, so that no list of packages has to be kept or sent: ``s`` and, for each lever
that it moves, the lever's number among those that are searched and a letter for the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ..effects.packages import ALL, NONE

if TYPE_CHECKING:
    from ...scenarios import Lever, Scenario

__all__ = ["STEPS", "Axis", "SearchSpace", "Steps", "axes_of"]

STEPS: Final = 10
"""From the level without a plan to a bound. Step k goes (k / 10) squared of the way: bounds are wide, and
most instruments of the plan lie near their beginning."""

_UP: Final = "abcdefghij"
_DOWN: Final = "klmnopqrst"
_COUNTED: Final = ("count", "people", "contracts")
_KEPT: Final = 600

Steps = tuple[int, ...]
"""A package: for each axis the step, 0 for the level without a plan, below it towards the lower bound."""


@dataclass(frozen=True)
class Axis:
    """One lever of a search.

    Attributes
    ----------
    lever : str
    unit : str
    without, low, high : float
        Level without a plan, and the bounds of what is searched.
    partner : str or None
        Lever without which this one acts on nothing.
    """

    lever: str
    unit: str
    without: float
    low: float
    high: float
    partner: str | None = None

    @classmethod
    def of(cls, lever: Lever) -> Axis:
        """Take the declared bounds; what is counted in yuan is not cut below what is paid without a plan.

        A search that could cut would finance anything by ending the guidance fund, whose money comes back
        after the scenario has ended.
        """
        without = lever.level_before
        low = max(lever.low, without) if lever.in_money and lever.acts_with is None else lever.low
        return cls(lever.id, lever.unit, without, min(low, without), lever.high, lever.acts_with)

    @property
    def ends(self) -> tuple[int, ...]:
        """Steps of the bounds that differ from the level without a plan."""
        steps = 1 if self.unit == "switch" else STEPS
        return (
            *([-steps] if self.low < self.without else []),
            *([steps] if self.high > self.without else []),
        )

    def value(self, step: int) -> float:
        """Give the value of a step, in the lever's unit; what is counted is whole."""
        if step == 0:
            return self.without
        if self.unit == "switch":
            return self.high
        bound = self.high if step > 0 else self.low
        found = self.without + (step / STEPS) ** 2 * (bound - self.without)
        return float(round(found)) if self.unit.startswith(_COUNTED) else float(f"{found:.4g}")


def axes_of(selectors: Sequence[str]) -> tuple[Axis, ...]:
    """Give the levers that a person lets be moved, in the plan's order.

    Parameters
    ----------
    selectors : sequence of str
        ``all``, projects (``project_6``, ``organisation``), tasks or levers.

    Raises
    ------
    InputError
        For a name of nothing.
    """
    from ...scenarios import lever_catalogue
    from ...scenarios.choosing.catalogue import find_selector
    from ...scenarios.choosing.projects import projects_of_the_plan

    levers, projects = lever_catalogue(), projects_of_the_plan()
    wanted: set[str] = set()
    for selector in selectors:
        if selector == "all":
            wanted |= set(levers)
            continue
        try:
            tasks = projects.get(selector) or (find_selector(selector),)
        except InputError as error:
            raise InputError(
                error.problem, key="levers", allowed=error.allowed, suggestion=error.suggestion
            ) from error
        wanted |= {name for name, lever in levers.items() if name in tasks or lever.selector in tasks}
    found = [Axis.of(lever) for name, lever in levers.items() if name in wanted]
    return tuple(axis for axis in found if axis.ends)


class SearchSpace(Mapping[str, Any]):
    """The packages of a search by name, each built when it is asked for; ``none`` and ``all`` among them.

    Parameters
    ----------
    scenario : Scenario
        Says all but the levers; ``all`` is the scenario as it is.
    axes : sequence of Axis
        The levers that are searched; all others stay as without a plan.
    """

    def __init__(self, scenario: Scenario, axes: Sequence[Axis]) -> None:
        self.scenario = scenario
        self.axes = tuple(axes)

    @cached_property
    def _built(self) -> Any:
        return lru_cache(maxsize=_KEPT)(self._build)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to a worker without what was built here."""
        return SearchSpace, (self.scenario, self.axes)

    def __eq__(self, other: object) -> bool:
        """Whether they are the same packages of the same scenario."""
        if not isinstance(other, SearchSpace):
            return NotImplemented
        return (self.scenario, self.axes) == (other.scenario, other.axes)

    __hash__ = None  # type: ignore[assignment]

    @property
    def nothing(self) -> Steps:
        """The package that moves no lever."""
        return (0,) * len(self.axes)

    def name(self, steps: Sequence[int]) -> str:
        """Name a package by its steps."""
        moved = [
            f"{place:02d}{(_UP if step > 0 else _DOWN)[abs(step) - 1]}"
            for place, step in enumerate(steps)
            if step
        ]
        return "s" + "".join(moved) if moved else NONE

    def steps(self, name: str) -> Steps:
        """Give the steps of a package by its name."""
        found = list(self.nothing)
        code = "" if name == NONE else name[1:]
        for start in range(0, len(code), 3):
            place, letter = int(code[start : start + 2]), code[start + 2]
            found[place] = _UP.index(letter) + 1 if letter in _UP else -_DOWN.index(letter) - 1
        return tuple(found)

    def moved(self, steps: Sequence[int]) -> dict[str, float]:
        """Give the levers that a package moves, each with its value."""
        return {axis.lever: axis.value(step) for axis, step in zip(self.axes, steps, strict=True) if step}

    def allowed(self, steps: Sequence[int]) -> bool:
        """Whether a package keeps the levers' constraints, with no lever but beside its partner."""
        moved = self.moved(steps)
        names = {axis.lever for axis in self.axes}
        for axis, step in zip(self.axes, steps, strict=True):
            if step and axis.partner in names and axis.partner not in moved:
                return False
        try:
            self[self.name(steps)]
        except InputError:
            return False
        return True

    def __getitem__(self, name: str) -> Any:
        """Give the scenario of a package; its name is the package's."""
        return self._built(name)

    def _build(self, name: str) -> Scenario:
        if name == ALL:
            return self.scenario.set(name=name)
        return self.scenario.set(all="no_plan", **self.moved(self.steps(name)), name=name)

    def __iter__(self) -> Iterator[str]:
        """Names of the packages that stand for themselves."""
        return iter((NONE, ALL))

    def __len__(self) -> int:
        """How many those are."""
        return 2
