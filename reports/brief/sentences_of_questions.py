"""The answer of a sweep and of the worth of statistics, each in a sentence that its rows carry."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..tables.sweep_rows import level_words
from ..words.amounts import amount
from ..words.of_packages import item_words, signed
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say

__all__ = ["sentence_of_levels", "sentence_of_worth"]


def sentence_of_levels(
    rows: pd.DataFrame, costs: Mapping[str, float], levers: Sequence[str], language: Language
) -> tuple[str, pd.DataFrame]:
    """Say at which levels a quantity is visibly farthest above the base, and below it; or that it never is.

    Parameters
    ----------
    rows : DataFrame
        Of one quantity in ``sweep.csv``, the base first.
    costs : mapping of str to float
        Mean net public cost against the base by point, yuan.
    levers : sequence of str
    language : Language

    Returns
    -------
    str, DataFrame
        The sentences, and the rows that they hold.
    """
    base, points = rows.iloc[:1], rows.iloc[1:]
    said, shown = [], [base]
    for verdict in ("more", "less"):
        seen = points[points["verdict"] == verdict]
        if seen.empty:
            continue
        row = seen.loc[[seen["mean"].abs().idxmax()]]
        shown.append(row)
        first: dict[Any, Any] = row.iloc[0].to_dict()
        key = "brief.levels_more" if verdict == "more" else "brief.levels_less"
        unit = str(first["unit"])
        value, low, high = (signed(float(first[name]), unit, language) for name in ("mean", "q05", "q95"))
        said.append(
            say(
                key,
                language,
                levels=_levels(first, levers, language),
                value=value,
                low=low,
                high=high,
                chance=_chances(float(first["chance"]), float(base["chance"].iloc[0]), language),
                cost=amount(costs[str(first["point"])], "yuan", language),
            )
        )
    if not said:
        return say("brief.no_level", language, points=len(points)), rows
    return " ".join(said), pd.concat(shown)


def _levels(row: Mapping[Any, Any], levers: Sequence[str], language: Language) -> str:
    named = []
    for one in levers:
        lever, level = item_words(one, language), level_words(one, float(row[one]), language)
        named.append(say("brief.level_of_lever", language, lever=lever, level=level))
    return say("brief.list_comma", language).join(named)


def _chances(chance: float, base: float, language: Language) -> str:
    """Write the chance of a target beside that of the base; nothing of what is no target."""
    if math.isnan(chance):
        return ""
    words = {"chance": percent(chance, language), "base": percent(base, language)}
    return say("brief.levels_chance", language, **words)


def sentence_of_worth(rows: pd.DataFrame, language: Language) -> str:
    """Say which statistic is worth most to a decision, or that none is worth more than luck.

    ``rows`` are those of one decision in ``worth.csv``, in the order of their rank.
    """
    from ...experiments.valuing.worth_table import VISIBLE

    worthy = rows[rows["verdict"] == VISIBLE]
    if worthy.empty:
        return say("brief.worth_nothing", language, count=len(rows))
    first: dict[Any, Any] = worthy.iloc[0].to_dict()
    value, low, high = (amount(float(first[name]), "yuan", language) for name in ("value", "q05", "q95"))
    return say(
        "brief.worth_most",
        language,
        statistic=first[f"title_{language}"],
        value=value,
        low=low,
        high=high,
        share=percent(float(first["share_of_perfect"]), language),
        count=len(rows),
        worthy=len(worthy),
    )
