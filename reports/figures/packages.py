"""The figure of a search, drawn from its table: chance of reaching the goals against what it costs."""

from __future__ import annotations

import textwrap
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..tables.package_rows import ANSWERS, front_of, goals_in_words
from ..words.amounts import amount, axis_unit
from ..words.of_sensitivity import percent
from ..words.phrases import Language, say
from .origin import origin_of
from .theme import GOAL_COLOUR, HEADING_SIZE, QUIET_COLOUR, SCENARIO_COLOURS, figure_style, name_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...experiments.planning.definitions import Definitions
    from ...experiments.searching.finished_search import Wanted
    from .forecast import Drawn

__all__ = ["draw_front", "write_figures"]

_WIDTH: Final = 96
_BEYOND: Final = 3.0
"""A scenario so many times as dear as the dearest package is told of below the figure."""

_FORMS: Final = {"answer": (SCENARIO_COLOURS[1], "D"), "plan": (SCENARIO_COLOURS[2], "s")}


def draw_front(table: pd.DataFrame, wanted: Wanted, definitions: Definitions, language: Language) -> Figure:
    """Draw the packages that were confirmed, each with the interval of its chance in fresh futures.

    ``table`` is ``packages.csv``.
    """
    with figure_style():
        from matplotlib.figure import Figure

        packages = front_of(table)
        inside = [one for one in packages if one["role"] != "plan"]
        dearest = max(abs(one["net"]) for one in inside)
        plan = next((one for one in packages if one["role"] == "plan"), None)
        beyond = plan is not None and abs(plan["net"]) > _BEYOND * dearest > 0.0
        packages = inside if beyond else packages
        unit = axis_unit("yuan", max(abs(one["net"]) for one in packages), language)
        figure = Figure(figsize=(8.4, 5.0), layout="constrained")
        name_unit(figure, unit.label)
        axes = figure.add_subplot()
        axes.axhline(wanted.chance, color=GOAL_COLOUR, linewidth=0.9, linestyle=(0, (5, 2)), zorder=1)
        axes.annotate(
            say("search.front_wanted", language), (0.0, wanted.chance), xycoords=("axes fraction", "data"),
            xytext=(4, 3), textcoords="offset points", ha="left", fontsize=8.5, color=GOAL_COLOUR,
        )  # fmt: skip
        named: set[str] = set()
        for one in packages:
            kind = "answer" if one["role"] in ANSWERS else one["role"] if one["role"] == "plan" else "package"
            colour, sign = _FORMS.get(kind, (SCENARIO_COLOURS[0], "o"))
            below, above = one["chance"] - one["chance_low"], one["chance_high"] - one["chance"]
            label = say(f"search.front_{kind}", language, scenario=one["scenario"])
            axes.errorbar(
                [one["net"] / unit.divisor], [one["chance"]], yerr=[[max(below, 0.0)], [max(above, 0.0)]],
                color=colour, marker=sign, markersize=6, linewidth=1.1, capsize=2,
                label=None if label in named else label, zorder=2,
            )  # fmt: skip
            named.add(label)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel(say("search.front_axis_cost", language, unit=unit.label))
        chance = say("search.front_axis_chance", language, futures=wanted.futures)
        axes.set_ylabel(textwrap.fill(chance, 18 if language == "zh" else 36))
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, fontsize=9)
        if beyond and plan is not None:
            words = {
                "scenario": plan["scenario"],
                "chance": percent(plan["chance"], language),
                "net": amount(plan["net"], "yuan", language),
            }
            note = say("search.front_beyond", language, **words)
            figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=QUIET_COLOUR)
        goals = goals_in_words(table, definitions, language)
        heading = say("search.front_heading", language, goals=goals)
        wide = _WIDTH // 2 if language == "zh" else _WIDTH
        figure.suptitle(textwrap.fill(heading, wide), x=0.01, ha="left", fontsize=HEADING_SIZE)
        figure.draw_without_rendering()
        return figure


def write_figures(folder: Path, language: Language) -> Drawn:
    """Draw what is missing of the figure of a search below its folder."""
    from ...experiments.searching.finished_search import PACKAGES, Search
    from ..tables.experiment_folder import definitions_of
    from .forecast import draw_missing, source_of

    done, definitions = Search.read(folder), definitions_of(folder)
    figures = {f"front_{language}": partial(draw_front, done.table, done.wanted, definitions, language)}
    origin = origin_of(folder, language)
    return draw_missing(figures, folder / "figures", source_of(folder, PACKAGES), origin, language)
