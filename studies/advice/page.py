"""The page of advice, in both languages: ten sentences from the tables of `make`, each with its command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ...experiments.forecasting.difference_table import NET_COST
from ...experiments.gaining.gains_table import ALL
from ...experiments.keeping.provenance import basis_of
from ...experiments.planning import door_to_model
from ...experiments.planning.definitions import Definitions
from ...experiments.running.table_command import DEFAULT_FOLDER
from ...reports.tables.box_rows import first_countings, lines_of
from ...reports.tables.gains_rows import part_words
from ...reports.tables.ranking_rows import both_ways, of_quantity
from ...reports.tables.target_table import counting_title
from ...reports.tables.worth_rows import decisions
from ...reports.words.amounts import amount
from ...reports.words.of_packages import item_words, signed
from ...reports.words.phrases import Language, say, title_of
from ..templates import page_of
from .make import COMMANDS, QUESTIONS

__all__ = ["FILES", "PAGES", "page", "tables_of"]

FILES: Final = (COMMANDS,)

PAGES: Final[dict[Language, str]] = {"en": "advice.md", "zh": "advice_zh.md"}
_TEMPLATES: Final[dict[Language, str]] = {"en": "advice/page.md.j2", "zh": "advice/page_zh.md.j2"}

_PLAN: Final = "action_plan"
_NONE: Final = "no_plan"
_CHANCES: Final = "forecast_targets"
_VISIBLE: Final = ("more", "less")
_EVEN: Final = 0.5

Tables = Mapping[str, pd.DataFrame]


def tables_of(province: str, folder: Path = DEFAULT_FOLDER) -> dict[str, pd.DataFrame]:
    """Read the tables of `make.QUESTIONS` that are there for a province, and the chances of its targets."""
    names = [one.name for one in QUESTIONS] + [_CHANCES]
    files = {name: folder / f"{name}_{province}.csv" for name in names}
    return {
        name: pd.read_csv(file).fillna({"counting": ""}) for name, file in files.items() if file.is_file()
    }


def page(
    commands: pd.DataFrame, language: Language, *, province: str = "shaanxi", folder: Path = DEFAULT_FOLDER
) -> str:
    """Make the page in one language.

    Parameters
    ----------
    commands : DataFrame
        ``advice_commands.csv``, with the columns of `make.COLUMNS`.
    language : Language
    province : str
        The one that the plan was written for.
    folder : Path
        Of the tables. Of those of ranking and explanation it is said where they are missing.
    """
    tables = tables_of(province, folder)
    plan = door_to_model.loaded(_PLAN, province=province)
    definitions = door_to_model.judged(door_to_model.model().definitions, plan)
    targets = list(_targets(tables, definitions, language))
    countings = list(_countings(tables[_CHANCES], definitions, language))
    worth = pd.concat(decisions(tables["worth"], definitions))
    moved_by_plan = {one["title"]: one["chance"] - one["without"] for one in targets}
    return page_of(
        _TEMPLATES[language],
        {
            "of_today": set(commands[commands["province"] == province]["basis"]) == {basis_of(plan)},
            "pairs": int(tables["differences"]["pairs"].max()),
            "targets": targets,
            "anyway": [one for one in targets if one["without"] >= _EVEN],
            "unlikely": [one for one in targets if max(one["without"], one["chance"]) < _EVEN],
            "moved": [one for one in targets if one["verdict"] in _VISIBLE],
            "unmoved": [one for one in targets if one["verdict"] not in _VISIBLE],
            "countings": countings,
            "counted_more": sum(one["spread"] > moved_by_plan[one["title"]] for one in countings),
            "gains": list(_gains(tables.get("who_gains"), definitions, language)),
            "cost": _cost(tables["differences"], language),
            "ranking": _ranking(tables.get("ranking"), definitions, language),
            "boxes": list(_boxes(tables["boxes"], definitions, plan, language)),
            "worth": list(_worth(worth, definitions, language)),
            "asked_of_statistics": len(worth),
            "why": _why(tables.get("why"), language),
            "commands": commands.to_dict("records"),
        },
    )


def _first(definitions: Definitions) -> dict[str, str]:
    """Give the first way of counting of each target."""
    return {name: next(iter(target.countings)) for name, target in definitions.targets.items()}


def _targets(tables: Tables, definitions: Definitions, language: Language) -> Iterator[dict[str, Any]]:
    """Give of each target, as first counted, its chances and what the plan changes of it."""
    chances = tables[_CHANCES].query("forecast == 'forecast'")
    moved = tables["differences"].query("kind == 'target'")
    for name, counting in _first(definitions).items():
        mine = chances[(chances["target"] == name) & (chances["counting"] == counting)]
        chance = mine.set_index("scenario")["probability"]
        row = moved[(moved["id"] == name) & (moved["counting"] == counting)].iloc[0]
        target = definitions.targets[name]
        yield {
            "id": name,
            "title": title_of(target, language),
            "goal": amount(target.goal, target.unit, language),
            "chance": float(chance[_PLAN]),
            "without": float(chance[_NONE]),
            "verdict": row["verdict"],
            "positive": float(row["share_positive"]),
            "smallest": amount(float(row["smallest_visible"]), target.unit, language),
            **_band(row, target.unit, language),
        }


def _countings(
    chances: pd.DataFrame, definitions: Definitions, language: Language
) -> Iterator[dict[str, Any]]:
    """Give the chance of each target with the plan in each way of counting it, where there are several."""
    mine = chances[(chances["forecast"] == "forecast") & (chances["scenario"] == _PLAN)]
    for name, rows in mine.groupby("target", sort=False):
        if len(rows) > 1:
            target = definitions.targets[str(name)]
            yield {
                "title": title_of(target, language),
                "spread": float(np.ptp(rows["probability"].to_numpy())),
                "ways": [
                    {"title": counting_title(target, str(row.counting), language), "chance": row.probability}
                    for row in rows.itertuples()
                ],
            }


def _band(row: Any, unit: str, language: Language) -> dict[str, str]:
    """Write a difference and its band, with signs."""
    low, median, high = (signed(float(row[one]), unit, language) for one in ("q05", "q50", "q95"))
    return {"low": low, "median": median, "high": high}


def _gains(
    table: pd.DataFrame | None, definitions: Definitions, language: Language
) -> Iterator[dict[str, Any]]:
    """Give what is no target and is visibly moved in the last year, and which cities visibly gain or lose."""
    if table is None:
        return
    of_targets = {target.indicator for target in definitions.targets.values()}
    last = table[(table["by"] == "city") & (table["year"] == table["year"].max())]
    for name, rows in last[~last["id"].isin(of_targets)].groupby("id", sort=False):
        whole, cities = rows[rows["part"] == ALL].iloc[0], rows[rows["part"] != ALL]
        if whole["verdict"] in _VISIBLE:
            moved = cities[cities["verdict"].isin(_VISIBLE)]
            yield {
                "title": title_of(definitions.of(str(name)), language),
                "cities": [
                    part_words(str(city), "city", str(whole["province"]), language) for city in moved["part"]
                ],
                **_band(whole, str(whole["unit"]), language),
            }


def _cost(differences: pd.DataFrame, language: Language) -> dict[str, str]:
    """Give what the plan costs treasuries net, to the end of the scenario."""
    row = differences[(differences["kind"] == "cost") & (differences["id"] == NET_COST)].iloc[0]
    words = {one: amount(float(row[one]), "yuan", language) for one in ("q05", "q50", "q95")}
    return {"low": words["q05"], "median": words["q50"], "high": words["q95"]}


def _ranking(table: pd.DataFrame | None, definitions: Definitions, language: Language) -> Any:
    """Give the first tasks of each target within the plan, and how many tasks move none visibly."""
    if table is None:
        return None
    first, visible = [], set()
    for name, counting in _first(definitions).items():
        rows = of_quantity(table, "task", name, counting)
        mine = [pair[1] for pair in both_ways(rows) if pair[1]["verdict"] in _VISIBLE]
        visible |= {
            str(row["item"]) for pair in both_ways(rows) for row in pair if row["verdict"] in _VISIBLE
        }
        unit = definitions.targets[name].unit
        first.append(
            {
                "title": title_of(definitions.targets[name], language),
                "tasks": [
                    {
                        "title": item_words(str(row["item"]), language),
                        **_band(row, unit, language),
                        "net": amount(float(row["net_cost_mean"]), "yuan", language),
                        "evidence": row["evidence"],
                    }
                    for row in sorted(mine, key=lambda row: -abs(float(row["mean"])))[:2]
                ],
            }
        )
    items = {str(item) for item in table[table["by"] == "task"]["item"]}
    return {
        "targets": first,
        "ranked": len(items),
        "visible": len(visible),
        "pairs": int(table["pairs"].max()),
        "comparisons": int(table["comparisons"].max()),
    }


def _boxes(table: pd.DataFrame, definitions: Definitions, plan: Any, language: Language) -> Iterator[str]:
    """Say when a goal is missed or met otherwise than mostly, where a box is better than chance."""
    of_goals = table["conclusion"].isin(["missed", "met"]) & (table["verdict"] == "better than chance")
    mine = first_countings(table[of_goals & (table["scenario"] == _PLAN)], definitions)
    for _, rows in mine.assign(scenario=title_of(plan, language)).groupby("target", sort=False):
        yield " ".join(lines_of(rows, plan.parameter_table(), definitions, language))


def _worth(table: pd.DataFrame, definitions: Definitions, language: Language) -> Iterator[dict[str, Any]]:
    """Give the statistics that are worth something for a target."""
    for row in table[table["verdict"] == "worth something"].to_dict("records"):
        yield {
            "target": title_of(definitions.targets[str(row["target"])], language),
            "statistic": row[f"title_{language}"],
            "value": amount(float(row["value"]), "yuan", language),
            "low": amount(float(row["q05"]), "yuan", language),
            "high": amount(float(row["q95"]), "yuan", language),
            "share": float(row["share_of_perfect"]),
        }


def _why(table: pd.DataFrame | None, language: Language) -> Any:
    """Give by which channel and by whom turnover of the last year comes about, and what visibly moves it."""
    if table is None:
        return None
    last = table[table["year"] == table["year"].max()]
    parts = last[last["section"] == "part"]
    share = {(str(row.by), str(row.item)): float(row.share) for row in parts.itertuples()}
    moved = last[last["section"].isin(["without", "eased"]) & last["verdict"].isin(_VISIBLE)]
    return {
        "year": int(last["year"].iloc[0]),
        "pairs": int(last["pairs"].max()),
        "outside": share["channel", "outside"],
        "broker": share["channel", "broker"],
        "enterprise": share["kind", "enterprise"],
        "university": share["kind", "university"],
        "tried": int(last["section"].isin(["without", "eased"]).sum()),
        "moved": [say(f"why.item_{item}", language) for item in moved["item"]],
    }
