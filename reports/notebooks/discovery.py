"""What a notebook shows of a discovery and of the worth of statistics: sentences, tables, figures.

Loading this module teaches them to draw themselves; ``from shaanxi_transfer import discover, worth`` comes
through here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ...experiments.discover import discover
from ...experiments.discovering.finished_discovery import Discovery, Worth
from ...experiments.worth import worth
from ..figures.signed import signed
from ..tables.print_rows import table_html
from ..words.phrases import check_language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Discovery",
    "Worth",
    "discover",
    "discovery_html",
    "plot_discovery",
    "plot_worth",
    "worth",
    "worth_html",
]


def plot_discovery(folder: Path | str, lang: str | None = None) -> Figure:
    """Draw the boxes of the first scenario of a discovery.

    Parameters
    ----------
    folder : path-like
        Of the forecast.
    lang : {'en', 'zh'}
        Language of the labels.
    """
    from ..figures.boxes import discover_again, drawn_of
    from ..tables.experiment_folder import definitions_of

    known, done = check_language(lang), Discovery.read(folder)
    first, definitions = str(done.table["scenario"].iloc[0]), definitions_of(done.folder)
    figure = drawn_of(done.folder, done.table, first, definitions, known)
    return signed(figure, done.folder, known, command=discover_again("discover", done.folder))


def discovery_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the sentences of a discovery as an HTML fragment."""
    from ..tables.box_rows import ONE, first_countings, lines_of, notes, parameters_of
    from ..tables.experiment_folder import definitions_of, titled

    known, done = check_language(lang), Discovery.read(folder)
    definitions, pieces = definitions_of(done.folder), []
    for scenario, mine in first_countings(done.table, definitions).groupby("scenario", sort=False):
        parameters = parameters_of(done.folder, str(scenario))
        for _, rows in mine.groupby(ONE, sort=False):
            shown = titled(rows, done.folder, known)
            first, *others = (escape(line) for line in lines_of(shown, parameters, definitions, known))
            pieces.append(f"<p><b>{first}</b>{''.join(f'<br>{line}' for line in others)}</p>")
    pieces += [f"<p>{escape(line)}</p>" for line in notes(done.table, known)]
    return "".join(pieces)


def plot_worth(folder: Path | str, lang: str | None = None) -> Figure:
    """Draw what statistics are worth to the decision on the first scenario; see `plot_discovery`."""
    from ..figures.boxes import discover_again
    from ..figures.worth import drawn_of
    from ..tables.experiment_folder import definitions_of

    known, done = check_language(lang), Worth.read(folder)
    first, definitions = str(done.table["scenario"].iloc[0]), definitions_of(done.folder)
    figure = drawn_of(done.folder, done.table, first, definitions, known)
    return signed(figure, done.folder, known, command=discover_again("worth", done.folder))


def worth_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the tables of what statistics are worth as HTML fragments, one for each decision."""
    from ..tables.experiment_folder import definitions_of, titled
    from ..tables.worth_rows import columns_of, decision_lines, decisions, notes, worth_rows

    known, done = check_language(lang), Worth.read(folder)
    definitions, pieces = definitions_of(done.folder), []
    for rows in decisions(titled(done.table, done.folder, known), definitions):
        pieces += [f"<p>{escape(line)}</p>" for line in decision_lines(rows, definitions, known)]
        pieces.append(table_html(columns_of(rows, known), worth_rows(rows, known), known))
    pieces += [f"<p>{escape(line)}</p>" for line in notes(done.table, known)]
    return "".join(pieces)


Discovery.shown_by(plot_discovery, discovery_html)
Worth.shown_by(plot_worth, worth_html)
