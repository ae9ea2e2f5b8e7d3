"""The page as text: markup, style, script and data in one file that asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..words.phrases import Language
from .contents import contents_of

if TYPE_CHECKING:
    from ...experiments.emulating.carry_out import Emulation

__all__ = ["page_of"]

_HERE: Final = Path(__file__).resolve().parent


def page_of(done: Emulation, language: Language) -> str:
    """Lay out the page, in the language in which it opens; the other one is in it.

    Returns
    -------
    str
        HTML whose own policy forbids every request, and every script and style but those that stand in it.
    """
    return page_with(contents_of(done), language)


def page_with(contents: dict[str, Any], language: Language) -> str:
    """Lay out the page of some contents; every text is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    script, style = _read("page.js"), _read("page.css")
    # Within an element of data a browser looks for nothing but the element's end.
    data = json.dumps(contents, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return environment.get_template("page.html.j2").render(
        code="zh-CN" if language == "zh" else "en",
        language=language,
        words=contents["words"][language],
        contents=contents,
        script=Markup(script),
        style=Markup(style),
        data=Markup(data),
        policy=f"default-src 'none'; img-src data:; script-src '{_hash(script)}'; style-src '{_hash(style)}'",
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
