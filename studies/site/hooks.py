"""What mkdocs asks while it builds the site: which pages there are, their order, and their text.

`mkdocs.yml` names `packaging/site_hooks.py`, which names these; the site is built once for each language.
"""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.words import SIDE_BY_SIDE, Language, check_language, say
from .changes import PAGE as CHANGES
from .changes import changes_of_numbers
from .from_code import made_from_code
from .links import for_the_site
from .nav import navigation
from .pages import REPOSITORY, address, place_of, texts_of_site

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

__all__ = [
    *("on_config", "on_files", "on_page_markdown"),
    *("on_post_build", "on_post_page", "on_post_template"),
]

LOG: Final = logging.getLogger("mkdocs.hooks.site")

BILINGUAL: Final = ("model/glossary.md",)
"""Pages that say everything in both languages."""

_FETCHED: Final = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio)\b[^>]*?"""
    r"""\b(?:src|href)\s*=\s*["']?((?:https?:)?//[^"' >]+)"""
)

_MARK: Final = "/the-same-page-in-{}"
"""Stands for a link to the other language until the page is known; mkdocs bends links out of a site."""

NAMES_OF_LANGUAGES: Final = {"en": "English", "zh": "\u4e2d\u6587"}


def _language(config: MkDocsConfig) -> Language:
    return check_language(str(config.theme["language"]))


def _texts(config: MkDocsConfig) -> dict[str, str]:
    """Give the text of each page that is written and not made from the code, by its place in the site."""
    made = made_from_code(_language(config))
    return {place: path for place, path in texts_of_site(_language(config)).items() if place not in made}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages in order."""
    language = _language(config)
    places = {*texts_of_site(language), *made_from_code(language), CHANGES}
    config.nav = navigation(places, language)
    config.extra["alternate"] = [
        {"name": NAMES_OF_LANGUAGES[one], "link": _MARK.format(one), "lang": one} for one in SIDE_BY_SIDE
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take the texts of one language, and add those that stand elsewhere or are made from the code."""
    from mkdocs.structure.files import File

    for file in files.documentation_pages():
        files.remove(file)
    for place, path in _texts(config).items():
        files.append(File.generated(config, place, abs_src_path=str(REPOSITORY / path)))
    for place, text in {**made_from_code(_language(config)), CHANGES: changes_of_numbers()}.items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make links right, and say where a text is not in the language of the site."""
    language, place = _language(config), page.file.src_uri
    path = _texts(config).get(place)
    if place == CHANGES:
        path = "CHANGELOG.md"
    if "\n## " not in markdown:  # without headings there is more room for tables
        page.meta["hide"] = ["navigation", "toc"] if place == "index.md" else ["toc"]
    if path is None:
        return markdown
    text = for_the_site(markdown, path, language, LOG.warning)
    known = place_of(path)
    if language == "zh" and known is not None and known[1] == "en" and place not in BILINGUAL:
        title, _, below = text.partition("\n")
        return f'{title}\n\n!!! note ""\n\n    {say("site.only_english", language)}\n{below}'
    return text


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Let each page lead to itself in the other language."""
    place = page.file.src_uri
    start = posixpath.dirname(address(place, _language(config))) or "."
    for one in SIDE_BY_SIDE:
        output = output.replace(_MARK.format(one), posixpath.relpath(address(place, one), start))
    return output


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Let the page of what is not found lead to the first pages."""
    for one in SIDE_BY_SIDE:
        output_content = output_content.replace(_MARK.format(one), "/" + address("index.md", one))
    return output_content


def on_post_build(config: MkDocsConfig) -> None:
    """Complain of every page that would fetch something from another host when it is opened."""
    for file in sorted(Path(config.site_dir).rglob("*.html")):
        for found in sorted(set(_FETCHED.findall(file.read_text(encoding="utf-8")))):
            LOG.warning("%s fetches %s", file.relative_to(config.site_dir).as_posix(), found)
