"""Chapters of a forecast or comparison: targets with their figures, the difference, who gains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ...experiments.keeping.store import DIFFERENCES, INDICATORS, TARGETS, WHO_GAINS
from ..notebooks.forecast import plot_comparison, plot_forecast, plot_gains, plot_page
from ..tables.difference_rows import COLUMNS as DIFFERENCE_HEADS
from ..tables.difference_rows import SHOWN_COSTS, difference_rows, heading_of
from ..tables.difference_rows import notes_of as notes_of_differences
from ..tables.target_table import COLUMNS, cells, notes, rows_of
from ..words.of_provinces import province_name
from ..words.phrases import Language, say, title_of
from .parts import Brief, Chapter, Paragraph, Picture, Table, of_rows
from .pictures import pictures_of
from .source import Source

if TYPE_CHECKING:
    from ..tables.experiment_folder import Results

__all__ = ["difference_chapter", "gains_chapter", "targets_chapter"]

_SHOWN = ("target", "counting", "scenario", "probability", "low", "median", "high", "first_year")
_OF_GOALS = ("probability", "first_year")


def targets_chapter(source: Source, results: Results, brief: Brief, language: Language) -> Chapter:
    """Show the table of targets by every way of counting, its notes, and the figure of all targets."""
    file = f"{source.shown}/{TARGETS}"
    rows, own = rows_of(results, language), not results.written_for
    titles = results.titles(language)
    columns = [one for one in _SHOWN if own or one not in _OF_GOALS]
    places = [COLUMNS.index(one) for one in columns]
    texts = [cells(row, language, titles) for row in rows]
    heads = [say(f"targets.column_{one}", language) for one in columns]
    goals = [say("targets.target_and_goal", language, target=one[0], goal=one[1]) for one in texts]
    firsts = goals if own else [one[0] for one in texts]
    shown = [[first, *(one[place] for place in places[1:])] for first, one in zip(firsts, texts, strict=True)]
    table = Table(
        say("targets.heading", language),
        heads,
        _without_repeats(shown, 2),
        of_rows(
            file, results.targets, ("target", "counting", "scenario", "probability", "q05", "q50", "q95")
        ),
    )
    traces = table.traces[:1]
    unmarked = rows if own else [replace(row, without_error=False) for row in rows]  # no chance, no mark
    below = notes(unmarked, language, own_rules=results.own_rules, own_notes=results.own_notes)
    if not own:
        owner = province_name(results.written_for, language)
        below.insert(0, say("brief.limit_elsewhere", language, owner=owner))
    caption, page = say("brief.figure_targets", language), say("brief.figure_page", language)
    first = pictures_of(brief, page, partial(plot_page, source.folder, language), file)
    picture = pictures_of(
        brief, caption, partial(plot_forecast, source.folder, None, language), f"{source.shown}/{INDICATORS}"
    )
    return Chapter(
        say("brief.chapter_targets", language),
        (*first, table, *(Paragraph(one, traces, note=True) for one in below), *picture),
    )


def difference_chapter(source: Source, results: Results, brief: Brief, language: Language) -> Chapter:
    """Show what each scenario changes against the base, future by future, in a figure and a table."""
    file = f"{source.shown}/{DIFFERENCES}"
    table = results.differences
    mine = table[(table["kind"] == "target") | ((table["kind"] == "cost") & table["id"].isin(SHOWN_COSTS))]
    rows = difference_rows(results, language)
    heads = [say(f"compare.column_{one}", language) for one in ("what", *DIFFERENCE_HEADS, "remark")]
    shown = [[" ".join(filter(None, (row.heading, row.counting))), *row.cells, row.remark] for row in rows]
    columns = ("kind", "id", "counting", "scenario", "q05", "q50", "q95", "share_positive", "verdict")
    traces = of_rows(file, mine, columns)
    caption = say("brief.figure_differences", language)
    picture = pictures_of(brief, caption, partial(plot_comparison, source.folder, language), file)
    notes = (Paragraph(one, traces[:1], note=True) for one in notes_of_differences(results, language))
    shown_table = Table(heading_of(results, language), heads, _without_repeats(shown, 1), traces)
    return Chapter(say("brief.chapter_difference", language), (*picture, shown_table, *notes))


def _without_repeats(rows: list[list[str]], columns: int) -> list[list[str]]:
    """Leave the first cells empty where the row above says the same."""
    shown, before = [], [""] * columns
    for row in rows:
        same = [row[: place + 1] == before[: place + 1] for place in range(columns)]
        head = ["" if one else cell for one, cell in zip(same, row, strict=False)]
        shown.append([*head, *row[columns:]])
        before = row
    return shown


def gains_chapter(source: Source, results: Results, brief: Brief, language: Language) -> Chapter:
    """Say of each indicator who visibly has more, and who has less, with a figure for each breakdown."""
    import pandas as pd

    from ...experiments.who_gains import read_gains
    from ..tables.gains_rows import groups_of, heading, notes

    file, table = f"{source.shown}/{WHO_GAINS}", read_gains(source.folder).table
    columns = ("scenario", "by", "part", "id", "year", "q05", "q50", "q95", "mean", "verdict")

    def paragraphs() -> Iterator[Paragraph]:
        unmoved: list[pd.DataFrame] = []
        for rows in groups_of(table):
            if not rows["verdict"].isin(["more", "less"]).any():
                unmoved.append(rows)
                continue
            visible = rows[rows["verdict"].isin(["more", "less"]) | (rows["part"] == "all")]
            yield Paragraph(heading(rows, results, language), of_rows(file, visible, columns))
        if unmoved:
            names = dict.fromkeys(str(rows["id"].iloc[0]) for rows in unmoved)
            titles = [title_of(results.definitions.of(name), language) for name in names]
            said = say("brief.nobody_gains", language, titles=say("brief.list_comma", language).join(titles))
            yield Paragraph(said, of_rows(file, pd.concat(unmoved), columns))
        for line in notes(table, language):
            yield Paragraph(
                line, of_rows(file, table.iloc[:1], ("comparisons", "by_luck", "pairs")), note=True
            )

    pictures: list[Picture] = []
    for by in dict.fromkeys(table["by"]):
        caption = say("brief.figure_gains", language, by=say(f"gains.by_{by}", language))
        pictures += pictures_of(
            brief, caption, partial(plot_gains, source.folder, str(by), None, language), file
        )
    return Chapter(say("brief.chapter_gains", language), (*paragraphs(), *pictures))
