"""Figures of the contracts of one run: between cities, and between single sellers and buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..words.amounts import AxisUnit, axis_unit, number
from ..words.phrases import Language, say
from .theme import (
    GOAL_COLOUR,
    HEADING_SIZE,
    SCENARIO_COLOURS,
    add_remark,
    figure_style,
    legend_below,
    name_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_cities", "draw_network"]

_KINDS: Final = {
    "university": (SCENARIO_COLOURS[0], "s"),
    "research_institute": (SCENARIO_COLOURS[2], "^"),
    "military_unit": (SCENARIO_COLOURS[3], "D"),
    "enterprise": (SCENARIO_COLOURS[1], "o"),
    "government": (SCENARIO_COLOURS[4], "P"),
}
_PAIRS: Final = 40
"""Pairs of seller and buyer that are drawn of each kind of seller, those of the largest value."""
_APART: Final = 0.55
"""Least distance of two cities on paper, in degrees of latitude."""
_LARGE: Final = 0.02
"""Part of the largest disc from which its amount is written beside it."""
_THIN: Final = 0.004
"""Part of the largest flow below which none is drawn."""


def draw_cities(contracts: pd.DataFrame, cities: pd.DataFrame, year: int, language: Language) -> Figure:
    """Draw the cities of a province where they lie, and between them what is sold in a year.

    Parameters
    ----------
    contracts : DataFrame
        Of `experiments.contracts_of_run`; those with the outside are left out.
    cities : DataFrame
        ``cities.csv`` of the province: ``city``, ``city_zh``, ``latitude``, ``longitude``.
    year : int
        Of the contracts.
    """
    inside = contracts[(contracts["seller_city"] != "") & (contracts["buyer_city"] != "")]
    flows = inside.groupby(["seller_city", "buyer_city"])["value"].sum()
    unit = axis_unit("yuan", float(flows.max()), language)
    places = _on_paper(cities)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7.8, 8.6), layout="constrained")
        name_unit(figure, unit.label)
        axes = figure.add_subplot()
        _draw_flows(axes, flows, places)
        within = {city: float(flows.get((city, city), 0.0)) for city in places}
        largest = max(*within.values(), 1.0)
        for row in cities.to_dict("records"):
            city, (x, y) = row["city"], places[row["city"]]
            size = 30.0 + 2200.0 * within[city] / largest
            axes.scatter([x], [y], s=size, color=SCENARIO_COLOURS[0], alpha=0.35, linewidths=0.0, zorder=3)
            axes.scatter([x], [y], s=14.0, color=GOAL_COLOUR, zorder=4)
            name = row["city_zh"] if language == "zh" else str(city).capitalize()
            large = within[city] >= _LARGE * largest
            words = f"{name} {number(within[city] / unit.divisor)}" if large else name
            axes.annotate(words, (x, y), xytext=(7, 5), textcoords="offset points", fontsize=9, zorder=5)
        _bare(axes)
        _head(figure, "cities", unit, flows.sum(), year, language)
        figure.draw_without_rendering()
        return figure


def _on_paper(cities: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Put cities on paper by their coordinates; degrees of longitude are as short as in their middle."""
    shrink = float(np.cos(np.radians(cities["latitude"].mean())))
    at = np.column_stack([cities["longitude"] * shrink, cities["latitude"]]).astype(float)
    for _ in range(100):  # near ones are pushed apart, half the way each, until none is too near
        gaps = at[:, None, :] - at[None, :, :]
        far = np.linalg.norm(gaps, axis=2)
        near = (far < _APART) & (far > 0.0)
        if not near.any():
            break
        push = np.where(near, (_APART - far) / np.where(near, 2.0 * far, 1.0), 0.0)
        at = at + (push[:, :, None] * gaps).sum(axis=1)
    return {str(city): (float(x), float(y)) for city, (x, y) in zip(cities["city"], at, strict=True)}


def _draw_flows(axes: Axes, flows: pd.Series, places: dict[str, tuple[float, float]]) -> None:
    """Draw an arc from seller to buyer, as wide as the square root of its value; both ways bend apart."""
    from matplotlib.patches import FancyArrowPatch

    between = flows[[seller != buyer for seller, buyer in flows.index]]
    if between.empty:
        return
    largest = float(between.max())
    for row in between.reset_index().to_dict("records"):
        seller, buyer, value = str(row["seller_city"]), str(row["buyer_city"]), float(row["value"])
        if value < _THIN * largest:
            continue
        width = 0.4 + 4.6 * float(np.sqrt(value / largest))
        arrow = FancyArrowPatch(
            places[seller],
            places[buyer],
            connectionstyle="arc3,rad=0.18",
            arrowstyle="-|>",
            mutation_scale=6.0 + 2.0 * width,
            shrinkA=5.0,
            shrinkB=5.0,
            linewidth=width,
            color=SCENARIO_COLOURS[1],
            alpha=0.45,
            zorder=2,
        )
        axes.add_patch(arrow)


def draw_network(contracts: pd.DataFrame, year: int, language: Language) -> Figure:
    """Draw the largest sellers and buyers of a year on a circle, and a line for each pair.

    ``contracts`` are of `experiments.contracts_of_run`; those with the outside are left out. The
    place on the circle says the kind of actor and nothing else.
    """
    known = contracts["seller"].isin(_KINDS) & contracts["buyer"].isin(_KINDS)
    order = contracts[known].sort_values("value", ascending=False, kind="stable")
    pairs = order.groupby("seller", sort=False).head(_PAIRS)
    ends = pd.concat(
        pairs[[end, f"{end}_key", "value"]].set_axis(["kind", "key", "value"], axis=1)
        for end in ("seller", "buyer")
    )
    actors = ends.groupby(["kind", "key"])["value"].sum().sort_values(ascending=False, kind="stable")
    actors = pd.concat([actors[actors.index.get_level_values("kind") == kind] for kind in _KINDS])
    angles = 2.0 * np.pi * np.arange(len(actors)) / max(len(actors), 1)
    place = {
        actor: (float(np.cos(at)), float(np.sin(at))) for actor, at in zip(actors.index, angles, strict=True)
    }
    unit = axis_unit("yuan", float(pairs["value"].max()), language)
    with figure_style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9.2, 9.0), layout="constrained")
        name_unit(figure, unit.label)
        axes = figure.add_subplot()
        largest = float(pairs["value"].max())
        for row in pairs.to_dict("records"):
            start, end = place[row["seller"], row["seller_key"]], place[row["buyer"], row["buyer_key"]]
            _draw_tie(axes, start, end, float(np.sqrt(row["value"] / largest)), _KINDS[row["seller"]][0])
        for kind, (colour, sign) in _KINDS.items():
            mine = actors[actors.index.get_level_values("kind") == kind]
            if len(mine):
                points = np.array([place[actor] for actor in mine.index])
                label = say(
                    "figures.actors", language, kind=say(f"figures.kind_{kind}", language), count=len(mine)
                )
                axes.scatter(
                    points[:, 0],
                    points[:, 1],
                    s=20.0 + 130.0 * mine / actors.max(),
                    color=colour,
                    marker=sign,
                    edgecolor="white",
                    linewidths=0.6,
                    zorder=4,
                    label=label,
                )
        axes.set_xlim(-1.12, 1.12)
        axes.set_ylim(-1.12, 1.12)
        _bare(axes)
        legend_below(figure)
        _head(figure, "network", unit, pairs["value"].sum(), year, language)
        figure.draw_without_rendering()
        return figure


def _draw_tie(axes: Axes, start: Any, end: Any, width: float, colour: str) -> None:
    """Draw a line that bends towards the middle, in the colour of the seller's kind."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = 0.35 * (np.asarray(start) + np.asarray(end))
    curve = Path([start, middle, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    axes.add_patch(PathPatch(curve, fill=False, edgecolor=colour, alpha=0.45, linewidth=0.3 + 3.2 * width))


def _bare(axes: Axes) -> None:
    axes.set_aspect("equal")
    axes.margins(0.1)
    axes.set_axis_off()


def _head(figure: Figure, what: str, unit: AxisUnit, total: float, year: int, language: Language) -> None:
    key = "figures.cities_heading" if what == "cities" else "figures.network_heading"
    note = "figures.cities_note" if what == "cities" else "figures.network_note"
    figure.suptitle(say(key, language, year=year), x=0.01, ha="left", fontsize=HEADING_SIZE)
    words = {"total": number(total / unit.divisor), "unit": unit.label}
    text = say(note, language, **words) if what == "cities" else say(note, language, **words, pairs=_PAIRS)
    add_remark(figure, text)
