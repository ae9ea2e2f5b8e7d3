"""Chapters of a sweep, an explanation, a waterfall, a discovery and the worth of statistics."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...experiments.keeping.store import BOXES, SWEEP, WHY, WORTH
from ..tables.experiment_folder import definitions_of, titled
from ..words.of_packages import quantity_words
from ..words.phrases import Language, say
from .parts import Brief, Chapter, Paragraph, Picture, Table, of_rows
from .pictures import pictures_of
from .sentences_of_questions import sentence_of_levels, sentence_of_worth
from .source import Source

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..tables.experiment_folder import Results

__all__ = ["discovery_chapter", "sweep_blocks", "waterfall_blocks", "why_blocks", "worth_chapter"]

Block = Paragraph | Table | Picture
_OF_POINTS: Final = ("point", "level_q50", "chance", "q05", "mean", "q95", "pairs", "verdict")
_OF_PARTS: Final = ("section", "by", "item", "share", "chance", "q05", "mean", "q95", "pairs", "verdict")
_OF_STEPS: Final = ("id", "counting", "order", "lever", "q05", "mean", "q95", "verdict")
_OF_BOXES: Final = (
    *("scenario", "base", "target", "conclusion", "futures", "holds", "holds_low", "holds_high", "flips"),
    *("verdict", "inside", "density", "density_low", "density_high", "base_rate", "coverage"),
    *("input", "low", "high", "score"),
)
_OF_STATISTICS: Final = (
    *("scenario", "base", "target", "price", "decision", "rank", "statistic", "value", "q05", "q95"),
    *("by_luck", "perfect", "share_of_perfect", "verdict"),
)
_POINTS: Final = 16
"""Points of a sweep for which a brief has room; the file holds all."""
_OF_GOALS: Final = ("met", "missed")
"""Conclusions about a goal; the others are about a difference."""


def sweep_blocks(source: Source, brief: Brief, language: Language) -> list[Block]:
    """Say of each target at which levels there is visibly most and least, with the points and a figure."""
    from ...experiments.sweeping.finished_sweep import Sweep
    from ..notebooks.advice import plot_sweep
    from ..tables.sweep_rows import columns_of, heading, of_quantity, point_rows
    from ..tables.sweep_rows import notes as notes_of

    done, definitions = Sweep.read(source.folder), definitions_of(source.folder)
    table, file, levers = titled(done.table, source.folder, language), f"{source.shown}/{SWEEP}", done.levers
    blocks: list[Block] = []
    for name, counting in done.asked:
        rows = of_quantity(table, name, counting)
        head = heading(rows, levers, definitions, language)
        if (rows["verdict"] == "identical").all():
            blocks.append(Paragraph(head, of_rows(file, rows, (*levers, *_OF_POINTS))))
            continue
        said, of_said = sentence_of_levels(rows, done.net_costs, levers, language)
        blocks.append(Paragraph(f"{head} {said}", of_rows(file, of_said, (*levers, *_OF_POINTS))))
        if not rows["verdict"].isin(["more", "less"]).any():
            continue
        words, shown = quantity_words(rows.iloc[0], definitions, language), rows.head(1 + _POINTS)
        cells = point_rows(rows, done.net_costs, levers, language)[: 1 + _POINTS]
        traces = of_rows(file, shown, (*levers, *_OF_POINTS))
        blocks.append(Table(words, columns_of(rows, levers, language), cells, traces))
        if len(rows) > len(shown):
            left = say("sweep.more_rows", language, left=len(rows) - len(shown), file=file)
            blocks.append(Paragraph(left, traces[:1], note=True))
        caption = say("brief.figure_sweep", language, title=words)
        blocks += pictures_of(brief, caption, partial(plot_sweep, source.folder, name, language), file)
    below = of_rows(file, table.iloc[:1], ("comparisons", "by_luck", "pairs"))
    lines = notes_of(of_quantity(table, *done.asked[0]).head(1 + _POINTS), language)
    return [*blocks, *(Paragraph(line, below, note=True) for line in lines)]


def why_blocks(source: Source, brief: Brief, language: Language) -> list[Block]:
    """Say of what a number consists, what moves it and what holds it back, with the figure of all of it."""
    from ...experiments.explaining.finished_why import Why
    from ..notebooks.advice import plot_why
    from ..tables.why_rows import notes as notes_of
    from ..tables.why_rows import told

    done, definitions = Why.read(source.folder), definitions_of(source.folder)
    table, file = titled(done.last_year, source.folder, language), f"{source.shown}/{WHY}"
    blocks: list[Block] = []
    sayings = told(table, definitions, language)
    for _, group in groupby(sayings, key=lambda one: one[1]["section"].iloc[0]):
        lines, rows = zip(*group, strict=True)
        whole = pd.concat(rows)
        traces = of_rows(file, whole[~whole.index.duplicated()], _OF_PARTS)
        blocks.append(Paragraph(" ".join(lines), traces))
    draw = partial(plot_why, source.folder, None, language)
    blocks += pictures_of(brief, say("brief.figure_why", language), draw, file)
    below = of_rows(file, table.iloc[:1], ("pairs",))
    return [*blocks, *(Paragraph(line, below, note=True) for line in notes_of(table, language))]


def waterfall_blocks(source: Source, brief: Brief, language: Language) -> list[Block]:
    """Show what each lever adds on the way from the base to a scenario."""
    from ...experiments.comparing.waterfall import WATERFALL, Waterfall
    from ...experiments.comparing.waterfall_table import ALL
    from ..notebooks.forecast import plot_waterfall
    from ..tables.waterfall_rows import heading_of

    done, file = Waterfall.read(source.folder), f"{source.shown}/{WATERFALL}"
    traces = of_rows(file, done.table[done.table["lever"] == ALL], _OF_STEPS)
    heading, note = heading_of(done, language), say("compare.waterfall_note", language)
    picture = pictures_of(brief, heading, partial(plot_waterfall, source.folder, language), file)
    return [Paragraph(heading, traces), *picture, Paragraph(note, traces[:1], note=True)]


def discovery_chapter(source: Source, results: Results, brief: Brief, language: Language) -> Chapter:
    """Say of each conclusion how robust it is, and when it turns out otherwise.

    Where the goals are another province's, nothing is said of them.
    """
    from ...experiments.discovering.boxes import BETTER
    from ...experiments.discovering.finished_discovery import Discovery
    from ..notebooks.discovery import plot_discovery
    from ..tables.box_rows import ONE, first_countings, lines_of, parameters_of
    from ..tables.box_rows import notes as notes_of

    table, file = Discovery.read(source.folder).table, f"{source.shown}/{BOXES}"
    if results.written_for:
        table = table[~table["conclusion"].isin(_OF_GOALS)]
    blocks: list[Block] = []
    shown = first_countings(table[table["scenario"] != results.against], results.definitions)
    for scenario, mine in shown.groupby("scenario", sort=False):
        parameters = parameters_of(source.folder, str(scenario))
        for _, rows in mine.groupby(ONE, sort=False):
            named = titled(rows, source.folder, language)
            said = " ".join(lines_of(named, parameters, results.definitions, language))
            blocks.append(Paragraph(said, of_rows(file, rows, _OF_BOXES)))
    if not results.written_for and (shown["verdict"] == BETTER).any():
        draw = partial(plot_discovery, source.folder, language)
        blocks += pictures_of(brief, say("brief.figure_boxes", language), draw, file)
    below = of_rows(file, table.iloc[:1], ("comparisons", "by_luck", "futures"))
    notes = (Paragraph(line, below, note=True) for line in notes_of(table, language))
    return Chapter(say("brief.chapter_discover", language), (*blocks, *notes))


def worth_chapter(source: Source, results: Results, brief: Brief, language: Language) -> Chapter:
    """Say for each decision which statistic is worth how much; with a table of those worth more than luck."""
    from ...experiments.discovering.finished_discovery import Worth
    from ...experiments.valuing.worth_table import VISIBLE
    from ..figures.boxes import discover_again
    from ..figures.signed import signed
    from ..figures.worth import drawn_of
    from ..tables.worth_rows import columns_of, decision_lines, decisions, worth_rows
    from ..tables.worth_rows import notes as notes_of

    table, file = Worth.read(source.folder).table, f"{source.shown}/{WORTH}"
    blocks: list[Block] = []
    moved: list[pd.DataFrame] = []
    for rows in decisions(table, results.definitions):
        shown, traces = titled(rows, source.folder, language), of_rows(file, rows, _OF_STATISTICS)
        lines = decision_lines(shown, results.definitions, language)
        said = sentence_of_worth(shown, language)
        blocks.append(Paragraph(" ".join([*lines, said]), traces))
        worthy = shown[shown["verdict"] == VISIBLE]
        if len(worthy):
            moved.append(rows)
            cells, heads = worth_rows(worthy, language), columns_of(worthy, language)
            of_worthy = of_rows(file, rows[rows["verdict"] == VISIBLE], _OF_STATISTICS)
            blocks.append(Table(say("brief.table_worth", language), heads, cells, of_worthy))
    if moved:

        def draw() -> Figure:
            first = str(moved[0]["scenario"].iloc[0])
            figure = drawn_of(source.folder, pd.concat(moved), first, results.definitions, language)
            return signed(figure, source.folder, language, command=discover_again("worth", source.folder))

        blocks += pictures_of(brief, say("brief.figure_worth", language), draw, file)
    below = of_rows(file, table.iloc[:1], ("price", "futures"))
    notes = (Paragraph(line, below, note=True) for line in notes_of(table, language))
    return Chapter(say("brief.chapter_worth", language), (*blocks, *notes))
