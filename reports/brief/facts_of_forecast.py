"""From the tables of a forecast to the facts of each target, with the rows that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ...experiments.keeping.store import DIFFERENCES, INDICATORS, TARGETS
from ..tables.target_table import TargetRow, counting_title, rows_of
from ..words.phrases import NOT_IDENTIFIED, Language, say
from .parts import Trace, of_rows
from .sentences_of_targets import Chance, TargetFacts

if TYPE_CHECKING:
    from ..tables.experiment_folder import Results

__all__ = ["Told", "scenarios_in_question", "told_of_targets"]

_OF_TARGETS = ("scenario", "target", "counting", "probability", "probability_low", "probability_high")
_QUANTILES = ("q05", "q50", "q95")
_OF_DIFFERENCES = ("scenario", "base", "id", "counting", *_QUANTILES, "pairs", "verdict")


class Told(NamedTuple):
    """A target with its facts and the rows that hold them."""

    target: str
    facts: TargetFacts
    traces: tuple[Trace, ...]


def scenarios_in_question(results: Results) -> list[str]:
    """Name the scenarios that are judged: all but the base."""
    names = list(results.scenarios)
    return names[:-1] if len(names) > 1 else names


def told_of_targets(results: Results, scenario: str, folder: str, language: Language) -> Iterator[Told]:
    """Give each modelled target of a scenario, as first counted.

    Parameters
    ----------
    results : Results
    scenario : str
    folder : str
        As it was given; for the traces.
    language : Language
    """
    shown = {(row.target, row.counting, row.scenario): row for row in rows_of(results, language)}
    for name, target in results.definitions.targets.items():
        titles = [counting_title(target, one, language) for one in target.countings]
        first = shown.get((name, titles[0], scenario))
        if first is not None:
            without = shown.get((name, titles[0], str(results.against))) if results.against else None
            others = [shown.get((name, title, scenario)) for title in titles[1:]]
            yield _told(results, first, without, [one for one in others if one], folder, language)


def _told(
    results: Results,
    row: TargetRow,
    without: TargetRow | None,
    others: list[TargetRow],
    folder: str,
    language: Language,
) -> Told:
    counting, indicator = next(iter(results.definitions.targets[row.target].countings.items()))
    moved = _difference(results, row, counting)
    traces = of_rows(f"{folder}/{TARGETS}", _target_rows(results, row), (*_OF_TARGETS, *_QUANTILES))
    met_before = say("targets.met_before", language) in row.remarks
    before = results.plan_start.year - 1
    if met_before:
        table = results.indicators
        at = table[
            (table["scenario"] == row.scenario)
            & (table["indicator"] == indicator)
            & (table["year"] == before)
        ]
        traces += of_rows(f"{folder}/{INDICATORS}", at, ("scenario", "indicator", "year", "q05"))
    traces += of_rows(f"{folder}/{DIFFERENCES}", moved, _OF_DIFFERENCES)
    difference: dict[str, Any] = {}
    if len(moved):
        first: Any = moved.iloc[0]
        difference = {
            "moved": tuple(float(first[one]) for one in _QUANTILES),
            "verdict": str(first["verdict"]),
            "pairs": int(first["pairs"]),
            "smallest_visible": float(first["smallest_visible"]),
        }
    titles = results.titles(language)
    facts = TargetFacts(
        title=row.title,
        scenario=titles[row.scenario],
        base=titles[str(results.against)] if results.against else "",
        counting=row.counting,
        unit=row.unit,
        goal=row.goal,
        year=row.year,
        year_before=before,
        chance=_chance(row),
        values=(row.low, row.median, row.high),
        without=_chance(without) if without is not None and len(moved) else None,
        met_before=met_before,
        not_identified=row.target in NOT_IDENTIFIED,
        without_error=row.without_error,
        others=tuple((one.counting, _chance(one)) for one in others),
        with_goal=not results.written_for,
        **difference,
    )
    return Told(row.target, facts, traces)


def _chance(row: TargetRow) -> Chance:
    return Chance(row.probability, row.probability_low, row.probability_high)


def _target_rows(results: Results, row: TargetRow) -> pd.DataFrame:
    """Give the rows of a target in a scenario and in the base, by every way of counting."""
    table = results.targets
    mine = table[(table["target"] == row.target) & table["probability"].notna()]
    first = next(iter(results.definitions.targets[row.target].countings))
    of_base = (mine["scenario"] == results.against) & (mine["counting"] == first)
    return mine[(mine["scenario"] == row.scenario) | of_base]


def _difference(results: Results, row: TargetRow, counting: str) -> pd.DataFrame:
    table = results.differences
    return table[
        (table["kind"] == "target")
        & (table["id"] == row.target)
        & (table["counting"] == counting)
        & (table["scenario"] == row.scenario)
    ]
