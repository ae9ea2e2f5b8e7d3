"""Projects, tasks and levers of a plan, and what they are judged by, as a person says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .amounts import AxisUnit, amount, axis_unit, number
from .phrases import Language, say, title_of, word_or

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.effects.package_runs import Announcement
    from ...experiments.planning.definitions import Definitions

__all__ = [
    "announcement_line",
    "item_words",
    "quantity_words",
    "signed",
    "unit_of",
]


_NOTHING_LEFT = 0.005
"""Below it two places behind the point show nothing of a number."""


def item_words(item: str, language: Language) -> str:
    """Name a project, a task or a measure by its number and title, or a lever by its title.

    Examples
    --------
    >>> item_words("project_6", "zh"), item_words("task_14", "en"), item_words("organisation_1", "en")
    ('工程6：科技金融保障能力提升工程', '14. the north-west centre', 'Measure 1: leadership')
    >>> item_words("voucher_budget", "en")
    'Yearly budget of innovation vouchers'
    """
    kind, _, number = item.partition("_")
    if number.isdigit() and kind in ("project", "task", "organisation"):
        title, which = say(f"tasks.{item}", language), int(number)
        if kind == "project":
            return say("advice.project", language, number=which, title=title)
        return say("advice.task" if kind == "task" else "advice.measure", language, number=which, title=title)
    if item == "organisation":
        return say("tasks.organisation", language)
    from ...scenarios import lever_catalogue

    return title_of(lever_catalogue()[item], language)


def quantity_words(row: Any, definitions: Definitions, language: Language) -> str:
    """Name what a row is of: a target with its way of counting, unless that is the first, or an indicator.

    ``row`` has kind, id and counting.
    """
    if row["kind"] != "target":
        return title_of(definitions.of(str(row["id"])), language)
    target = definitions.targets[str(row["id"])]
    title, counting = title_of(target, language), str(row["counting"])
    if counting == next(iter(target.countings)):
        return title
    words = word_or(f"targets.counting_{counting}", language, counting)
    return say("advice.counted", language, title=title, counting=words)


def signed(value: float, unit: str, language: Language) -> str:
    """Write a difference with its unit; more has a plus.

    Examples
    --------
    >>> signed(1.25e9, "yuan", "en"), signed(-3.0, "count", "zh"), signed(0.0, "count", "en")
    ('+1.25 billion yuan', '-3', '0')
    >>> signed(-0.0042, "count", "en")
    '-0.004'
    """
    text = amount(value, unit, language)
    if 0.0 < abs(value) < _NOTHING_LEFT:
        text = text.replace(number(value), f"{value:.1g}")
    return f"+{text}" if value > 0.0 else text


def unit_of(rows: pd.DataFrame, language: Language) -> AxisUnit:
    """Choose the one unit in which the rows of a table are shown, by the largest end of a band."""
    largest = float(rows[["q05", "q95", "mean"]].abs().to_numpy().max())
    return axis_unit(str(rows["unit"].iloc[0]), largest, language)


def announcement_line(announced: Announcement, language: Language, *, dry_run: bool) -> str:
    """Say what runs there will be and how long they take."""
    from .of_estimates import time_words

    if announced.kind == "search":
        key = "search.dry_run" if dry_run else "search.start"
        many = str(announced.packages)
    else:
        key = "advice.dry_run" if dry_run else "advice.start"
        many = _worlds(announced, language)
    return say(
        key,
        language,
        packages=many,
        futures=announced.futures,
        runs=announced.runs,
        left=announced.left,
        time=time_words(announced.seconds, language),
        workers=announced.workers,
    )


def _worlds(announced: Announcement, language: Language) -> str:
    """Say how many worlds of what kind there are in each future."""
    worlds = "sweep.points" if announced.kind in ("sweep", "simulator") else "advice.packages"
    return say("why.worlds" if announced.kind == "why" else worlds, language, count=announced.packages)
