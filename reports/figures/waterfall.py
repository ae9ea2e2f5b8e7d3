"""A waterfall drawn: what each lever adds, from the base to the scenario, a panel for each target."""

from __future__ import annotations

import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..tables.waterfall_rows import Panel, heading_of, panels_of
from ..words.phrases import Language, say
from .forecast import Drawn, draw_missing, source_of
from .origin import origin_of
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

    from ...experiments.comparing.waterfall import Waterfall

MORE_COLOUR: Final = SCENARIO_COLOURS[0]
LESS_COLOUR: Final = SCENARIO_COLOURS[1]
ALL_COLOUR: Final = GOAL_COLOUR
_LINE: Final = {"en": 40, "zh": 18}
"""Signs of a lever's title on one line."""

_PALE: Final = 0.35

_VISIBLE: Final = ("more", "less")


def draw_waterfall(waterfall: Waterfall, language: Language) -> Figure:
    """Draw all panels on one page, not registered with pyplot."""
    with figure_style():
        from matplotlib.figure import Figure

        panels = list(panels_of(waterfall, language))
        columns = min(2, len(panels))
        lines = -(-len(panels) // columns)
        figure = Figure(figsize=(7.6 * columns, 5.0 * lines + 0.8), layout="constrained")
        axes = np.atleast_1d(np.asarray(figure.subplots(lines, columns), dtype=object)).ravel()
        for one, panel in zip(axes, panels, strict=False):
            _draw(one, panel, language)
            name_unit(figure, panel.unit)
        for one in axes[len(panels) :]:
            one.set_visible(False)
        figure.suptitle(heading_of(waterfall, language), x=0.01, ha="left", fontsize=HEADING_SIZE)
        _legend(figure, language)
        figure.draw_without_rendering()
        return figure


def _draw(axes: Axes, panel: Panel, language: Language) -> None:
    """Draw bars from where the one before ended; the last one begins at nothing."""
    begins = np.concatenate([[0.0], np.cumsum([step.averaged for step in panel.steps[:-1]])])
    begins[-1] = 0.0
    for place, (step, begin) in enumerate(zip(panel.steps, begins, strict=True)):
        last = place == len(panel.steps) - 1
        signed = MORE_COLOUR if step.averaged >= 0.0 else LESS_COLOUR
        colour = ALL_COLOUR if last else signed if step.name else QUIET_COLOUR
        depth = 0.9 if step.verdict in _VISIBLE or not step.verdict else _PALE
        axes.barh(place, step.averaged, left=begin, height=0.62, color=colour, alpha=depth)
        if not last:
            axes.plot(
                [begin + step.averaged] * 2, [place - 0.31, place + 1.31], color=QUIET_COLOUR, linewidth=0.7
            )
            axes.plot(
                begin + step.in_plans_order,
                place,
                marker="D",
                markersize=4.5,
                markerfacecolor="white",
                markeredgecolor=QUIET_COLOUR,
                linestyle="none",
                zorder=4,
            )
    titles = [
        textwrap.fill(step.title, _LINE[language], max_lines=2, placeholder="…") for step in panel.steps
    ]
    axes.use_sticky_edges = False  # else a bar that begins at the far end would leave no room behind it
    axes.margins(x=0.04)
    axes.set_yticks(range(len(titles)), titles, fontsize=8.5)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.axvline(0.0, color=GOAL_COLOUR, linewidth=0.9, zorder=2)
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.set_title(panel.title, fontsize=11.5)


def _legend(figure: Figure, language: Language) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    diamond: dict[str, Any] = {"marker": "D", "markersize": 4.5, "linestyle": "none"}
    handles = [
        Patch(facecolor=MORE_COLOUR, alpha=0.9),
        Patch(facecolor=LESS_COLOUR, alpha=0.9),
        Patch(facecolor=MORE_COLOUR, alpha=_PALE),
        Line2D([], [], markerfacecolor="white", markeredgecolor=QUIET_COLOUR, **diamond),
    ]
    labels = [
        say("compare.bar_more", language),
        say("compare.bar_less", language),
        say("compare.bar_not_visible", language),
        say("compare.mark_plans_order", language),
    ]
    legend_below(figure, handles, labels, most=4)


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw a finished waterfall below its folder, unless it is there already."""
    from ...experiments.comparing.waterfall import WATERFALL, Waterfall

    draw, origin = partial(draw_waterfall, Waterfall.read(folder), language), origin_of(folder, language)
    return draw_missing(
        {f"waterfall_{language}": draw}, folder / "figures", source_of(folder, WATERFALL), origin, language
    )
