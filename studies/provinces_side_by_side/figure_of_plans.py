"""What the plan would move in each province, as a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...experiments.effects.lever_effects import WHOLE
from ...reports.figures.theme import QUIET_COLOUR, SCENARIO_COLOURS, figure_style
from ...reports.words.phrases import Language, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FIGURE", "TURNOVER", "draw_plans"]

FIGURE: Final = "provinces_plan"

TURNOVER: Final = "contract_value_output"


def draw_plans(plans: pd.DataFrame, names: Mapping[str, str], language: Language) -> Figure:
    """Draw the effect of the whole plan on turnover from ``provinces_plan.csv``, a row a province."""
    chosen = (plans["indicator"] == TURNOVER) & (plans["scenario"] == WHOLE)
    table = plans[chosen].sort_values("level_q50", ascending=False, ignore_index=True)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9.6, 1.9 + 0.24 * len(table)), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        level = table["level_q50"]
        places = table.index.to_numpy(dtype=float)
        left.hlines(places, table["q05"] / level, table["q95"] / level, color=SCENARIO_COLOURS[0], alpha=0.45)
        _dots(left, table["relative_q50"], table["visible"])
        _dots(right, table["q50"] / table["net_cost_q50"], table["visible"])
        for axes, title in ((left, "relative"), (right, "per_yuan")):
            axes.axvline(0.0, color=QUIET_COLOUR, linewidth=1.0, zorder=1)
            axes.set_title(say(f"study_provinces.plans_{title}", language), fontsize=10.5)
            axes.grid(visible=True, axis="both")
        left.set_xscale("symlog", linthresh=0.01, linscale=1.0)
        left.xaxis.set_major_formatter("{x:g}")
        left.set_yticks(places, [names[name] for name in table["province"]], fontsize=9.5)
        left.set_ylim(len(table) - 0.4, -0.6)
        figure.suptitle(say("study_provinces.plans_heading", language), x=0.01, ha="left", fontsize=13)
        note = say("study_provinces.plans_note", language)
        figure.supxlabel(note, x=0.01, ha="left", fontsize=9.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def _dots(axes: Axes, values: pd.Series, visible: pd.Series) -> None:
    """Draw a dot a row, open where the effect is not visible."""
    for seen, face in ((True, SCENARIO_COLOURS[0]), (False, "white")):
        mine = visible == seen
        axes.plot(
            values[mine].to_numpy(dtype=float),
            values.index[mine].to_numpy(dtype=float),
            "o",
            markersize=5.5,
            color=SCENARIO_COLOURS[0],
            markerfacecolor=face,
            zorder=3,
        )
