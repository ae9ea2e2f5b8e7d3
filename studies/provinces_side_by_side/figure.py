"""The provinces beside each other: one dot a province in each of six panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ...reports.figures.theme import OBSERVED_COLOUR, QUIET_COLOUR, SCENARIO_COLOURS, figure_style
from ...reports.words.phrases import Language, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PANELS", "draw_provinces"]


class Panel(NamedTuple):
    """One panel of the figure.

    Attributes
    ----------
    columns : tuple of str
        Columns of the facts; several are drawn in several colours and named.
    title : str
        Of its title, in ``words/*/study_provinces.yaml``.
    divisor : dict of str to float
        By language: what the numbers are divided by.
    logarithmic : bool
        Whether equal distances are equal ratios.
    mark : float or None
        A line to compare with.
    """

    columns: tuple[str, ...]
    title: str
    divisor: dict[str, float]
    logarithmic: bool = True
    mark: float | None = None


_AS_IS: Final = {"en": 1.0, "zh": 1.0}

PANELS: Final = (
    Panel(("value_sold", "value_bought"), "contracts", {"en": 1e9, "zh": 1e8}),
    Panel(("mean_value_sold",), "mean", {"en": 1e6, "zh": 1e4}),
    Panel(("rd",), "rd", {"en": 1e9, "zh": 1e8}),
    Panel(("value_sold_over_rd",), "over_rd", _AS_IS, mark=1.0),
    Panel(("growth_value_sold", "growth_rd"), "growth", _AS_IS, logarithmic=False, mark=0.0),
    Panel(("ratio_value", "ratio_count"), "simulated", _AS_IS, mark=1.0),
)

_OUTSIDE: Final = 3.0
_FEW_POWERS: Final = 300.0


def draw_provinces(
    facts: pd.DataFrame, simulated: pd.DataFrame, written_for: str, language: Language
) -> Figure:
    """Draw the provinces side by side, from ``provinces.csv`` and ``provinces_simulated.csv``."""
    table = _joined(facts, simulated)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(13.2, 9.6), layout="constrained")
        panels = figure.subplots(1, len(PANELS), sharey=True)
        for axes, panel in zip(panels, PANELS, strict=True):
            _draw(axes, panel, table, language)
        _name_rows(panels[0], table, written_for, language)
        figure.suptitle(say("study_provinces.facts_heading", language), x=0.01, ha="left", fontsize=14)
        note = say("study_provinces.facts_note", language)
        figure.supxlabel(note, x=0.01, ha="left", fontsize=9.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def _joined(facts: pd.DataFrame, simulated: pd.DataFrame) -> pd.DataFrame:
    """Lay the ratios beside the facts, the largest seller first."""
    table = facts.set_index("province")
    for name, indicator in (
        ("ratio_value", "contract_value_output"),
        ("ratio_count", "contract_count_output"),
    ):
        rows = simulated[simulated["indicator"] == indicator].set_index("province")
        table[name] = rows["ratio"].reindex(table.index).astype("float64")
    return table.sort_values("value_sold", ascending=False)


def _draw(axes: Axes, panel: Panel, table: pd.DataFrame, language: Language) -> None:
    if panel.logarithmic:
        axes.set_xscale("log")
    if panel.columns[0].startswith("ratio_"):
        axes.axvspan(1.0 / _OUTSIDE, _OUTSIDE, color=QUIET_COLOUR, alpha=0.12, linewidth=0)
    if panel.mark is not None:
        axes.axvline(panel.mark, color=QUIET_COLOUR, linewidth=1.0, zorder=1)
    several = len(panel.columns) > 1
    for place, column in enumerate(panel.columns):
        axes.plot(
            table[column].to_numpy(dtype=float) / panel.divisor[language],
            range(len(table)),
            linestyle="none",
            marker="o" if place == 0 else "D",
            markersize=5.5 if place == 0 else 4.5,
            color=SCENARIO_COLOURS[place],
            markerfacecolor=SCENARIO_COLOURS[place] if place == 0 else "none",
            label=say(f"study_provinces.facts_label_{column}", language) if several else None,
            zorder=3,
        )
    axes.set_title(say(f"study_provinces.facts_title_{panel.title}", language), fontsize=10.5)
    axes.grid(visible=True, axis="both")
    axes.xaxis.set_major_formatter("{x:g}" if panel.logarithmic else "{x:.1f}")
    axes.tick_params(axis="x", labelsize=9)
    if panel.logarithmic:
        _mark_ratios(axes)
    if several:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.035), fontsize=9, ncols=1)


def _mark_ratios(axes: Axes) -> None:
    """Give a logarithmic axis ticks at powers of ten, and between them where there are few."""
    from matplotlib.ticker import LogLocator

    low, high = axes.get_xlim()
    few = high / low < _FEW_POWERS
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 3.0) if few else (1.0,)))
    axes.xaxis.minorticks_off()


def _name_rows(axes: Axes, table: pd.DataFrame, written_for: str, language: Language) -> None:
    names = table["province_zh"] if language == "zh" else table.index.to_series()
    axes.set_yticks(range(len(table)), names.tolist(), fontsize=9.5)
    axes.set_ylim(len(table) - 0.4, -0.6)
    lucky = table["limits"].fillna("").str.contains("luck")
    for label, name, is_lucky in zip(axes.get_yticklabels(), table.index, lucky, strict=True):
        label.set_color(QUIET_COLOUR if is_lucky else OBSERVED_COLOUR)
        if name == written_for:
            # The bundled font has one weight: a frame stands in for bold.
            label.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": "none", "edgecolor": OBSERVED_COLOUR})
