"""What a sweep found, as lines and rows for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..words.amounts import AxisUnit, amount, axis_unit, number
from ..words.of_packages import item_words, quantity_words, unit_of
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say, title_of
from .difference_rows import verdict_words

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.planning.definitions import Definitions

__all__ = ["SHOWN", "columns_of", "heading", "level_words", "notes", "of_quantity", "point_rows"]

SHOWN: Final = 60
"""Points that are printed; the file holds all."""

_BASE: Final = "base"
_FEWEST_PAIRS: Final = 10


def of_quantity(table: pd.DataFrame, name: str, counting: str) -> pd.DataFrame:
    """Give the rows of one quantity."""
    return table[(table["id"] == name) & (table["counting"] == counting)]


def heading(rows: pd.DataFrame, levers: Sequence[str], definitions: Definitions, language: Language) -> str:
    """Say what was swept, over how many points, in how many futures; or that nothing touches it."""
    first = rows.iloc[0]
    words: dict[str, Any] = {
        "title": quantity_words(first, definitions, language),
        "year": int(first["year"]),
    }
    if (rows["verdict"] == "identical").all():
        return say("sweep.untouched", language, **words)
    named = (say("sweep.named", language, lever=item_words(lever, language)) for lever in levers)
    joined = say("brief.list_comma", language).join(named)
    return say(
        "sweep.swept",
        language,
        points=int(first["comparisons"]),
        levers=joined,
        scenario=scenario_title(str(first["scenario"]), language),
        pairs=int(rows["pairs"].max()),
        **words,
    )


def scenario_title(name: str, language: Language) -> str:
    """Give the title of a scenario that comes with the package; of another its name."""
    from ...scenarios import list_scenarios, load

    return title_of(load(name), language) if name in list_scenarios() else name


def level_words(lever: str, value: float, language: Language) -> str:
    """Write a level of a lever in its unit."""
    from ...scenarios import lever_catalogue

    return amount(value, lever_catalogue()[lever].unit, language)


def columns_of(rows: pd.DataFrame, levers: Sequence[str], language: Language) -> list[str]:
    """Give the headings of `point_rows`."""
    shown, moved = _unit_of_levels(rows, language), unit_of(rows, language)
    return [
        *(item_words(lever, language) for lever in levers),
        say("sweep.head_level", language, unit=shown.label),
        *([say("sweep.head_chance", language)] if rows["chance"].notna().any() else []),
        say("sweep.head_moved", language, unit=moved.label),
        say("advice.head_low", language),
        say("advice.head_high", language),
        say("advice.head_verdict", language),
        say("advice.head_cost", language, unit=say("amounts.unit_yuan", language)),
    ]


def point_rows(
    rows: pd.DataFrame, costs: Mapping[str, float], levers: Sequence[str], language: Language
) -> list[list[str]]:
    """Give a row for the base and each point; ``costs`` are mean net public costs against the base."""
    shown, moved = _unit_of_levels(rows, language).divisor, unit_of(rows, language).divisor
    with_chance = bool(rows["chance"].notna().any())
    found = []
    for row in rows.head(1 + SHOWN).to_dict("records"):
        base = row["point"] == _BASE
        verdict = say("sweep.base", language) if base else verdict_words(str(row["verdict"]), language)
        found.append(
            [
                *(level_words(lever, float(row[lever]), language) for lever in levers),
                number(float(row["level_q50"]) / shown),
                *([percent(float(row["chance"]), language)] if with_chance else []),
                *(number(float(row[name]) / moved) for name in ("mean", "q05", "q95")),
                verdict,
                amount(costs[str(row["point"])], "yuan", language),
            ]
        )
    return found


def notes(rows: pd.DataFrame, language: Language) -> list[str]:
    """Say how many comparisons were made at once, what the columns are, and whether futures are few."""
    first, pairs = rows.iloc[0], int(rows["pairs"].max())
    luck = f"{float(first['by_luck']):.2f}"
    lines = [
        say("sweep.response_note", language),
        say("sweep.comparisons", language, comparisons=int(first["comparisons"]), luck=luck),
    ]
    if left := len(rows) - 1 - SHOWN if len(rows) > 1 + SHOWN else 0:
        lines.insert(0, say("sweep.more_rows", language, left=left, file="sweep.csv"))
    if pairs < _FEWEST_PAIRS:
        lines.append(say("advice.few", language, pairs=pairs))
    return lines


def _unit_of_levels(rows: pd.DataFrame, language: Language) -> AxisUnit:
    return axis_unit(str(rows["unit"].iloc[0]), float(rows["level_q50"].abs().max()), language)
