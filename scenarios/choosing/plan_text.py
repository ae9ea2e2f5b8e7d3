"""The plan's own text, cut into its 25 tasks and three measures of organisation."""

from __future__ import annotations

import functools
import re
from typing import Final

from ...engine.errors import InputError
from ..places import SOURCES_FOLDER
from ..reading.yaml_with_places import read_text

__all__ = ["PLAN_FILE", "task_text", "tasks_of_the_plan"]

PLAN_FILE: Final = SOURCES_FOLDER / "plan_zh.txt"

_TASK = re.compile(r"^(\d{1,2})\s*[.．]\s*")
_MEASURE = re.compile(r"^\s*（([一二三])）")
_ORGANISATION = "四、组织与实施"


@functools.cache
def tasks_of_the_plan() -> dict[str, str]:
    """Cut the plan into its tasks.

    Returns
    -------
    dict of str to str
        ``"task_01"`` ... ``"task_25"``, ``"organisation_1"`` ... ``"organisation_3"``,
        each with its paragraph as it stands in the plan, responsible agencies included.
    """
    texts: dict[str, str] = {}
    in_organisation = False
    for line in read_text(PLAN_FILE).splitlines():
        in_organisation = in_organisation or line.strip().startswith(_ORGANISATION)
        task, measure = _TASK.match(line), _MEASURE.match(line)
        if task and not in_organisation:
            texts[f"task_{int(task[1]):02d}"] = line.strip()
        elif measure and in_organisation:
            texts[f"organisation_{'一二三'.index(measure[1]) + 1}"] = line.strip()
    return texts


def task_text(selector: str) -> str:
    """Give the paragraph of one task.

    Parameters
    ----------
    selector : str
        ``"task_21"`` or ``"organisation_1"``.

    Raises
    ------
    InputError
        If there is no such task.
    """
    texts = tasks_of_the_plan()
    if selector not in texts:
        raise InputError(
            f"{selector!r} is not a task", allowed="task_01 to task_25, organisation_1 to organisation_3"
        )
    return texts[selector]
