"""Packages of a scenario's levers: some of its projects, tasks or levers alone, the rest as without the plan.

A package is known by its name: ``none``, ``all``, ``without_task_14``, or what is in it, with ``+`` between:
``p1+p3+task_14`` holds two projects and a task. So no list of packages has to be kept or sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError

if TYPE_CHECKING:
    from ...scenarios import Lever, Scenario

__all__ = ["ALL", "GROUPINGS", "NONE", "Packages", "items_of", "moved_levers", "package_name", "without_name"]

NONE: Final = "none"
ALL: Final = "all"
_WITHOUT: Final = "without_"
_BETWEEN: Final = "+"
_KEPT_PACKAGES: Final = 600

GROUPINGS: Final = ("task", "project", "lever")
"""What an item may be."""


def moved_levers(scenario: Scenario) -> list[Lever]:
    """List the levers that a scenario moves off the levels of the province without a plan."""
    from ...scenarios import lever_catalogue

    paths = scenario.quarterly_lever_paths()
    still = scenario.set(all="no_plan", name=scenario.name).quarterly_lever_paths()
    return [lever for name, lever in lever_catalogue().items() if (paths[name] != still[name]).any()]


def items_of(scenario: Scenario, by: str) -> dict[str, tuple[Lever, ...]]:
    """Give the items of a scenario that move a lever, each with the levers it moves, in the plan's order.

    Parameters
    ----------
    scenario : Scenario
    by : {'task', 'project', 'lever'}
        What an item is.

    Raises
    ------
    InputError
        If the scenario moves no lever.

    Examples
    --------
    >>> from shaanxi_transfer.scenarios import load
    >>> list(items_of(load("action_plan"), "project"))[-1]
    'organisation'
    """
    moved = moved_levers(scenario)
    if not moved:
        raise InputError(
            f"{scenario.name!r} moves no lever: there is nothing to share out or to rank",
            key="scenario",
            allowed="a scenario that differs by a lever from no plan, for example action_plan",
        )
    found: dict[str, tuple[Lever, ...]] = {}
    for lever in moved:
        item = {"task": lever.selector, "project": _project_of(lever.selector), "lever": lever.id}[by]
        found[item] = (*found.get(item, ()), lever)
    return found


def package_name(items: Sequence[str]) -> str:
    """Name a package by the projects, tasks and levers that are in it; the order does not count.

    Examples
    --------
    >>> package_name(["task_14", "project_3", "project_1"]), package_name([])
    ('p1+p3+task_14', 'none')
    """
    short = sorted(item.replace("project_", "p") if item.startswith("project_") else item for item in items)
    return _BETWEEN.join(short) or NONE


def without_name(item: str) -> str:
    """Name the package of all but one item.

    Examples
    --------
    >>> without_name("project_3")
    'without_p3'
    """
    return f"{_WITHOUT}{package_name([item])}"


class Packages(Mapping[str, Any]):
    """The packages of a scenario by name, each built when it is asked for.

    Parameters
    ----------
    scenario : Scenario
        Whose levers they are; all else is as in it.
    names : sequence of str
        Packages that are listed; any other is built as well.
    """

    def __init__(self, scenario: Scenario, names: Sequence[str]) -> None:
        self._scenario = scenario
        self._names = tuple(names)

    @cached_property
    def _built(self) -> Any:
        return lru_cache(maxsize=_KEPT_PACKAGES)(self._build)  # as many as a future has, and more

    def __reduce__(self) -> tuple[object, ...]:
        """Travel to a worker without what was built here."""
        return Packages, (self._scenario, self._names)

    def __eq__(self, other: object) -> bool:
        """Whether they are the same packages of the same scenario."""
        if not isinstance(other, Packages):
            return NotImplemented
        return (self._scenario, self._names) == (other._scenario, other._names)

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, name: str) -> Any:
        """Give the scenario of a package; its name is the package's."""
        return self._built(name)

    def _build(self, name: str) -> Scenario:
        if name == ALL:
            return self._scenario.set(name=name)
        if name.startswith(_WITHOUT):
            out = _selectors(name.removeprefix(_WITHOUT), name)
            return self._scenario.set(**dict.fromkeys(out, "no_plan"), name=name)
        inside = () if name == NONE else _selectors(name, name)
        return self._scenario.set(all="no_plan", **dict.fromkeys(inside, "keep"), name=name)

    def __iter__(self) -> Iterator[str]:
        """Names of those that are listed."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many are listed."""
        return len(self._names)


def _selectors(name: str, whole: str) -> list[str]:
    """Give the selectors of a scenario that the parts of a name stand for."""
    from ...scenarios import TASKS, lever_catalogue
    from ...scenarios.choosing.projects import ORGANISATION, projects_of_the_plan

    projects, levers = projects_of_the_plan(), lever_catalogue()
    found: list[str] = []
    for part in name.split(_BETWEEN):
        project = part if part == ORGANISATION else f"project_{part[1:]}"
        if project in projects:
            found += projects[project]
        elif part in TASKS or part in levers:
            found.append(part)
        else:
            raise KeyError(whole)
    return found


def _project_of(task: str) -> str:
    from ...scenarios.choosing.projects import projects_of_the_plan

    return next(project for project, tasks in projects_of_the_plan().items() if task in tasks)
