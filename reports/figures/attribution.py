"""Figures of an attribution, drawn from its table: what each part adds, and what two projects do together."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..tables.attribution_rows import in_order, of_quantity
from ..words.amounts import number
from ..words.of_packages import item_words, quantity_words, unit_of
from ..words.phrases import Language, say
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from .forecast import Drawn

__all__ = ["draw_pairs", "draw_parts", "write_figures"]

_MORE: Final = SCENARIO_COLOURS[0]
_LESS: Final = SCENARIO_COLOURS[1]
_ROW: Final = 0.27


def draw_parts(rows: pd.DataFrame, definitions: Definitions, language: Language) -> Figure:
    """Draw projects as bars, the largest first, each with its tasks below it, and the bands of futures.

    ``rows`` are those of one quantity in ``attribution.csv``. What is not visible is drawn pale.
    """
    with figure_style():
        from matplotlib.figure import Figure

        parts, unit = in_order(rows), unit_of(rows[rows["level"].isin(("project", "task"))], language)
        figure = Figure(figsize=(9.6, 1.5 + _ROW * len(parts)), layout="constrained")
        name_unit(figure, unit.label)
        axes = figure.add_subplot()
        for place, row in enumerate(parts.to_dict("records")):
            _draw_part(axes, place, row, unit.divisor)
        axes.axvline(0.0, color=QUIET_COLOUR, linewidth=0.8)
        axes.set_yticks(range(len(parts)), [item_words(str(item), language) for item in parts["item"]])
        for label, level in zip(axes.get_yticklabels(), parts["level"], strict=True):
            label.set_fontsize(9.5 if level == "project" else 8.0)
            label.set_color("#000000" if level == "project" else QUIET_COLOUR)
        axes.set_ylim(len(parts) - 0.4, -0.6)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(say("advice.parts_axis", language, unit=unit.label))
        _head(figure, rows, "parts", definitions, language)
        figure.draw_without_rendering()
        return figure


def _draw_part(axes: Axes, place: int, row: dict[Any, Any], divisor: float) -> None:
    project, visible = row["level"] == "project", row["verdict"] in ("more", "less")
    value, low, high = (float(row[name]) / divisor for name in ("mean", "q05", "q95"))
    colour = _MORE if value >= 0.0 else _LESS
    alpha = 0.9 if visible else 0.35
    if project:
        axes.barh(place, value, height=0.62, color=colour, alpha=alpha)
    else:
        axes.plot([value], [place], marker="o", markersize=4, color=colour, alpha=alpha)
    axes.plot([low, high], [place, place], color="#222222", linewidth=1.1 if project else 0.7, alpha=alpha)


def draw_pairs(rows: pd.DataFrame, definitions: Definitions, language: Language) -> Figure:
    """Draw what each two projects do together beyond what each does, as a triangle of numbers."""
    with figure_style():
        from matplotlib.figure import Figure
        from matplotlib.patches import Rectangle

        pairs = rows[rows["level"] == "pair"]
        players = list(dict.fromkeys([*pairs["item"], *pairs["other"]]))
        place = {player: number for number, player in enumerate(players)}
        unit = unit_of(pairs.assign(q05=pairs["mean"], q95=pairs["mean"]), language)
        values = np.full((len(players), len(players)), np.nan)
        figure = Figure(figsize=(4.8 + 0.72 * len(players), 2.4 + 0.56 * len(players)), layout="constrained")
        name_unit(figure, unit.label)
        axes = figure.add_subplot()
        for row in pairs.to_dict("records"):
            value, x, y = float(row["mean"]) / unit.divisor, place[row["item"]], place[row["other"]]
            values[y, x] = value
            axes.text(x, y, number(value), ha="center", va="center", fontsize=8.5)
            if row["verdict"] in ("more", "less"):
                frame = Rectangle((x - 0.47, y - 0.47), 0.94, 0.94, fill=False, edgecolor="#222222", zorder=3)
                axes.add_patch(frame)
        largest = max(float(np.nanmax(np.abs(values))), 1e-12)
        axes.imshow(values, cmap="RdBu", vmin=-1.6 * largest, vmax=1.6 * largest, aspect="auto")
        names = [textwrap.fill(item_words(player, language), _wide(language, 34)) for player in players]
        axes.set_yticks(range(1, len(players)), names[1:], fontsize=8.5)
        short = [textwrap.fill(item_words(player, language), _wide(language, 16)) for player in players]
        axes.set_xticks(range(len(players) - 1), short[:-1], fontsize=7.5, rotation=40, ha="right")
        axes.set_xlim(-0.5, len(players) - 1.5)
        axes.set_ylim(len(players) - 0.5, 0.5)
        axes.grid(visible=False)
        note = say("advice.pairs_note", language, unit=unit.label, pairs=int(rows["pairs"].iloc[0]))
        _head(figure, rows, "pairs", definitions, language)
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figures of what was asked below the folder of an attribution."""
    from ...experiments.attributing.finished_attribution import ATTRIBUTION, Attribution
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    done, definitions = Attribution.read(folder), definitions_of(folder)
    figures: dict[str, Callable[[], Figure]] = {}
    for name, counting in done.asked:
        rows = of_quantity(done.table, name, counting)
        if (rows["verdict"] == "identical").all():
            continue
        called = f"{name}_{counting}" if counting else name
        draws = {f"{called}_{language}": draw_parts}
        if (rows.loc[rows["level"] == "pair", "verdict"] != "identical").any():
            draws[f"{called}_pairs_{language}"] = draw_pairs
        for file, draw in draws.items():
            figures[file] = partial(draw, rows, definitions, language)
    origin = origin_of(folder, language)
    return draw_missing(figures, folder / "figures", source_of(folder, ATTRIBUTION), origin, language)


def _head(
    figure: Figure, rows: pd.DataFrame, what: str, definitions: Definitions, language: Language
) -> None:
    first = rows.iloc[0]
    title = quantity_words(first, definitions, language)
    key = "advice.parts_heading" if what == "parts" else "advice.pairs_heading"
    figure.suptitle(
        say(key, language, title=title, year=int(first["year"])), x=0.01, ha="left", fontsize=HEADING_SIZE
    )


def _wide(language: Language, letters: int) -> int:
    """Letters on a line; a Chinese character is two wide."""
    return letters // 2 if language == "zh" else letters
