"""Print rows for a person (aligned, never wrapped off a terminal) or for a machine (CSV)."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console

_NUMBER: Final = re.compile(r"[-–+\d.,e]*$")

FORMATS: Final = ("table", "csv")
WIDTH_OFF_A_TERMINAL: Final = 600


def console_for(stream: TextIO | None = None) -> Console:
    """Give a console that keeps rows whole when its output goes to a file or a pipe."""
    from rich.console import Console

    stream = sys.stdout if stream is None else stream
    width = None if stream.isatty() else WIDTH_OFF_A_TERMINAL
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def print_rows(
    columns: Sequence[object], rows: Iterable[Sequence[object]], form: str, stream: TextIO | None = None
) -> None:
    """Print rows below their headings, for a person (``table``) or a machine (``csv``); None is nothing."""
    stream = sys.stdout if stream is None else stream
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(texts)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, column in enumerate(columns):
        numeric = bool(texts) and all(_NUMBER.match(text[place]) for text in texts)
        table.add_column(str(column), justify="right" if numeric else "left")
    for text in texts:
        table.add_row(*text)
    console_for(stream).print(table)
