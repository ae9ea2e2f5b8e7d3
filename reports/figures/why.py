"""The figure of an explanation: the parts of a number, and what each mechanism and condition does to it."""

from __future__ import annotations

import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..tables.why_rows import item_of, unit_of_why
from ..words.amounts import axis_unit
from ..words.phrases import Language, say, title_of
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from .forecast import Drawn

__all__ = ["draw_why", "write_figures"]

_ROW: Final = 0.3
_WIDTH: Final = 44


def draw_why(table: pd.DataFrame, definitions: Definitions, language: Language) -> Figure:
    """Draw a panel for each way in which the number is broken down, and one of what moves it.

    Mechanisms and conditions that change nothing in any future are left out; ``table`` is ``why.csv`` of a
    year.
    """
    with figure_style():
        from matplotlib.figure import Figure

        panels = [rows for _, rows in table[table["section"] == "part"].groupby("by", sort=False)]
        moved = table[table["section"].isin(["without", "eased"]) & (table["verdict"] != "identical")]
        panels += [moved] if len(moved) else []
        heights = [1.0 + _ROW * len(rows) for rows in panels] or [1.0]
        figure = Figure(figsize=(9.2, 1.4 + sum(heights)), layout="constrained")
        places = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights).ravel()
        for axes, rows in zip(places, panels, strict=False):
            _draw(axes, rows, table, language)
        first = table.iloc[0]
        title = title_of(definitions.of(str(first["id"])), language)
        heading = say("why.heading", language, title=title, year=int(first["year"]))
        figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
        note = say("why.figure_note", language, pairs=int(first["pairs"]))
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def _draw(axes: Axes, rows: pd.DataFrame, table: pd.DataFrame, language: Language) -> None:
    parts = bool((rows["section"] == "part").all())
    largest = float(rows[["q05", "q95", "mean"]].abs().to_numpy().max())
    unit = unit_of_why(table, language) if parts else axis_unit(str(rows["unit"].iloc[0]), largest, language)
    name_unit(axes.figure, unit.label)
    for place, row in enumerate(rows.to_dict("records")):
        mean, low, high = (float(row[one]) / unit.divisor for one in ("mean", "q05", "q95"))
        alpha = 1.0 if parts or row["verdict"] in ("more", "less") else 0.35
        colour = SCENARIO_COLOURS[{"part": 2, "without": 0}.get(str(row["section"]), 4)]
        axes.barh(place, mean, height=0.62, color=colour, alpha=alpha)
        axes.plot([low, high], [place, place], color="#000000", linewidth=0.9, alpha=max(alpha, 0.6))
    width = _WIDTH // 2 if language == "zh" else _WIDTH  # a Chinese character is wide
    names = [textwrap.fill(item_of(row, language), width) for row in rows.to_dict("records")]
    axes.set_yticks(range(len(names)), names, fontsize=8.5)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.axvline(0.0, color=QUIET_COLOUR, linewidth=0.8)
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    by = say(f"why.by_{rows['by'].iloc[0]}", language) if parts else ""
    title = (
        say("why.panel_parts", language, by=by, unit=unit.label)
        if parts
        else say("why.panel_moved", language, unit=unit.label)
    )
    axes.set_title(title, fontsize=10)


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figure below the folder of an explanation."""
    from ...experiments.explaining.finished_why import WHY, Why
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    table, definitions = Why.read(folder).last_year, definitions_of(folder)
    name = f"why_{table['id'].iloc[0]}_{table['year'].iloc[0]}_{language}"
    draw, origin = partial(draw_why, table, definitions, language), origin_of(folder, language)
    return draw_missing({name: draw}, folder / "figures", source_of(folder, WHY), origin, language)
