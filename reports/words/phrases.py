"""Words by key, from ``words/``, and the names that things carry in both languages themselves.

Names of targets, indicators and scenarios come with them (``title_en``, ``title_zh``).
"""

from __future__ import annotations

from typing import Final

from ...engine.words import LANGUAGES, SIDE_BY_SIDE, Language, check_language, say, word_or

__all__ = [
    "LANGUAGES",
    "NOT_IDENTIFIED",
    "SIDE_BY_SIDE",
    "Language",
    "check_language",
    "note_of",
    "say",
    "title_of",
    "word_or",
]

NOT_IDENTIFIED: Final = frozenset({"demonstration_institutions"})
"""Targets whose starting level no published number gives (MODEL.md, "What exactly is counted")."""

_BRACKETS: Final = str.maketrans("()", "（）")


def title_of(thing: object, language: Language) -> str:
    """Give the name of a target, an indicator or a scenario, all of which carry it in both languages.

    A Chinese one has Chinese brackets, whichever stand in its definition.
    """
    title = str(getattr(thing, f"title_{language}"))
    return title.translate(_BRACKETS) if language == "zh" else title


def note_of(target: str, language: Language) -> str:
    """Give what a reader of this target's row has to know, often nothing."""
    return word_or(f"targets.note_{target}", language, "")
