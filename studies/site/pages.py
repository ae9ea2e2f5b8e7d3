"""Which pages the site has in each language, and which text of the repository stands on each.

A page is known by its place in the site, the same in both languages: ``model/tasks.md``. The Chinese site
shows the Chinese text where there is one (``docs/zh/PATH``, or ``PATH_zh.md`` beside the English one) and the
English text, with a line that says so, where there is none.
"""

from __future__ import annotations

import posixpath
from functools import cache
from pathlib import Path
from typing import Final

from ...engine.words import Language

__all__ = ["FROM_THE_ROOT", "REPOSITORY", "address", "place_of", "texts_of_site"]

REPOSITORY: Final = Path(__file__).resolve().parents[2]
DOCS: Final = "docs"
CHINESE: Final = "zh"

FROM_THE_ROOT: Final = {
    "README.md": "overview.md",
    "AGENTS.md": "assistants.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
"""Pages whose text stands outside of ``docs``, and their places in the site."""

LEFT_OUT: Final = ("in_the_wheel.md",)
"""What is in ``docs`` and is no page: the face of the wheel says less than the overview does."""


def place_of(path: str) -> tuple[str, Language] | None:
    """Give the place in the site of a text of the repository, and its language; nothing if it is no page.

    Examples
    --------
    >>> place_of("docs/model/tasks_zh.md"), place_of("docs/zh/README.md"), place_of("README.md")
    (('model/tasks.md', 'zh'), ('overview.md', 'zh'), ('overview.md', 'en'))
    >>> place_of("engine/units.py")
    """
    if path in FROM_THE_ROOT:
        return FROM_THE_ROOT[path], "en"
    inside = path.removeprefix(f"{DOCS}/")
    if inside == path or not path.endswith(".md") or inside in LEFT_OUT:
        return None
    if inside.startswith(f"{CHINESE}/"):
        place = inside.removeprefix(f"{CHINESE}/")
        return FROM_THE_ROOT.get(place, place), CHINESE
    if inside.endswith(f"_{CHINESE}.md"):
        return inside.removesuffix(f"_{CHINESE}.md") + ".md", CHINESE
    return inside, "en"


@cache
def texts_of_site(language: Language) -> dict[str, str]:
    """Give the text for each place of the site: its path in the repository."""
    paths = [*FROM_THE_ROOT, *sorted(file.relative_to(REPOSITORY).as_posix() for file in _docs())]
    found: dict[str, str] = {}
    for wanted in ("en", language):  # what is there in the language takes the place of the English text
        for path in paths:
            one = place_of(path)
            if one is not None and one[1] == wanted:
                found[one[0]] = path
    return found


def _docs() -> list[Path]:
    return list((REPOSITORY / DOCS).rglob("*.md"))


def address(place: str, language: Language) -> str:
    """Give the file that a page becomes, from the root of the English site.

    Examples
    --------
    >>> address("model/README.md", "zh"), address("overview.md", "en")
    ('zh/model/index.html', 'overview.html')
    """
    folder, name = posixpath.split(place)
    stem = name.removesuffix(".md")
    file = posixpath.join(folder, "index.html" if stem in ("README", "index") else f"{stem}.html")
    return file if language == "en" else f"{CHINESE}/{file}"
