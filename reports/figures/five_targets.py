"""The five targets on one page: chance, band, first year and what the scenario changes, a line a target."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..tables.difference_rows import verdict_words
from ..tables.target_table import TargetRow
from ..words.amounts import amount_in_figure, axis_unit, number
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say
from .theme import (
    GOAL_COLOUR,
    HEADING_SIZE,
    QUIET_COLOUR,
    SCENARIO_COLOURS,
    figure_style,
    legend_below,
    name_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_targets"]

_MARKS: Final = ("o", "D", "s", "^", "v", "P")
_NO_CHANCES: Final = 0.01
"""Width of the column of chances where the goals are those of another province."""
_WIDTHS: Final = (8.2, 4.2)
"""Width of chances and bands, and of the words beside them, in inches."""
_ROOM: Final = 0.36
"""Height of a scenario in a line, in inches."""


def draw_targets(
    rows: Sequence[TargetRow],
    differences: pd.DataFrame,
    titles: Mapping[str, str],
    language: Language,
    *,
    with_goals: bool = True,
    with_words: bool = True,
) -> Figure:
    """Draw a line for each target, as it is first counted.

    Parameters
    ----------
    rows : sequence of TargetRow
        Of `target_table.rows_of`; a target that is not modelled has no line.
    differences : DataFrame
        ``differences.csv``; may be empty.
    titles : mapping of str to str
        Names of the scenarios to show, in their order.
    with_goals : bool
        Whether the goals are this province's: then each has its line and its chance.
    with_words : bool
        Whether first year and difference are written beside; without them its letters can be read on A4.
    """
    lines = _first_counted(rows)
    with figure_style():
        from matplotlib.figure import Figure

        high = max(1.0, _ROOM * (len(titles) + 0.8))
        width = _WIDTHS[0] + (_WIDTHS[1] if with_words else 0.0)
        figure = Figure(figsize=(width, 1.5 + high * len(lines)), layout="constrained")
        if with_goals:
            name_unit(figure, say("figures.unit_chance", language))
        widths = (2.2 if with_goals else _NO_CHANCES, 3.2, 3.9 if with_words else _NO_CHANCES)
        grid = figure.subplots(len(lines), 3, squeeze=False, width_ratios=widths)
        for (left, middle, right), mine in zip(grid, lines, strict=True):
            _draw_chances(left, mine, titles, language, with_goals)
            _draw_bands(middle, mine, titles, language, with_goals)
            right.set_axis_off()
            if with_words:
                _write_numbers(right, mine, differences, titles, language, with_goals)
        heads = ("", say("figures.head_band_alone", language), say("figures.head_change", language))
        if with_goals:
            chance, first = say("figures.head_chance", language), say("figures.head_first", language)
            heads = (chance, say("figures.head_band", language), first)
        heads = heads if with_words else (*heads[:2], "")
        for axes, head in zip(grid[0], heads, strict=True):
            axes.set_title(head, fontsize=9.5, color=QUIET_COLOUR)
        for axes in grid[:-1, 0]:
            axes.set_xticklabels([])
        figure.suptitle(say("targets.heading", language), x=0.01, ha="left", fontsize=HEADING_SIZE)
        handles = [_handle(place) for place in range(len(titles))]
        legend_below(figure, handles, list(titles.values()))
        figure.draw_without_rendering()
        return figure


def _first_counted(rows: Sequence[TargetRow]) -> list[list[TargetRow]]:
    found: dict[str, list[TargetRow]] = {}
    for row in rows:
        mine = found.setdefault(row.target, [])
        if row.scenario and (not mine or mine[0].counting == row.counting):
            mine.append(row)
    return [mine for mine in found.values() if mine]


def _handle(place: int) -> Any:
    from matplotlib.lines import Line2D

    colour = SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)]
    return Line2D([], [], color=colour, marker=_MARKS[place % len(_MARKS)], linewidth=1.8, markersize=6)


def _places(
    mine: Sequence[TargetRow], titles: Mapping[str, str]
) -> list[tuple[int, TargetRow, dict[str, Any]]]:
    """Give each scenario its height in the line, its colour and its sign."""
    by_name = {row.scenario: row for row in mine}
    return [
        (
            place,
            by_name[name],
            {"color": SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)], "marker": _MARKS[place % len(_MARKS)]},
        )
        for place, name in enumerate(titles)
        if name in by_name
    ]


def _draw_chances(
    axes: Axes, mine: Sequence[TargetRow], titles: Mapping[str, str], language: Language, with_goals: bool
) -> None:
    """Draw chance and 95 % interval; the target's name stands before its line."""
    first = mine[0]
    goal = say(
        "targets.by_year", language, goal=amount_in_figure(first.goal, first.unit, language), year=first.year
    )
    name = textwrap.fill(first.title, 13 if language == "zh" else 32)
    counted = f"\n{first.counting}" if first.counting else ""
    below = f"\n{goal}" if with_goals else ""
    axes.set_ylabel(f"{name}{below}{counted}", rotation=0, ha="right", va="center", fontsize=9.0)
    for place, row, form in _places(mine, titles) if with_goals else ():
        ends = [row.probability_low, row.probability_high]
        axes.plot(ends, [place, place], color=form["color"], linewidth=1.8)
        axes.plot([row.probability], [place], markersize=6.5, linestyle="none", **form)
        axes.annotate(
            percent(row.probability, language), (row.probability, place), xytext=(0, 5),
            textcoords="offset points", ha="center", va="bottom", fontsize=9, color=form["color"],
        )  # fmt: skip
    axes.set_xlim(-0.08, 1.08)
    axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "0.25", "0.5", "0.75", "1"])
    _quiet(axes, len(titles))
    if not with_goals:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)


def _draw_bands(
    axes: Axes, mine: Sequence[TargetRow], titles: Mapping[str, str], language: Language, with_goals: bool
) -> None:
    """Draw median and 5 to 95 % of futures in the target's own unit, and its goal."""
    first = mine[0]
    unit = axis_unit(first.unit, max([row.high for row in mine] + [first.goal] * with_goals), language)
    name_unit(axes.figure, unit.label)
    for place, row, form in _places(mine, titles):
        low, middle, high = (value / unit.divisor for value in (row.low, row.median, row.high))
        axes.plot([low, high], [place, place], color=form["color"], linewidth=1.8)
        axes.plot([middle], [place], markersize=6.5, linestyle="none", **form)
        axes.annotate(
            number(middle), (middle, place), xytext=(0, 5), textcoords="offset points",
            ha="center", va="bottom", fontsize=9, color=form["color"],
        )  # fmt: skip
    if with_goals:
        axes.axvline(
            first.goal / unit.divisor, color=GOAL_COLOUR, linewidth=1.2, linestyle=(0, (6, 3)), zorder=1
        )
    axes.set_xlim(left=0.0)
    axes.margins(x=0.08)
    axes.xaxis.set_major_formatter("{x:,g}")
    if unit.label:
        axes.annotate(
            unit.label,
            (1.0, 0.0),
            xycoords="axes fraction",
            xytext=(10, -4),
            textcoords="offset points",
            ha="left",
            va="top",
            fontsize=9,
            color=QUIET_COLOUR,
        )
    _quiet(axes, len(titles))


def _quiet(axes: Axes, scenarios: int) -> None:
    axes.set_ylim(scenarios - 0.4, -0.9)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=8.5, length=2)
    axes.grid(visible=True, axis="x")
    axes.spines["left"].set_visible(False)


def _write_numbers(
    axes: Axes,
    mine: Sequence[TargetRow],
    differences: pd.DataFrame,
    titles: Mapping[str, str],
    language: Language,
    with_goals: bool,
) -> None:
    """Write first year, and the difference from the base with its band and verdict."""
    axes.set_ylim(len(titles) - 0.4, -0.9)
    axes.set_xlim(0.0, 1.0)
    for place, row, form in _places(mine, titles):
        first = (
            say("figures.never_by_half", language)
            if row.first_year is None
            else say("figures.first_year", language, year=row.first_year)
        )
        axes.text(0.05, place, first if with_goals else "", va="center", fontsize=9.5, color=form["color"])
        found = _difference(differences, row)
        if found is not None:
            axes.text(0.36, place, _change_words(found, row.unit, language), va="center", fontsize=9.5)


def _difference(differences: pd.DataFrame, row: TargetRow) -> dict[Any, Any] | None:
    if differences.empty:
        return None
    mine = differences[
        (differences["kind"] == "target")
        & (differences["id"] == row.target)
        & (differences["scenario"] == row.scenario)
    ]
    return mine.iloc[0].to_dict() if len(mine) else None  # the first way of counting stands first


def _change_words(found: Mapping[Any, Any], unit: str, language: Language) -> str:
    if math.isnan(float(found["q50"])):
        return "–"
    low, middle, high = (float(found[name]) for name in ("q05", "q50", "q95"))
    shown = axis_unit(unit, max(abs(low), abs(high)), language)
    words = {
        "middle": f"{'+' if middle > 0.0 else ''}{number(middle / shown.divisor)}",
        "low": number(low / shown.divisor),
        "high": number(high / shown.divisor),
        "unit": shown.label,
        "verdict": verdict_words(str(found["verdict"]), language),
    }
    return say("figures.change", language, **words)
