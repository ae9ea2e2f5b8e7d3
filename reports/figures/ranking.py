"""The figure of a ranking, drawn from its table: what each item adds alone, and in the plan."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..tables.ranking_rows import both_ways, of_quantity
from ..words.of_packages import item_words, quantity_words, unit_of
from ..words.phrases import Language, say
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from .forecast import Drawn

__all__ = ["draw_ranking", "write_figures"]

MOST: Final = 40
"""Items that are drawn, the foremost."""

_ROW: Final = 0.36
_WIDTH: Final = 48
_APART: Final = 0.17
_FORMS: Final = (("alone", SCENARIO_COLOURS[0], "o"), ("in_plan", SCENARIO_COLOURS[1], "s"))


def draw_ranking(rows: pd.DataFrame, definitions: Definitions, language: Language) -> Figure:
    """Draw each item's effect alone and in the plan, with the bands of futures, in the order of the ranking.

    ``rows`` are those of one quantity and one kind of item in ``ranking.csv``. What is not visible is pale;
    what moves nothing in any future is left out.
    """
    with figure_style():
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D

        pairs, unit = both_ways(rows)[:MOST], unit_of(rows, language)
        figure = Figure(figsize=(9.6, 2.1 + _ROW * len(pairs)), layout="constrained")
        name_unit(figure, unit.label)
        axes = figure.add_subplot()
        for place, pair in enumerate(pairs):
            for row, (_, colour, sign), shift in zip(pair, _FORMS, (-_APART, _APART), strict=True):
                _draw(axes, place + shift, row, unit.divisor, colour, sign)
        axes.axvline(0.0, color=QUIET_COLOUR, linewidth=0.8)
        axes.set_yticks(range(len(pairs)), [_name(alone, language) for alone, _ in pairs], fontsize=9)
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        pairs_made = int(rows["pairs"].max())
        axes.set_xlabel(say("advice.ranking_axis", language, unit=unit.label, pairs=pairs_made))
        handles = [
            Line2D([], [], color=colour, marker=sign, markersize=5, linewidth=1.1)
            for _, colour, sign in _FORMS
        ]
        words = [say("advice.alone", language), say("advice.in_plan", language)]
        axes.legend(handles, words, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, fontsize=9)
        first = rows.iloc[0]
        title = quantity_words(first, definitions, language)
        heading = say("advice.ranking_heading", language, title=title, year=int(first["year"]))
        figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
        note = say("advice.ranking_note", language, comparisons=int(first["comparisons"]))
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def _draw(axes: Axes, place: float, row: dict[Any, Any], divisor: float, colour: str, sign: str) -> None:
    alpha = 1.0 if row["verdict"] in ("more", "less") else 0.35
    middle, low, high = (float(row[name]) / divisor for name in ("q50", "q05", "q95"))
    axes.plot([low, high], [place, place], color=colour, linewidth=1.3, alpha=alpha)
    axes.plot([middle], [place], marker=sign, markersize=4.5, color=colour, alpha=alpha)


def _name(row: dict[Any, Any], language: Language) -> str:
    words = f"{item_words(str(row['item']), language)} [{row['evidence']}]"
    return textwrap.fill(words, _WIDTH // 2 if language == "zh" else _WIDTH)  # a Chinese character is wide


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figures of what was asked below the folder of a ranking."""
    from ...experiments.ranking.finished_ranking import RANKING, Ranking
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    done, definitions = Ranking.read(folder), definitions_of(folder)
    figures: dict[str, Callable[[], Figure]] = {}
    for by in dict.fromkeys(done.table["by"]):
        for name, counting in done.asked:
            rows = of_quantity(done.table, str(by), name, counting)
            if (rows["verdict"] != "identical").any():
                called = "_".join(word for word in (name, counting, f"by_{by}", language) if word)
                figures[called] = partial(draw_ranking, rows, definitions, language)
    origin = origin_of(folder, language)
    return draw_missing(figures, folder / "figures", source_of(folder, RANKING), origin, language)
