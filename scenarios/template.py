"""A scenario file to fill in: every lever named, with its unit, its bounds and what the plan makes of it.

It says nothing until a ``#`` is taken away (or a cell is filled), so that it is in order as it stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..engine.errors import InputError, nearest
from ..engine.words import Language, say
from .choosing.catalogue import lever_catalogue
from .choosing.plan_text import tasks_of_the_plan
from .choosing.schema import TASKS, Lever
from .loading import SUFFIXES, load
from .reading.workbook import WORKBOOK
from .writing.saving import write_text
from .writing.workbook import write_template_workbook

__all__ = ["write_template"]


def write_template(path: Path, base: str = "action_plan", language: Language = "en") -> Path:
    """Write a scenario file to fill in, YAML or a workbook by its suffix.

    Parameters
    ----------
    path : Path
        A new file.
    base : str
        A scenario's name or file, upon which the new one lies.
    language : {'en', 'zh'}
        Language of the comments in YAML; a workbook has both.

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
    lower = load(base)
    if Path(base).is_file():
        # A file names its base as seen from itself, not from where it was made.
        base = Path(os.path.relpath(base, path.parent)).as_posix()
        base = base if "/" in base else f"./{base}"
    if path.suffix == WORKBOOK:
        return write_template_workbook(path, base, lower)
    head = say("scenario_files.head", language, base=_quoted(base))
    tail = say("scenario_files.tail", language)
    return write_text(path, head + "\n".join(_levers(language)) + "\n" + tail, new=True)


def _quoted(base: str) -> str:
    plain = base.replace("_", "").replace(".", "").replace("/", "").isalnum()
    return base if plain else "'" + base.replace("'", "''") + "'"


def _levers(language: Language) -> Iterator[str]:
    """Write each task with its levers, all behind a ``#``."""
    by_task: dict[str, list[Lever]] = {task: [] for task in TASKS}
    for lever in lever_catalogue().values():
        by_task[lever.selector].append(lever)
    for task, levers in by_task.items():
        if not levers:
            continue
        yield f"\n  # {tasks_of_the_plan()[task].partition('。')[0]}"
        yield f"  # {task}: no_plan"
        for lever in levers:
            title = lever.title_en if language == "en" else lever.title_zh
            facts = f"{title}; {lever.unit}, {lever.low:g} … {lever.high:g}"
            levels = f"no_plan {lever.level_before:g}, plan {lever.plan:g} ({lever.start})"
            yield f"  # {lever.id}: {_number(lever.plan)}  # {facts}; {levels}"


def _number(value: float) -> str:
    """Write a number as a person would type it: whole ones plainly, large ones with a power of ten."""
    if value != int(value):
        return repr(value)
    if abs(value) < 1e5:
        return f"{int(value)}"
    mantissa, _, power = f"{value:.15e}".partition("e")
    digits = mantissa.rstrip("0")
    return f"{digits}0e{int(power)}" if digits.endswith(".") else f"{digits}e{int(power)}"
