"""From an experiment folder to its figures: one fan per target, one overview, and files of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ... import __version__
from ..tables.experiment_folder import Results
from ..tables.target_table import rows_of
from ..words.of_provinces import province_name
from ..words.phrases import Language, title_of
from .countings import draw_countings
from .differences import difference_fans, draw_differences
from .fans import OVERVIEW_INDICATORS, Fan, bands_of, draw_fan, draw_overview
from .five_targets import draw_targets
from .origin import origin_of
from .theme import Origin, command_of, figure_style, sign

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...scenarios import Pack

FORMATS: Final = ("png", "svg")
_DATES: Final = {"svg": ("Date",), "pdf": ("CreationDate",)}
"""Entries that would make each file another."""


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
    province = province_name(results.province, language)
    own_plan = not results.written_for  # the goal of another province says nothing, and would fill the chart
    fans = {}
    for name, target in results.definitions.targets.items():
        bands = bands_of(results.indicators, target.indicator, results.titles(language))
        if bands:
            fans[name] = Fan(
                title=title_of(target, language),
                unit=target.unit,
                bands=bands,
                observed=observed_values(pack, target.indicator),
                goal=float(target.goal) if own_plan else None,
                goal_year=target.year if own_plan else None,
                plan_start=results.plan_start,
                kind="flow" if target.how == "flow_of_year" else "stock",
                province=province,
                past_until=pack.manifest.last_year,
                with_error=_has_error(results, target.indicator),
            )
    return fans


def _has_error(results: Results, indicator: str) -> bool:
    """Whether the forecast years of an indicator hold an error of the model."""
    from ...experiments.forecasting.predictive import series_behind

    return any(series_behind(indicator) in one["series"] for one in results.discrepancies.values())


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
                    province=province_name(results.province, language),
                    past_until=pack.manifest.last_year,
                    with_error=_has_error(results, indicator),
                )
            )
    return fans


def targets_page(results: Results, language: Language, *, with_words: bool = True) -> Figure:
    """Draw the five targets of a forecast on one page; see `five_targets.draw_targets`."""
    rows, titles = rows_of(results, language), results.titles(language)
    own_plan = not results.written_for
    return draw_targets(
        rows, results.differences, titles, language, with_goals=own_plan, with_words=with_words
    )


def save_figure(
    figure: Figure, file: Path, dots_per_inch: float | None = None, drawn_from: str | None = None
) -> Path:
    """Save a figure whole or not at all; its kind is the file's suffix, and it has no date in it.

    ``dots_per_inch`` is for pictures that have to be small; that of the style by default. ``drawn_from`` is
    kept in the file, as its source, and the command that makes the figure again as its description.
    """
    from ...experiments.keeping.atomic_files import write_atomically

    kind = file.suffix.removeprefix(".")
    metadata: dict[str, str | None] = {name: None for name in _DATES.get(kind, ())}
    if drawn_from is not None:
        metadata["Source"] = drawn_from
    if command := command_of(figure):
        metadata["Subject" if kind == "pdf" else "Description"] = command
    file.parent.mkdir(parents=True, exist_ok=True)
    with figure_style():
        write_atomically(
            file, lambda part: figure.savefig(part, format=kind, metadata=metadata, dpi=dots_per_inch)
        )
    return file


class Drawn(NamedTuple):
    """How many figures of a folder were drawn, and how many were there already and left as they are."""

    folder: Path
    drawn: int
    left: int


def write_figures(
    results: Results, folder: Path, language: Language, only: Collection[str] | None = None
) -> Drawn:
    """Draw what is missing of ``<target>_<language>.png`` and ``.svg``, overview and others beside.

    ``only`` names those that are wanted; all by default.
    """
    figures: dict[str, Callable[[], Figure]] = {
        name: partial(draw_fan, fan, language) for name, fan in target_fans(results, language).items()
    }
    if overview := overview_fans(results, language):
        figures["overview"] = partial(draw_overview, overview, language)
    if differences := difference_fans(results, language):
        figures["differences"] = partial(draw_differences, differences, results, language)
    rows = rows_of(results, language)
    if any(row.scenario for row in rows):
        titles = results.titles(language)
        figures["targets"] = partial(targets_page, results, language)
        figures["countings"] = partial(draw_countings, rows, titles, results.province, language)
    from ...experiments.keeping.store import INDICATORS, TARGETS

    named = {f"{name}_{language}": draw for name, draw in figures.items() if only is None or name in only}
    origin = origin_of(results.folder, language)
    return draw_missing(named, folder, source_of(results.folder, TARGETS, INDICATORS), origin, language)


def draw_missing(
    figures: Mapping[str, Callable[[], Figure]], folder: Path, source: str, origin: Origin, language: Language
) -> Drawn:
    """Draw, sign and save those figures of which the folder has no file in each form from this very source.

    A figure that fails keeps no other from being drawn; the first failure is raised at the end, with the
    names of all that failed.
    """
    drawn, failed = 0, {}
    for name, draw in figures.items():
        files = [folder / f"{name}.{form}" for form in FORMATS]
        if all(file.is_file() and source.encode() in file.read_bytes() for file in files):
            continue
        try:
            figure = sign(draw(), origin, language)
            for file in files:
                save_figure(figure, file, drawn_from=source)
            drawn += 1
        except Exception as error:  # whatever it is: the tables are there, and so are the other figures
            failed[name] = error
    if failed:
        first = next(iter(failed.values()))
        raise RuntimeError(f"{', '.join(failed)}: {first}") from first
    return Drawn(folder, drawn, len(figures) - drawn)


def source_of(folder: Path, *tables: str) -> str:
    """Name what the figures of an experiment are drawn from: its tables and identity, and this version."""
    from ...experiments.keeping.store import Store

    identity = json.dumps(Store(folder).manifest()["identity"], sort_keys=True).encode()
    parts = [__version__.encode(), identity, *((folder / table).read_bytes() for table in tables)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
