"""The figure of a discovery, drawn from its table: when each conclusion turns out otherwise."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..tables.box_rows import ONE, first_countings, lines_of, parameters_of, robustness_line
from ..words.of_inputs import limit_words
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from .forecast import Drawn

__all__ = ["draw_boxes", "write_figures"]

_ROW: Final = 0.34
_WIDTH: Final = 52
_ALL: Final = "#E6E6E6"


def draw_boxes(
    table: pd.DataFrame, parameters: Mapping[str, Any], definitions: Definitions, language: Language
) -> Figure:
    """Draw for each conclusion its robustness, and the limits of the boxes that stand the check.

    ``table`` has the rows of one scenario in ``boxes.csv``. A bar is the part of futures, ordered by an
    input, that lies within its limits. Where no box is better than chance, a line says so.
    """
    with figure_style():
        from matplotlib.figure import Figure

        shown = first_countings(table, definitions)
        places: list[float] = []
        names: list[str] = []
        figure = Figure(layout="constrained")
        name_unit(figure, say("discover.unit", language))
        axes = figure.add_subplot()
        place = 0.0
        for _, rows in shown.groupby(ONE, sort=False):
            place = _draw_conclusion(axes, rows, place, (places, names), parameters, definitions, language)
        figure.set_size_inches(11.0, 1.5 + _ROW * place)
        axes.set_yticks(places, names, fontsize=9)
        axes.set_ylim(place - 0.3, -0.9)
        axes.set_xlim(0.0, 1.0)
        axes.set_xticks(
            [0.0, 0.25, 0.5, 0.75, 1.0], [percent(one, language) for one in (0.0, 0.25, 0.5, 0.75, 1.0)]
        )
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        if places:
            axes.set_xlabel(say("discover.axis", language))
        else:  # no box, and so nothing that an axis would measure
            axes.xaxis.set_visible(False)
            axes.spines["bottom"].set_visible(False)
        figure.suptitle(say("discover.heading", language), x=0.01, ha="left", fontsize=HEADING_SIZE)
        figure.draw_without_rendering()
        return figure


def _draw_conclusion(
    axes: Axes,
    rows: pd.DataFrame,
    place: float,
    ticks: tuple[list[float], list[str]],
    parameters: Mapping[str, Any],
    definitions: Definitions,
    language: Language,
) -> float:
    """Draw a conclusion from a place downwards; give the place below it."""
    width = _WIDTH if language == "zh" else 2 * _WIDTH
    line = textwrap.fill(robustness_line(rows.iloc[0].to_dict(), definitions, language), width)
    axes.text(0.0, place, line, fontsize=10, va="center")
    place += 0.9 + 0.35 * line.count("\n")
    found = rows[rows["verdict"] == "better than chance"]
    if found.empty:
        _, *others = lines_of(rows, parameters, definitions, language)
        for said in others:
            text = textwrap.fill(said, width)
            axes.text(
                0.0, place + 0.25 * text.count("\n"), text, fontsize=8.5, color=QUIET_COLOUR, va="center"
            )
            place += 0.9 + 0.5 * text.count("\n")
        return place + 0.4
    for number, (_, box) in enumerate(found.groupby("box")):
        colour = SCENARIO_COLOURS[number + 1]
        for row in box.to_dict("records"):
            low = 0.0 if np.isnan(row["low_rank"]) else float(row["low_rank"])
            high = 1.0 if np.isnan(row["high_rank"]) else float(row["high_rank"])
            axes.barh(place, 1.0, 0.5, color=_ALL)
            axes.barh(place, high - low, 0.5, left=low, color=colour)
            ticks[0].append(place)
            words = limit_words(row, parameters, definitions, language)
            ticks[1].append(textwrap.fill(words, _WIDTH // 2 if language == "zh" else _WIDTH))
            place += 1.2
        said = say(
            "discover.in_box",
            language,
            density=percent(float(box["density"].iloc[0]), language),
            base_rate=percent(float(box["base_rate"].iloc[0]), language),
        )
        axes.text(0.0, place - 0.2, said, fontsize=8.5, color=colour, va="center")
        place += 0.8
    return place + 0.4


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figures of a discovery, one a scenario, below the forecast's folder."""
    from ...experiments.discovering.finished_discovery import Discovery
    from ...experiments.keeping.store import BOXES
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    table, definitions = Discovery.read(folder).table, definitions_of(folder)
    figures = {
        f"boxes_{scenario}_{language}": partial(drawn_of, folder, table, str(scenario), definitions, language)
        for scenario in dict.fromkeys(table["scenario"])
    }
    origin = origin_of(folder, language, command=discover_again("discover", folder))
    return draw_missing(figures, folder / "figures", source_of(folder, BOXES), origin, language)


def discover_again(verb: str, folder: Path) -> str:
    """Give the command that asks a finished forecast once more: it runs nothing."""
    return f"shaanxi-transfer {verb} {shlex.quote(str(folder))}"


def drawn_of(
    folder: Path, table: pd.DataFrame, scenario: str, definitions: Definitions, language: Language
) -> Figure:
    """Draw the boxes of one scenario."""
    from ..tables.experiment_folder import titled

    rows = titled(table[table["scenario"] == scenario], folder, language)
    return draw_boxes(rows, parameters_of(folder, scenario), definitions, language)
