"""Kinds of source, as a person says them."""

from __future__ import annotations

from ...scenarios.provinces.names import chinese_name
from .phrases import Language, say, word_or


def kind_words(kind: str, language: Language) -> str:
    """Name a kind of source.

    Examples
    --------
    >>> kind_words("scaled from shaanxi", "zh"), kind_words("press", "en")
    ('由陕西推算', 'press')
    """
    for beginning in ("scaled from", "as in"):
        place = kind.removeprefix(f"{beginning} ")
        if place != kind and (chinese := chinese_name(place)) is not None:
            shown = chinese if language == "zh" else place
            return say(f"kinds_of_source.{beginning}", language, place=shown)
    return word_or(f"kinds_of_source.{kind}", language, kind)
