"""One figure of all chances: each target by each way of counting it, one dot a scenario."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ..tables.target_table import TargetRow
from ..words.amounts import amount_in_figure
from ..words.of_provinces import in_province, province_name
from ..words.phrases import Language, say
from .theme import QUIET_COLOUR, SCENARIO_COLOURS, figure_style, legend_below, name_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKERS: Final = ("o", "D", "s", "^", "v", "P")
"""A second sign beside the colour, for print in grey."""

_APART: Final = 0.3
"""Distance of the scenarios of one line, in lines."""

_WITHOUT_ERROR: Final = "*"
"""As `target_table.WITHOUT_ERROR`; the font of the figures has no dagger."""


def draw_countings(
    rows: Sequence[TargetRow], titles: Mapping[str, str], province: str, language: Language
) -> Figure:
    """Draw chance and 95 % interval of every target by every way of counting, the scenarios on one line.

    ``rows`` are of `target_table.target_rows`; ``titles`` name the scenarios in the order of the legend. A
    target that is not modelled has no line.
    """
    shown = [row for row in rows if row.scenario]
    places, headings, lowest = _places(shown)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8.8, 1.9 + 0.43 * lowest), layout="constrained")
        name_unit(figure, say("figures.unit_chance", language))
        axes = figure.add_subplot()
        for place, (scenario, title) in enumerate(titles.items()):
            mine = [row for row in shown if row.scenario == scenario]
            off = (place - (len(titles) - 1) / 2) * _APART
            at = [places[row.target, row.counting] + off for row in mine]
            chance = [row.probability for row in mine]
            below = [row.probability - row.probability_low for row in mine]
            above = [row.probability_high - row.probability for row in mine]
            colour = SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)]
            axes.errorbar(
                chance, at, xerr=(below, above), fmt=_MARKERS[place % len(_MARKERS)], color=colour,
                markersize=6, linewidth=1.6, label=title, zorder=3,
            )  # fmt: skip
            for x, y, row in zip(chance, at, mine, strict=True):
                axes.annotate(
                    f"{x:.2f}{_WITHOUT_ERROR if row.without_error else ''}",
                    (1.0, y), xycoords=("axes fraction", "data"), xytext=(8, 0),
                    textcoords="offset points", va="center", color=colour, fontsize=9,
                )  # fmt: skip
        for row, line in headings:
            goal = say(
                "targets.by_year",
                language,
                goal=amount_in_figure(row.goal, row.unit, language),
                year=row.year,
            )
            words = say("targets.target_and_goal", language, target=row.title, goal=goal)
            axes.annotate(words, (0.0, line), xytext=(2, 0), textcoords="offset points", va="center")
            axes.axhline(line - 0.55, color=QUIET_COLOUR, linewidth=0.6)
        axes.set_yticks(list(places.values()), [counting for _, counting in places], fontsize=9.5)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(lowest - 0.4, -0.55)
        axes.set_xlim(-0.02, 1.02)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        below_axis = [say("figures.chance_of_goal", language)]
        if any(row.without_error for row in shown):
            note = say("targets.without_error", language, mark=_WITHOUT_ERROR)
            below_axis += textwrap.wrap(note, 108 if language == "en" else 54)
        axes.set_xlabel("\n".join(below_axis))
        over_all = say("figures.countings", language)
        axes.set_title(in_province(over_all, province_name(province, language), language))
        legend_below(figure)
        return figure


def _places(
    rows: Sequence[TargetRow],
) -> tuple[dict[tuple[str, str], float], list[tuple[TargetRow, float]], float]:
    """Place a line for each target and way of counting below a heading for each target, from 0 downwards."""
    places: dict[tuple[str, str], float] = {}
    headings: list[tuple[TargetRow, float]] = []
    line = 0.0
    for row in rows:
        if not headings or headings[-1][0].target != row.target:
            headings.append((row, line))
            line += 0.9
        if (row.target, row.counting) not in places:
            places[row.target, row.counting] = line
            line += 1.0
    return places, headings, line
