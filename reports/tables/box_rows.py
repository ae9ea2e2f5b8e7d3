"""What a discovery found, as sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..words.amounts import number
from ..words.of_inputs import input_words, limit_words
from ..words.of_packages import quantity_words
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

__all__ = [
    "ONE",
    "conclusion_words",
    "first_countings",
    "lines_of",
    "notes",
    "parameters_of",
    "robustness_line",
]

ONE: Final = ["scenario", "kind", "target", "counting"]
"""Columns that say which conclusion a row is of."""

FEW: Final = 400


def parameters_of(folder: Path, scenario: str) -> Mapping[str, Any]:
    """Give the parameters of a scenario of a forecast, with their titles."""
    from ...experiments.forecasting.frame_of_runs import worlds_in
    from ...experiments.keeping.store import Store

    return worlds_in(Store(folder))[scenario].parameter_table()


def first_countings(table: pd.DataFrame, definitions: Definitions) -> pd.DataFrame:
    """Give the rows of each target as it is first counted."""
    first = {name: next(iter(target.countings)) for name, target in definitions.targets.items()}
    return table[table["counting"] == table["target"].map(first)]


def conclusion_words(row: Mapping[Any, Any], definitions: Definitions, language: Language) -> str:
    """Say a conclusion."""
    title = quantity_words(
        {"kind": "target", "id": row["target"], "counting": row["counting"]}, definitions, language
    )
    key = f"discover.conclusion_{str(row['conclusion']).replace('not more', 'not_more')}"
    return say(key, language, title=title, **{name: row[name] for name in _gaps(row)})


def _gaps(row: Mapping[Any, Any]) -> list[str]:
    return ["year", "scenario", "base"] if row["base"] else ["year", "scenario"]


def robustness_line(row: Mapping[Any, Any], definitions: Definitions, language: Language) -> str:
    """Say in how many futures a conclusion holds."""
    low, high = (percent(float(row[side]), language) for side in ("holds_low", "holds_high"))
    return say(
        "discover.holds",
        language,
        conclusion=conclusion_words(row, definitions, language),
        share=percent(float(row["holds"]), language),
        futures=int(row["futures"]),
        low=low,
        high=high,
    )


def lines_of(
    rows: pd.DataFrame, parameters: Mapping[str, Any], definitions: Definitions, language: Language
) -> Iterator[str]:
    """Say of one conclusion how robust it is, then of each of its boxes when it flips."""
    first = rows.iloc[0].to_dict()
    yield robustness_line(first, definitions, language)
    if first["verdict"] == "nothing flips it":
        yield say("discover.nothing_flips", language)
    elif first["verdict"] == "too few cases":
        yield say("discover.few_cases", language, flips=int(first["flips"]), futures=int(first["futures"]))
    else:
        found = rows[rows["verdict"] == "better than chance"]
        for _, box in (found if len(found) else rows).groupby("box"):
            yield _box_line(box, parameters, definitions, language)


def _box_line(
    box: pd.DataFrame, parameters: Mapping[str, Any], definitions: Definitions, language: Language
) -> str:
    row = box.iloc[0].to_dict()
    if box[["low", "high"]].isna().to_numpy().all():
        inputs = say("amounts.semicolon", language).join(
            say(
                "discover.scored",
                language,
                input=input_words(str(one["input"]), parameters, definitions, language),
                score=f"{float(one['score']):.3f}",
            )
            for one in box.to_dict("records")
        )
        return say("discover.no_limit", language, inputs=inputs, luck=f"{float(row['score_by_luck']):.3f}")
    if row["verdict"] == "too few to tell":
        return say("discover.too_few", language, inside=int(row["inside"]))
    low, high = (percent(float(row[side]), language) for side in ("density_low", "density_high"))
    said = {
        "inside": int(row["inside"]),
        "density": percent(float(row["density"]), language),
        "low": low,
        "high": high,
        "base_rate": percent(float(row["base_rate"]), language),
    }
    if row["verdict"] == "no better than chance":
        return say("discover.no_better", language, **said)
    limits = say("discover.and", language).join(
        limit_words(one, parameters, definitions, language) for one in box.to_dict("records")
    )
    return say(
        "discover.flips", language, limits=limits, coverage=percent(float(row["coverage"]), language), **said
    )


def notes(table: pd.DataFrame, language: Language) -> list[str]:
    """Say how boxes are judged, and what they cannot say."""
    first = table.iloc[0]
    luck = number(float(first["by_luck"]))
    lines = [
        say("discover.judged", language, comparisons=int(first["comparisons"]), luck=luck),
        say("discover.what_flips", language),
    ]
    futures = int(table["futures"].max())
    if futures < FEW:
        lines.append(say("discover.few", language, futures=futures))
    return lines
