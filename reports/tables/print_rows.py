"""Print rows for a person (a table on a terminal, one record a line elsewhere) or for a machine (CSV)."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final, TextIO

from .taken_down import taken_down

if TYPE_CHECKING:
    from rich.console import Console

    from ..words.phrases import Language

_NUMBER: Final = re.compile(r"[-–+\d.,e]*$")

FORMATS: Final = ("table", "csv")
WIDTH_OFF_A_TERMINAL: Final = 600

_BETWEEN: Final = "  "
_NARROW: Final = 12
"""A column no wider than this is not wrapped."""
_LEAST: Final = 8

_NOTHING: Final = "–"
"""An empty cell of a line: two spaces then part cells, and nothing else does."""

MARK_FOR_EXCEL: Final = "\ufeff"
"""Without this mark before the first heading, Excel in Chinese reads a CSV as GBK and garbles it; pandas and
this package's own readers pass over it."""


def console_for(stream: TextIO | None = None) -> Console:
    """Give a console that keeps rows whole when its output goes to a file or a pipe."""
    from rich.console import Console

    stream = sys.stdout if stream is None else stream
    width = None if stream.isatty() else WIDTH_OFF_A_TERMINAL
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def side_by_side(texts: Sequence[str], widths: Sequence[int]) -> str:
    """Put the cells of one line beside each other: the first to the left, numbers to the right."""
    from rich.cells import cell_len

    padded: list[str] = []
    for text, width in zip(texts, widths, strict=True):
        blank = " " * (width - cell_len(text))
        padded.append(blank + text if padded else text + blank)
    return "  " + "  ".join(padded).rstrip() + "\n"


def widths_of(rows: Sequence[Sequence[str]]) -> list[int]:
    """Give how wide each column of some lines is, a Chinese sign counting as two."""
    from rich.cells import cell_len

    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def print_rows(
    columns: Sequence[object],
    rows: Iterable[Sequence[object]],
    form: str,
    stream: TextIO | None = None,
    *,
    for_excel: bool = False,
) -> None:
    """Print rows below their headings, for a person (``table``) or a machine (``csv``); None is nothing.

    A table on a terminal is as wide as that: long cells go on below themselves, and of the first column the
    first line of each cell stays whole.
    Elsewhere a record is a line, and two spaces or more part its cells. A CSV ``for_excel`` begins with
    `MARK_FOR_EXCEL`.
    """
    heads = [str(column) for column in columns]
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if stream is None and (told := taken_down()) is not None:
        told.add(heads, texts)
        return
    stream = sys.stdout if stream is None else stream
    if form == "csv":
        stream.write(MARK_FOR_EXCEL if for_excel else "")
        csv.writer(stream, lineterminator="\n").writerows([heads, *texts])
    elif not (stream.isatty() and _print_table(heads, texts, stream)):
        stream.writelines(f"{line}\n" for line in _lines(heads, texts))


def table_html(columns: Sequence[str], rows: Sequence[Sequence[str]], language: Language) -> str:
    """Put rows below their headings as an HTML table; leading spaces stay."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell).replace('    ', '&emsp;')}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f'<table lang="{language}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _to_the_right(texts: Sequence[Sequence[str]], place: int) -> bool:
    """Tell whether a column holds numbers alone."""
    return bool(texts) and all(_NUMBER.match(text[place]) for text in texts)


def _print_table(heads: Sequence[str], texts: Sequence[Sequence[str]], stream: TextIO) -> bool:
    """Print a table as wide as the terminal; nothing if its numbers have no room side by side."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table

    console = console_for(stream)
    widths = _widths([heads, *texts], console.width)
    if sum(widths) + len(_BETWEEN) * (len(widths) - 1) > console.width:
        return False
    table = Table(box=None, pad_edge=False, padding=(0, len(_BETWEEN), 0, 0), header_style="bold")
    for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
        right = _to_the_right(texts, place)
        table.add_column(head, justify="right" if right else "left", overflow="fold", width=width)
    for first, *text in texts:
        name, _, below = first.partition("\n")
        table.add_row(Group(name, Padding(below, (0, 0, 0, len(_BETWEEN)))) if below else name, *text)
    console.print(table)
    return True


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Share the room among columns: narrow ones and the first line of each name stay whole.

    What is left goes to the other columns alike, none more than it needs, and the rest to what stands below
    the names.
    """
    from rich.cells import cell_len

    body = [
        max((cell_len(line) for row in rows[1:] for line in row[place].split("\n")), default=0)
        for place in range(len(rows[0]))
    ]
    wanted = [
        max(width, *map(cell_len, head.split())) if head else width
        for width, head in zip(body, rows[0], strict=True)
    ]
    names = max(cell_len(row[0].partition("\n")[0]) for row in rows)
    narrow = [place > 0 and width <= _NARROW for place, width in enumerate(wanted)]
    left = (
        room
        - len(_BETWEEN) * len(wanted)
        - names
        - sum(width for width, one in zip(wanted, narrow, strict=True) if one)
    )
    widths = [names, *wanted[1:]]
    long = sorted(
        (place for place in range(1, len(wanted)) if not narrow[place]), key=lambda place: wanted[place]
    )
    for number, place in enumerate(long):
        widths[place] = min(wanted[place], max(_LEAST, left // (len(long) - number)))
        left -= widths[place]
    widths[0] += max(0, min(left, wanted[0] + len(_BETWEEN) - names))
    return widths


def _lines(heads: Sequence[str], texts: Sequence[Sequence[str]]) -> Iterable[str]:
    """Align the cells of one line a record, a Chinese sign counting as two."""
    from rich.cells import cell_len

    rows = [[" ".join(cell.splitlines()) or _NOTHING for cell in row] for row in (heads, *texts)]
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(heads))]
    right = [_to_the_right(texts, place) for place in range(len(heads))]
    for row in rows:
        gaps = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [
            gap + cell if to_right else cell + gap
            for cell, gap, to_right in zip(row, gaps, right, strict=True)
        ]
        yield _BETWEEN.join(cells).rstrip()
