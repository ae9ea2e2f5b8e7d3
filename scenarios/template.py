"""A scenario file to fill in: every lever named, with its unit, its bounds and what the plan makes of it.

It says nothing until a ``#`` is taken away (or a cell is filled), so that it is in order as it stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..engine.errors import InputError, nearest
from ..engine.quarters import Quarter
from ..engine.words import SIDE_BY_SIDE, Language, say
from .choosing.catalogue import lever_catalogue
from .choosing.declared_targets import shipped_plan
from .choosing.plan_text import tasks_of_the_plan
from .choosing.schema import TASKS, Lever
from .loading import SUFFIXES, load
from .reading.workbook import WORKBOOK
from .scenario import Scenario
from .writing.saving import write_text
from .writing.workbook import write_template_workbook

__all__ = ["write_template"]


YEARS_OF_A_PLAN: Final = 5


def write_template(
    path: Path, base: str = "action_plan", language: Language = "en", *, plan: bool = False
) -> Path:
    """Write a scenario file to fill in, YAML or a workbook by its suffix.

    Parameters
    ----------
    path : Path
        A new file.
    base : str
        A scenario's name or file, upon which the new one lies.
    language : {'en', 'zh'}
        Language of the comments in YAML; a workbook has both.
    plan : bool
        Declare a plan of its own: the five years after the shipped one, its targets with another year, and
        levers at the values that they have before. What it asks for is made up, to be written over.

    Raises
    ------
    InputError
        If the base is refused, the suffix is none of ours, or the file is there already.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(
            f"{path.name!r} has no known kind of file",
            key="file",
            allowed=f"a name that ends in {', '.join(SUFFIXES)}",
            suggestion=f"{path.stem}{nearest(path.suffix, SUFFIXES) or SUFFIXES[0]}",
        )
    lower = next_plan(load(base)) if plan else load(base)
    if Path(base).is_file():
        # A file names its base as seen from itself, not from where it was made.
        base = Path(os.path.relpath(base, path.parent)).as_posix()
        base = base if "/" in base else f"./{base}"
    if path.suffix == WORKBOOK:
        return write_template_workbook(path, base, lower)
    if plan:
        facts = {"plan_start": lower.plan_start, "end": lower.end}
        facts |= {f"title_{word}": say("scenario_files.title_of_plan", word) for word in SIDE_BY_SIDE}
        head = say("scenario_files.head_of_plan", language, base=_quoted(base), **facts)
        head += "\n".join(_targets(lower)) + "\n" + say("scenario_files.levers_of_plan", language)
        levers = _dated_levers(lower, language)
    else:
        head, levers = say("scenario_files.head", language, base=_quoted(base)), _levers(language)
    tail = say("scenario_files.tail", language)
    return write_text(path, head + "\n".join(levers) + "\n" + tail, new=True)


def next_plan(lower: Scenario) -> Scenario:
    """Give a scenario with the time and the targets of the plan after the shipped one: same goals, later."""
    shipped = shipped_plan()
    start = Quarter.parse(shipped.end).later(1)
    end = start.later(4 * YEARS_OF_A_PLAN - 1)
    told = {"goal", "kind", "title_en", "title_zh"}
    targets = {
        name: {**one.model_dump(include=told), "year": end.year} for name, one in shipped.targets.items()
    }
    return lower.set(plan_start=str(start), end=str(end), targets=targets, name=lower.name)


def _targets(plan: Scenario) -> Iterator[str]:
    """Write the declared targets, each field on a line."""
    yield "targets:"
    for name, target in plan.targets.items():
        yield f"  {name}:"
        yield f"    goal: {_number(target.goal)}"
        yield f"    year: {target.year}"
        for field in ("kind", "title_en", "title_zh"):
            yield f"    {field}: {getattr(target, field)}"


def _dated_levers(plan: Scenario, language: Language) -> Iterator[str]:
    """Write each lever behind a ``#``, as a path from the plan's start on at the value that it has before."""
    paths = plan.quarterly_lever_paths()
    before = plan.quarters.index(Quarter.parse(plan.plan_start)) - 1
    last = {name: float(path[before]) for name, path in paths.items()}
    for heading, levers in _by_task():
        yield f"\n  # {heading}"
        for lever in levers:
            path = f"{{{plan.plan_start}: {_number(last[lever.id])}}}"
            yield f"  # {lever.id}: {path}  # {_facts(lever, language)}"


def _facts(lever: Lever, language: Language) -> str:
    title = lever.title_en if language == "en" else lever.title_zh
    return f"{title}; {lever.unit}, {lever.low:g} … {lever.high:g}"


def _quoted(base: str) -> str:
    plain = base.replace("_", "").replace(".", "").replace("/", "").isalnum()
    return base if plain else "'" + base.replace("'", "''") + "'"


def _levers(language: Language) -> Iterator[str]:
    """Write each task with its levers, all behind a ``#``."""
    for heading, levers in _by_task():
        yield f"\n  # {heading}"
        yield f"  # {levers[0].selector}: no_plan"
        for lever in levers:
            levels = f"no_plan {lever.level_before:g}, plan {lever.plan:g} ({lever.start})"
            yield f"  # {lever.id}: {_number(lever.plan)}  # {_facts(lever, language)}; {levels}"


def _by_task() -> Iterator[tuple[str, list[Lever]]]:
    """Give the heading of each task that has levers, and these."""
    by_task: dict[str, list[Lever]] = {task: [] for task in TASKS}
    for lever in lever_catalogue().values():
        by_task[lever.selector].append(lever)
    for task, levers in by_task.items():
        if levers:
            yield tasks_of_the_plan()[task].partition("。")[0], levers


def _number(value: float) -> str:
    """Write a number as a person would type it: whole ones plainly, large ones with a power of ten."""
    if value != int(value):
        return repr(value)
    if abs(value) < 1e5:
        return f"{int(value)}"
    mantissa, _, power = f"{value:.15e}".partition("e")
    digits = mantissa.rstrip("0")
    return f"{digits}0e{int(power)}" if digits.endswith(".") else f"{digits}e{int(power)}"
