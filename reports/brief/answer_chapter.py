"""The first chapter: which targets, how likely, because of the plan or anyway, what cost, which tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...experiments.keeping.store import DIFFERENCES, RANKING
from ..tables.experiment_folder import definitions_of
from ..words.of_provinces import province_name
from ..words.phrases import Language, say
from .facts_of_forecast import Told, scenarios_in_question, told_of_targets
from .likelihood import LEVELS, likelihood
from .parts import Chapter, Paragraph
from .sentences_of_targets import CAUSES, cause_of, sentences_of
from .sentences_of_tasks import sentence_of_costs, sentence_of_tasks
from .source import Source

if TYPE_CHECKING:
    from ..tables.experiment_folder import Results

__all__ = ["answer_chapter"]


def answer_chapter(
    sources: dict[str, Source], results: Results, missing_ranking: str, language: Language
) -> Chapter:
    """Say it all in words.

    Parameters
    ----------
    sources : dict of str to Source
    results : Results
        Of the forecast among them.
    missing_ranking : str
        The command that makes a ranking, if there is none of this scenario.
    language : Language
    """
    forecast = sources["forecast"]
    blocks: list[Paragraph] = []
    for scenario in scenarios_in_question(results):
        told = list(told_of_targets(results, scenario, forecast.shown, language))
        if told:
            blocks.append(_in_short(told, results.written_for, language))
            blocks += [_of_target(one, language) for one in told]
        blocks += _of_costs(results, scenario, forecast, language)
    blocks += _of_tasks(sources, missing_ranking, language)
    return Chapter(say("brief.chapter_answer", language), tuple(blocks))


def _in_short(told: Sequence[Told], written_for: str, language: Language) -> Paragraph:
    """Sort the targets by how likely they are, then by why; every one is named in both.

    Of goals that another province was ``written_for`` no chance is said.
    """
    levels = _sorted([(one.facts.chance.level, one.facts.title) for one in told], LEVELS, language)
    causes = _sorted([(cause_of(one.facts), one.facts.title) for one in told], CAUSES, language)
    facts = told[0].facts
    comma = say("amounts.semicolon", language)
    by_level = [
        say("brief.short_level", language, level=likelihood(level, language), targets=names)
        for level, names in levels
    ]
    text = say("brief.short", language, scenario=facts.scenario, count=len(told), levels=comma.join(by_level))
    if written_for:
        owner = province_name(written_for, language)
        text = say("brief.short_elsewhere", language, scenario=facts.scenario, owner=owner)
    by_cause = [
        say(f"brief.short_cause_{cause}", language, targets=names, base=facts.base)
        for cause, names in causes
        if cause != "alone"
    ]
    text = " ".join([text, *by_cause]) if language == "en" else "".join([text, *by_cause])
    traces = tuple(trace for one in told for trace in one.traces)
    return Paragraph(text, traces, strong=True)


def _sorted(
    named: Sequence[tuple[str, str]], order: Sequence[str], language: Language
) -> Iterator[tuple[str, str]]:
    comma = say("brief.list_comma", language)
    for key in order:
        titles = [title for one, title in named if one == key]
        if titles:
            yield key, comma.join(titles)


def _of_target(told: Told, language: Language) -> Paragraph:
    between = " " if language == "en" else ""
    return Paragraph(between.join(sentences_of(told.facts, language)), told.traces)


def _of_costs(results: Results, scenario: str, source: Source, language: Language) -> list[Paragraph]:
    file = f"{source.shown}/{DIFFERENCES}"
    found = sentence_of_costs(results.differences, scenario, results.titles(language), file, language)
    return [] if found is None else [Paragraph(*found)]


def _of_tasks(sources: dict[str, Source], missing_ranking: str, language: Language) -> Iterator[Paragraph]:
    """Name the tasks that carry each target, if the ranking is of the scenario of the forecast."""
    ranking, forecast = sources.get("ranking"), sources["forecast"]
    if ranking is None or _hash_of(ranking) != _hash_of(forecast):
        said = say("brief.no_ranking", language, command=missing_ranking)
        yield Paragraph(said, ())
        return
    from ...experiments.ranking.finished_ranking import Ranking
    from ..tables.ranking_rows import of_quantity

    done, definitions = Ranking.read(ranking.folder), definitions_of(ranking.folder)
    for name, counting in done.asked:
        rows = of_quantity(done.table, str(done.table["by"].iloc[0]), name, counting)
        yield Paragraph(*sentence_of_tasks(rows, f"{ranking.shown}/{RANKING}", definitions, language))


def _hash_of(source: Source) -> str:
    return str(next(iter(source.identity["scenarios"].values()))["hash"])
