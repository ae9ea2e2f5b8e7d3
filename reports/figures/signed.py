"""Figures that say below what they rest on, and show themselves in a notebook."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..words.phrases import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["shown", "signed"]


def signed(
    figure: Figure, folder: Path, lang: Language, futures: int | None = None, command: str = ""
) -> Figure:
    """Write below a figure of an experiment what it rests on, and let it show itself."""
    from ..figures.origin import origin_of
    from ..figures.theme import sign

    return shown(sign(figure, origin_of(folder, lang, futures, command), lang))


def shown(figure: Figure) -> Figure:
    """Let a figure show itself: a notebook without pyplot knows no picture of it, only its name."""
    vars(figure)["_repr_png_"] = partial(_png_of, figure)
    return figure


def _png_of(figure: Figure) -> bytes:
    from ..figures.theme import figure_style

    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=figure.dpi)
    return buffer.getvalue()
