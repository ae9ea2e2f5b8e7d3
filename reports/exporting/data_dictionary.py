"""What stands in an experiment's tables, for colleagues who read them without this package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..words.phrases import SIDE_BY_SIDE, Language, say, word_or

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions

COLUMNS: Final = (
    "table",
    "column",
    "indicator",
    "unit",
    "kind",
    "title_en",
    "title_zh",
    "definition_en",
    "definition_zh",
)
"""Columns of the dictionary: a row tells of a column of a table, or of an indicator."""


_RUN: Final = {"run_id": "", "scenario": "", "future": "", "seed": ""}
_ROWS: Final = {**_RUN, "year": "year", "quarter": "quarter", "indicator": "", "value": "of the indicator"}


def _quantiles(percents: Iterable[int], unit: str) -> dict[str, str]:
    return {f"q{percent:02d}": unit for percent in percents}


TABLES: Final[dict[str, dict[str, str]]] = {
    "targets": {
        "province": "",
        "scenario": "",
        "target": "",
        "counting": "",
        "unit": "",
        "goal": "of the target",
        "probability": "fraction",
        "probability_low": "fraction",
        "probability_high": "fraction",
        **_quantiles((5, 25, 50, 75, 95), "of the target"),
        "first_year_median": "year",
    },
    "indicators": {
        "province": "",
        "scenario": "",
        "indicator": "",
        "unit": "",
        "year": "year",
        **_quantiles((5, 10, 25, 50, 75, 90, 95), "of the indicator"),
        "mean": "of the indicator",
        "runs": "count",
    },
    "differences": {
        "province": "",
        "base": "",
        "scenario": "",
        "kind": "",
        "id": "",
        "counting": "",
        "unit": "",
        "year": "year",
        **_quantiles((5, 10, 25, 50, 75, 90, 95), "of the row"),
        "mean": "of the row",
        "share_positive": "fraction",
        "share_zero": "fraction",
        "pairs": "count",
        "smallest_visible": "of the row",
        "verdict": "",
    },
    "failures": {**_RUN, "kind": "", "message": "", "replay": ""},
    "runs": _ROWS,
    "predictive": _ROWS,
    "years": {name: unit for name, unit in _ROWS.items() if name not in ("quarter", "seed")},
    "manifest": {"entry": "", "value": ""},
}
"""Unit of each column, by table and column."""

_MEANT: Final = {
    ("targets", "unit"): "unit_of_target",
    ("indicators", "unit"): "unit_of_indicator",
    ("indicators", "year"): "whole_year",
    ("differences", "id"): "id_of_difference",
    ("differences", "kind"): "kind_of_difference",
    ("differences", "mean"): "mean_of_pairs",
    ("differences", "unit"): "unit_of_difference",
    ("differences", "year"): "year_of_difference",
    ("years", "year"): "whole_year",
    ("years", "value"): "value_of_year",
    ("manifest", "value"): "value_of_entry",
}
"""What a column means in a table where its name alone does not say it."""


def meaning_of(table: str, column: str, language: Language) -> str:
    """Say what a column of a table holds."""
    if column in _quantiles(range(100), ""):
        return say("exports.quantile", language, percent=int(column[1:]))
    return say(f"exports.column_{_MEANT.get((table, column), column)}", language)


def heading_of(column: str, language: Language) -> str:
    """Give the heading of a column in a workbook: its name, in Chinese a word for it where there is one.

    Examples
    --------
    >>> heading_of("probability_low", "en"), heading_of("q05", "en")
    ('probability_low', 'q05')
    """
    if column in _quantiles(range(100), ""):
        return say("exports.head_quantile", language, percent=int(column[1:]))
    return word_or(f"exports.head_{column}", language, column)


def column_rows(tables: Iterable[str]) -> pd.DataFrame:
    """List the columns of some tables, in the form of `COLUMNS`."""
    rows = [
        (table, column, "", unit, "", "", "", *(meaning_of(table, column, one) for one in SIDE_BY_SIDE))
        for table in tables
        for column, unit in TABLES[table].items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def indicator_rows(names: Iterable[str], definitions: Definitions, cities: dict[str, str]) -> pd.DataFrame:
    """List indicators, in the form of `COLUMNS`.

    ``names`` are those of the rows (``contract_value_output.xian`` is one city's), ``cities`` the Chinese
    name of each city.
    """
    rows = []
    for name in names:
        of = definitions.of(name)
        city = name.partition(".")[2]
        titles = [str(getattr(of, f"title_{language}", name)) for language in SIDE_BY_SIDE]
        if city:
            in_words = (city, cities.get(city, city))
            titles = [
                say("exports.of_city", language, title=title, city=called)
                for language, title, called in zip(SIDE_BY_SIDE, titles, in_words, strict=True)
            ]
        meanings = (str(getattr(of, "definition", "")), str(getattr(of, "definition_zh", "")))
        rows.append(("", "", name, of.unit, of.kind, *titles, *meanings))
    return pd.DataFrame(rows, columns=list(COLUMNS))
