"""What statistics are worth, as rows and lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..words.amounts import AxisUnit, amount, axis_unit, number
from ..words.of_packages import quantity_words
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say
from .box_rows import FEW, first_countings

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

__all__ = ["columns_of", "decision_lines", "decisions", "notes", "unit_of_value", "worth_rows"]


def decisions(table: pd.DataFrame, definitions: Definitions) -> Iterator[pd.DataFrame]:
    """Give the rows of each decision that is shown: targets as first counted, at the first price."""
    shown = first_countings(table, definitions)
    for _, rows in shown.groupby(["scenario", "target"], sort=False):
        yield rows[rows["price"] == rows["price"].iloc[0]]


def decision_lines(rows: pd.DataFrame, definitions: Definitions, language: Language) -> list[str]:
    """Say which decision it is, what is best without a statistic, and what knowing all would be worth."""
    first = rows.iloc[0].to_dict()
    title = quantity_words(
        {"kind": "target", "id": first["target"], "counting": first["counting"]}, definitions, language
    )
    return [
        say(
            "worth.decision",
            language,
            scenario=first["scenario"],
            base=first["base"],
            title=title,
            year=int(first["year"]),
            price=amount(float(first["price"]), "yuan", language),
            times=_times(float(first["over_break_even"]), language),
        ),
        say(
            "worth.perfect",
            language,
            decision=say(f"worth.choice_{str(first['decision']).replace(' ', '_')}", language),
            perfect=amount(float(first["perfect"]), "yuan", language),
        ),
        say("worth.luck", language, luck=amount(float(first["by_luck"]), "yuan", language)),
    ]


def _times(over_break_even: float, language: Language) -> str:
    if over_break_even == 1.0:
        return say("worth.at_even", language)
    return say("worth.times", language, times=number(over_break_even))


def unit_of_value(rows: pd.DataFrame, language: Language) -> AxisUnit:
    """Choose the unit of money in which values are shown."""
    return axis_unit("yuan", float(rows[["value", "q95", "by_luck"]].to_numpy().max()), language)


def columns_of(rows: pd.DataFrame, language: Language) -> list[str]:
    """Give the headings of `worth_rows`."""
    return [
        say("worth.head_rank", language),
        say("worth.head_statistic", language),
        say("worth.head_value", language, unit=unit_of_value(rows, language).label),
        say("worth.head_low", language),
        say("worth.head_high", language),
        say("worth.head_share", language),
        say("worth.head_cost", language),
        say("worth.head_verdict", language),
    ]


def worth_rows(rows: pd.DataFrame, language: Language) -> list[list[str]]:
    """Give a row for each statistic of a decision, the one that is worth most first."""
    divisor = unit_of_value(rows, language).divisor
    return [
        [
            str(row["rank"]),
            str(row[f"title_{language}"]),
            *(number(float(row[one]) / divisor) for one in ("value", "q05", "q95")),
            percent(float(row["share_of_perfect"]), language),
            say("worth.nobody_says", language)
            if np.isnan(row["cost"])
            else amount(row["cost"], "yuan", language),
            say(f"worth.verdict_{str(row['verdict']).replace(' ', '_')}", language),
        ]
        for row in rows.to_dict("records")
    ]


def notes(table: pd.DataFrame, language: Language) -> list[str]:
    """Say what the price is, and what the values rest on."""
    lines = [say("worth.price", language), say("worth.belief", language), say("worth.errors", language)]
    futures = int(table["futures"].max())
    if futures < FEW:
        lines.append(say("worth.few", language, futures=futures))
    return lines
