"""The figure of a sweep: how a target answers to each lever, with the band of futures."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..tables.sweep_rows import level_words, of_quantity, scenario_title
from ..words.amounts import axis_unit
from ..words.of_packages import item_words, quantity_words, unit_of
from ..words.phrases import Language, say
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from .forecast import Drawn

__all__ = ["draw_sweep", "write_figures"]

_WIDE: Final = 5.4
_HIGH: Final = 4.2
_ACROSS: Final = 2
_PALE: Final = 0.35
_APART: Final = 0.015
"""Distance of points of the same level, in widths of the axis."""


def draw_sweep(
    rows: pd.DataFrame, levers: Sequence[str], definitions: Definitions, language: Language
) -> Figure:
    """Draw a panel for each lever: what its levels change against the base, as median and band of futures.

    Points that differ in this lever alone are joined, as in a grid; those of a hypercube stand by themselves.
    ``rows`` are those of one quantity in ``sweep.csv``.
    """
    with figure_style():
        from matplotlib.figure import Figure

        across = min(_ACROSS, len(levers))
        down = -(-len(levers) // across)
        size = (max(7.6, _WIDE * across), 1.6 + _HIGH * down)
        figure = Figure(figsize=size, layout="constrained")
        unit = unit_of(rows, language)
        name_unit(figure, unit.label)
        points = rows[rows["point"] != "base"]
        panels = figure.subplots(down, across, squeeze=False, sharey=True).ravel()
        for axes, lever in zip(panels, levers, strict=False):
            others = [one for one in levers if one != lever]
            _draw(axes, points, lever, others, unit.divisor, language)
            axes.axhline(0.0, color=QUIET_COLOUR, linewidth=0.9)
            base = float(rows.loc[rows["point"] == "base", lever].iloc[0])
            at = base / _unit_of_lever(rows, lever, language).divisor
            axes.axvline(at, color=QUIET_COLOUR, linewidth=0.9, linestyle=":")
        for axes in panels[len(levers) :]:
            axes.set_visible(False)
        panels[0].yaxis.set_major_formatter("{x:,g}")
        for axes in panels[::across]:
            axes.set_ylabel(say("sweep.axis", language, unit=unit.label))
        first = rows.iloc[0]
        title = quantity_words(first, definitions, language)
        heading = say("sweep.heading", language, title=title, year=int(first["year"]))
        figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
        scenario = scenario_title(str(first["scenario"]), language)
        note = say("sweep.note", language, pairs=int(rows["pairs"].max()), scenario=scenario)
        if len(levers) > 1:
            note = f"{note}\n{say('sweep.joined', language)}"
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def _draw(
    axes: Axes, points: pd.DataFrame, lever: str, others: Sequence[str], divisor: float, language: Language
) -> None:
    shown = _unit_of_lever(points, lever, language)
    groups: list[tuple[Any, pd.DataFrame]] = [((), points)]
    if others:
        groups = list(points.groupby(list(others), sort=True))
    few = len(groups) <= len(SCENARIO_COLOURS) and any(len(mine) > 1 for _, mine in groups)
    for place, (levels, mine) in enumerate(groups):
        mine = mine.sort_values(lever)
        colour = SCENARIO_COLOURS[place] if few else SCENARIO_COLOURS[0]
        x = mine[lever].to_numpy(float) / shown.divisor
        if few and others:  # else lines that are alike hide each other
            x = x + (place - (len(groups) - 1) / 2) * _APART * float(np.ptp(points[lever])) / shown.divisor
        low, middle, high = (mine[name].to_numpy(float) / divisor for name in ("q05", "q50", "q95"))
        if len(mine) > 1:
            axes.plot(x, middle, color=colour, linewidth=1.4)
        if len(mine) > 1 and len(groups) == 1:
            axes.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0.0)
        for at, *band, verdict in zip(x, low, middle, high, mine["verdict"], strict=True):
            alpha = 1.0 if verdict in ("more", "less") else _PALE
            axes.plot([at, at], [band[0], band[2]], color=colour, linewidth=1.1, alpha=alpha)
            axes.plot([at], [band[1]], color=colour, marker="o", markersize=4.5, alpha=alpha)
        if few and others and len(mine) > 1:
            values = levels if isinstance(levels, tuple) else (levels,)
            label = say("amounts.comma", language).join(
                item_words(one, language)
                + say("amounts.colon", language)
                + level_words(one, float(value), language)
                for one, value in zip(others, values, strict=True)
            )
            axes.plot([], [], color=colour, marker="o", markersize=4.5, label=label)
    if few and others:
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), fontsize=8, ncols=1)
    name = item_words(lever, language)
    label = say("sweep.lever_axis", language, lever=name, unit=shown.label)
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.set_xlabel(textwrap.fill(label, 24 if language == "zh" else 48))


def _unit_of_lever(rows: pd.DataFrame, lever: str, language: Language) -> Any:
    from ...scenarios import lever_catalogue

    return axis_unit(lever_catalogue()[lever].unit, float(rows[lever].abs().max()), language)


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figures of what was asked below the folder of a sweep."""
    from ...experiments.sweeping.finished_sweep import SWEEP, Sweep
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    done, definitions = Sweep.read(folder), definitions_of(folder)
    figures: dict[str, Callable[[], Figure]] = {}
    for name, counting in done.asked:
        rows = of_quantity(done.table, name, counting)
        if (rows["verdict"] != "identical").any():
            called = "_".join(word for word in (name, counting, "response", language) if word)
            figures[called] = partial(draw_sweep, rows, done.levers, definitions, language)
    origin = origin_of(folder, language)
    return draw_missing(figures, folder / "figures", source_of(folder, SWEEP), origin, language)
