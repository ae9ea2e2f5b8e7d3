"""From an experiment folder to its figures: one fan per target, one overview, and files of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from ..tables.experiment_folder import Results
from ..words.phrases import Language, title_of
from .fans import OVERVIEW_INDICATORS, Fan, bands_of, draw_fan, draw_overview, mark_own_rules
from .theme import figure_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...scenarios import Pack

FORMATS: Final = ("png", "svg")


def observed_values(pack: Pack, indicator: str) -> dict[int, float]:
    """Give what was published about one indicator, by year up to the pack's last.

    Published lower or upper bounds are no observations and are left out.
    """
    rows = pack.observed
    mine = rows[(rows["indicator"] == indicator) & (rows["year"] <= pack.manifest.last_year)]
    bound = mine["note"].astype("str").str.contains("lower bound|upper bound")
    mine = mine[(mine["use"] != "prior") & ~bound]
    return {int(year): float(value) for year, value in zip(mine["year"], mine["value"], strict=True)}


def target_fans(results: Results, language: Language) -> dict[str, Fan]:
    """Gather the fan of every target that the records hold; a target not modelled yet has none."""
    from ...scenarios import load_pack

    pack = load_pack(results.province)
    fans = {}
    for name, target in results.definitions.targets.items():
        bands = bands_of(results.indicators, target.indicator, results.titles(language))
        if bands:
            fans[name] = Fan(
                title=title_of(target, language),
                unit=target.unit,
                bands=bands,
                observed=observed_values(pack, target.indicator),
                goal=float(target.goal),
                goal_year=target.year,
                plan_start=results.plan_start,
                kind="flow" if target.how == "flow_of_year" else "stock",
            )
    return fans


def overview_fans(results: Results, language: Language) -> list[Fan]:
    """Gather value and count of contracts sold and bought, observed years and forecast ones."""
    from ...scenarios import load_pack

    pack = load_pack(results.province)
    fans = []
    for indicator in OVERVIEW_INDICATORS:
        # Up to the plan's start all scenarios are one and the same, and later these bands lie on one another.
        first, title = next(iter(results.titles(language).items()))
        bands = bands_of(results.indicators, indicator, {first: title})
        if bands:
            definition = results.definitions.of(indicator)
            fans.append(
                Fan(
                    title=title_of(definition, language),
                    unit=definition.unit,
                    bands=bands,
                    observed=observed_values(pack, indicator),
                    plan_start=results.plan_start,
                    kind=definition.kind,
                )
            )
    return fans


def save_figure(figure: Figure, file: Path, dots_per_inch: float | None = None) -> Path:
    """Save a figure; its kind is the file's suffix, and the same figure gives the same bytes.

    ``dots_per_inch`` is for pictures that have to be small; that of the style by default.
    """
    kind = file.suffix.removeprefix(".")
    metadata: Mapping[Literal["Date"], None] | None = {"Date": None} if kind in ("svg", "pdf") else None
    file.parent.mkdir(parents=True, exist_ok=True)
    with figure_style():
        figure.savefig(file, format=kind, metadata=metadata, dpi=dots_per_inch)
    return file


def write_figures(results: Results, folder: Path, language: Language) -> list[Path]:
    """Draw and save all figures: ``<target>_<language>.png`` and ``.svg``, ``overview_<language>`` beside."""
    figures = {name: draw_fan(fan, language) for name, fan in target_fans(results, language).items()}
    if overview := overview_fans(results, language):
        figures["overview"] = draw_overview(overview, language)
    for figure in figures.values():
        mark_own_rules(figure, results.own_rules, language)
    return [
        save_figure(figure, folder / f"{name}_{language}.{form}")
        for name, figure in figures.items()
        for form in FORMATS
    ]
