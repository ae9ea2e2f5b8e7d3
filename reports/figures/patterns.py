"""The figure of the patterns: how far each observed fact lies from the median of the futures."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..words.phrases import Language, say
from .theme import (
    HEADING_SIZE,
    QUIET_COLOUR,
    SCENARIO_COLOURS,
    add_remark,
    figure_style,
    legend_below,
    name_unit,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_patterns"]

_FORMS: Final = {
    "reproduced": ("o", SCENARIO_COLOURS[2]),
    "partly": ("^", SCENARIO_COLOURS[4]),
    "not": ("X", SCENARIO_COLOURS[1]),
}
_FARTHEST: Final = 4.0
"""Tolerances from which a fact stands at the edge."""
_NEAR: Final = "#EDF5F1"


def draw_patterns(table: pd.DataFrame, language: Language) -> Figure:
    """Draw a line for each pattern, and on it a sign for each fact.

    Parameters
    ----------
    table : DataFrame
        ``patterns_<province>.csv``: ``pattern``, ``distance`` of the median from what was observed,
        ``tolerance`` in the same measure, ``verdict``. Facts that are not simulated have no sign.
    """
    with figure_style():
        from matplotlib.figure import Figure

        patterns = sorted(int(one) for one in table["pattern"].unique())
        figure = Figure(figsize=(10.6, 1.8 + 0.44 * len(patterns)), layout="constrained")
        name_unit(figure, say("figures.unit_tolerances", language))
        axes = figure.add_subplot()
        axes.axvspan(-1.0, 1.0, color=_NEAR, zorder=0, linewidth=0.0)
        axes.axvline(0.0, color=QUIET_COLOUR, linewidth=0.8, zorder=1)
        for verdict, (sign, colour) in _FORMS.items():
            mine = table[(table["verdict"] == verdict) & table["distance"].notna()]
            far = (mine["distance"] / mine["tolerance"]).clip(-_FARTHEST, _FARTHEST)
            at = [patterns.index(int(one)) for one in mine["pattern"]]
            spread = _apart(mine["pattern"].to_numpy())
            label = say(f"figures.verdict_{verdict}", language)
            axes.plot(
                far,
                at + spread,
                marker=sign,
                color=colour,
                linestyle="none",
                markersize=6,
                alpha=0.85,
                label=label,
            )
        for place, pattern in enumerate(patterns):
            verdicts = table.loc[table["pattern"] == pattern, "verdict"]
            count = say(
                "figures.facts", language, met=int((verdicts == "reproduced").sum()), all=len(verdicts)
            )
            axes.annotate(count, (1.0, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
                          textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        width = 26 if language == "zh" else 50
        names = [textwrap.fill(say(f"figures.pattern_{one:02d}", language), width) for one in patterns]
        axes.set_yticks(range(len(patterns)), names, fontsize=9)
        axes.set_ylim(len(patterns) - 0.4, -0.6)
        axes.set_xlim(-_FARTHEST - 0.3, _FARTHEST + 0.3)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(say("figures.patterns_axis", language))
        figure.suptitle(say("figures.patterns_heading", language), x=0.01, ha="left", fontsize=HEADING_SIZE)
        legend_below(figure)
        add_remark(figure, say("figures.patterns_note", language, farthest=f"{_FARTHEST:g}"))
        figure.draw_without_rendering()
        return figure


def _apart(
    groups: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Shift facts of one pattern against each other, evenly and always alike, so that none hides another."""
    order = pd.Series(groups).groupby(groups).cumcount().to_numpy(dtype=float)
    return np.asarray(0.28 * np.sin(2.4 * order), dtype=np.float64)
