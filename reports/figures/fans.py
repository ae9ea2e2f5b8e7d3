"""Figures drawn from an experiment's tables, never from a living model.

One fan chart per target (what the futures give, what was observed, what the plan wants) and one
overview of technology contracts, simulated against observed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from ..words.amounts import AxisUnit, amount_in_figure, axis_unit
from ..words.of_provinces import in_province
from ..words.phrases import Language, say
from .theme import (
    GOAL_COLOUR,
    HEADING_SIZE,
    OBSERVED_COLOUR,
    PANEL_SIZE,
    QUIET_COLOUR,
    SCENARIO_COLOURS,
    SCENARIO_HATCHES,
    SCENARIO_LINES,
    add_remark,
    figure_style,
    legend_below,
    name_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...engine.quarters import Quarter

OVERVIEW_INDICATORS: Final = (
    "contract_value_output", "contract_count_output", "contract_value_inflow", "contract_count_inflow",
)  # fmt: skip

_WIDE: Final = 0.16
_NARROW: Final = 0.32
"""How deep bands of 90 and of 50 % of the futures are painted."""
_PAST: Final = "#F5F5F5"


@dataclass(frozen=True)
class Fan:
    """What one fan chart shows.

    Attributes
    ----------
    title : str
        Heading, in the language of the figure.
    unit : str
        Unit of every amount below.
    bands : mapping of str to DataFrame
        By the scenario's name as shown: rows by ``year`` with ``q05``, ``q25``, ``q50``, ``q75``, ``q95``.
    observed : mapping of int to float
        Published values by year.
    goal, goal_year : float and int, optional
        What the plan wants, and when; a plan of another province wants nothing here.
    plan_start : Quarter, optional
        When the plan starts.
    province : str
        The province, as shown before the title.
    kind : {'flow', 'stock', 'ratio'}
        A flow or a ratio stands at the middle of its year, a stock at the year's end.
    past_until : int, optional
        Last year of the simulated past; what comes later is forecast.
    with_error : bool
        Whether the forecast years hold an error of the model, which the past does not.
    signed : bool
        Whether amounts are differences, which may lie below nothing.
    notes : tuple of str
        Lines below the heading of a panel.
    """

    title: str
    unit: str
    bands: Mapping[str, pd.DataFrame]
    observed: Mapping[int, float] = field(default_factory=dict)
    goal: float | None = None
    goal_year: int | None = None
    plan_start: Quarter | None = None
    kind: Literal["flow", "stock", "ratio"] = "flow"
    province: str = ""
    past_until: int | None = None
    with_error: bool = False
    signed: bool = False
    notes: tuple[str, ...] = ()

    def when(self, year: int) -> float:
        """Date at which a year's amount stands, as a decimal year: 2018.25 is the first of April 2018."""
        return year + (1.0 if self.kind == "stock" else 0.5)

    @property
    def largest(self) -> float:
        """Largest amount on the chart, in ``unit``; it chooses the unit of the axis."""
        amounts = [self.goal or 0.0, *self.observed.values()]
        amounts += [float(band["q95"].max()) for band in self.bands.values()]
        if self.signed:
            amounts += [-float(band["q05"].min()) for band in self.bands.values()]
        return max(amounts)


def bands_of(
    indicators: pd.DataFrame, indicator: str, scenario_titles: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Take one indicator's quantiles (q05 ... q95, indexed by year) out of ``indicators.csv``.

    They are in the order of ``scenario_titles`` and by the names there; a scenario without this indicator
    is left out.
    """
    rows = indicators[indicators["indicator"] == indicator]
    found = {}
    for scenario, title in scenario_titles.items():
        band = rows[rows["scenario"] == scenario].set_index("year").sort_index()
        if len(band):
            found[title] = band
    return found


def draw_fan(fan: Fan, language: Language) -> Figure:
    """Draw one fan chart, not registered with pyplot, so that it needs no display and no closing."""
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8.2, 4.9), layout="constrained")
        axes = figure.add_subplot()
        unit = _draw(axes, fan, language)
        name_unit(figure, unit.label)
        _explain(figure, [fan], language)
        title = in_province(fan.title, fan.province, language)
        axes.set_title(say("figures.title_with_unit", language, title=title, unit=unit.label))
        _legend(figure, [axes], language)
        figure.draw_without_rendering()  # fonts settle here: saving later need not know the style
        return figure


def draw_overview(fans: Sequence[Fan], language: Language, heading: str | None = None) -> Figure:
    """Draw several series on one page, one panel each, under one heading and the first one's legend."""
    with figure_style():
        from matplotlib.figure import Figure

        columns = min(2, len(fans))
        lines = -(-len(fans) // columns)
        figure = Figure(figsize=(5.6 * columns, 3.6 * lines + 0.8), layout="constrained")
        panels = np.atleast_1d(np.asarray(figure.subplots(lines, columns), dtype=object)).ravel()
        for panel, fan in zip(panels, fans, strict=False):
            unit = _draw(panel, fan, language)
            name_unit(figure, unit.label)
            title = say("figures.title_with_unit", language, title=fan.title, unit=unit.label)
            panel.set_title(title, fontsize=PANEL_SIZE, pad=12 + 13 * len(fan.notes))
            below = "\n".join(fan.notes)
            panel.annotate(
                below,
                xy=(0.0, 1.0),
                xycoords="axes fraction",
                xytext=(0, 6),
                textcoords="offset points",
                fontsize=9,
                color=QUIET_COLOUR,
            )
        for panel in panels[len(fans) :]:
            panel.set_visible(False)
        text = say("figures.overview_heading", language) if heading is None else heading
        text = in_province(text, fans[0].province, language)
        figure.suptitle(text, x=0.01, ha="left", fontsize=HEADING_SIZE)
        _explain(figure, fans, language)
        _legend(figure, list(panels), language)
        figure.draw_without_rendering()
        return figure


def _draw(axes: Axes, fan: Fan, language: Language) -> AxisUnit:
    """Draw bands, medians, observed years, goal and plan start; give the unit of the axis."""
    unit = axis_unit(fan.unit, fan.largest, language)
    for place, (title, band) in enumerate(fan.bands.items()):
        colour = SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)]
        line = SCENARIO_LINES[place % len(SCENARIO_LINES)]
        years = [fan.when(int(year)) for year in band.index]
        hatch = SCENARIO_HATCHES[place % len(SCENARIO_HATCHES)]

        def scaled(column: str, band: pd.DataFrame = band) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            return band[column].to_numpy(dtype=float) / unit.divisor

        # Where two lie on one another both can still be seen: one is filled, the other hatched, with edges.
        for low, high, depth in (("q05", "q95", _WIDE), ("q25", "q75", _NARROW)):
            axes.fill_between(years, scaled(low), scaled(high), **_band(colour, hatch, depth))
            for edge in (low, high):
                axes.plot(years, scaled(edge), color=colour, linewidth=0.6, linestyle=line, alpha=0.7)
        label = say("figures.median_of", language, scenario=title)
        axes.plot(years, scaled("q50"), color=colour, linewidth=2.0, linestyle=line, label=label)
    if fan.observed:
        years_seen = sorted(fan.observed)
        axes.plot(
            [fan.when(year) for year in years_seen],
            [fan.observed[year] / unit.divisor for year in years_seen],
            linestyle="none",
            marker="o",
            markersize=5,
            color=OBSERVED_COLOUR,
            zorder=5,
            label=say("figures.observed", language),
        )
    if fan.signed:
        axes.axhline(0.0, color=GOAL_COLOUR, linewidth=0.9, zorder=2)
    else:
        axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:,g}")
    _mark_goal(axes, fan, unit, language)
    _mark_years(axes, fan)
    _mark_past(axes, fan, language)
    _mark_plan_start(axes, fan, language)
    return unit


def _band(colour: str, hatch: str, depth: float) -> dict[str, Any]:
    """Say how a band is painted: filled, or hatched the denser the narrower."""
    if not hatch:
        return {"facecolor": colour, "alpha": depth, "linewidth": 0.0}
    dense = hatch if depth == _WIDE else hatch + hatch.replace("/", "\\")
    return {"facecolor": "none", "edgecolor": colour, "hatch": dense, "alpha": 0.45, "linewidth": 0.0}


def _mark_goal(axes: Axes, fan: Fan, unit: AxisUnit, language: Language) -> None:
    if fan.goal is None:
        return
    level = fan.goal / unit.divisor
    axes.set_ylim(top=max(axes.get_ylim()[1], level * 1.12))
    axes.axhline(level, color=GOAL_COLOUR, linewidth=1.2, linestyle=(0, (6, 3)), zorder=3)
    wanted = {"year": fan.goal_year, "goal": amount_in_figure(fan.goal, fan.unit, language)}
    axes.annotate(
        say("figures.goal_line", language, **wanted),
        xy=(0.0, level),
        xycoords=("axes fraction", "data"),
        xytext=(5, 4),
        textcoords="offset points",
        color=GOAL_COLOUR,
    )


def _mark_plan_start(axes: Axes, fan: Fan, language: Language) -> None:
    if fan.plan_start is None:
        return
    start = fan.plan_start.year + (fan.plan_start.quarter - 1) / 4
    axes.axvline(start, color=QUIET_COLOUR, linewidth=1.0, linestyle=(0, (1, 2)), zorder=1)
    words = say("figures.plan_start", language, year=fan.plan_start.year, quarter=fan.plan_start.quarter)
    _write_at_top(axes, start, words, line=0 if fan.past_until is None else 1)


def _mark_past(axes: Axes, fan: Fan, language: Language) -> None:
    """Shade the simulated past: what fits there was known, and what comes later was not."""
    if fan.past_until is None:
        return
    first, _ = axes.get_xlim()
    end = fan.past_until + 1.0
    axes.axvspan(first, end, color=_PAST, zorder=0, linewidth=0.0)
    _write_at_top(axes, end, say("figures.simulated_past", language, year=fan.past_until), line=0)


def _write_at_top(axes: Axes, where: float, words: str, line: int) -> None:
    """Write to the left of a date, at the top: at the foot lie the bands of what begins at none."""
    axes.annotate(
        words,
        xy=(where, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(-4, -5 - 14 * line),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=9,
        color=QUIET_COLOUR,
    )


def _explain(figure: Figure, fans: Sequence[Fan], language: Language) -> None:
    """Say below a figure why its bands may kink where the observed years end."""
    known = [fan for fan in fans if fan.past_until is not None]
    if known:
        key = "figures.fold_with_error" if any(fan.with_error for fan in known) else "figures.fold"
        add_remark(figure, say(key, language, year=known[0].past_until))


def _mark_years(axes: Axes, fan: Fan) -> None:
    """Show whole years only, each name in the middle of its year and a stroke where it begins."""
    years = {int(year) for band in fan.bands.values() for year in band.index} | set(fan.observed)
    if not years:
        return
    first, last = min(years), max(years)
    step = max(1, round((last - first) / 11))
    axes.set_xlim(first - 0.1, last + 1.1)
    named = range(first, last + 1, step)
    axes.set_xticks([year + 0.5 for year in named], [str(year) for year in named])
    axes.set_xticks(range(first, last + 2), minor=True)
    axes.tick_params(axis="x", which="major", length=0)
    axes.tick_params(axis="x", which="minor", length=3, color=QUIET_COLOUR)


def _legend(figure: Figure, panels: Sequence[Axes], language: Language) -> None:
    """Name lines, dots and the two depths of band below the axes."""
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.patches import Patch

    named: dict[str, Any] = {}
    for panel in panels:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    labels, handles = list(named), list(named.values())
    medians = [place for place, handle in enumerate(handles) if handle.get_marker() != "o"]
    for place, at in enumerate(medians):
        colour = SCENARIO_COLOURS[place % len(SCENARIO_COLOURS)]
        hatch = SCENARIO_HATCHES[place % len(SCENARIO_HATCHES)]
        handles[at] = (Patch(**_band(colour, hatch, _WIDE)), handles[at])
    for key, depth in (("wide", _WIDE), ("narrow", _NARROW)):
        filled, hatched = (Patch(**_band(QUIET_COLOUR, hatch, depth)) for hatch in SCENARIO_HATCHES[:2])
        handles.append((filled, hatched) if len(medians) > 1 else filled)
        labels.append(say(f"figures.band_{key}", language))
    pairs = {tuple: HandlerTuple(ndivide=1)}
    legend_below(figure, handles, labels, handlelength=3.0, handleheight=1.1, handler_map=pairs)
