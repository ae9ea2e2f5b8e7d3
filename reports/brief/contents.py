"""Put a brief together: what it says, in which order, from which folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ... import __version__
from ...experiments.keeping.citation import citation_of
from ...experiments.keeping.store import BOXES, WHO_GAINS, WORTH
from ..tables.experiment_folder import definitions_of, read_results
from ..words.of_provinces import province_name
from ..words.phrases import Language, say
from .answer_chapter import answer_chapter
from .chapters_of_forecast import difference_chapter, gains_chapter, targets_chapter
from .chapters_of_packages import chapter_of
from .chapters_of_questions import discovery_chapter, worth_chapter
from .chapters_of_trust import evidence_chapter, limits_chapter, past_chapter
from .commands_again import again_chapter, command_of_report, missing_chapter, verb_command
from .parts import Brief, Chapter, Paragraph, of_manifest
from .source import KINDS, Source

if TYPE_CHECKING:
    from ..tables.experiment_folder import Results

__all__ = ["brief_of"]

_PACKAGES: Final = tuple(kind for kind in KINDS if kind != "forecast")
_IN_FORECAST: Final = {WHO_GAINS: gains_chapter, BOXES: discovery_chapter, WORTH: worth_chapter}
"""Chapters of what is asked of a finished forecast afterwards, by the table that then lies in its folder."""


def brief_of(sources: dict[str, Source], language: Language, form: str) -> Brief:
    """Make the brief of some experiments of one province.

    Parameters
    ----------
    sources : dict of str to Source
        As of `reading.read_sources`.
    language : {'zh', 'en'}
    form : str
        Of `write_brief.FORMS`; it is part of the command that makes the brief again.
    """
    source = next(iter(sources.values()))
    results = read_results(sources["forecast"].folder) if "forecast" in sources else None
    elsewhere = results is not None and bool(results.written_for)
    brief = Brief(_title(source, language, elsewhere=elsewhere), _facts(sources, language))
    chapters = brief.chapters
    if results is not None:
        chapters.append(answer_chapter(sources, results, verb_command("rank", source), language))
        chapters.append(targets_chapter(sources["forecast"], results, brief, language))
        if not results.differences.empty:
            chapters.append(difference_chapter(sources["forecast"], results, brief, language))
    for kind in _PACKAGES:
        if kind in sources:
            chapters.append(chapter_of(sources[kind], brief, language))
    if results is not None:
        asked = [chapter for table, chapter in _IN_FORECAST.items() if (results.folder / table).is_file()]
        chapters += [chapter(sources["forecast"], results, brief, language) for chapter in asked]
    chapters += _of_trust(sources, results, language, form)
    return brief


def _of_trust(
    sources: dict[str, Source], results: Results | None, language: Language, form: str
) -> list[Chapter]:
    """Give what every brief ends with: evidence, limits, past forecasts, what is missing, commands."""
    source = next(iter(sources.values()))
    definitions = definitions_of(source.folder) if results is None else results.definitions
    evidence = evidence_chapter(source.province, definitions, language)
    past = past_chapter(source.province, language)
    absent = [name for name, one in (("evidence", evidence), ("past", past)) if one is None]
    report = command_of_report([one.folder for one in sources.values()], language, form)
    found = [
        evidence,
        limits_chapter(sources, results, definitions, language),
        past,
        missing_chapter(sources, results, absent, language),
        again_chapter(sources, report, language),
        _citation(source, language),
    ]
    return [one for one in found if one is not None]


def _title(source: Source, language: Language, *, elsewhere: bool) -> str:
    """Give the title: of chances, or of changes where the goals are another province's."""
    world = next(iter(source.worlds.values()))
    scenario = str(world.get(f"title_{language}") or world["name"])
    key = "brief.title_elsewhere" if elsewhere else "brief.title"
    return say(key, language, province=province_name(source.province, language), scenario=scenario)


def _facts(sources: dict[str, Source], language: Language) -> list[str]:
    """Say below the title of how many futures each experiment is, when it was made, and by what."""
    lines = []
    for source in sources.values():
        identity = source.identity
        runs = identity.get("runs")
        lines.append(
            say(
                "brief.fact",
                language,
                kind=say(f"brief.kind_{source.kind}", language),
                folder=source.shown,
                futures="–" if runs is None else str(runs),
                scale=f"{float(identity['scale']):g}",
                date=source.date,
            )
        )
    if older := [source.shown for source in sources.values() if source.of_other_rules]:
        folders = say("brief.list_comma", language).join(older)
        lines.append(say("brief.fact_other_rules", language, folders=folders))
    return [*lines, say("brief.fact_version", language, version=__version__)]


def _citation(source: Source, language: Language) -> Chapter:
    said = say("brief.citation", language, line=citation_of(source.manifest, language))
    traces = of_manifest(f"{source.shown}/manifest.json", code=source.identity["code"])
    return Chapter(say("brief.chapter_citation", language), (Paragraph(said, traces),))
