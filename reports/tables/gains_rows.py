"""Who gains by a comparison and who loses, as lines and rows for a person."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ..words.amounts import number
from ..words.of_packages import signed, unit_of
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say, title_of
from .difference_rows import verdict_words

if TYPE_CHECKING:
    import pandas as pd

    from .experiment_folder import Results

__all__ = ["columns_of", "groups_of", "heading", "notes", "part_rows", "part_words"]

_ALL: Final = "all"
_FEWEST_PAIRS: Final = 10


def groups_of(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give the rows of the last year of each breakdown, indicator and scenario, the whole first."""
    for _, rows in table.groupby(["by", "id", "scenario"], sort=False):
        yield rows[rows["year"] == rows["year"].max()]


def part_words(part: str, by: str, province: str, language: Language) -> str:
    """Name a part: a city, a kind of actor, or a size."""
    if part == _ALL:
        return say("gains.whole", language)
    if by != "city":
        return say(f"gains.who_{part}", language)
    from ...scenarios.provinces.pack import load_pack

    cities = load_pack(province).cities.set_index("city")["city_zh"]
    return str(cities[part]) if language == "zh" else part.replace("_", " ").capitalize()


def heading(rows: pd.DataFrame, results: Results, language: Language) -> str:
    """Say what is broken down and what the whole differs by; then who has more, and who has less."""
    whole, titles = rows.iloc[0], results.titles(language)
    words: dict[str, Any] = {
        "title": title_of(results.definitions.of(str(whole["id"])), language),
        "year": int(whole["year"]),
        "by": say(f"gains.by_{whole['by']}", language),
    }
    if (rows["verdict"] == "identical").all():
        return say("gains.untouched", language, **words)
    unit = str(whole["unit"])
    low, high = (signed(float(whole[one]), unit, language) for one in ("q05", "q95"))
    said = say(
        "gains.heading",
        language,
        scenario=titles[str(whole["scenario"])],
        base=titles[str(whole["base"])],
        value=signed(float(whole["mean"]), unit, language),
        low=low,
        high=high,
        pairs=int(whole["pairs"]),
        verdict=verdict_words(str(whole["verdict"]), language),
        **words,
    )
    return " ".join([said, *_sides(rows, results, language)])


def _sides(rows: pd.DataFrame, results: Results, language: Language) -> list[str]:
    """Name who visibly has more, and who visibly has less, by the median future; or that nobody has."""
    said, parts = [], rows[rows["part"] != _ALL]
    for verdict in ("more", "less"):
        names = [
            f"{_name(row, results, language)} {signed(float(row['q50']), str(row['unit']), language)}"
            for row in parts[parts["verdict"] == verdict].to_dict("records")
        ]
        joined = say("amounts.semicolon", language).join(names)
        said.append(
            say(f"gains.{verdict}_part", language, parts=joined)
            if names
            else say(f"gains.nobody_{verdict}", language)
        )
    return said


def columns_of(rows: pd.DataFrame, language: Language) -> list[str]:
    """Give the headings of `part_rows`."""
    return [
        say("gains.head_part", language),
        say("gains.head_mean", language, unit=unit_of(rows, language).label),
        say("advice.head_low", language),
        say("advice.head_high", language),
        say("gains.head_relative", language),
        say("gains.head_more", language),
        say("gains.head_less", language),
        say("advice.head_verdict", language),
    ]


def part_rows(rows: pd.DataFrame, results: Results, language: Language) -> list[list[str]]:
    """Give the whole and its parts, the one with most more first, the one with most less last."""
    divisor = unit_of(rows, language).divisor
    return [
        [
            _name(row, results, language),
            *(number(float(row[one]) / divisor) for one in ("mean", "q05", "q95")),
            _signed_percent(float(row["relative"]), language),
            percent(float(row["share_positive"]), language),
            percent(float(row["share_negative"]), language),
            verdict_words(str(row["verdict"]), language),
        ]
        for row in rows.to_dict("records")
    ]


def notes(table: pd.DataFrame, language: Language) -> list[str]:
    """Say what the columns are, how many parts were looked at at once, and what sizes are."""
    most, pairs = table.iloc[int(table["comparisons"].to_numpy().argmax())], int(table["pairs"].max())
    luck = f"{float(most['by_luck']):.2f}"
    lines = [
        say("gains.sum_note", language),
        say("gains.comparisons", language, comparisons=int(most["comparisons"]), luck=luck),
    ]
    if (table["by"] == "size").any():
        lines.append(say("gains.size_note", language))
    if (table["id"] == "public_cost").any():
        lines.append(say("gains.cost_note", language))
    if pairs < _FEWEST_PAIRS:
        lines.append(say("advice.few", language, pairs=pairs))
    return lines


def _signed_percent(value: float, language: Language) -> str:
    if not math.isfinite(value):
        return "–"
    sign = "-" if value < 0.0 else "+" if value > 0.0 else ""
    return f"{sign}{percent(abs(value), language)}"


def _name(row: Any, results: Results, language: Language) -> str:
    return part_words(str(row["part"]), str(row["by"]), results.province, language)
