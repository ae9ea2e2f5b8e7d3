"""Chapters of a ranking, an attribution, a search and a sensitivity analysis; and which one a kind has."""

from __future__ import annotations

from functools import partial

from ...experiments.keeping.store import ATTRIBUTION, PACKAGES, RANKING
from ..tables.experiment_folder import definitions_of, scenario_title
from ..words.of_packages import quantity_words
from ..words.phrases import Language, say, title_of
from .chapters_of_questions import sweep_blocks, waterfall_blocks, why_blocks
from .parts import Brief, Chapter, Paragraph, Picture, Table, of_rows
from .pictures import pictures_of
from .sentences_of_tasks import sentence_of_tasks
from .source import Source

__all__ = ["chapter_of"]

Block = Paragraph | Table | Picture
_OF_ITEMS = ("id", "counting", "by", "way", "rank", "item", "q05", "mean", "q95", "verdict", "net_cost_mean")
_RANKED = (0, 1, 2, 3, 4, 5, 6, 7, 9, 12)
"""Columns of `ranking_rows.ranked_rows` for which a page of A4 has room."""


def chapter_of(source: Source, brief: Brief, language: Language) -> Chapter:
    """Make the chapter of an experiment by its kind."""
    blocks = {
        "ranking": _ranking,
        "attribution": _attribution,
        "search": _search,
        "sweep": sweep_blocks,
        "why": why_blocks,
        "waterfall": waterfall_blocks,
        "sensitivity": _sensitivity,
    }[source.kind](source, brief, language)
    title = say(f"brief.chapter_{source.kind}", language)
    scenario = scenario_title(source.folder, language)
    return Chapter(
        say("brief.chapter_with_scenario", language, title=title, scenario=scenario), tuple(blocks)
    )


def _ranking(source: Source, brief: Brief, language: Language) -> list[Block]:
    from ...experiments.ranking.finished_ranking import Ranking
    from ..notebooks.advice import plot_ranking
    from ..tables.ranking_rows import columns_of, heading, nothing_lines, of_quantity, ranked_rows
    from ..tables.ranking_rows import notes as notes_of

    done, definitions = Ranking.read(source.folder), definitions_of(source.folder)
    file = f"{source.shown}/{RANKING}"
    blocks: list[Block] = []
    first_by = str(done.table["by"].iloc[0])
    for by in dict.fromkeys(done.table["by"]):
        for name, counting in done.asked:
            rows = of_quantity(done.table, str(by), name, counting)
            traces = of_rows(file, rows, _OF_ITEMS)
            if (rows["verdict"] == "identical").all():
                blocks.append(Paragraph(heading(rows, definitions, language), traces))
                continue
            said, of_said = sentence_of_tasks(rows, file, definitions, language)
            if not any(said == one.text for chapter in brief.chapters for one in _said_in(chapter)):
                blocks.append(Paragraph(said, of_said))
            heads, cells = columns_of(rows, language), ranked_rows(rows, language)
            shown = [[row[place] for place in _RANKED] for row in cells]
            caption = heading(rows, definitions, language)
            blocks.append(Table(caption, [heads[place] for place in _RANKED], shown, traces))
            blocks += [Paragraph(line, traces, note=True) for line in nothing_lines(rows, language)]
            if by == first_by:
                words = quantity_words(rows.iloc[0], definitions, language)
                draw = partial(plot_ranking, source.folder, name, language)
                blocks += pictures_of(brief, say("brief.figure_ranking", language, title=words), draw, file)
        mine = done.table[done.table["by"] == by]
        below = of_rows(file, mine.iloc[:1], ("comparisons", "by_luck", "pairs"))
        blocks += [Paragraph(line, below, note=True) for line in notes_of(mine, language)]
    return blocks


def _said_in(chapter: Chapter) -> list[Paragraph]:
    return [block for block in chapter.blocks if isinstance(block, Paragraph)]


def _attribution(source: Source, brief: Brief, language: Language) -> list[Block]:
    from ...experiments.attributing.finished_attribution import Attribution
    from ..notebooks.advice import plot_attribution
    from ..tables.attribution_rows import columns_of, heading, of_quantity, part_rows
    from ..tables.attribution_rows import notes as notes_of

    done, definitions = Attribution.read(source.folder), definitions_of(source.folder)
    file = f"{source.shown}/{ATTRIBUTION}"
    blocks: list[Block] = []
    for name, counting in done.asked:
        rows = of_quantity(done.table, name, counting)
        traces = of_rows(file, rows, ("id", "counting", "item", "q05", "mean", "q95", "verdict"))
        blocks.append(Paragraph(heading(done.folder, rows, language), traces))
        if (rows["verdict"] == "identical").all():
            continue
        words = quantity_words(rows.iloc[0], definitions, language)
        blocks.append(Table(words, columns_of(rows, language), part_rows(rows, language), traces))
        draw = partial(plot_attribution, source.folder, name, language)
        blocks += pictures_of(brief, say("brief.figure_attribution", language, title=words), draw, file)
    below = of_rows(file, done.table.iloc[:1], ("pairs",))
    return [*blocks, *(Paragraph(line, below, note=True) for line in notes_of(done, language))]


def _search(source: Source, brief: Brief, language: Language) -> list[Block]:
    from ...experiments.searching.finished_search import Search
    from ..notebooks.search import plot_search
    from ..tables.package_rows import (
        ANSWERS,
        answer_line,
        front_columns,
        front_rows,
        lever_columns,
        lever_rows,
    )
    from ..tables.package_rows import notes as notes_of

    done, definitions = Search.read(source.folder), definitions_of(source.folder)
    file, table, wanted = f"{source.shown}/{PACKAGES}", done.table, done.wanted
    answer = table[table["role"].isin(ANSWERS)]
    costs = answer[(answer["kind"] == "goals") | answer["id"].isin(["public_cost", "public_cost_gross"])]
    goals = table[table["kind"] == "goals"]
    levers = answer[answer["kind"] == "lever"]
    of_goals = of_rows(file, goals, ("package", "role", "chance", "chance_low", "chance_high"))
    said = answer_line(table, wanted, definitions, language)
    whole = of_rows(file, costs, ("package", "role", "id", "chance", "chance_low", "chance_high", "mean"))
    blocks: list[Block] = [Paragraph(said, whole)]
    caption = say("brief.table_front", language)
    blocks.append(Table(caption, front_columns(language), front_rows(table, language), of_goals))
    if rows := lever_rows(table, definitions, language):
        caption = say("brief.table_package", language)
        of_levers = of_rows(file, levers, ("package", "id", "value", "without", "low", "high"))
        blocks.append(Table(caption, lever_columns(language), rows, of_levers))
    draw = partial(plot_search, source.folder, None, language)
    blocks += pictures_of(brief, say("brief.figure_front", language), draw, file)
    return [*blocks, *(Paragraph(line, of_goals, note=True) for line in notes_of(table, wanted, language))]


def _sensitivity(source: Source, brief: Brief, language: Language) -> list[Block]:
    from ...experiments.sensitivity_analysis.finished_analysis import SENSITIVITY, Sensitivity
    from ..notebooks.sensitivity import plot_sensitivity
    from ..words.sensitivity_sentences import MAIN, sentence

    indices, targets = Sensitivity.read(source.folder).indices, definitions_of(source.folder).targets
    file, blocks = f"{source.shown}/{SENSITIVITY}", list[Block]()
    for name, rows in indices.groupby("target", sort=False):
        kept = rows["index"].isin([*MAIN.values(), "share_of_variance"]) | (rows["kind"] == "constant")
        traces = of_rows(file, rows[kept], ("target", "factor", "index", "value", "low", "high"))
        target = targets[str(name)]
        blocks.append(Paragraph(sentence(rows, target, language), traces))
        if not (rows["kind"] == "constant").all():
            words = say("brief.figure_sensitivity", language, title=title_of(target, language))
            blocks += pictures_of(
                brief, words, partial(plot_sensitivity, source.folder, str(name), language), file
            )
    return blocks
