"""What a notebook shows of a forecast: figures and the table.

Loading this module teaches a ``Forecast`` and a ``Comparison`` to draw themselves: experiments must not know
reports, so that reports make themselves known. ``from shaanxi_transfer import compare, forecast, keep`` comes
through here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.errors import check_choice
from ...experiments.compare import Comparison, compare
from ...experiments.comparing.waterfall import Waterfall
from ...experiments.forecast import Forecast, forecast
from ...experiments.keep import KeptFutures, keep
from ...experiments.who_gains import WhoGains, read_gains
from ..figures.fans import draw_fan, draw_overview
from ..figures.signed import signed
from ..words.phrases import check_language, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Comparison",
    "Forecast",
    "KeptFutures",
    "Waterfall",
    "WhoGains",
    "compare",
    "comparison_html",
    "forecast",
    "forecast_html",
    "gains_html",
    "keep",
    "plot_comparison",
    "plot_forecast",
    "plot_gains",
    "plot_page",
    "plot_waterfall",
]

PAGE: Final = "five_targets"


def plot_forecast(folder: Path | str, target: str | None = None, lang: str | None = None) -> Figure:
    """Draw one modelled target of a forecast, or all of them on one page.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    target : str, optional
        One target, or ``five_targets`` for all on one page with chance, band, first year and change; the fans
        of all by default.
    lang : {'en', 'zh'}
        Language of the labels.

    Returns
    -------
    matplotlib Figure
        Shown by a notebook when it is the last value of a cell, whatever the notebook has loaded.

    Raises
    ------
    InputError
        If the target does not exist or is not modelled yet.
    """
    from ..figures.forecast import target_fans, targets_page
    from ..tables.experiment_folder import read_results

    known = check_language(lang)
    results = read_results(folder)
    if target == PAGE:
        return signed(targets_page(results, known), results.folder, known)
    fans = target_fans(results, known)
    if target is not None:
        check_choice(target, "target", fans, f"{target!r} is no modelled target")
    if target is not None or len(fans) == 1:
        fan = fans[target] if target is not None else next(iter(fans.values()))
        return signed(draw_fan(fan, known), results.folder, known)
    figure = draw_overview(list(fans.values()), known, say("targets.heading", known))
    return signed(figure, results.folder, known)


def plot_page(folder: Path | str, lang: str | None = None) -> Figure:
    """Draw all targets of a forecast on one page for A4: chances and bands, and no words beside them."""
    from ..figures.forecast import targets_page
    from ..tables.experiment_folder import read_results

    known = check_language(lang)
    results = read_results(folder)
    return signed(targets_page(results, known, with_words=False), results.folder, known)


def plot_comparison(folder: Path | str, lang: str | None = None) -> Figure:
    """Draw what each scenario of a forecast changes against the base, over the years.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    lang : {'en', 'zh'}
        Language of the labels.

    Returns
    -------
    matplotlib Figure
        As of `plot_forecast`.
    """
    from ..figures.differences import difference_fans, draw_differences
    from ..tables.experiment_folder import read_results

    known = check_language(lang)
    results = read_results(folder)
    figure = draw_differences(difference_fans(results, known), results, known)
    return signed(figure, results.folder, known)


def plot_waterfall(folder: Path | str, lang: str | None = None) -> Figure:
    """Draw what each lever adds on the way from the base to a scenario.

    Parameters
    ----------
    folder : path-like
        Folder of a waterfall.
    lang : {'en', 'zh'}
        Language of the labels.

    Returns
    -------
    matplotlib Figure
        As of `plot_forecast`.
    """
    from ..figures.waterfall import draw_waterfall

    known = check_language(lang)
    return signed(draw_waterfall(Waterfall.read(folder), known), Path(folder), known)


def plot_gains(
    folder: Path | str, by: str | None = None, indicator: str | None = None, lang: str | None = None
) -> Figure:
    """Draw who gains by a comparison and who loses.

    Parameters
    ----------
    folder : path-like
        Of a comparison that was broken down.
    by, indicator : str, optional
        A breakdown, the first by default; one indicator, all by default.
    lang : {'en', 'zh'}
        Language of the labels.

    Returns
    -------
    matplotlib Figure
        As of `plot_forecast`.

    Raises
    ------
    InputError
        If there is no such breakdown or indicator.
    """
    from ..figures.gains import draw_gains
    from ..tables.experiment_folder import read_results

    known, table = check_language(lang), read_gains(folder).table
    table = table[table["scenario"] == table["scenario"].iloc[0]]
    for column, wanted in (("by", by or str(table["by"].iloc[0])), ("id", indicator)):
        names = list(dict.fromkeys(table[column]))
        if wanted is None:
            continue
        key = "by" if column == "by" else "indicator"
        table = table[table[column] == check_choice(wanted, key, names, f"{wanted!r} is not in this table")]
    results = read_results(folder)
    return signed(draw_gains(table, results, known), results.folder, known)


def gains_html(folder: Path | str, lang: str | None = None) -> str:
    """Make who gains by a comparison and who loses as HTML fragments, a table for each indicator."""
    from ..tables.experiment_folder import read_results
    from ..tables.gains_rows import columns_of, groups_of, heading, notes, part_rows
    from ..tables.print_rows import table_html

    known, table, results = check_language(lang), read_gains(folder).table, read_results(folder)
    pieces = []
    for rows in groups_of(table):
        pieces.append(f"<p>{escape(heading(rows, results, known))}</p>")
        pieces.append(table_html(columns_of(rows, known), part_rows(rows, results, known), known))
    return "".join([*pieces, *(f"<p>{escape(line)}</p>" for line in notes(table, known))])


def comparison_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the table of differences of a forecast as an HTML fragment.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    lang : {'en', 'zh'}
        Language of the words.
    """
    from ..tables.difference_rows import differences_html
    from ..tables.experiment_folder import read_results

    return differences_html(read_results(folder), check_language(lang))


def forecast_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the table of targets of a forecast as an HTML fragment.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    lang : {'en', 'zh'}
        Language of the words.
    """
    from ..tables.experiment_folder import read_results
    from ..tables.target_table import html_table, rows_of

    known = check_language(lang)
    results = read_results(folder)
    return html_table(
        rows_of(results, known),
        known,
        results.titles(known),
        results.province,
        written_for=results.written_for,
        own_rules=results.own_rules,
    )


Comparison.shown_by(plot_comparison, comparison_html)
Forecast.shown_by(plot_forecast, forecast_html)
WhoGains.shown_by(plot_gains, gains_html)
Waterfall.shown_by(plot_waterfall)
