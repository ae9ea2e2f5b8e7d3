"""Which tasks carry a target, and what the whole costs, each in a sentence with its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...experiments.forecasting.paired_differences import FEWEST_PAIRS
from ..tables.ranking_rows import both_ways
from ..words.of_packages import item_words, quantity_words
from ..words.phrases import Language, say
from .in_words import in_words
from .parts import Trace, of_rows

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.planning.definitions import Definitions

__all__ = ["sentence_of_costs", "sentence_of_tasks"]

_NAMED = 3
_COST, _GROSS = "public_cost", "public_cost_gross"


def sentence_of_tasks(
    rows: pd.DataFrame, file: str, definitions: Definitions, language: Language
) -> tuple[str, tuple[Trace, ...]]:
    """Name what visibly adds most to a target alone, with range, cost and evidence; or say that nothing does.

    ``rows`` are those of one quantity and one kind of item in ``ranking.csv``.
    """
    title = quantity_words(rows.iloc[0], definitions, language)
    said: dict[str, Any] = {"title": title, "year": int(rows["year"].iloc[0])}
    said |= {"count": rows["item"].nunique(), "pairs": int(rows["pairs"].max())}
    adding = [alone for alone, _ in both_ways(rows) if alone["verdict"] == "more"][:_NAMED]
    alone = rows[rows["way"] == "alone"]
    columns = ("id", "counting", "way", "item", "rank", "q05", "mean", "q95", "verdict", "pairs")
    if not adding:
        return say("brief.no_task", language, **said), of_rows(file, alone, columns)
    parts = say("amounts.semicolon", language).join(_part(row, language) for row in adding)
    named = alone[alone["item"].isin([row["item"] for row in adding])]
    traces = of_rows(file, named, (*columns, "net_cost_mean", "evidence"))
    return say("brief.tasks", language, parts=parts, **said), traces


def _part(row: dict[Any, Any], language: Language) -> str:
    unit = str(row["unit"])
    return say(
        "brief.task",
        language,
        item=item_words(str(row["item"]), language),
        value=in_words(float(row["mean"]), unit, language, signs=True),
        low=in_words(float(row["q05"]), unit, language, signs=True),
        high=in_words(float(row["q95"]), unit, language, signs=True),
        cost=in_words(float(row["net_cost_mean"]), "yuan", language),
        evidence=say(f"brief.evidence_{max(str(row['evidence']) or 'D').lower()}", language),
    )


def sentence_of_costs(
    differences: pd.DataFrame, scenario: str, titles: dict[str, str], file: str, language: Language
) -> tuple[str, tuple[Trace, ...]] | None:
    """Say what treasuries pay more than in the base, net and gross; None if the table has no costs."""
    mine = differences[(differences["kind"] == "cost") & (differences["scenario"] == scenario)]
    rows = {name: mine[mine["id"] == name] for name in (_COST, _GROSS)}
    if any(one.empty for one in rows.values()):
        return None
    net, gross = (rows[name].iloc[0] for name in (_COST, _GROSS))
    said: dict[str, Any] = {"scenario": titles[scenario], "base": titles[str(net["base"])]}
    said |= {"year": int(net["year"]), "pairs": int(net["pairs"])}
    for gap, row, column in (
        ("net", net, "q50"), ("low", net, "q05"), ("high", net, "q95"), ("gross", gross, "q50"),
    ):  # fmt: skip
        said[gap] = in_words(float(row[column]), "yuan", language)
    columns = ("scenario", "base", "id", "year", "q05", "q50", "q95", "pairs", "verdict")
    traces = tuple(trace for one in rows.values() for trace in of_rows(file, one, columns))
    if net["pairs"] < FEWEST_PAIRS:
        return say("brief.costs_few", language, fewest=FEWEST_PAIRS, **said), traces
    key = "brief.costs" if net["verdict"] in ("more", "less") else "brief.costs_not_visible"
    return say(key, language, **said), traces
