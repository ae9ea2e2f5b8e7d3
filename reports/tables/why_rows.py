"""Why a number is what it is, as sentences and rows for a person: nothing that the table does not hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..words.amounts import AxisUnit, amount, axis_unit, number
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say, title_of
from .difference_rows import verdict_words
from .gains_rows import part_words
from .sweep_rows import scenario_title

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

__all__ = ["by_year", "item_of", "notes", "sentences", "tables_of", "told", "unit_of_why"]

Said = tuple[str, pd.DataFrame]

_VISIBLE = ("more", "less")
_MOST = 3
_MOST_PARTS = 4  # a line holds no more names
_FEWEST_PAIRS = 10


def item_of(row: Any, language: Language) -> str:
    """Name a part, a mechanism or a condition."""
    by, item = str(row["by"]), str(row["item"])
    if by in ("kind", "city"):
        return part_words(item, by, str(row["province"]), language)
    return say(f"why.item_{item}", language)


def unit_of_why(table: pd.DataFrame, language: Language) -> AxisUnit:
    """Choose the one unit of a table."""
    return axis_unit(str(table["unit"].iloc[0]), float(table["mean"].abs().max()), language)


def sentences(table: pd.DataFrame, definitions: Definitions, language: Language) -> Iterator[str]:
    """Say what the table carries: the number, its goal, its largest parts, what moves it, what holds it."""
    return (text for text, _ in told(table, definitions, language))


def told(table: pd.DataFrame, definitions: Definitions, language: Language) -> Iterator[Said]:
    """Give each of the `sentences` with the rows that it holds."""
    whole, first = table.iloc[0], table.iloc[:1]
    unit, year = str(whole["unit"]), int(whole["year"])
    title = title_of(definitions.of(str(whole["id"])), language)
    low, value, high = (amount(float(whole[one]), unit, language) for one in ("q05", "mean", "q95"))
    scenario = scenario_title(str(whole["scenario"]), language)
    text = say(
        "why.whole", language, title=title, year=year, scenario=scenario,
        value=value, low=low, high=high, pairs=int(whole["pairs"]),
    )  # fmt: skip
    yield text, first
    yield from ((said, first) for said in _of_goal(whole, definitions, language))
    for by, rows in table[table["section"] == "part"].groupby("by", sort=False):
        largest = rows.iloc[0]
        share = percent(float(largest["share"]), language)
        words = say(f"why.by_{by}", language)
        yield say("why.largest", language, by=words, item=item_of(largest, language), share=share), rows[:1]
    yield from _moved(table, unit, language)


def _of_goal(whole: Any, definitions: Definitions, language: Language) -> Iterator[str]:
    """Say in how many futures it misses or reaches the goal of a target, whichever are more."""
    from ...experiments.explaining.carry_out import goal_of

    chance = float(whole["chance"])
    goal = goal_of(definitions, str(whole["id"]), int(whole["year"]))
    if goal is not None and math.isfinite(chance):
        words = amount(goal, str(whole["unit"]), language)
        missed = chance < 0.5
        share = percent(1.0 - chance if missed else chance, language)
        yield say("why.below" if missed else "why.reaches", language, goal=words, share=share)


def _moved(table: pd.DataFrame, unit: str, language: Language) -> Iterator[Said]:
    """Say which mechanisms visibly move it, and which condition visibly holds it back most."""
    visible = table[table["verdict"].isin(_VISIBLE)]
    without = visible[visible["section"] == "without"]
    for place, row in enumerate(without.head(_MOST).to_dict("records")):
        direction = say("why.less" if row["verdict"] == "more" else "why.more", language)
        text = say(
            "why.without", language, item=item_of(row, language), direction=direction,
            value=amount(abs(float(row["mean"])), unit, language), agree=_agree(row, language),
        )  # fmt: skip
        yield text, without[place : place + 1]
    eased = visible[(visible["section"] == "eased") & (visible["verdict"] == "more")]
    for row in eased.head(1).to_dict("records"):
        text = say(
            "why.eased", language, item=item_of(row, language),
            value=amount(float(row["mean"]), unit, language), agree=_agree(row, language),
        )  # fmt: skip
        yield text, eased[:1]
    tried = table[table["section"].isin(["without", "eased"])]
    if without.empty and eased.empty:
        yield say("why.nothing", language), tried
    elif eased.empty:
        yield say("why.no_condition", language), tried[tried["section"] == "eased"]


def _agree(row: Any, language: Language) -> str:
    positive, zero = float(row["share_positive"]), float(row["share_zero"])
    return percent(positive if row["verdict"] == "more" else 1.0 - positive - zero, language)


def tables_of(table: pd.DataFrame, language: Language) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Give headings and rows of each way in which it is broken down, then of mechanisms and conditions."""
    unit = unit_of_why(table, language)
    bands = [say("advice.head_low", language), say("advice.head_high", language)]
    share = say("why.head_share", language)
    for _, rows in table[table["section"] == "part"].groupby("by", sort=False):
        by = say(f"why.by_{rows['by'].iloc[0]}", language)
        heads = [by, say("why.head_value", language, unit=unit.label), *bands, share]
        yield heads, [_cells(row, unit, language) for row in rows.to_dict("records")]
    for section, value in (
        ("without", "adds"),
        ("eased", "gives"),
    ):
        rows = table[(table["section"] == section) & (table["verdict"] != "identical")]
        if len(rows):
            heads = [
                say(f"why.head_{section}", language),
                say(f"why.head_{value}", language, unit=unit.label),
                *bands,
                say("advice.head_verdict", language),
            ]
            yield (
                heads,
                [
                    [*_cells(row, unit, language)[:-1], verdict_words(str(row["verdict"]), language)]
                    for row in rows.to_dict("records")
                ],
            )


def by_year(table: pd.DataFrame, language: Language) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Give the number and the shares of its parts year by year, a table a way; nothing for one year alone.

    Of a way with many parts the largest of the last year are shown.
    """
    years = table["year"].unique()
    if len(years) < 2:
        return
    unit = unit_of_why(table, language)
    wholes = table[table["section"] == "whole"].set_index("year")
    heads = [say("why.head_year", language), say("why.head_value", language, unit=unit.label)]
    bands = [say("advice.head_low", language), say("advice.head_high", language)]
    rows = [
        [str(year), *(number(float(wholes.loc[year, one]) / unit.divisor) for one in ("mean", "q05", "q95"))]
        for year in years
    ]
    yield [*heads, *bands], rows
    for _, mine in table[table["section"] == "part"].groupby("by", sort=False):
        largest = mine[mine["year"] == years[-1]].head(_MOST_PARTS)
        shares = mine.pivot_table(index="year", columns="item", values="share")[list(largest["item"])]
        names = [item_of(row, language) for row in largest.to_dict("records")]
        cells = [
            [str(year), *(percent(max(0.0, float(share)), language) for share in of_year)]
            for year, of_year in zip(shares.index, shares.to_numpy(), strict=True)
        ]
        yield [heads[0], *names], cells


def _cells(row: Any, unit: AxisUnit, language: Language) -> list[str]:
    values = [number(float(row[one]) / unit.divisor) for one in ("mean", "q05", "q95")]
    share = float(row["share"])
    return [item_of(row, language), *values, percent(max(0.0, share), language)]


def notes(table: pd.DataFrame, language: Language) -> list[str]:
    """Say what the figures rest on, how many were tried at once, and whether futures are few."""
    from ...experiments.forecasting.paired_differences import visible_by_luck

    pairs, tried = int(table["pairs"].max()), int(table["section"].isin(["without", "eased"]).sum())
    luck = f"{tried * visible_by_luck(pairs):.2f}"
    lines = [say("why.note", language), say("why.comparisons", language, comparisons=tried, luck=luck)]
    if pairs < _FEWEST_PAIRS:
        lines.append(say("advice.few", language, pairs=pairs))
    return lines
