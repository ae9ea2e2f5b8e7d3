"""Overlays that are made from a name: one task of the plan alone, or the plan without it.

``only_task_22`` keeps what the scenario below chose for task 22 and takes the rest to
`no_plan`; ``without_task_22`` does the opposite. They are rules and not files, so that a
new lever belongs to them at once.
"""

from __future__ import annotations

import re
from typing import Any

from .lever_choices import KEEP
from .plan_text import task_text
from .schema import TASKS

__all__ = ["GENERATED_IN_WORDS", "canonical_generated", "generated_overlay", "list_generated"]

_NAME = re.compile(r"(only|without)_((?:task|organisation)_)0?(\d{1,2})$")
_HEADING = re.compile(r"^(?:\d{1,2}\s*[.．]|（[一二三]）)\s*([^。]+)")

GENERATED_IN_WORDS = (
    "only_task_01 to only_task_25, only_organisation_1 to only_organisation_3, and the same with without_"
)


def list_generated() -> list[str]:
    """Name every overlay that is made from its name."""
    return [f"{what}_{task}" for what in ("only", "without") for task in TASKS]


def canonical_generated(name: str) -> str | None:
    """Give the one spelling of a generated overlay's name (``only_task_5`` is ``only_task_05``), or None."""
    found = _NAME.match(name)
    if found is None:
        return None
    what, kind, number = found.groups()
    task = f"{kind}{int(number):02d}" if kind == "task_" else f"{kind}{int(number)}"
    return f"{what}_{task}" if task in TASKS else None


def generated_overlay(name: str) -> dict[str, Any]:
    """Give the entries of a generated overlay, as if they stood in a file.

    Parameters
    ----------
    name : str
        One of `list_generated`.

    Examples
    --------
    >>> generated_overlay("only_task_22")["levers"]
    {'all': 'no_plan', 'task_22': 'keep'}
    """
    what, _, task = name.partition("_")
    kind, number = task.split("_")
    heading = _HEADING.match(task_text(task))
    words = f"：{heading[1]}" if heading else ""
    in_english = f"task {int(number)}" if kind == "task" else f"measure of organisation {number}"
    in_chinese = f"任务{int(number)}" if kind == "task" else f"组织措施{number}"
    if what == "only":
        return {
            "title_en": f"{in_english} alone",
            "title_zh": f"仅{in_chinese}{words}",
            "note": f"Of the levers only those of {in_english} are kept; the others stay at no_plan.",
            "levers": {"all": "no_plan", task: KEEP},
        }
    return {
        "title_en": f"without {in_english}",
        "title_zh": f"不含{in_chinese}{words}",
        "note": f"The levers of {in_english} stay at no_plan.",
        "levers": {task: "no_plan"},
    }
