"""The table of targets: chance, range and remarks for each scenario, on a console or in HTML."""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..words.amounts import amount, axis_unit, number
from ..words.of_provinces import in_province, province_name
from ..words.phrases import NOT_IDENTIFIED, Language, note_of, say, title_of
from .experiment_folder import FUND, PLATFORMS
from .print_rows import side_by_side, widths_of

if TYPE_CHECKING:
    from rich.text import Text

    from ...experiments.planning.definitions import TargetLike
    from .experiment_folder import Results

COLUMNS: Final = (
    "target", "goal", "counting", "scenario", "probability", "low", "median", "high", "first_year", "remark",
)  # fmt: skip
CONSOLE_COLUMNS: Final = ("scenario", "probability", "low", "median", "high", "first_year")
"""Columns that stand side by side on a console; target, counting and remark have lines of their own."""

WITHOUT_ERROR: Final = "†"
"""Stands behind a chance that is not of the same kind as the others: a note below says what it lacks."""

SURELY: Final = 0.95
"""Share of futures from which a target counts as met before the plan."""


@dataclass(frozen=True)
class TargetRow:
    """One target in one scenario, counted in one way, or one not modelled yet (then ``scenario`` is empty).

    ``counting`` is the way of counting as shown, empty for a target with one only. Amounts are in the
    target's unit, chances are fractions; nan where there is nothing to show. ``without_error`` says that
    chance and range hold no error of the model, while another target's do.
    """

    target: str
    title: str
    unit: str
    goal: float
    year: int
    counting: str = ""
    scenario: str = ""
    probability: float = math.nan
    probability_low: float = math.nan
    probability_high: float = math.nan
    low: float = math.nan
    median: float = math.nan
    high: float = math.nan
    first_year: int | None = None
    remarks: tuple[str, ...] = ()
    without_error: bool = False


def target_rows(
    targets: pd.DataFrame,
    indicators: pd.DataFrame,
    definitions: Mapping[str, TargetLike],
    language: Language,
    *,
    plan_year: int,
    scenario_titles: Mapping[str, str],
    visible: Mapping[tuple[str, str], bool] | None = None,
    beside: Mapping[tuple[str, str], Mapping[str, float]] | None = None,
    against: str | None = None,
    with_error: Mapping[str, Collection[str]] | None = None,
) -> list[TargetRow]:
    """Gather the rows of the table, every target of the plan included.

    Parameters
    ----------
    targets, indicators : DataFrame
        ``targets.csv`` and ``indicators.csv`` of an experiment folder.
    definitions : mapping of str to Target
        Every target of the plan; one without a probability in ``targets`` is not modelled yet.
    plan_year : int
        Year in which the plan starts: "met before the plan" looks at the end of the year before.
    scenario_titles : mapping of str to str
        Scenarios in the order of the table, with the name to show.
    visible : mapping of (scenario, indicator) to bool, optional
        Whether the paired difference from ``against`` in the target's year is visible.
    beside : mapping of (scenario, target) to mapping, optional
        Figures that are printed as a remark, by the gaps of the phrase ``beside_<target>``; they belong to
        the first way of counting.
    against : str, optional
        Scenario with which the others are compared.
    with_error : mapping of str to collection of str, optional
        By scenario the indicators that are predicted with an error of the model.
    """
    rows: list[TargetRow] = []
    found = targets[targets["probability"].notna()].set_index(["target", "counting", "scenario"])
    for name, target in definitions.items():
        head: dict[str, Any] = {
            "target": name,
            "title": title_of(target, language),
            "unit": target.unit,
            "goal": float(target.goal),
            "year": target.year,
        }
        shown = [
            (counting, indicator, scenario)
            for counting, indicator in target.countings.items()
            for scenario in scenario_titles
            if (name, counting, scenario) in found.index
        ]
        if not shown:
            rows.append(TargetRow(**head, remarks=(say("targets.not_modelled", language),)))
        for counting, indicator, scenario in shown:
            key: Any = (name, counting, scenario)
            entry: Any = found.loc[key]
            remarks = []
            if _met_surely(indicators, scenario, indicator, float(target.goal), plan_year - 1):
                remarks.append(say("targets.met_before", language))
            if against is not None and not (visible or {}).get((scenario, indicator), True):
                other = scenario_titles.get(against, against)
                remarks.append(say("targets.no_visible_difference", language, other=other))
            if NOT_IDENTIFIED & set(target.countings.values()):
                remarks.append(say("targets.not_identified", language))
            figures = (beside or {}).get((scenario, name))
            if figures and indicator == target.indicator:
                written = {gap: number(value) for gap, value in figures.items()}
                which = next(one for one in (PLATFORMS, FUND) if one in target.countings.values())
                remarks.append(say(f"targets.beside_{which}", language, **written))
            first = entry["first_year_median"]
            errors = (with_error or {}).get(scenario, ())
            rows.append(
                TargetRow(
                    **head,
                    counting=counting_title(target, counting, language),
                    scenario=scenario,
                    probability=float(entry["probability"]),
                    probability_low=float(entry["probability_low"]),
                    probability_high=float(entry["probability_high"]),
                    low=float(entry["q05"]),
                    median=float(entry["q50"]),
                    high=float(entry["q95"]),
                    first_year=None if pd.isna(first) else int(first),
                    remarks=tuple(remarks),
                    without_error=bool(errors) and indicator not in errors,
                )
            )
    return rows


def counting_title(target: TargetLike, counting: str, language: Language) -> str:
    """Give the words for a way of counting; none are needed where a target has only one."""
    return say(f"targets.counting_{counting}", language) if len(target.countings) > 1 else ""


def rows_of(results: Results, language: Language) -> list[TargetRow]:
    """Gather the rows of the table from an experiment folder that was read."""
    return target_rows(
        results.targets,
        results.indicators,
        results.definitions.targets,
        language,
        plan_year=results.plan_start.year,
        scenario_titles=results.titles(language),
        visible=results.visible,
        beside=results.beside,
        against=results.against,
        with_error=results.predicted_with_error,
    )


def _met_surely(indicators: pd.DataFrame, scenario: str, indicator: str, goal: float, year: int) -> bool:
    """Tell whether the goal was met in that year in at least 95 % of the futures."""
    at = indicators[
        (indicators["scenario"] == scenario)
        & (indicators["indicator"] == indicator)
        & (indicators["year"] == year)
    ]
    return bool(len(at)) and float(at["q05"].iloc[0]) >= goal


def cells(row: TargetRow, language: Language, scenario_titles: Mapping[str, str]) -> tuple[str, ...]:
    """Write one row as text, in the order of ``COLUMNS``.

    Examples
    --------
    >>> row = TargetRow("trained_people", "People trained", "people", 1000, 2020, remarks=("no",))
    >>> cells(row, "en", {})[:5]
    ('People trained', '1,000 people by 2020', '', '', '–')
    """
    divisor, _ = axis_unit(row.unit, row.goal, language)
    goal = say("targets.by_year", language, goal=amount(row.goal, row.unit, language), year=row.year)
    if math.isnan(row.probability):
        chance = "–"
    else:
        mark = WITHOUT_ERROR if row.without_error else ""
        chance = f"{row.probability:.2f} ({row.probability_low:.2f}–{row.probability_high:.2f}){mark}"
    first = say("targets.never_by_half", language) if row.first_year is None else str(row.first_year)
    return (
        row.title,
        goal,
        row.counting,
        scenario_titles.get(row.scenario, row.scenario),
        chance,
        number(row.low / divisor),
        number(row.median / divisor),
        number(row.high / divisor),
        first,
        say("amounts.semicolon", language).join(row.remarks),
    )


def notes(
    rows: Sequence[TargetRow],
    language: Language,
    *,
    written_for: str = "",
    own_rules: Sequence[str] = (),
    rule_is_said: bool = False,
    own_notes: Mapping[str, str] | None = None,
) -> list[str]:
    """Give the notes that belong below these rows, each once; only modelled targets need one.

    ``written_for`` names the province for which the plan was written, if another one was simulated;
    ``rule_is_said`` where the rule of visible differences stands below their own table already; ``own_notes``
    are of declared targets, in place of those of the shipped plan.
    """
    shown = dict.fromkeys(row.target for row in rows if row.scenario)
    told = {target: note_of(target, language) for target in shown} if own_notes is None else own_notes
    found = [note for target in shown if (note := told.get(target))]
    if own_rules:
        found.insert(0, say("targets.own_rules", language, rules=", ".join(own_rules)))
    if any(row.without_error for row in rows):
        found.insert(0, say("targets.without_error", language, mark=WITHOUT_ERROR))
    if len({row.scenario for row in rows if row.scenario}) > 1 and not rule_is_said:
        found.append(say("targets.visible_rule", language))
    if written_for:
        name = province_name(written_for, language)
        found.append(say("targets.another_province", language, province=name))
    return found


def console_table(
    rows: Sequence[TargetRow], language: Language, titles: Mapping[str, str], province: str
) -> Text:
    """Write the table for a console of 80 columns: a line for each target, its scenarios below it.

    ``titles`` are the scenarios' names to show, ``province`` is the pack's name or folder. Lines are not
    wrapped; a remark has its own line below its scenario.
    """
    from rich.text import Text

    shown = [cells(row, language, titles) for row in rows]
    places = [COLUMNS.index(column) for column in CONSOLE_COLUMNS]
    head = [say(f"targets.column_{column}", language) for column in CONSOLE_COLUMNS]
    widths = widths_of([head, *([texts[place] for place in places] for texts in shown)])
    table = Text()
    table.append(_heading(province, language) + "\n", style="bold")
    table.append(side_by_side(head, widths), style="dim")
    before = counting = ""
    for row, texts in zip(rows, shown, strict=True):
        if row.target != before:
            heading = say("targets.target_and_goal", language, target=texts[0], goal=texts[1])
            table.append(f"{heading}\n", style="bold")
            counting = ""
        if row.counting != counting:
            table.append(f" {row.counting}\n", style="dim")
        before, counting = row.target, row.counting
        if row.scenario:
            table.append(side_by_side([texts[place] for place in places], widths))
        for remark in row.remarks:
            table.append(f"    {remark}\n", style="italic")
    return table


def _heading(province: str, language: Language) -> str:
    return in_province(say("targets.heading", language), province_name(province, language), language)


def html_table(
    rows: Sequence[TargetRow],
    language: Language,
    titles: Mapping[str, str],
    province: str,
    *,
    written_for: str = "",
    own_rules: Sequence[str] = (),
) -> str:
    """Make the table, its caption and notes as an HTML fragment; every text is escaped."""
    head = "".join(f"<th>{html.escape(say(f'targets.column_{column}', language))}</th>" for column in COLUMNS)
    body = []
    for row in rows:
        tags = "".join(f"<td>{html.escape(text)}</td>" for text in cells(row, language, titles))
        body.append(f"<tr>{tags}</tr>")
    below = "".join(
        f"<p>{html.escape(note)}</p>"
        for note in notes(rows, language, written_for=written_for, own_rules=own_rules)
    )
    caption = html.escape(_heading(province, language))
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<div lang="{code}"><table class="targets"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{below}</div>"
    )
