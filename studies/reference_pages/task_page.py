"""The page on the 28 tasks and measures: mechanism, evidence, verdict, effect, what binds, in both languages.

Its words are in `tasks.md.j2` and `tasks_zh.md.j2`, what is said of each task in `scenarios/tasks.yaml`.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pandas as pd

from ...experiments.effects.lever_effects import FILE, is_of_today
from ...experiments.effects.paired_effects import YEAR
from ...model.indicators.every_indicator import INDICATORS
from ...reports.words.amounts import amount
from ...reports.words.of_scenarios import task_words
from ...reports.words.phrases import Language, say, title_of
from ...scenarios import TASKS, lever_catalogue
from ...scenarios.choosing.task_verdicts import VERDICTS, evidence_of, task_verdicts
from ..templates import page_of

__all__ = ["FILES", "PAGES", "page"]

FILES: Final = (FILE,)
PAGES: Final[dict[Language, str]] = {"en": "tasks.md", "zh": "tasks_zh.md"}

TURNOVER: Final = "contract_value_output"


def page(table: pd.DataFrame, language: Language) -> str:
    """Make the page in one language from a table with columns of `lever_effects.COLUMNS`."""
    of_today = is_of_today(table)
    verdicts = task_verdicts()
    alone = table[table["scenario"].str.startswith("only_")].set_index(["task", "indicator"])
    rows = []
    for task in TASKS:
        one, own = verdicts[task], _own_indicator(task)
        found = of_today and own is not None and (task, own) in alone.index
        rows.append(
            {
                "task": task_words(task, language),
                "title": say(f"tasks.{task}", language),
                "verdict": one.verdict,
                "evidence": evidence_of(task),
                "mechanism": one.mechanism_zh if language == "zh" else one.mechanism_en,
                "binds": one.binds_zh if language == "zh" else one.binds_en,
                "own": _effect(alone.loc[(task, own)], str(own), language) if found else "–",
                "turnover": _effect(alone.loc[(task, TURNOVER)], None, language) if found else "–",
                "cost": amount(float(alone.loc[(task, own)]["net_cost_q50"]), "yuan", language)
                if found
                else "–",
            }
        )
    counted = Counter(row["verdict"] for row in rows)
    return page_of(
        f"reference_pages/{PAGES[language]}.j2",
        {
            "rows": rows,
            "counted": {verdict: counted[verdict] for verdict in VERDICTS},
            "of_today": of_today,
            "year": YEAR,
            "futures": int(table["futures"].max()),
        },
    )


def _own_indicator(task: str) -> str | None:
    """Indicator of the first lever of the task that the plan moves; none if it moves none."""
    moved = [lever for lever in lever_catalogue().values() if lever.selector == task and lever.changes]
    return moved[0].indicator if moved else None


def _effect(row: pd.Series, indicator: str | None, language: Language) -> str:
    """Write median and band of a paired difference; in brackets of its own if it is not visible."""
    unit = str(row["unit"])
    middle, low, high = (amount(float(row[name]), unit, language) for name in ("q50", "q05", "q95"))
    words = f"{middle} [{low}, {high}]"
    if indicator is not None:
        words = f"{title_of(INDICATORS[indicator], language)}: {words}"
    return words if row["visible"] else f"({words})"
