"""What an attribution found, as lines and rows for a person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..words.amounts import number
from ..words.of_packages import item_words, quantity_words, signed, unit_of
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say
from .difference_rows import verdict_words

if TYPE_CHECKING:
    from ...experiments.attributing.finished_attribution import Attribution
    from ...experiments.planning.definitions import Definitions

__all__ = [
    "columns_of",
    "heading",
    "in_order",
    "notes",
    "nothing_lines",
    "of_quantity",
    "pair_lines",
    "part_rows",
    "whole_line",
]

_NAMED_PAIRS: Final = 3
_FEWEST_PAIRS: Final = 10


def of_quantity(table: pd.DataFrame, name: str, counting: str) -> pd.DataFrame:
    """Give the rows of one quantity."""
    return table[(table["id"] == name) & (table["counting"] == counting)]


def heading(folder: Path, rows: pd.DataFrame, language: Language) -> str:
    """Say what all levers of the scenario of a folder do to one quantity."""
    from .experiment_folder import definitions_of, scenario_title

    return whole_line(rows, scenario_title(folder, language), definitions_of(folder), language)


def whole_line(rows: pd.DataFrame, scenario: str, definitions: Definitions, language: Language) -> str:
    """Say what all levers of a scenario do to one quantity; ``scenario`` is its title."""
    whole = rows[rows["level"] == "whole"].to_dict("records")[0]
    words: dict[str, Any] = {"title": quantity_words(whole, definitions, language), "year": whole["year"]}
    if (rows["verdict"] == "identical").all():
        return say("advice.untouched", language, **words)
    value, low, high = (
        signed(float(whole[one]), str(whole["unit"]), language) for one in ("mean", "q05", "q95")
    )
    verdict = verdict_words(str(whole["verdict"]), language)
    return say(
        "advice.whole", language, scenario=scenario, value=value, low=low, high=high,
        pairs=whole["pairs"], verdict=verdict, **words,
    )  # fmt: skip


def columns_of(rows: pd.DataFrame, language: Language) -> list[str]:
    """Give the headings of `part_rows`."""
    value = say("advice.head_value", language, unit=unit_of(rows, language).label)
    others = ("low", "high", "error", "share", "verdict")
    return [
        say("advice.head_item", language),
        value,
        *(say(f"advice.head_{one}", language) for one in others),
    ]


def part_rows(rows: pd.DataFrame, language: Language) -> list[list[str]]:
    """Give a row for each project, the largest first, with its tasks below it in the same order."""
    divisor = unit_of(rows, language).divisor
    found = []
    for row in in_order(rows).to_dict("records"):
        words = item_words(str(row["item"]), language)
        numbers = (float(row[one]) / divisor for one in ("mean", "q05", "q95", "standard_error"))
        share = float(row["share"])
        found.append(
            [
                words if row["level"] == "project" else f"    {words}",
                *map(number, numbers),
                "–" if np.isnan(share) else _percent(share, language),
                verdict_words(str(row["verdict"]), language),
            ]
        )
    return found


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Put projects in the order of their values, the largest first, each followed by its tasks.

    What adds nothing in any future is left out.
    """
    rows = rows[rows["verdict"] != "identical"]
    projects = rows[rows["level"] == "project"].sort_values("mean", ascending=False, kind="stable")
    tasks = rows[rows["level"] == "task"].sort_values("mean", ascending=False, kind="stable")
    pieces = []
    for project in projects["item"]:
        pieces += [projects[projects["item"] == project], tasks[tasks["other"] == project]]
    found: pd.DataFrame = pd.concat(pieces, ignore_index=True)
    return found


def nothing_lines(rows: pd.DataFrame, language: Language) -> list[str]:
    """Name the tasks that add nothing in any future, in the plan's order."""
    none = rows[(rows["level"] == "task") & (rows["verdict"] == "identical")]
    if none.empty:
        return []
    items = say("amounts.semicolon", language).join(item_words(str(item), language) for item in none["item"])
    return [say("advice.nothing", language, items=items)]


def pair_lines(rows: pd.DataFrame, language: Language) -> list[str]:
    """Name the pairs that visibly help or hinder each other, the strongest first."""
    pairs = rows[rows["level"] == "pair"]
    lines = []
    for verdict, key in (("more", "help"), ("less", "hinder")):
        mine = pairs[pairs["verdict"] == verdict]
        mine = mine.reindex(mine["mean"].abs().sort_values(ascending=False, kind="stable").index)
        named = [_pair_words(row, language) for row in mine.head(_NAMED_PAIRS).to_dict("records")]
        if named:
            joined = say("amounts.semicolon", language).join(named)
            lines.append(say("advice.help" if key == "help" else "advice.hinder", language, pairs=joined))
    return lines or [say("advice.no_pairs", language)]


def notes(done: Attribution, language: Language) -> list[str]:
    """Say what has to be known to read the table."""
    pairs = int(done.table["pairs"].iloc[0])
    lines = [say("advice.parts_note", language)]
    if pairs < _FEWEST_PAIRS:
        lines.append(say("advice.few", language, pairs=pairs))
    if done.failed:
        facts = {"failed": done.failed, "pairs": pairs, "file": done.folder / "failures.csv"}
        lines.append(say("advice.left_out", language, **facts))
    return lines


def _pair_words(row: Any, language: Language) -> str:
    one, other = (item_words(str(row[name]), language) for name in ("item", "other"))
    pair = say("advice.two", language, one=one, other=other)
    value = signed(float(row["mean"]), str(row["unit"]), language)
    return say("advice.pair_value", language, pair=pair, value=value)


def _percent(share: float, language: Language) -> str:
    """Write a share of the whole, which may be below zero or above one."""
    words = percent(min(abs(share), 1.0), language) if abs(share) <= 1.0 else None
    text = words or say("amounts.percent", language, number=f"{100.0 * abs(share):.0f}")
    return f"-{text}" if share < 0.0 else text
