"""The glossary: terms of the plan and words of the method, in both languages side by side."""

from __future__ import annotations

from typing import Final

from ruamel.yaml import YAML

from ...agents.kind import kinds
from ...agents.view import RowView
from ...engine.words import FOLDER, LANGUAGES, Language, say, texts
from ..templates import page_of

__all__ = ["glossary_page"]

TERMS: Final = FOLDER / "terms.yaml"
_TERM: Final = "term_"


def glossary_page() -> str:
    """Write the glossary from the catalogues of words."""
    names = [one.removeprefix(_TERM) for one in texts("protocol", "en") if one.startswith(_TERM)]
    method = [{language: _term(name, language) for language in LANGUAGES} for name in names]
    actors = [
        {
            "class": RowView.OF[kind.sector].__name__,
            **{language: say(f"protocol.kind_{kind.sector}", language) for language in LANGUAGES},
        }
        for kind in kinds()
    ]
    terms = list(YAML(typ="safe", pure=True).load(TERMS).items())
    return page_of("protocol/glossary.md.j2", {"method": method, "actors": actors, "terms": terms})


def _term(name: str, language: Language) -> dict[str, str]:
    """Give a word of the method and what it means here."""
    return {
        "term": say(f"protocol.term_{name}", language),
        "about": say(f"protocol.about_{name}", language),
    }
