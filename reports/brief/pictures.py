"""Figures of a brief, by the functions that draw them elsewhere; one that fails costs it nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .parts import Brief, Picture, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pictures_of"]


def pictures_of(brief: Brief, caption: str, draw: Callable[[], Figure], *tables: str) -> tuple[Picture, ...]:
    """Draw a figure, from tables that are named; give none, and note why, if that fails."""
    try:
        figure = draw()
    except Exception as error:
        brief.lost.append((caption, error))
        return ()
    return (Picture(caption, figure, tuple(Trace(table, None, "") for table in tables)),)
