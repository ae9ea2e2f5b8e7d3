"""What a notebook shows: figures and table of a forecast, bars and sentences of a sensitivity analysis.

Loading this module teaches a ``Forecast`` or a ``Sensitivity`` to draw itself: experiments must not know
reports, so that reports make themselves known. ``from shaanxi_transfer import forecast`` comes through here.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.errors import InputError, nearest
from ..experiments.forecast import Forecast, forecast
from ..experiments.sensitivity import sensitivity
from ..experiments.sensitivity_analysis.finished_analysis import Sensitivity
from .commands.options import check_language
from .figures.fans import draw_fan, draw_overview, mark_own_rules
from .words.of_provinces import province_name
from .words.phrases import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Forecast",
    "Sensitivity",
    "forecast",
    "forecast_html",
    "plot_forecast",
    "plot_sensitivity",
    "sensitivity",
    "sensitivity_html",
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
        return _shown(mark_own_rules(draw_fan(fan, known), results.own_rules, known))
    figure = draw_overview(list(fans.values()), known, say("targets.heading", known))
    return _shown(mark_own_rules(figure, results.own_rules, known))


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


def plot_sensitivity(folder: Path | str, target: str, lang: str = "en") -> Figure:
    """Draw the bars of one target of a sensitivity analysis.

    Parameters
    ----------
    folder : path-like
        Experiment folder.
    target : str
        One of its targets.
    lang : {'en', 'zh'}
        Language of the labels.

    Raises
    ------
    InputError
        If the analysis has no such target.
    """
    from .figures.sensitivity import draw_bars, mark_province
    from .tables.experiment_folder import model_definitions, own_rules_of, province_of

    known = check_language(lang)
    indices = Sensitivity.read(folder).indices
    targets = [str(name) for name in indices["target"].unique()]
    if target not in targets:
        raise InputError(
            f"{target!r} is no target of this analysis",
            key="target",
            allowed=", ".join(targets),
            suggestion=nearest(target, targets),
        )
    figure = draw_bars(indices[indices["target"] == target], model_definitions().targets[target], known)
    mark_province(figure, province_name(province_of(Path(folder)), known), known)
    return _shown(mark_own_rules(figure, own_rules_of(Path(folder)), known))


def _shown(figure: Figure) -> Figure:
    """Let a figure show itself: a notebook without pyplot knows no picture of it, only its name."""
    vars(figure)["_repr_png_"] = partial(_png_of, figure)
    return figure


def _png_of(figure: Figure) -> bytes:
    from .figures.theme import figure_style

    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=figure.dpi)
    return buffer.getvalue()


def sensitivity_html(folder: Path | str, lang: str = "en") -> str:
    """Make the sentences of a sensitivity analysis, one for each target, as an HTML fragment."""
    from html import escape

    from .commands.sensitivity import lines_of

    return "".join(f"<p>{escape(line)}</p>" for line in lines_of(Path(folder), check_language(lang)))


Forecast.plotter = staticmethod(plot_forecast)
Sensitivity.plotter = staticmethod(plot_sensitivity)
Sensitivity.tabulator = staticmethod(sensitivity_html)
