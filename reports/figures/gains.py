"""The figure of who gains and who loses: the parts of each difference, from most more to most less."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from ..tables.gains_rows import part_words
from ..words.of_packages import unit_of
from ..words.phrases import Language, say, title_of
from .origin import origin_of
from .theme import HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..tables.experiment_folder import Results
    from .forecast import Drawn

__all__ = ["draw_gains", "write_figures"]

MORE: Final = SCENARIO_COLOURS[0]
LESS: Final = SCENARIO_COLOURS[1]
_PALE: Final = 0.35
_ROW: Final = 0.3
_ACROSS: Final = 2


def draw_gains(rows: pd.DataFrame, results: Results, language: Language) -> Figure:
    """Draw a panel for each indicator: who has more to the right, who has less to the left.

    ``rows`` are those of one breakdown and one scenario in ``who_gains.csv``; the last year is drawn, and
    indicators that nothing touches are left out.
    """
    with figure_style():
        from matplotlib.figure import Figure

        rows = rows[rows["year"] == rows["year"].max()]
        panels = [
            mine for _, mine in rows.groupby("id", sort=False) if (mine["verdict"] != "identical").any()
        ]
        across = min(_ACROSS, len(panels))
        down = -(-len(panels) // across)
        most = max(len(mine) for mine in panels)
        size = (max(7.6, 5.2 * across), 1.5 + down * (1.0 + _ROW * most))
        figure = Figure(figsize=size, layout="constrained")
        places = figure.subplots(down, across, squeeze=False).ravel()
        for axes, mine in zip(places, panels, strict=False):
            _draw(axes, mine, results, language)
        for axes in places[len(panels) :]:
            axes.set_visible(False)
        first, titles = rows.iloc[0], results.titles(language)
        heading = say(
            "gains.figure_heading",
            language,
            year=int(first["year"]),
            by=say(f"gains.by_{first['by']}", language),
            scenario=titles[str(first["scenario"])],
            base=titles[str(first["base"])],
        )
        figure.suptitle(heading, x=0.01, ha="left", fontsize=HEADING_SIZE)
        note = say("gains.figure_note", language, pairs=int(rows["pairs"].max()))
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)
        figure.draw_without_rendering()
        return figure


def _draw(axes: Axes, rows: pd.DataFrame, results: Results, language: Language) -> None:
    unit = unit_of(rows, language)
    name_unit(axes.figure, unit.label)
    names = []
    for place, row in enumerate(rows.to_dict("records")):
        mean, low, high = (float(row[one]) / unit.divisor for one in ("mean", "q05", "q95"))
        alpha = 1.0 if row["verdict"] in ("more", "less") else _PALE
        more = {"more": True, "less": False}.get(str(row["verdict"]), mean >= 0.0)
        colour = QUIET_COLOUR if row["part"] == "all" else MORE if more else LESS
        axes.barh(place, mean, height=0.62, color=colour, alpha=alpha)
        axes.plot([low, high], [place, place], color="#000000", linewidth=0.9, alpha=max(alpha, 0.6))
        middle = float(row["q50"]) / unit.divisor
        axes.plot([middle], [place], color="#000000", marker="o", markersize=3.2, alpha=max(alpha, 0.6))
        names.append(part_words(str(row["part"]), str(row["by"]), results.province, language))
    axes.axvline(0.0, color=QUIET_COLOUR, linewidth=0.8)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter("{x:,g}")
    title = title_of(results.definitions.of(str(rows["id"].iloc[0])), language)
    axes.set_title(say("gains.panel", language, title=title, unit=unit.label), fontsize=10)


def write_figures(results: Results, language: Language) -> Drawn:
    """Draw what is missing of the figures of who gains, one for each breakdown and scenario."""
    from ...experiments.keeping.store import WHO_GAINS
    from ...experiments.who_gains import read_gains
    from .forecast import draw_missing, source_of

    figures: dict[str, Callable[[], Figure]] = {}
    for (by, scenario), rows in read_gains(results.folder).table.groupby(["by", "scenario"], sort=False):
        if (rows[rows["year"] == rows["year"].max()]["verdict"] != "identical").any():
            figures[f"who_gains_{by}_{scenario}_{language}"] = partial(draw_gains, rows, results, language)
    folder, origin = results.folder, origin_of(results.folder, language)
    return draw_missing(figures, folder / "figures", source_of(folder, WHO_GAINS), origin, language)
