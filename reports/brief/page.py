"""A brief as one page of HTML that needs nothing else: style and pictures are in it, and no script."""

from __future__ import annotations

import base64
import re
from itertools import count
from pathlib import Path
from typing import Final

from ..words.phrases import Language, say
from .parts import Brief, Paragraph, Picture, Table, Trace
from .text import bytes_of_figure, files_of, numbered, pieces_of, plain, where, words_of

__all__ = ["page_of"]

_HERE: Final = Path(__file__).resolve().parent
_SHORT: Final = 6
"""Letters of a cell that is not broken over lines."""

_NUMBER: Final = re.compile(r"[-–+\d.,%† ()]+$")


def page_of(brief: Brief, language: Language) -> str:
    """Lay a brief out as HTML that is well-formed XML as well; every text is escaped.

    Returns
    -------
    str
        The page. It asks for no file: styles stand in it, pictures are data, and its own policy forbids the
        rest.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    marks = count(1)

    def trace_words(trace: Trace) -> str:
        return where(trace, language)

    return environment.get_template("page.html.j2").render(
        brief=brief,
        code="zh-CN" if language == "zh" else "en",
        words={
            "source": say("brief.source", language),
            "colon": say("amounts.colon", language),
            "semicolon": say("amounts.semicolon", language),
        },
        numbered=lambda place, title: numbered(place, title, language),
        is_paragraph=lambda block: isinstance(block, Paragraph),
        is_table=lambda block: isinstance(block, Table),
        is_number=lambda cell: bool(_NUMBER.match(cell)),
        is_short=lambda cell: len(cell) <= _SHORT,
        pieces=lambda text: pieces_of(text, language),
        tidy=lambda text: words_of(text, language),
        count=lambda: next(marks),
        where=trace_words,
        files=lambda traces: files_of(traces, language),
        picture=_picture,
    )


def _picture(picture: Picture) -> str:
    data = base64.b64encode(bytes_of_figure(picture.figure, "svg")).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"
