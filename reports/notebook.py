"""What a notebook shows of a forecast: figures and the table.

Loading this module teaches a ``Forecast`` and a ``Comparison`` to draw themselves: experiments must not know
reports, so that reports make themselves known. ``from shaanxi_transfer import compare, forecast, keep`` comes
through here.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.errors import InputError, nearest
from ..experiments.compare import Comparison, compare
from ..experiments.comparing.waterfall import Waterfall
from ..experiments.forecast import Forecast, forecast
from ..experiments.keep import KeptFutures, keep
from .figures.fans import draw_fan, draw_overview, mark_own_rules
from .words.phrases import check_language, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Comparison",
    "Forecast",
    "KeptFutures",
    "Waterfall",
    "compare",
    "comparison_html",
    "forecast",
    "forecast_html",
    "keep",
    "plot_comparison",
    "plot_forecast",
    "plot_waterfall",
    "shown",
]


def plot_forecast(folder: Path | str, target: str | None = None, lang: str = "en") -> Figure:
    """Draw one modelled target of a forecast, or all of them on one page.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    target : str, optional
        One target; all by default.
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
    from .figures.forecast import target_fans
    from .tables.experiment_folder import read_results

    known = check_language(lang)
    results = read_results(folder)
    fans = target_fans(results, known)
    if target is not None and target not in fans:
        raise InputError(
            f"{target!r} is no modelled target",
            key="target",
            allowed=", ".join(fans) or None,
            suggestion=nearest(target, fans),
        )
    if target is not None or len(fans) == 1:
        fan = fans[target] if target is not None else next(iter(fans.values()))
        return shown(mark_own_rules(draw_fan(fan, known), results.own_rules, known))
    figure = draw_overview(list(fans.values()), known, say("targets.heading", known))
    return shown(mark_own_rules(figure, results.own_rules, known))


def plot_comparison(folder: Path | str, lang: str = "en") -> Figure:
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
    from .figures.differences import difference_fans, draw_differences
    from .tables.experiment_folder import read_results

    known = check_language(lang)
    results = read_results(folder)
    figure = draw_differences(difference_fans(results, known), results, known)
    return shown(mark_own_rules(figure, results.own_rules, known))


def plot_waterfall(folder: Path | str, lang: str = "en") -> Figure:
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
    from .figures.waterfall import draw_waterfall

    return shown(draw_waterfall(Waterfall.read(folder), check_language(lang)))


def comparison_html(folder: Path | str, lang: str = "en") -> str:
    """Make the table of differences of a forecast as an HTML fragment.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    lang : {'en', 'zh'}
        Language of the words.
    """
    from .tables.difference_rows import differences_html
    from .tables.experiment_folder import read_results

    return differences_html(read_results(folder), check_language(lang))


def forecast_html(folder: Path | str, lang: str = "en") -> str:
    """Make the table of targets of a forecast as an HTML fragment.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    lang : {'en', 'zh'}
        Language of the words.
    """
    from .tables.experiment_folder import read_results
    from .tables.target_table import html_table, rows_of

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


def shown(figure: Figure) -> Figure:
    """Let a figure show itself: a notebook without pyplot knows no picture of it, only its name."""
    vars(figure)["_repr_png_"] = partial(_png_of, figure)
    return figure


def _png_of(figure: Figure) -> bytes:
    from .figures.theme import figure_style

    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=figure.dpi)
    return buffer.getvalue()


Comparison.plotter = staticmethod(plot_comparison)
Comparison.tabulator = staticmethod(comparison_html)
Forecast.plotter = staticmethod(plot_forecast)
Waterfall.plotter = staticmethod(plot_waterfall)
