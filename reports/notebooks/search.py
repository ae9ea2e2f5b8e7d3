"""What a notebook shows of a search: its answer, the front and the levers of its package.

Loading this module teaches it to draw itself; ``from shaanxi_transfer import search`` comes through here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ...experiments.search import search
from ...experiments.searching.finished_search import Search
from ..figures.signed import signed
from ..tables.print_rows import table_html
from ..words.phrases import check_language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Search", "plot_search", "search", "search_html"]


def plot_search(folder: Path | str, target: str | None = None, lang: str | None = None) -> Figure:
    """Draw the front of a search, chance against cost; it is of all goals, whatever ``target`` says."""
    from ..figures.packages import draw_front
    from ..tables.experiment_folder import definitions_of

    known, done = check_language(lang), Search.read(folder)
    figure = draw_front(done.table, done.wanted, definitions_of(done.folder), known)
    return signed(figure, done.folder, known)


def search_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the answer of a search, its front and the levers of its package as HTML."""
    from ..tables.experiment_folder import definitions_of
    from ..tables.package_rows import answer_line, front_columns, front_rows, lever_columns, lever_rows, notes

    known, done = check_language(lang), Search.read(folder)
    definitions = definitions_of(done.folder)
    pieces = [f"<p>{escape(answer_line(done.table, done.wanted, definitions, known))}</p>"]
    pieces.append(table_html(front_columns(known), front_rows(done.table, known), known))
    if rows := lever_rows(done.table, definitions, known):
        pieces.append(table_html(lever_columns(known), rows, known))
    pieces += [f"<p>{escape(line)}</p>" for line in notes(done.table, done.wanted, known)]
    return "".join(pieces)


Search.shown_by(plot_search, search_html)
