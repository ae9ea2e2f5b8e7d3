"""The figure of what statistics are worth, drawn from its table: a panel for each target."""

from __future__ import annotations

import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..tables.worth_rows import decisions, unit_of_value
from ..words.amounts import amount
from ..words.of_packages import quantity_words
from ..words.phrases import Language, say
from .boxes import discover_again
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, add_remark, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from .forecast import Drawn

__all__ = ["draw_worth", "write_figures"]

_ROW: Final = 0.3
_MOST: Final = 5
"""Statistics of a decision that are drawn; the file holds all."""
_WIDTH: Final = 60


def draw_worth(table: pd.DataFrame, definitions: Definitions, language: Language) -> Figure:
    """Draw the worth of each statistic with its error, and the bar of a statistic about nothing.

    ``table`` has the rows of one scenario in ``worth.csv``.
    """
    with figure_style():
        from matplotlib.figure import Figure

        whole = list(decisions(table, definitions))
        panels = [panel.head(_MOST) for panel in whole]
        rows = max(len(panel) for panel in panels)
        figure = Figure(figsize=(10.5, 1.2 + len(panels) * (1.3 + _ROW * rows)), layout="constrained")
        for axes, panel in zip(figure.subplots(len(panels), squeeze=False)[:, 0], panels, strict=True):
            _draw_panel(axes, panel, definitions, language)
            name_unit(figure, unit_of_value(panel, language).label)
        if (count := max(map(len, whole))) > _MOST:
            add_remark(figure, say("worth.highest", language, count=count, shown=_MOST))
        first = table.iloc[0]
        heading = say("worth.heading", language, scenario=first["scenario"], base=first["base"])
        figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
        figure.draw_without_rendering()
        return figure


def _draw_panel(axes: Axes, rows: pd.DataFrame, definitions: Definitions, language: Language) -> None:
    unit, first = unit_of_value(rows, language), rows.iloc[0]
    luck = float(first["by_luck"])
    for place, row in enumerate(rows.to_dict("records")):
        alpha = 1.0 if row["verdict"] == "worth something" else 0.35
        ends = [float(row[side]) / unit.divisor for side in ("q05", "q95")]
        axes.plot(ends, [place, place], color=SCENARIO_COLOURS[0], linewidth=1.3, alpha=alpha)
        value = float(row["value"]) / unit.divisor
        axes.plot([value], [place], marker="o", markersize=4.5, color=SCENARIO_COLOURS[0], alpha=alpha)
    axes.axvline(luck / unit.divisor, color=QUIET_COLOUR, linewidth=0.9, linestyle=(0, (4, 2)))
    width = _WIDTH // 2 if language == "zh" else _WIDTH
    names = [textwrap.fill(str(title), width) for title in rows[f"title_{language}"]]
    axes.set_yticks(range(len(rows)), names, fontsize=8.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    title = quantity_words(
        {"kind": "target", "id": first["target"], "counting": first["counting"]}, definitions, language
    )
    bar = say(
        "worth.bar",
        language,
        luck=amount(luck, "yuan", language),
        perfect=amount(float(first["perfect"]), "yuan", language),
    )
    axes.set_title(f"{title}\n{bar}", fontsize=10)
    axes.set_xlabel(say("worth.axis", language, unit=unit.label), fontsize=9)


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figures of values, one for each scenario, below the forecast's folder."""
    from ...experiments.discovering.finished_discovery import Worth
    from ...experiments.keeping.store import WORTH
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    table, definitions = Worth.read(folder).table, definitions_of(folder)
    figures = {
        f"worth_{scenario}_{language}": partial(drawn_of, folder, table, str(scenario), definitions, language)
        for scenario in dict.fromkeys(table["scenario"])
    }
    origin = origin_of(folder, language, command=discover_again("worth", folder))
    return draw_missing(figures, folder / "figures", source_of(folder, WORTH), origin, language)


def drawn_of(
    folder: Path, table: pd.DataFrame, scenario: str, definitions: Definitions, language: Language
) -> Figure:
    """Draw the values of one scenario."""
    from ..tables.experiment_folder import titled

    return draw_worth(titled(table[table["scenario"] == scenario], folder, language), definitions, language)
