"""What a search found, as lines and rows for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..words.amounts import amount
from ..words.of_packages import item_words, quantity_words
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say, title_of

if TYPE_CHECKING:
    from ...experiments.planning.definitions import Definitions
    from ...experiments.searching.finished_search import Wanted

__all__ = [
    "ANSWERS",
    "answer_line",
    "front_columns",
    "front_of",
    "front_rows",
    "goals_in_words",
    "lever_columns",
    "lever_rows",
    "notes",
    "role_words",
]

ANSWERS = ("without", "cheapest", "best")
_FEW = 50


def front_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a record for each package that was confirmed: chance, cost, how many levers it moves."""
    packages: list[dict[str, Any]] = []
    for _, rows in table.groupby("package", sort=False):
        whole = rows[rows["kind"] == "goals"].iloc[0]
        net, gross = (rows[rows["id"] == name].iloc[0] for name in ("public_cost", "public_cost_gross"))
        packages.append(
            {
                **{name: whole[name] for name in ("scenario", "role", "chance", "chance_low", "chance_high")},
                "searched": whole["chance_searched"],
                "net": float(net["mean"]),
                "net_low": float(net["q05"]),
                "net_high": float(net["q95"]),
                "gross": float(gross["mean"]),
                "levers": int((rows["kind"] == "lever").sum()),
            }
        )
    return packages


def goals_in_words(table: pd.DataFrame, definitions: Definitions, language: Language) -> str:
    """Name what is to be reached, all of it."""
    first = table[table["package"] == table["package"].iloc[0]]
    goals = first[first["kind"].isin(["target", "indicator"])].to_dict("records")
    words = [
        say(
            "search.goal",
            language,
            title=quantity_words(row, definitions, language),
            goal=amount(float(row["goal"]), str(row["unit"]), language),
            year=int(row["year"]),
        )
        for row in goals
    ]
    return say("amounts.semicolon", language).join(words)


def answer_line(table: pd.DataFrame, wanted: Wanted, definitions: Definitions, language: Language) -> str:
    """Say what was found."""
    found = next(one for one in front_of(table) if one["role"] in ANSWERS)
    words: dict[str, Any] = {
        "goals": goals_in_words(table, definitions, language),
        "chance": percent(found["chance"], language),
        "low": percent(found["chance_low"], language),
        "high": percent(found["chance_high"], language),
        "net": amount(found["net"], "yuan", language),
        "gross": amount(found["gross"], "yuan", language),
        "wanted": percent(wanted.chance, language),
        "futures": wanted.futures,
    }
    answer = str(table["answer"].iloc[0])
    if answer == "without":
        return say("search.without", language, **words)
    if answer == "cheapest":
        return say("search.cheapest", language, **words)
    if wanted.budget is None:
        return say("search.out_of_reach", language, **words)
    return say("search.out_of_budget", language, budget=amount(wanted.budget, "yuan", language), **words)


def role_words(one: dict[str, Any], language: Language) -> str:
    """Say what a package is."""
    return say(f"search.role_{one['role']}", language, scenario=one["scenario"])


def front_columns(language: Language) -> list[str]:
    """Give the headings of `front_rows`."""
    return [
        say("search.head_role", language),
        say("search.head_chance", language),
        say("search.head_low", language),
        say("search.head_high", language),
        say("search.head_searched", language),
        say("search.head_net", language),
        say("search.head_gross", language),
        say("search.head_levers", language),
    ]


def front_rows(table: pd.DataFrame, language: Language) -> list[list[str]]:
    """Give a row for each package, the cheapest first."""
    return [
        [
            role_words(one, language),
            *(percent(one[name], language) for name in ("chance", "chance_low", "chance_high")),
            percent(one["searched"], language),
            amount(one["net"], "yuan", language),
            amount(one["gross"], "yuan", language),
            "–" if one["role"] == "plan" else str(one["levers"]),
        ]
        for one in front_of(table)
    ]


def lever_columns(language: Language) -> list[str]:
    """Give the headings of `lever_rows`."""
    return [
        say("search.head_lever", language),
        say("search.head_value", language),
        say("search.head_without", language),
        say("search.head_range", language),
        say("search.head_state", language),
    ]


def lever_rows(table: pd.DataFrame, definitions: Definitions, language: Language) -> list[list[str]]:
    """Give a row for each lever of the package that answers."""
    mine = table[table["role"].isin(ANSWERS) & (table["kind"] == "lever")]
    rows = []
    for row in mine.to_dict("records"):
        unit = str(row["unit"])
        value, without, low, high = (
            amount(float(row[name]), unit, language) for name in ("value", "without", "low", "high")
        )
        bounds = say("search.bounds", language, low=low, high=high)
        rows.append(
            [item_words(str(row["id"]), language), value, without, bounds, _held(row, definitions, language)]
        )
    return rows


def _held(row: dict[Any, Any], definitions: Definitions, language: Language) -> str:
    """Say of a lever that more of it brings nothing, and which stock is used up, or idle."""
    if not row["state"]:
        return ""
    state = say(f"search.state_{row['state']}", language)
    stocks = []
    for part in filter(None, str(row["held_by"]).split("; ")):
        name, _, use = part.partition("=")
        title = (
            title_of(definitions.of(name), language)
            if name in definitions.indicators
            else say(f"search.scarce_{name}", language)
        )
        stocks.append(say("search.stock", language, title=title, use=percent(float(use), language)))
    if not stocks:
        return state
    return say(
        "search.held_by", language, state=state, stocks=say("amounts.semicolon", language).join(stocks)
    )


def notes(table: pd.DataFrame, wanted: Wanted, language: Language) -> list[str]:
    """Say what was searched, what the chances are of, and what a search cannot say."""
    lines = [say("search.confirmed", language, seed=wanted.seed)]
    if str(table["answer"].iloc[0]) != "without":
        lines += [say("search.searched", language), say("search.no_proof", language)]
    if wanted.futures < _FEW:
        lines.append(say("search.few", language, futures=wanted.futures))
    return lines
