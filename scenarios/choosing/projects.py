"""The seven projects into which the plan puts its tasks, and its measures of organisation together."""

from __future__ import annotations

import functools
import re
from typing import Final

from ..reading.yaml_with_places import read_text
from .plan_text import PLAN_FILE
from .schema import TASKS

__all__ = ["ORGANISATION", "projects_of_the_plan"]

ORGANISATION: Final = "organisation"
"""What the measures of organisation are called together, beside the projects."""

_PROJECT = re.compile(r"^\s*（([一二三四五六七])）\S*工程\s*$")
_TASK = re.compile(r"^(\d{1,2})\s*[.．]")


@functools.cache
def projects_of_the_plan() -> dict[str, tuple[str, ...]]:
    """Say which tasks stand below which heading of the plan.

    Returns
    -------
    dict of str to tuple of str
        ``"project_1"`` to ``"project_7"`` and `ORGANISATION`, each with its tasks as a scenario selects them.

    Examples
    --------
    >>> projects_of_the_plan()["project_6"], projects_of_the_plan()["organisation"][0]
    (('task_21', 'task_22'), 'organisation_1')
    """
    found: dict[str, list[str]] = {}
    project = ""
    for line in read_text(PLAN_FILE).splitlines():
        if heading := _PROJECT.match(line):
            project = f"project_{'一二三四五六七'.index(heading[1]) + 1}"
        elif (task := _TASK.match(line)) and project:
            found.setdefault(project, []).append(f"task_{int(task[1]):02d}")
    found[ORGANISATION] = [task for task in TASKS if task.startswith(f"{ORGANISATION}_")]
    return {name: tuple(tasks) for name, tasks in found.items()}
