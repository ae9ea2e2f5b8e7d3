"""What was published beside what the model finds: sizes as shares of the published one, and zeros."""

from __future__ import annotations

import math
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...experiments.running.table_command import DEFAULT_FOLDER, errors_in_one_line
from ...reports.figures.forecast import save_figure
from ...reports.figures.origin import origin_in
from ...reports.figures.theme import QUIET_COLOUR, SCENARIO_COLOURS, figure_style, sign
from ...reports.words.phrases import LANGUAGES, Language, say
from ..read_tables import read_table
from .make import COLUMNS, FILE, PLACEBO_DESIGN
from .registered import registered
from .verdict import AGREE, MISS, OVERLAP, SAYS_NOTHING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FIGURE", "draw_effects", "label_of", "words_of"]

FIGURE: Final = "published_effects"

COLOURS: Final = {
    AGREE: SCENARIO_COLOURS[2],
    OVERLAP: SCENARIO_COLOURS[5],
    MISS: SCENARIO_COLOURS[1],
    SAYS_NOTHING: QUIET_COLOUR,
}
MARKS: Final = {AGREE: "o", OVERLAP: "s", MISS: "X", SAYS_NOTHING: "o"}
"""A second sign beside the colour, for print in grey."""

_PROVINCE: Final = "shaanxi"
_PUBLISHED: Final = "#000000"
_WIDEST: Final = 4.0
"""Times the published size, or what would matter, at which the axis ends; what lies beyond gets an arrow."""


def label_of(figure: str, language: Language) -> str:
    """Give the words by which a figure is shown."""
    return say(f"study_published.figure_{figure}", language)


def words_of(verdict: str, language: Language) -> str:
    """Give the words for a verdict."""
    return say(f"study_published.verdict_{verdict.replace(' ', '_')}", language)


def draw_effects(table: pd.DataFrame, language: Language) -> Figure:
    """Draw a row a figure: sizes above, findings of nothing below; signs have no place on an axis.

    Parameters
    ----------
    table : DataFrame
        In the columns of `make.COLUMNS`; placebos are left out.
    language : {'zh', 'en'}
    """
    shown = table[table["design"] != PLACEBO_DESIGN]
    sizes = shown[shown["kind"] == "number"]
    zeros = shown[shown["kind"] == "zero"]
    with figure_style():
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D

        figure = Figure(figsize=(9.2, 2.6 + 0.34 * (len(sizes) + len(zeros))), layout="constrained")
        above, below = figure.subplots(2, height_ratios=[len(sizes) + 1, len(zeros) + 1])
        _draw(above, sizes, [_unit_of_size(row) for _, row in sizes.iterrows()], language)
        matters = [registered()[name].matters for name in zeros["figure"]]
        _draw(below, zeros, matters, language)
        above.axvline(0.0, color="#BBBBBB", linewidth=0.8)
        below.axvspan(-1.0, 1.0, color="#F0F0F0", zorder=0)
        above.set_title(say("study_published.sizes", language), fontsize=10.5)
        below.set_title(say("study_published.zeros", language), fontsize=10.5)
        futures = int(shown["futures"].max())
        figure.suptitle(say("study_published.title", language, futures=futures), x=0.01, ha="left")
        signs = [
            Line2D([], [], color=_PUBLISHED, marker="D", markersize=6, linewidth=2.0, fillstyle="none"),
            Line2D([], [], color=QUIET_COLOUR, marker="|", markersize=9, linewidth=0),
        ]
        words = [say("study_published.published", language), say("study_published.true_effect", language)]
        for verdict in dict.fromkeys(shown["verdict"]):
            signs.append(
                Line2D([], [], color=COLOURS[verdict], marker=MARKS[verdict], markersize=6, linewidth=2.5)
            )
            words.append(words_of(verdict, language))
        figure.legend(signs, words, loc="outside lower center", ncols=3, fontsize=9)
        figure.draw_without_rendering()
    return figure


def _unit_of_size(row: pd.Series) -> float:
    """Give what counts as one: the published size; of a bound the bound."""
    known = [
        value for value in (row["published"], row["published_low"], row["published_high"]) if value == value
    ]
    return abs(float(known[0]))


def _draw(axes: Axes, rows: pd.DataFrame, units: list[float], language: Language) -> None:
    labels = []
    for place, ((_, row), unit) in enumerate(zip(rows.iterrows(), units, strict=True)):
        # A size that is negative is turned round, so that the published one is always at 1.
        unit = -unit if row["published"] < 0.0 else unit
        low, middle, high = (row[name] / unit for name in ("q05", "q50", "q95"))
        low, high = min(low, high), max(low, high)
        colour = COLOURS[row["verdict"]]
        axes.plot([max(low, -_WIDEST), min(high, _WIDEST)], [place, place], color=colour, linewidth=2.5)
        if high > _WIDEST:
            axes.plot(_WIDEST, place, ">", color=colour, markersize=6, clip_on=False)
        if abs(middle) <= _WIDEST:
            axes.plot(middle, place, MARKS[row["verdict"]], color=colour, markersize=7)
        if math.isfinite(row["true_effect"]) and abs(row["true_effect"] / unit) <= _WIDEST:
            axes.plot(row["true_effect"] / unit, place, "|", color=QUIET_COLOUR, markersize=13)
        _draw_published(axes, row, unit, place)
        labels.append(label_of(str(row["figure"]), language))
    axes.set_yticks(range(len(labels)), labels, fontsize=9)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(-_WIDEST if (rows["kind"] == "zero").all() else -1.0, _WIDEST)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")


def _draw_published(axes: Axes, row: pd.Series, unit: float, place: int) -> None:
    """Draw the published figure with its interval a little above the band."""
    if row["kind"] == "zero":
        return
    at = place - 0.22
    ends = [row["published_low"] / unit, row["published_high"] / unit]
    if math.isnan(row["published"]):  # a bound: from there on
        axes.plot([1.0, _WIDEST], [at, at], color=_PUBLISHED, linewidth=1.2, linestyle=(0, (2, 2)))
    elif all(map(math.isfinite, ends)):
        axes.plot(ends, [at, at], color=_PUBLISHED, linewidth=1.2)
    axes.plot(1.0, at, "D", color=_PUBLISHED, markersize=5, fillstyle="none")


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figure in both languages from the table of `make published-effects`."""
    parser = ArgumentParser(
        prog="python -m shaanxi_transfer.studies.published_effects.figure", description=__doc__
    )
    parser.add_argument("--tables", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--out", type=Path, default=Path("docs") / "model" / "figures")
    given = parser.parse_args(arguments)
    table = read_table(given.tables / FILE, "published-effects", COLUMNS)
    for language in LANGUAGES:
        origin = origin_in(_PROVINCE, language, command="make published-effects")
        figure = sign(draw_effects(table, language), origin, language)
        print(save_figure(figure, given.out / f"{FIGURE}_{language}.png", dots_per_inch=90))
    return 0


if __name__ == "__main__":
    sys.exit(main())
