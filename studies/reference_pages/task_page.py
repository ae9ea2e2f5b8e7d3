"""The page on the 28 tasks and measures: mechanism, evidence, verdict, effect, what binds, in both languages.

Its words are in `tasks.md.j2` and `tasks_zh.md.j2`, what is said of each task in `scenarios/tasks.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from ...experiments.effects.lever_effects import FILE, LIMITS, WHOLE, is_of_today
from ...experiments.effects.paired_effects import plan_year
from ...model.indicators.every_indicator import INDICATORS
from ...reports.words.amounts import amount
from ...reports.words.of_scenarios import mechanism_and_limit, task_words, verdict_words
from ...reports.words.phrases import Language, say, title_of
from ...scenarios import TASKS, lever_catalogue
from ...scenarios.task_verdicts import VERDICTS, evidence_of, task_verdicts
from ..templates import page_of

__all__ = ["FILES", "PAGES", "page"]

FILES: Final = (FILE,)
PAGES: Final[dict[Language, str]] = {"en": "tasks.md", "zh": "tasks_zh.md"}

TURNOVER: Final = "contract_value_output"

_MOVERS: Final = 3
"""Tasks that are named for a share, the strongest first."""


def page(table: pd.DataFrame, language: Language) -> str:
    """Make the page in one language from a table with columns of `lever_effects.COLUMNS`."""
    of_today = is_of_today(table)
    verdicts = task_verdicts()
    alone = {
        (row["task"], row["indicator"]): row
        for row in table.to_dict("records")
        if of_today and str(row["scenario"]).startswith("only_")
    }
    rows = []
    for task in TASKS:
        own = _own_indicator(task)
        mechanism, binds = mechanism_and_limit(task, language)
        found, sold = alone.get((task, own)), alone.get((task, TURNOVER))
        rows.append(
            {
                "task": task_words(task, language),
                "title": say(f"tasks.{task}", language),
                "verdict": verdict_words(verdicts[task].verdict, language),
                "evidence": evidence_of(task),
                "mechanism": mechanism,
                "binds": binds,
                "own": _effect(found, own, language),
                "turnover": _effect(sold, None, language),
                "cost": "–" if sold is None else amount(float(sold["net_cost_q50"]), "yuan", language),
                "forgone": "–" if sold is None else amount(float(sold["forgone_q50"]), "yuan", language),
            }
        )
    counted = Counter(verdict.verdict for verdict in verdicts.values())
    return page_of(
        f"reference_pages/{PAGES[language]}.j2",
        {
            "rows": rows,
            "counted": {verdict_words(verdict, language): counted[verdict] for verdict in VERDICTS},
            "of_today": of_today,
            "year": plan_year(),
            "futures": int(table["futures"].max()),
            "limits": _limits(table, language) if of_today else [],
        },
    )


def _limits(table: pd.DataFrame, language: Language) -> list[dict[str, str]]:
    """Say of each share of what may bind: without the plan, what the plan does to it, and which tasks do."""
    found = []
    for limit in LIMITS:
        rows = table[table["indicator"] == limit]
        whole = rows[rows["scenario"] == WHOLE].to_dict("records")
        if not whole:
            continue
        movers = rows[rows["scenario"].str.startswith("only_") & rows["visible"] & (rows["q50"] != 0.0)]
        strongest = movers.reindex(movers["q50"].abs().sort_values(ascending=False).index)
        found.append(
            {
                "share": title_of(INDICATORS[limit], language),
                "level": f"{whole[0]['level_q50']:.3f}",
                "plan": _change(whole[0]),
                "tasks": "; ".join(
                    f"{task_words(str(row['task']), language)}: {_change(row)}"
                    for row in strongest.head(_MOVERS).to_dict("records")
                )
                or "–",
            }
        )
    return found


def _own_indicator(task: str) -> str | None:
    """Indicator of the first lever of the task that the plan moves; none if it moves none."""
    moved = [lever for lever in lever_catalogue().values() if lever.selector == task and lever.changes]
    return moved[0].indicator if moved else None


def _effect(row: Mapping[Hashable, Any] | None, indicator: str | None, language: Language) -> str:
    """Write median and band of a paired difference; in brackets of its own if it is not visible."""
    if row is None:
        return "–"
    unit = str(row["unit"])
    middle, low, high = (amount(float(row[name]), unit, language) for name in ("q50", "q05", "q95"))
    words = f"{middle} [{low}, {high}]"
    if indicator is not None:
        words = f"{title_of(INDICATORS[indicator], language)}: {words}"
    return words if row["visible"] else f"({words})"


def _change(row: Mapping[Hashable, Any]) -> str:
    """Write what happens to a share; in round brackets if it is not visible."""
    words = f"{row['q50']:+.3f} [{row['q05']:+.3f}, {row['q95']:+.3f}]"
    return words if row["visible"] else f"({words})"
