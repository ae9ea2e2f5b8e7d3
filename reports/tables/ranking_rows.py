"""What a ranking found, as lines and rows for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..words.amounts import AxisUnit, amount, axis_unit, number
from ..words.of_packages import item_words, quantity_words, signed, unit_of
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say
from .difference_rows import verdict_words

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

__all__ = [
    "both_ways",
    "columns_of",
    "explained_line",
    "heading",
    "notes",
    "nothing_lines",
    "of_quantity",
    "ranked_rows",
]

FIRST: Final = 3
_FEWEST_PAIRS: Final = 10


def of_quantity(table: pd.DataFrame, by: str, name: str, counting: str) -> pd.DataFrame:
    """Give the rows of one quantity and one kind of item."""
    return table[(table["by"] == by) & (table["id"] == name) & (table["counting"] == counting)]


def both_ways(rows: pd.DataFrame, *, moved: bool = True) -> list[tuple[dict[Any, Any], dict[Any, Any]]]:
    """Pair what each item does alone with what it does in the plan, in the order of the first.

    With ``moved`` items are left out that move nothing in any future, either way.
    """
    in_plan = {row["item"]: row for row in rows[rows["way"] == "in_plan"].to_dict("records")}
    alone = rows[rows["way"] == "alone"].sort_values("rank", kind="stable").to_dict("records")
    pairs = [(row, in_plan[row["item"]]) for row in alone]
    return [pair for pair in pairs if not moved or any(row["verdict"] != "identical" for row in pair)]


def heading(rows: pd.DataFrame, definitions: Definitions, language: Language) -> str:
    """Say what is ranked, by what, in how many futures; or that nothing touches it."""
    first = rows.iloc[0]
    words: dict[str, Any] = {
        "title": quantity_words(first, definitions, language),
        "year": int(first["year"]),
    }
    if (rows["verdict"] == "identical").all():
        return say("advice.untouched", language, **words)
    items = say(f"advice.by_{first['by']}", language, count=rows["item"].nunique())
    return say("advice.ranked", language, items=items, pairs=int(rows["pairs"].max()), **words)


def columns_of(rows: pd.DataFrame, language: Language) -> list[str]:
    """Give the headings of `ranked_rows`."""
    verdict = say("advice.head_verdict", language)
    return [
        say("advice.head_rank", language),
        say("advice.head_item", language),
        say("advice.head_alone", language, unit=unit_of(rows, language).label),
        say("advice.head_low", language),
        say("advice.head_high", language),
        verdict,
        say("advice.head_in_plan", language),
        verdict,
        say("advice.head_first", language, first=FIRST),
        say("advice.head_cost", language, unit=_unit_of_cost(rows, language).label),
        say("advice.head_per_unit", language),
        say("advice.head_payer", language),
        say("advice.head_evidence", language),
    ]


def ranked_rows(rows: pd.DataFrame, language: Language) -> list[list[str]]:
    """Give a row for each item that moves anything, the one that adds most alone first."""
    divisor, cost = unit_of(rows, language).divisor, _unit_of_cost(rows, language).divisor
    return [
        [
            str(alone["rank"]),
            item_words(str(alone["item"]), language),
            *(number(float(alone[one]) / divisor) for one in ("mean", "q05", "q95")),
            verdict_words(str(alone["verdict"]), language),
            number(float(in_plan["mean"]) / divisor),
            verdict_words(str(in_plan["verdict"]), language),
            percent(float(alone["first_three"]), language),
            number(float(alone["net_cost_mean"]) / cost),
            number(float(alone["yuan_per_unit"])),
            say(f"advice.payer_{alone['payer']}", language),
            str(alone["evidence"]),
        ]
        for alone, in_plan in both_ways(rows)
    ]


def nothing_lines(rows: pd.DataFrame, language: Language) -> list[str]:
    """Name the items that move nothing in any future."""
    moved = {alone["item"] for alone, _ in both_ways(rows)}
    none = [alone["item"] for alone, _ in both_ways(rows, moved=False) if alone["item"] not in moved]
    if not none:
        return []
    items = say("amounts.semicolon", language).join(item_words(str(item), language) for item in none)
    return [say("advice.nothing_alone", language, items=items)]


def notes(rows: pd.DataFrame, language: Language) -> list[str]:
    """Say how many comparisons were made at once, what the letters mean, and whether futures are few."""
    first, pairs = rows.iloc[0], int(rows["pairs"].max())
    luck = f"{float(first['by_luck']):.2f}"
    lines = [
        say("advice.comparisons", language, comparisons=int(first["comparisons"]), luck=luck),
        say("advice.evidence_is", language),
    ]
    if pairs < _FEWEST_PAIRS:
        lines.append(say("advice.few", language, pairs=pairs))
    return lines


def explained_line(
    pair: tuple[dict[Any, Any], dict[Any, Any]], count: int, definitions: Definitions, language: Language
) -> str:
    """Say of one item and quantity all that a ranking holds; ``count`` items were ranked."""
    alone, in_plan = pair
    unit, dear = str(alone["unit"]), float(alone["yuan_per_unit"])
    low, high = (signed(float(alone[one]), unit, language) for one in ("q05", "q95"))
    per_unit = "" if np.isnan(dear) else say("advice.per_unit", language, yuan=amount(dear, "yuan", language))
    return say(
        "advice.explained",
        language,
        title=quantity_words(alone, definitions, language),
        year=int(alone["year"]),
        rank=alone["rank"],
        count=count,
        alone=signed(float(alone["mean"]), unit, language),
        verdict=verdict_words(str(alone["verdict"]), language),
        first=FIRST,
        chance=percent(float(alone["first_three"]), language),
        pairs=alone["pairs"],
        in_plan=signed(float(in_plan["mean"]), unit, language),
        verdict_in_plan=verdict_words(str(in_plan["verdict"]), language),
        cost=signed(float(alone["net_cost_mean"]), "yuan", language),
        per_unit=per_unit,
        payer=say(f"advice.payer_{alone['payer']}", language),
        evidence=alone["evidence"],
        low=low,
        high=high,
    )


def _unit_of_cost(rows: pd.DataFrame, language: Language) -> AxisUnit:
    return axis_unit("yuan", float(rows["net_cost_mean"].abs().max()), language)
