"""Say in another language what the program wrote in English: errors, help, findings of ``doctor``.

These sentences are written in English where they arise, with their values filled in; an error that travels
from a worker process, or is raised below the reports, knows no language. The catalogues of `SUBJECTS` hold
the form of each in both languages. A sentence is known by its English form, its values are read out of its
gaps, and what stands in a gap may be such a sentence itself. What no catalogue holds stays English.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from ...engine.words import Language, texts

__all__ = ["SUBJECTS", "pattern_of", "translated"]

SUBJECTS: Final = (
    "errors_of_files",
    "errors_of_commands",
    "errors_of_runs",
    "errors_of_libraries",
    "errors_allowed",
    "doctor",
    "help",
)
"""Catalogues of sentences that stand in the code in English."""

_GAP: Final = re.compile(r"\{([a-z_]+)\}")

_FEW: Final = 6
"""Letters up to which a form, ``{low} to {high}`` say, begins with one word and no list of them."""


class _Form(NamedTuple):
    """A sentence with gaps: how it is known, and what is said for it."""

    pattern: re.Pattern[str]
    letters: int
    text: str


def translated(text: str, language: Language) -> str:
    """Give an English sentence of the program in a language, or as it is if no catalogue holds it.

    Examples
    --------
    >>> translated("unknown key 'levrs'", "zh")
    "未知的条目 'levrs'"
    >>> translated("unknown key 'levrs'", "en")
    "unknown key 'levrs'"
    """
    if language == "en":
        return text
    plain = " ".join(text.split())
    whole = _whole(language).get(plain)
    if whole is not None:
        return whole
    for form in _with_gaps(language):
        if found := form.pattern.fullmatch(plain):
            gaps = {name: translated(value, language) for name, value in found.groupdict().items()}
            return form.text.format(**gaps)
    return text


def pattern_of(form: str) -> re.Pattern[str]:
    """Make the pattern that knows a sentence again by its English form.

    Examples
    --------
    >>> pattern_of("no target is called {name}").fullmatch("no target is called 'x'")["name"]
    "'x'"
    """
    pieces = _GAP.split(form)  # texts at even places, names of gaps at odd ones
    few = len("".join(pieces[::2])) <= _FEW
    parts = [
        (f"(?P<{piece}>[^,;:]+?)" if few and place == 1 else f"(?P<{piece}>.+?)")
        if place % 2
        else re.escape(_plain(piece))
        for place, piece in enumerate(pieces)
    ]
    return re.compile("".join(parts))


def _plain(text: str) -> str:
    """Give a text of a catalogue as it is said, its doubled braces single."""
    return text.replace("{{", "{").replace("}}", "}")


@cache
def _whole(language: Language) -> dict[str, str]:
    """Give the sentences without a gap."""
    return {
        _plain(" ".join(english.split())): _plain(other)
        for english, other in _pairs(language)
        if not _GAP.search(english)
    }


@cache
def _with_gaps(language: Language) -> tuple[_Form, ...]:
    """Give the sentences with gaps, those with most letters of their own first."""
    forms = [
        _Form(pattern_of(" ".join(english.split())), len(_GAP.sub("", english)), other)
        for english, other in _pairs(language)
        if _GAP.search(english)
    ]
    return tuple(sorted(forms, key=lambda form: -form.letters))


def _pairs(language: Language) -> list[tuple[str, str]]:
    return [
        (text, texts(subject, language)[name])
        for subject in SUBJECTS
        for name, text in texts(subject, "en").items()
    ]
