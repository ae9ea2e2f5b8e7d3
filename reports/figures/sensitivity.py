"""Figures of a sensitivity analysis, drawn from its tables: bars, the plane of Morris, how indices settle."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..words.amounts import AxisUnit, axis_unit
from ..words.phrases import Language, say, title_of
from ..words.sensitivity_sentences import MAIN, name_of, sentence
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, SCENARIO_LINES, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .forecast import Drawn

__all__ = ["draw_bars", "draw_plane", "draw_settling", "figures_of"]

BARS: Final = 12
NAMED: Final = 8
SETTLING: Final = 6
_COLOURS: Final = {
    "lever": SCENARIO_COLOURS[0],
    "uncertainty": SCENARIO_COLOURS[1],
    "group": SCENARIO_COLOURS[2],
}


def figures_of(
    indices: pd.DataFrame, convergence: pd.DataFrame, targets: Any, language: Language
) -> dict[str, Callable[[], Figure]]:
    """Say how each figure of an analysis is drawn out of ``sensitivity.csv`` and ``convergence.csv``.

    They are called ``<target>``, ``<target>_settling``, and for single factors under Morris
    ``<target>_plane``.
    """
    figures: dict[str, Callable[[], Figure]] = {}
    for name in indices["target"].unique():
        rows, target = indices[indices["target"] == name], targets[name]
        figures[str(name)] = partial(draw_bars, rows, target, language)
        if (rows["kind"] == "constant").all():
            continue
        settling = convergence[(convergence["target"] == name) & (convergence["kind"] != "constant")]
        figures[f"{name}_settling"] = partial(draw_settling, settling, target, language)
        if "sigma" in set(rows["index"]):
            figures[f"{name}_plane"] = partial(draw_plane, rows, target, language)
    return figures


def draw_bars(rows: pd.DataFrame, target: Any, language: Language) -> Figure:
    """Draw the foremost factors of a target as bars with intervals, and luck as a bar of its own.

    ``rows`` are those of one target in ``sensitivity.csv``. For a target that is the same at all points
    the figure holds the sentence that says so.
    """
    with figure_style():
        from matplotlib.figure import Figure

        if (rows["kind"] == "constant").all():
            figure = Figure(figsize=(8.2, 2.0), layout="constrained")
            figure.text(
                0.02, 0.5, textwrap.fill(sentence(rows, target, language), _width(language, 90)), va="center"
            )
            figure.draw_without_rendering()
            return figure
        method = str(rows["method"].iloc[0])
        shown = [MAIN[method], "ST"] if method == "sobol" else [MAIN[method]]
        bars = _bars(rows, method)
        figure = Figure(figsize=(8.8, 1.6 + 0.42 * len(bars)), layout="constrained")
        axes = figure.add_subplot()
        unit = _unit(rows, target, language) if method == "morris" else AxisUnit(1.0, "")
        name_unit(figure, unit.label or say("sensitivity.index_share_of_variance", language))
        names = [textwrap.fill(name_of(row, language), _width(language, 40)) for row in bars.itertuples()]
        height = 0.8 / len(shown)
        for place, index in enumerate(shown):
            values = rows[rows["index"] == index].set_index("factor").reindex(bars["factor"])
            if index == "ST":
                values.loc["luck"] = np.nan
            elif method == "sobol":
                values.loc["luck"] = rows[rows["index"] == "share_of_variance"].iloc[0][values.columns]
            where = np.arange(len(bars)) + (place - (len(shown) - 1) / 2) * height
            where[-1] = len(bars) - 1  # luck has one bar only
            _draw_bars(
                axes, where, values, height, unit.divisor, faint=index == "ST", kinds=list(bars["kind"])
            )
        axes.set_yticks(range(len(bars)), names, fontsize=9)
        axes.invert_yaxis()
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(_axis_words(method, unit, language))
        left, right = axes.get_xlim()
        # An interval may reach beyond what a share can be; nothing is to be seen there.
        axes.set_xlim(min(0.0, left), right if method == "morris" else min(right, 1.05))
        _head(figure, rows, target, method, language)
        if method == "sobol":
            _legend_of_orders(axes, language)
        figure.draw_without_rendering()
        return figure


def draw_plane(rows: pd.DataFrame, target: Any, language: Language) -> Figure:
    """Draw Morris' plane: mean size of each effect against its spread, the foremost numbered and named."""
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9.6, 5.2), layout="constrained")
        axes = figure.add_subplot()
        unit = _unit(rows, target, language)
        name_unit(figure, unit.label)
        factors = rows[rows["kind"] != "luck"].pivot(index="factor", columns="index", values="value")
        order = list(rows[(rows["index"] == "mu_star") & (rows["kind"] != "luck")]["factor"])
        who = rows[rows["index"] == "mu_star"].set_index("factor")
        size, spread = (factors.loc[order, name].to_numpy() / unit.divisor for name in ("mu_star", "sigma"))
        colours = [_COLOURS[kind] for kind in who.loc[order, "kind"]]
        axes.scatter(size, spread, c=colours, s=26, zorder=3)
        labels = []
        for place, factor in enumerate(order[:NAMED]):
            axes.annotate(
                str(place + 1), (size[place], spread[place]), xytext=(4, 3), textcoords="offset points"
            )
            lines = textwrap.wrap(title_of(who.loc[factor], language), _width(language, 34))
            labels.append(f"{place + 1}  " + "\n    ".join(lines))
        right, top = 1.1 * size.max(), 1.15 * max(spread.max(), 1e-9 * size.max())
        even = min(right, top)
        axes.plot([0.0, even], [0.0, even], color=QUIET_COLOUR, linewidth=1.0, linestyle="dotted")
        axes.annotate(
            say("sensitivity.even_line", language), (0.62 * even, 0.62 * even), xytext=(6, -6),
            textcoords="offset points", va="top", color=QUIET_COLOUR, fontsize=9,
        )  # fmt: skip
        luck = float(who["value"]["luck"]) / unit.divisor
        axes.axvline(luck, color=QUIET_COLOUR, linewidth=1.2, linestyle=(0, (6, 3)))
        axes.annotate(
            say("sensitivity.luck_line", language), (luck, 0.02), xycoords=("data", "axes fraction"),
            xytext=(4, 0), textcoords="offset points", va="bottom", color=QUIET_COLOUR, fontsize=9,
        )  # fmt: skip
        axes.set_xlim(0.0, max(right, 1.1 * luck))
        axes.set_ylim(0.0, top)
        axes.set_xlabel(
            say(
                "sensitivity.with_unit",
                language,
                what=say("sensitivity.index_mu_star", language),
                unit=unit.label,
            )
        )
        axes.set_ylabel(
            say(
                "sensitivity.with_unit",
                language,
                what=say("sensitivity.index_sigma", language),
                unit=unit.label,
            )
        )
        axes.text(1.02, 1.0, "\n".join(labels), transform=axes.transAxes, va="top", fontsize=9)
        _head(figure, rows, target, "plane", language)
        figure.draw_without_rendering()
        return figure


def draw_settling(rows: pd.DataFrame, target: Any, language: Language) -> Figure:
    """Draw the main index of the foremost factors against the size of the design, with intervals."""
    with figure_style():
        from matplotlib.figure import Figure
        from matplotlib.ticker import NullLocator

        figure = Figure(figsize=(8.8, 4.6), layout="constrained")
        axes = figure.add_subplot()
        method = str(rows["method"].iloc[0])
        unit = _unit(rows, target, language) if method == "morris" else AxisUnit(1.0, "")
        name_unit(figure, unit.label or say("sensitivity.index_share_of_variance", language))
        whole = rows[(rows["size"] == rows["size"].max()) & (rows["index"] == MAIN[method])]
        factors = list(whole[whole["kind"] != "luck"]["factor"].head(SETTLING))
        for place, factor in enumerate([*factors, "luck"]):
            index = "share_of_variance" if factor == "luck" and method == "sobol" else MAIN[method]
            mine = rows[(rows["factor"] == factor) & (rows["index"] == index)].sort_values("size")
            value, low, high = (mine[name].to_numpy() / unit.divisor for name in ("value", "low", "high"))
            errors = None if np.isnan(low).any() else np.abs(np.stack([value - low, high - value]))
            name = textwrap.fill(name_of(next(mine.itertuples()), language), _width(language, 34))
            colour = QUIET_COLOUR if factor == "luck" else SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)]
            axes.errorbar(
                mine["size"] * 1.03 ** (place - 3), value, yerr=errors, label=name, color=colour,
                linestyle=SCENARIO_LINES[place % len(SCENARIO_LINES)], linewidth=1.5, marker="o",
                markersize=4, capsize=2.5,
            )  # fmt: skip
        axes.set_xscale("log")
        sizes = sorted(rows["size"].unique())
        axes.set_xticks(sizes, [str(size) for size in sizes])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel(say(f"sensitivity.size_{method}", language))
        axes.set_ylabel(_axis_words(method, unit, language))
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=9)
        _head(figure, rows[rows["size"] == sizes[-1]], target, "settling", language)
        figure.draw_without_rendering()
        return figure


def _bars(rows: pd.DataFrame, method: str) -> pd.DataFrame:
    """Choose the bars: the foremost factors, then luck."""
    main = rows[rows["index"] == MAIN[method]]
    luck = rows[(rows["kind"] == "luck")].head(1)
    return pd.concat([main[main["kind"] != "luck"].head(BARS), luck], ignore_index=True)


def _draw_bars(
    axes: Axes,
    where: Any,
    values: pd.DataFrame,
    height: float,
    divisor: float,
    *,
    faint: bool,
    kinds: list[str],
) -> None:
    value, low, high = (values[name].to_numpy(dtype=float) / divisor for name in ("value", "low", "high"))
    colours = [_COLOURS.get(kind, QUIET_COLOUR) for kind in kinds]
    axes.barh(where, value, height=height * 0.92, color=colours, alpha=0.4 if faint else 0.9)
    known = np.isfinite(value) & np.isfinite(low)
    errors = np.abs(np.stack([value - low, high - value]))[:, known]
    axes.errorbar(
        value[known], where[known], xerr=errors, fmt="none", ecolor="#222222", elinewidth=1.0, capsize=2.5
    )


def _legend_of_orders(axes: Axes, language: Language) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=QUIET_COLOUR, alpha=alpha) for alpha in (0.9, 0.4)]
    words = [say(f"sensitivity.index_{key}", language) for key in ("S1", "ST")]
    axes.legend(handles, words, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, fontsize=9)


def _unit(rows: pd.DataFrame, target: Any, language: Language) -> AxisUnit:
    sizes = rows.loc[rows["index"] == "mu_star", "value"]
    return axis_unit(target.unit, float(sizes.max()), language)


def _axis_words(method: str, unit: AxisUnit, language: Language) -> str:
    if method == "sobol":
        return say("sensitivity.index_share_of_variance", language)
    what = say(f"sensitivity.index_{MAIN[method]}", language)
    return say("sensitivity.with_unit", language, what=what, unit=unit.label) if unit.label else what


def _head(figure: Figure, rows: pd.DataFrame, target: Any, what: str, language: Language) -> None:
    first = rows.iloc[0]
    heading = say(f"sensitivity.{what}_heading", language, title=title_of(target, language), year=target.year)
    note = say("sensitivity.note", language, points=first["points"], futures=first["futures"])
    figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
    figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)


def _width(language: Language, letters: int) -> int:
    """Letters on a line; a Chinese character is two wide."""
    return letters // 2 if language == "zh" else letters


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figures of a finished analysis below its folder, as PNG and SVG."""
    from ...experiments.sensitivity_analysis.finished_analysis import CONVERGENCE, SENSITIVITY, Sensitivity
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    done = Sensitivity.read(folder)
    figures = figures_of(done.indices, done.convergence, definitions_of(folder).targets, language)
    named = {f"{name}_{language}": draw for name, draw in figures.items()}
    origin = origin_of(folder, language, futures=int(done.indices["futures"].max()))
    source = source_of(folder, SENSITIVITY, CONVERGENCE)
    return draw_missing(named, folder / "figures", source, origin, language)
