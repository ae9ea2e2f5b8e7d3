"""The page of what each release did to the numbers, out of the changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..templates import page_of
from .pages import REPOSITORY

__all__ = ["MARK", "PAGE", "SECTION", "changes_of_numbers", "releases"]

PAGE: Final = "changes_of_numbers.md"
MARK: Final = "**Numbers change**"
SECTION: Final = "What this did to the numbers"
CHANGELOG: Final = REPOSITORY / "CHANGELOG.md"


def changes_of_numbers(changelog: Path = CHANGELOG) -> str:
    """Write the page."""
    told = list(releases(changelog.read_text(encoding="utf-8")))
    return page_of("site/changes.md.j2", {"releases": told})


def releases(text: str) -> Iterator[dict[str, object]]:
    """Give each release with what it says of its numbers, and its entries that carry the mark."""
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    for part in parts:
        title, _, body = part.partition("\n")
        before, *sections = re.split(r"^### ", body, flags=re.MULTILINE)
        named = dict(section.split("\n", 1) for section in sections)
        told = named.pop(SECTION, "").strip()
        yield {
            "title": title.replace("[", "").replace("]", ""),
            "told": told,
            "entries": [
                line.removeprefix("- ")
                for section in (before, *named.values())
                for line in section.splitlines()
                if MARK in line
            ],
        }
