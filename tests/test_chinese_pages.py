"""A Chinese page says which English text it was made from, and that text has not changed since."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.house

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "docs" / "zh"
PAGES = sorted(FOLDER.rglob("*.md"))
HEAD = re.compile(r"<!-- (?P<english>\S+) sha256:(?P<digest>[0-9a-f]{16}) -->\n")


def english_of(page: Path) -> Path:
    """Give the page that a Chinese one stands beside: the same path outside of docs/zh."""
    inside = page.relative_to(FOLDER)
    return REPOSITORY / inside if inside.name == "README.md" else REPOSITORY / "docs" / inside


def digest(page: Path) -> str:
    text = "\n".join(page.read_text(encoding="utf-8").splitlines())  # whatever ends a line on this system
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(FOLDER).as_posix())
def test_a_chinese_page_is_not_older_than_the_english_one(page: Path) -> None:
    head = HEAD.match(page.read_text(encoding="utf-8"))
    assert head, "its first line is <!-- PATH/OF/THE/ENGLISH/PAGE.md sha256:... -->"
    english = english_of(page)
    assert head["english"] == english.relative_to(REPOSITORY).as_posix()
    assert head["digest"] == digest(english), (
        f"{head['english']} has changed: bring {page.relative_to(REPOSITORY)} up to it, "
        f"then write sha256:{digest(english)} into its first line"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(FOLDER).as_posix())
def test_a_chinese_page_leads_somewhere_and_has_all_parts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
    blocks = text.count("```"), english_of(page).read_text(encoding="utf-8").count("```")
    assert blocks[0] == blocks[1], "as many blocks of code as the English page"


def test_there_are_chinese_pages_and_a_changed_text_has_another_digest(tmp_path: Path) -> None:
    assert len(PAGES) >= 5
    page = tmp_path / "page.md"
    page.write_bytes(b"one\r\ntwo\r\n")
    before = digest(page)
    page.write_bytes(b"one\ntwo\n")
    assert digest(page) == before
    page.write_bytes(b"one\nthree\n")
    assert digest(page) != before
