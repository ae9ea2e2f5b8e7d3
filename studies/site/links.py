"""Links between texts of the repository, made right for the site.

In the repository a page may point at any file. In the site a link to a text that is a page leads to that
page, in the reader's language; what is no page is named by its path, for those who have the code.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Final

from ...engine.words import Language
from .pages import REPOSITORY, address, place_of

__all__ = ["for_the_site"]

_PIECES: Final = re.compile(
    r"(?P<code>(?P<ticks>`+).+?(?P=ticks)(?!`))"
    r"|(?P<link>(?P<image>!?)\[(?P<text>(?:[^\[\]`]|`[^`]*`|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\))"
)
_REMARK: Final = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
"""What a page says first of how it is made; behind it the heading would not be seen as the page's title."""

_NESTED: Final = re.compile(r"^ {2,3}(?=(?:[-*]|\d+\.) )")


def for_the_site(text: str, path: str, language: Language, complain: Callable[[str], None]) -> str:
    """Turn a text of the repository into one of the site.

    Parameters
    ----------
    text : str
        Markdown, as readers of the repository see it.
    path : str
        Where it stands in the repository: links start from there.
    language : {'zh', 'en'}
        Of the site.
    complain : callable
        Told of each link that leads nowhere.
    """

    def piece(found: re.Match[str]) -> str:
        if found["code"]:
            return found["code"]
        return _link(found, path, language, complain)

    return "\n".join(
        line if in_code else _PIECES.sub(piece, _NESTED.sub("    ", line))
        for line, in_code in _lines(_REMARK.sub("", text))
    )


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Give lines, and whether each is a part of a block of code."""
    fence = ""
    for line in text.split("\n"):
        mark = re.match(r"\s*(```+|~~~+)", line)
        yield line, bool(fence or mark)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""


def _link(found: re.Match[str], path: str, language: Language, complain: Callable[[str], None]) -> str:
    target, _, anchor = found["target"].partition("#")
    if "://" in target or target.startswith("mailto:") or not target:
        return found[0]
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    here, there = place_of(path), place_of(wanted) or place_of(f"{wanted}/README.md")
    if not (REPOSITORY / wanted).exists():
        complain(f"{path}: the link to {target} leads nowhere")
        return found[0]
    if found["image"]:
        if here is None or not wanted.startswith("docs/"):
            complain(f"{path}: the picture {target} is not in docs")
            return found[0]
        return f"![{found['text']}]({_relative(wanted.removeprefix('docs/'), here[0])})"
    if wanted.startswith("docs/") and (REPOSITORY / wanted).is_file() and not wanted.endswith(".md"):
        return f"[{found['text']}]({_relative(wanted.removeprefix('docs/'), here[0] if here else '')})"
    if there is None or here is None or (there[0].endswith("README.md") and not _is_page(there[0])):
        return _named(found["text"], wanted)
    place, spoken = there
    if (language == "en" and spoken == "zh") or (place == here[0] and spoken != language):
        start = posixpath.dirname(address(here[0], language)) or "."
        # As HTML, since the pages of the other language are none of this build.
        return f'<a href="{posixpath.relpath(address(place, spoken), start)}">{found["text"]}</a>'
    translated = language == "zh" and here[1] == "en" and _has_chinese(place)
    end = f"#{anchor}" if anchor and not translated else ""  # headings have other names in Chinese
    return f"[{found['text']}]({_relative(place, here[0])}{end})"


def _is_page(place: str) -> bool:
    return (REPOSITORY / "docs" / place).is_file()


def _has_chinese(place: str) -> bool:
    from .pages import texts_of_site

    one = place_of(texts_of_site("zh")[place])
    return one is not None and one[1] == "zh"


def _relative(place: str, here: str) -> str:
    return posixpath.relpath(place, posixpath.dirname(here) or ".")


def _named(text: str, path: str) -> str:
    """Name a file that is no page: by the words of the link, and its path unless they say it."""
    said = text.replace("`", "")
    return text if said.rstrip("/") and path.endswith(said.rstrip("/")) else f"{text} (`{path}`)"
