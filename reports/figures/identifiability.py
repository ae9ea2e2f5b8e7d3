"""The figure of identifiability: what the observed years teach about each parameter."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..words.phrases import Language, say, title_of
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

__all__ = ["draw_identifiability"]

_FORMS: Final = {
    "learnt": ("o", SCENARIO_COLOURS[0]),
    "partly": ("^", SCENARIO_COLOURS[4]),
    "not learnt": ("X", QUIET_COLOUR),
}
_ROW: Final = 0.2


def draw_identifiability(table: pd.DataFrame, parameters: Mapping[str, Any], language: Language) -> Figure:
    """Draw the posterior of each parameter within its prior, the best learnt first.

    Parameters
    ----------
    table : DataFrame
        ``identifiability_<province>.csv``: quantiles of prior and posterior, ``sd_ratio``, ``verdict``.
    parameters : mapping of str to parameter
        With titles in both languages; a parameter that is not in it is called as in the table.
    """
    rows = table.sort_values("sd_ratio", kind="stable").reset_index(drop=True)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9.6, 1.9 + _ROW * len(rows)), layout="constrained")
        name_unit(figure, say("figures.unit_of_prior", language))
        axes = figure.add_subplot()
        middle, width = rows["prior_q50"], rows["prior_q95"] - rows["prior_q05"]
        places = rows.index.to_numpy(dtype=float)

        def within(column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            return ((rows[column] - middle) / width).to_numpy(dtype=float)

        axes.barh(
            places,
            within("prior_q95") - within("prior_q05"),
            0.62,
            left=within("prior_q05"),
            color="#E6E6E6",
            label=say("figures.prior_band", language),
        )
        for verdict, (sign, colour) in _FORMS.items():
            mine = (rows["verdict"] == verdict).to_numpy()
            low, high = within("posterior_q05")[mine], within("posterior_q95")[mine]
            axes.hlines(places[mine], low, high, color=colour, linewidth=1.6)
            label = say(f"figures.learnt_{verdict.replace(' ', '_')}", language)
            axes.plot(
                within("posterior_q50")[mine],
                places[mine],
                marker=sign,
                color=colour,
                linestyle="none",
                markersize=5,
                label=label,
            )
        for place, ratio in zip(places, rows["sd_ratio"], strict=True):
            axes.annotate(
                f"{ratio:.2f}",
                (1.0, place),
                xycoords=("axes fraction", "data"),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
            )
        letters = 24 if language == "zh" else 56
        names = [
            textwrap.shorten(title_of(parameters[name], language), 200) if name in parameters else str(name)
            for name in rows["parameter"]
        ]
        axes.set_yticks(places, [_short(name, letters) for name in names], fontsize=8)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(say("figures.identifiability_axis", language))
        figure.suptitle(
            say("figures.identifiability_heading", language), x=0.01, ha="left", fontsize=HEADING_SIZE
        )
        legend_below(figure, most=4, fontsize=9)
        add_remark(figure, say("figures.identifiability_note", language))
        figure.draw_without_rendering()
        return figure


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
