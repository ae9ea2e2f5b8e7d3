"""What a notebook shows of an attribution, a ranking and a sweep: tables and figures.

Loading this module teaches them to draw themselves; ``from shaanxi_transfer import attribute`` comes through
here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import check_choice
from ...experiments.attribute import attribute
from ...experiments.attributing.finished_attribution import Attribution
from ...experiments.explaining.finished_why import Why
from ...experiments.rank import rank
from ...experiments.ranking.finished_ranking import Ranking
from ...experiments.results import Experiments, results
from ...experiments.sweep import sweep
from ...experiments.sweeping.finished_sweep import Sweep
from ...experiments.why import why
from ..figures.signed import signed
from ..tables.print_rows import table_html
from ..words.phrases import check_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure


__all__ = [
    "Attribution",
    "Experiments",
    "Ranking",
    "Sweep",
    "Why",
    "attribute",
    "attribution_html",
    "plot_attribution",
    "plot_ranking",
    "plot_sweep",
    "plot_why",
    "rank",
    "ranking_html",
    "results",
    "results_html",
    "sweep",
    "sweep_html",
    "why",
    "why_html",
]


def plot_attribution(folder: Path | str, target: str | None = None, lang: str | None = None) -> Figure:
    """Draw the parts of a target of an attribution.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    target : str, optional
        A target (as it was asked, or is first counted), an indicator that was asked, or a cost; by default
        the first that was asked.
    lang : {'en', 'zh'}
        Language of the labels.

    Raises
    ------
    InputError
        If the attribution has no such target.
    """
    from ..figures.attribution import draw_parts
    from ..tables.attribution_rows import of_quantity
    from ..tables.experiment_folder import definitions_of

    known, done = check_language(lang), Attribution.read(folder)
    name, counting = chosen(done.table, done.asked, target)
    figure = draw_parts(of_quantity(done.table, name, counting), definitions_of(done.folder), known)
    return signed(figure, done.folder, known)


def chosen(table: pd.DataFrame, asked: Sequence[tuple[str, str]], target: str | None) -> tuple[str, str]:
    """Find the rows of a target: its id and way of counting."""
    if target is None:
        return asked[0]
    first = {name: counting for name, counting in reversed(asked)}
    there = dict(reversed(list(zip(table["id"], table["counting"], strict=True))))
    found = {str(name): str(counting) for name, counting in (there | first).items()}
    check_choice(target, "target", found, f"{target!r} is not in this table")
    return target, found[target]


def attribution_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the parts of what was asked as HTML fragments, one table each."""
    from ..tables.attribution_rows import columns_of, heading, of_quantity, part_rows

    known, done = check_language(lang), Attribution.read(folder)
    pieces = []
    for name, counting in done.asked:
        rows = of_quantity(done.table, name, counting)
        pieces.append(f"<p>{escape(heading(done.folder, rows, known))}</p>")
        pieces.append(table_html(columns_of(rows, known), part_rows(rows, known), known))
    return "".join(pieces)


def plot_ranking(folder: Path | str, target: str | None = None, lang: str | None = None) -> Figure:
    """Draw a target of a ranking, by the first kind of item that was ranked; see `plot_attribution`."""
    from ..figures.ranking import draw_ranking
    from ..tables.experiment_folder import definitions_of
    from ..tables.ranking_rows import of_quantity

    known, done = check_language(lang), Ranking.read(folder)
    name, counting = chosen(done.table, done.asked, target)
    rows = of_quantity(done.table, str(done.table["by"].iloc[0]), name, counting)
    figure = draw_ranking(rows, definitions_of(done.folder), known)
    return signed(figure, done.folder, known)


def ranking_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the rankings of what was asked as HTML fragments, one table each."""
    from ..tables.experiment_folder import definitions_of
    from ..tables.ranking_rows import columns_of, heading, notes, of_quantity, ranked_rows

    known, done = check_language(lang), Ranking.read(folder)
    definitions, pieces = definitions_of(done.folder), []
    for by in dict.fromkeys(done.table["by"]):
        for name, counting in done.asked:
            rows = of_quantity(done.table, str(by), name, counting)
            pieces.append(f"<p>{escape(heading(rows, definitions, known))}</p>")
            pieces.append(table_html(columns_of(rows, known), ranked_rows(rows, known), known))
        mine = done.table[done.table["by"] == by]
        pieces += [f"<p>{escape(line)}</p>" for line in notes(mine, known)]
    return "".join(pieces)


def plot_sweep(folder: Path | str, target: str | None = None, lang: str | None = None) -> Figure:
    """Draw how a target of a sweep answers to each lever; see `plot_attribution`."""
    from ..figures.sweep import draw_sweep
    from ..tables.experiment_folder import definitions_of
    from ..tables.sweep_rows import of_quantity

    known, done = check_language(lang), Sweep.read(folder)
    name, counting = chosen(done.table, done.asked, target)
    rows = of_quantity(done.table, name, counting)
    figure = draw_sweep(rows, done.levers, definitions_of(done.folder), known)
    return signed(figure, done.folder, known)


def sweep_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the points of what was asked as HTML fragments, one table each."""
    from ..tables.experiment_folder import definitions_of
    from ..tables.sweep_rows import columns_of, heading, notes, of_quantity, point_rows

    known, done = check_language(lang), Sweep.read(folder)
    definitions, pieces = definitions_of(done.folder), []
    for name, counting in done.asked:
        rows = of_quantity(done.table, name, counting)
        pieces.append(f"<p>{escape(heading(rows, done.levers, definitions, known))}</p>")
        cells = point_rows(rows, done.net_costs, done.levers, known)
        pieces.append(table_html(columns_of(rows, done.levers, known), cells, known))
    return "".join(pieces + [f"<p>{escape(line)}</p>" for line in notes(rows, known)])


def results_html(found: Experiments, lang: str | None = None) -> str:
    """Make a list of experiments as an HTML fragment."""
    from ..tables.results_rows import columns_of, count_line, experiment_rows

    known = check_language(lang)
    table = table_html(columns_of(known), experiment_rows(found, known), known)
    return f"<p>{escape(count_line(found, known))}</p>{table}"


def plot_why(folder: Path | str, target: str | None = None, lang: str | None = None) -> Figure:
    """Draw the parts of a number and what moves it; an explanation has one number, so ``target`` is none.

    Raises
    ------
    InputError
        If another number is asked for.
    """
    from ..figures.why import draw_why
    from ..tables.experiment_folder import definitions_of

    known, done = check_language(lang), Why.read(folder)
    chosen(done.table.assign(counting=""), done.asked, target)
    figure = draw_why(done.last_year, definitions_of(done.folder), known)
    return signed(figure, done.folder, known)


def why_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the sentences and tables of an explanation as HTML fragments."""
    from ..tables.experiment_folder import definitions_of, titled
    from ..tables.why_rows import by_year, notes, sentences, tables_of

    known, done = check_language(lang), Why.read(folder)
    shown = titled(done.last_year, done.folder, known)
    said = list(sentences(shown, definitions_of(done.folder), known))
    tables = [table_html(heads, rows, known) for heads, rows in tables_of(done.last_year, known)]
    tables += [table_html(heads, rows, known) for heads, rows in by_year(done.table, known)]
    below = [f"<p>{escape(line)}</p>" for line in notes(done.last_year, known)]
    return "".join([*(f"<p>{escape(line)}</p>" for line in said), *tables, *below])


Attribution.shown_by(plot_attribution, attribution_html)
Ranking.shown_by(plot_ranking, ranking_html)
Experiments.tabulator = staticmethod(results_html)
Sweep.shown_by(plot_sweep, sweep_html)
Why.shown_by(plot_why, why_html)
