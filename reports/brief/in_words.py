"""Amounts in the sentences of a brief: counts with their measure word, differences with a sign."""

from __future__ import annotations

from ..words.amounts import amount
from ..words.phrases import Language, say

__all__ = ["in_words"]


def in_words(value: float, unit: str, language: Language, *, signs: bool = False) -> str:
    """Write an amount as a sentence has it; with ``signs`` more has a plus.

    Examples
    --------
    >>> in_words(1e11, "yuan", "en"), in_words(15.5, "count", "en", signs=True)
    ('100 billion yuan', '+15.5')
    """
    text = amount(value, unit, language)
    if unit == "count":
        text = say("brief.count", language, number=text)
    return f"+{text}" if signs and value > 0.0 else text
