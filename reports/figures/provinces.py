"""Provinces side by side: a small panel each, and a map of squares, one a province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ..words.amounts import axis_unit
from ..words.of_provinces import province_name
from ..words.phrases import Language, say
from .fans import Fan
from .theme import (
    HEADING_SIZE,
    OBSERVED_COLOUR,
    QUIET_COLOUR,
    SCENARIO_COLOURS,
    add_remark,
    figure_style,
    legend_below,
    name_unit,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TILES", "draw_side_by_side", "draw_tiles"]

TILES: Final[Mapping[str, tuple[int, int]]] = {
    "heilongjiang": (8, 0),
    "neimenggu": (5, 1), "beijing": (6, 1), "liaoning": (7, 1), "jilin": (8, 1),
    "xinjiang": (1, 2), "ningxia": (4, 2), "shanxi": (5, 2), "hebei": (6, 2), "tianjin": (7, 2),
    "qinghai": (2, 3), "gansu": (3, 3), "shaanxi": (4, 3), "henan": (5, 3), "shandong": (6, 3),
    "xizang": (1, 4), "sichuan": (3, 4), "chongqing": (4, 4), "hubei": (5, 4), "anhui": (6, 4),
    "jiangsu": (7, 4), "shanghai": (8, 4),
    "guizhou": (4, 5), "hunan": (5, 5), "jiangxi": (6, 5), "zhejiang": (7, 5),
    "yunnan": (3, 6), "guangxi": (4, 6), "guangdong": (5, 6), "fujian": (6, 6),
    "hainan": (5, 7),
}  # fmt: skip
"""Column and row of each province's square: neighbours as far as squares allow; no map, no boundaries."""

_ACROSS: Final = 4


def draw_side_by_side(fans: Sequence[Fan], heading: str, language: Language) -> Figure:
    """Draw a small panel for each province: band of 90 % of futures, median, observed years.

    Parameters
    ----------
    fans : sequence of Fan
        One a province, titled by its name; the first of its bands is drawn. All in one unit, each on an
        axis of its own, for the largest province would press the others flat.
    heading : str
        What is shown, in the language of the figure.
    """
    unit = axis_unit(fans[0].unit, max(fan.largest for fan in fans), language)
    across = min(_ACROSS, len(fans))
    down = -(-len(fans) // across)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(max(6.4, 3.0 * across), 1.5 + 2.1 * down), layout="constrained")
        name_unit(figure, unit.label)
        panels = figure.subplots(down, across, squeeze=False).ravel()
        for axes, fan in zip(panels, fans, strict=False):
            title, band = next(iter(fan.bands.items()))
            at = [fan.when(int(year)) for year in band.index]
            low, middle, high = (band[name].to_numpy(float) / unit.divisor for name in ("q05", "q50", "q95"))
            axes.fill_between(at, low, high, color=SCENARIO_COLOURS[0], alpha=0.2, linewidth=0.0,
                              label=say("figures.band_wide", language))  # fmt: skip
            axes.plot(at, middle, color=SCENARIO_COLOURS[0], linewidth=1.6,
                      label=say("figures.median_of", language, scenario=title))  # fmt: skip
            axes.plot([fan.when(year) for year in sorted(fan.observed)],
                      [fan.observed[year] / unit.divisor for year in sorted(fan.observed)],
                      color=OBSERVED_COLOUR, marker="o", markersize=2.8, linestyle="none",
                      label=say("figures.observed", language))  # fmt: skip
            axes.set_title(fan.title, fontsize=10, pad=4)
            axes.set_ylim(bottom=0.0)
            axes.yaxis.set_major_formatter("{x:,g}")
            axes.locator_params(axis="y", nbins=4)
            years = [int(year) for year in band.index]
            named = [years[0], years[len(years) // 2], years[-1]]
            axes.set_xticks([year + 0.5 for year in named], [str(year) for year in named])
            axes.tick_params(labelsize=8)
        for axes in panels[len(fans) :]:
            axes.set_visible(False)
        text = say("figures.title_with_unit", language, title=heading, unit=unit.label)
        figure.suptitle(text, x=0.01, ha="left", fontsize=HEADING_SIZE)
        handles, labels = panels[0].get_legend_handles_labels()
        legend_below(figure, handles, labels)
        add_remark(figure, say("figures.own_axes", language))
        figure.draw_without_rendering()
        return figure


def draw_tiles(values: Mapping[str, float], heading: str, language: Language) -> Figure:
    """Draw a square for each province, the darker the larger its share; one without a value is empty.

    Parameters
    ----------
    values : mapping of str to float
        By the pack's name: a fraction, written as per cent. Below zero is red.
    heading : str
        What is shown, in the language of the figure.
    """
    with figure_style():
        import matplotlib as mpl
        from matplotlib.colors import SymLogNorm
        from matplotlib.figure import Figure
        from matplotlib.patches import Rectangle

        figure = Figure(figsize=(8.6, 7.4), layout="constrained")
        name_unit(figure, say("figures.unit_percent", language))
        axes = figure.add_subplot()
        known = [value for value in values.values() if np.isfinite(value)]
        largest = max([abs(value) for value in known] + [1e-6])
        # Provinces differ by orders of ten: equal steps of colour are equal ratios from a per cent on.
        norm = SymLogNorm(linthresh=min(0.01, largest), vmin=-largest, vmax=largest)
        colours = mpl.colormaps["RdBu"]
        for province, (column, row) in TILES.items():
            value = values.get(province, float("nan"))
            there = bool(np.isfinite(value))
            colour = colours(norm(value)) if there else "white"
            square = Rectangle(
                (column, row), 0.94, 0.94, facecolor=colour, edgecolor=QUIET_COLOUR, linewidth=0.6
            )
            axes.add_patch(square)
            dark = there and abs(float(norm(value)) - 0.5) > 0.33
            ink = "white" if dark else "black" if there else QUIET_COLOUR
            name = province_name(province, language)
            small = 8.0 if len(name) > 8 else 10.5
            axes.text(
                column + 0.47,
                row + 0.36,
                name.replace(" ", "\n"),
                ha="center",
                va="center",
                fontsize=small,
                color=ink,
            )
            number = percent_of_change(value, language) if there else "–"
            axes.text(column + 0.47, row + 0.74, number, ha="center", va="center", fontsize=9.5, color=ink)
        axes.set_xlim(0.9, 9.1)
        axes.set_ylim(8.05, -0.1)
        axes.set_aspect("equal")
        axes.set_axis_off()
        figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
        add_remark(figure, say("figures.tiles_note", language))
        figure.draw_without_rendering()
        return figure


def percent_of_change(value: float, language: Language) -> str:
    """Write a relative change with its sign.

    Examples
    --------
    >>> percent_of_change(0.123, "en"), percent_of_change(-0.004, "zh")
    ('+12.3 %', '-0.4%')
    """
    sign = "+" if value > 0.0 else "-" if value < 0.0 else ""
    if abs(value) > 1.0:
        return say("figures.times", language, times=f"{sign}{abs(value):.1f}")
    return sign + say("amounts.percent", language, number=f"{100.0 * abs(value):.1f}")
