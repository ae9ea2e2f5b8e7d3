"""What a notebook shows of a sensitivity analysis: bars and sentences.

Apart from what it shows of a forecast, which needs neither SALib nor the statistics that SALib brings.
Loading this module teaches a ``Sensitivity`` to draw itself; ``from shaanxi_transfer import sensitivity``
comes through here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import check_choice
from ...experiments.sensitivity import sensitivity
from ...experiments.sensitivity_analysis.finished_analysis import Sensitivity
from ..figures.signed import signed
from ..words.phrases import check_language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Sensitivity", "plot_sensitivity", "sensitivity", "sensitivity_html"]


def plot_sensitivity(folder: Path | str, target: str, lang: str | None = None) -> Figure:
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
    from ..figures.sensitivity import draw_bars
    from ..tables.experiment_folder import definitions_of

    known = check_language(lang)
    indices = Sensitivity.read(folder).indices
    targets = [str(name) for name in indices["target"].unique()]
    check_choice(target, "target", targets, f"{target!r} is no target of this analysis")
    judged = definitions_of(Path(folder)).targets[target]
    figure = draw_bars(indices[indices["target"] == target], judged, known)
    return signed(figure, Path(folder), known, futures=int(indices["futures"].max()))


def sensitivity_html(folder: Path | str, lang: str | None = None) -> str:
    """Make the sentences of a sensitivity analysis, one for each target, as an HTML fragment."""
    from html import escape

    from ..tables.sensitivity_lines import lines_of

    return "".join(f"<p>{escape(line)}</p>" for line in lines_of(Path(folder), check_language(lang)))


Sensitivity.shown_by(plot_sensitivity, sensitivity_html)
