"""What page and document share: numbered headings, places in words, figures as bytes, text without codes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from ..words.phrases import Language, say
from .parts import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["bytes_of_figure", "files_of", "numbered", "pieces_of", "plain", "where", "words_of"]

_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_CHINESE: Final = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_BESIDE_CHINESE: Final = re.compile(f"(?<=[{_CHINESE}\u201d]) | (?=[{_CHINESE}\u201c])")


def plain(text: str) -> str:
    r"""Leave out what no XML may hold.

    Examples
    --------
    >>> plain("a\x07b")
    'ab'
    """
    return _NO_XML.sub("", text)


def numbered(place: int, title: str, language: Language) -> str:
    """Put the number of a chapter before its title, as officials write it."""
    numbers = say("brief.numbers", language).split()
    number = numbers[place - 1] if place <= len(numbers) else str(place)
    return say("brief.numbered", language, number=number, title=title)


def where(trace: Trace, language: Language) -> str:
    """Say in which file and line something stands."""
    if trace.row is None:
        return trace.file
    return say("brief.in_row", language, file=trace.file, row=trace.row)


def files_of(traces: Iterable[Trace], language: Language) -> str:
    """Name files with the lines that are shown of each."""
    rows: dict[str, list[int]] = {}
    for trace in traces:
        rows.setdefault(trace.file, []).extend([] if trace.row is None else [trace.row])
    named = [
        say("brief.in_rows", language, file=file, rows=_runs_of(lines, language)) if lines else file
        for file, lines in rows.items()
    ]
    return say("amounts.semicolon", language).join(named)


def _runs_of(lines: list[int], language: Language) -> str:
    """Write lines that follow each other as one run."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return say("brief.list_comma", language).join(
        str(run[0]) if len(run) == 1 else say("brief.from_to", language, first=run[0], last=run[-1])
        for run in runs
    )


def pieces_of(text: str, language: Language) -> list[tuple[bool, str]]:
    """Cut a text at its backticks into words and commands, each with whether it is a command.

    In Chinese no space stands beside a Chinese sign: those of labels made for figures are taken out.

    Examples
    --------
    >>> pieces_of("make it with `rank a`.", "en")
    [(False, 'make it with '), (True, 'rank a'), (False, '.')]
    """
    pieces = [(place % 2 == 1, piece) for place, piece in enumerate(plain(text).split("`"))]
    if language == "zh":
        pieces = [(code, piece if code else _BESIDE_CHINESE.sub("", piece)) for code, piece in pieces]
    return [(code, piece) for code, piece in pieces if piece]


def words_of(text: str, language: Language) -> str:
    """Give a text without the marks of commands."""
    return "".join(piece for _, piece in pieces_of(text, language))


def bytes_of_figure(figure: Figure, form: str) -> bytes:
    """Give a figure as ``svg`` or ``png``; the same figure gives the same bytes."""
    from ..figures.theme import figure_style

    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format=form, metadata={"Date": None} if form == "svg" else {}, dpi=160)
    return buffer.getvalue()
