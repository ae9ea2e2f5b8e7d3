"""Of what a brief consists: chapters of paragraphs, tables and pictures, each with the rows it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Brief", "Chapter", "Paragraph", "Picture", "Table", "Trace", "of_manifest", "of_rows"]


@dataclass(frozen=True)
class Trace:
    """Where something said comes from.

    Attributes
    ----------
    file : str
        The folder as it was given, and the file in it.
    row : int or None
        Line of the file, its heading being line 1; None for an entry of a manifest.
    shows : str
        What stands there, as it is in the file: ``column=value`` with semicolons between.
    """

    file: str
    row: int | None
    shows: str


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences; ``strong`` if they are the answer itself, a ``note`` if they belong to a table.

    What stands between backticks is a command.
    """

    text: str
    traces: tuple[Trace, ...]
    strong: bool = False
    note: bool = False


@dataclass(frozen=True)
class Table:
    """Rows below their headings; ``marks`` are notes below."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    traces: tuple[Trace, ...]


@dataclass(frozen=True)
class Picture:
    """A figure that is drawn; ``caption`` is read out where it cannot be seen."""

    caption: str
    figure: Figure
    traces: tuple[Trace, ...]


@dataclass(frozen=True)
class Chapter:
    """What stands below one heading."""

    title: str
    blocks: tuple[Paragraph | Table | Picture, ...]


@dataclass
class Brief:
    """A whole brief in one language.

    Attributes
    ----------
    title : str
    facts : list of str
        What stands below the title: scenario, futures, data, version.
    chapters : list of Chapter
        The answer first.
    lost : list of (str, Exception)
        Figures that could not be drawn, and why; the rest is whole.
    """

    title: str
    facts: list[str]
    chapters: list[Chapter] = field(default_factory=list)
    lost: list[tuple[str, Exception]] = field(default_factory=list)


def of_rows(file: str, rows: pd.DataFrame, columns: Iterable[str]) -> tuple[Trace, ...]:
    """Trace a sentence to rows of a table, whose index counts its lines from the first below the heading.

    Parameters
    ----------
    file : str
        The folder and the file in it.
    rows : DataFrame
        Some rows of the table, with the index it was read with.
    columns : iterable of str
        Those that are shown.
    """
    names = list(columns)
    return tuple(
        Trace(file, int(index) + 2, "; ".join(f"{name}={_cell(row[name])}" for name in names))
        for index, row in zip(rows.index, rows.to_dict("records"), strict=True)
    )


def _cell(value: object) -> str:
    """Write a value as the file has it."""
    if isinstance(value, float | np.floating) and np.isnan(value):
        return ""
    return str(value)


def of_manifest(file: str, **entries: object) -> tuple[Trace, ...]:
    """Trace a sentence to entries of a manifest."""
    return (Trace(file, None, "; ".join(f"{name}={value}" for name, value in entries.items())),)
