"""What a notebook shows of an attribution, a ranking and a search: tables and figures.

Loading this module teaches them to draw themselves; ``from shaanxi_transfer import attribute`` comes through
here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.errors import InputError, nearest
from ..experiments.attribute import attribute
from ..experiments.attributing.finished_attribution import Attribution
from ..experiments.rank import rank
from ..experiments.ranking.finished_ranking import Ranking
from ..experiments.search import search
from ..experiments.searching.finished_search import Search
from .figures.fans import mark_own_rules
from .notebook import shown
from .words.of_provinces import province_name
from .words.phrases import check_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from .words.phrases import Language

__all__ = [
    "Attribution",
    "Ranking",
    "Search",
    "attribute",
    "attribution_html",
    "plot_attribution",
    "plot_ranking",
    "plot_search",
    "rank",
    "ranking_html",
    "search",
    "search_html",
]


def plot_attribution(folder: Path | str, target: str | None = None, lang: str = "en") -> Figure:
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
    from .figures.attribution import draw_parts
    from .figures.sensitivity import mark_province
    from .tables.attribution_rows import of_quantity
    from .tables.experiment_folder import model_definitions, own_code_of, province_of

    known, done = check_language(lang), Attribution.read(folder)
    own = own_code_of(done.folder)
    name, counting = chosen(done.table, done.asked, target)
    figure = draw_parts(of_quantity(done.table, name, counting), model_definitions(own), known)
    mark_province(figure, province_name(province_of(done.folder), known), known)
    return shown(mark_own_rules(figure, own.rules_used, known))


def chosen(table: pd.DataFrame, asked: Sequence[tuple[str, str]], target: str | None) -> tuple[str, str]:
    """Find the rows of a target: its id and way of counting."""
    if target is None:
        return asked[0]
    first = {name: counting for name, counting in reversed(asked)}
    there = dict(reversed(list(zip(table["id"], table["counting"], strict=True))))
    found = {str(name): str(counting) for name, counting in (there | first).items()}
    if target not in found:
        raise InputError(
            f"{target!r} is not in this table",
            key="target",
            allowed=", ".join(found),
            suggestion=nearest(target, found),
        )
    return target, found[target]


def attribution_html(folder: Path | str, lang: str = "en") -> str:
    """Make the parts of what was asked as HTML fragments, one table each."""
    from .tables.attribution_rows import columns_of, heading, of_quantity, part_rows

    known, done = check_language(lang), Attribution.read(folder)
    pieces = []
    for name, counting in done.asked:
        rows = of_quantity(done.table, name, counting)
        pieces.append(f"<p>{escape(heading(done.folder, rows, known))}</p>")
        pieces.append(table_html(columns_of(rows, known), part_rows(rows, known), known))
    return "".join(pieces)


def plot_ranking(folder: Path | str, target: str | None = None, lang: str = "en") -> Figure:
    """Draw a target of a ranking, by the first kind of item that was ranked; see `plot_attribution`."""
    from .figures.ranking import draw_ranking
    from .figures.sensitivity import mark_province
    from .tables.experiment_folder import model_definitions, own_code_of, province_of
    from .tables.ranking_rows import of_quantity

    known, done = check_language(lang), Ranking.read(folder)
    own = own_code_of(done.folder)
    name, counting = chosen(done.table, done.asked, target)
    rows = of_quantity(done.table, str(done.table["by"].iloc[0]), name, counting)
    figure = draw_ranking(rows, model_definitions(own), known)
    mark_province(figure, province_name(province_of(done.folder), known), known)
    return shown(mark_own_rules(figure, own.rules_used, known))


def ranking_html(folder: Path | str, lang: str = "en") -> str:
    """Make the rankings of what was asked as HTML fragments, one table each."""
    from .tables.experiment_folder import model_definitions, own_code_of
    from .tables.ranking_rows import columns_of, heading, notes, of_quantity, ranked_rows

    known, done = check_language(lang), Ranking.read(folder)
    definitions, pieces = model_definitions(own_code_of(done.folder)), []
    for by in dict.fromkeys(done.table["by"]):
        for name, counting in done.asked:
            rows = of_quantity(done.table, str(by), name, counting)
            pieces.append(f"<p>{escape(heading(rows, definitions, known))}</p>")
            pieces.append(table_html(columns_of(rows, known), ranked_rows(rows, known), known))
        mine = done.table[done.table["by"] == by]
        pieces += [f"<p>{escape(line)}</p>" for line in notes(mine, known)]
    return "".join(pieces)


def plot_search(folder: Path | str, target: str | None = None, lang: str = "en") -> Figure:
    """Draw the front of a search, chance against cost; it is of all goals, whatever ``target`` says."""
    from .figures.packages import draw_front
    from .figures.sensitivity import mark_province
    from .tables.experiment_folder import model_definitions, own_code_of, province_of

    known, done = check_language(lang), Search.read(folder)
    own = own_code_of(done.folder)
    figure = draw_front(done.table, done.wanted, model_definitions(own), known)
    mark_province(figure, province_name(province_of(done.folder), known), known)
    return shown(mark_own_rules(figure, own.rules_used, known))


def search_html(folder: Path | str, lang: str = "en") -> str:
    """Make the answer of a search, its front and the levers of its package as HTML."""
    from .tables.experiment_folder import model_definitions, own_code_of
    from .tables.package_rows import answer_line, front_columns, front_rows, lever_columns, lever_rows, notes

    known, done = check_language(lang), Search.read(folder)
    definitions = model_definitions(own_code_of(done.folder))
    pieces = [f"<p>{escape(answer_line(done.table, done.wanted, definitions, known))}</p>"]
    pieces.append(table_html(front_columns(known), front_rows(done.table, known), known))
    if rows := lever_rows(done.table, definitions, known):
        pieces.append(table_html(lever_columns(known), rows, known))
    pieces += [f"<p>{escape(line)}</p>" for line in notes(done.table, done.wanted, known)]
    return "".join(pieces)


def table_html(columns: Sequence[str], rows: Sequence[Sequence[str]], language: Language) -> str:
    """Put rows below their headings as an HTML table; leading spaces stay."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell).replace('    ', '&emsp;')}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f'<table lang="{language}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


Attribution.plotter = staticmethod(plot_attribution)
Attribution.tabulator = staticmethod(attribution_html)
Ranking.plotter = staticmethod(plot_ranking)
Ranking.tabulator = staticmethod(ranking_html)
Search.plotter = staticmethod(plot_search)
Search.tabulator = staticmethod(search_html)
