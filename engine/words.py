"""What is said to a person, by key: a folder for each language, a file for each subject.

The files lie in ``words/`` at the top, where whoever mends a sentence finds them without reading code; the
head of each file says how. A subject is read when its first sentence is asked for: importing costs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from .errors import InputError, check_choice

__all__ = [
    "FOLDER",
    "LANGUAGES",
    "LANGUAGE_VARIABLE",
    "SIDE_BY_SIDE",
    "Language",
    "check_language",
    "say",
    "texts",
    "word_or",
]

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
SIDE_BY_SIDE: Final[tuple[Language, ...]] = ("en", "zh")
"""Their order where one file says a thing in both."""

LANGUAGE_VARIABLE: Final = "SHAANXI_TRANSFER_LANG"
"""Environment variable that sets the language where none is asked for."""

_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the system's locale, the first that is set counts."""

FOLDER: Final = Path(__file__).resolve().parent.parent / "words"


def check_language(asked: str | None = None) -> Language:
    """Give the language in which a person is spoken to: the one setting of it.

    Parameters
    ----------
    asked : {'zh', 'en'}, optional
        What ``--lang`` or ``lang=`` asks for. Without it the environment variable ``SHAANXI_TRANSFER_LANG``
        counts, else the locale (Chinese if it begins with zh), else English.

    Raises
    ------
    InputError
        If what is asked for, or what the variable holds, is no language that there are words for.

    Examples
    --------
    >>> check_language("zh")
    'zh'
    """
    for key, language in (("lang", asked), (LANGUAGE_VARIABLE, os.environ.get(LANGUAGE_VARIABLE) or None)):
        if language is not None:
            return check_choice(language, key, LANGUAGES)
    locale = next((value for name in _LOCALE if (value := os.environ.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def say(key: str, language: Language, /, **gaps: object) -> str:
    """Give a sentence in one language, its gaps filled.

    Parameters
    ----------
    key : str
        ``SUBJECT.NAME``: file and entry. Written out where it is asked for, so that a test can find it.
    language : {'zh', 'en'}
        Language wanted.
    **gaps
        What fills the gaps of the sentence.

    Raises
    ------
    KeyError
        If the entry or a gap is missing: a defect, which the tests look for.

    Examples
    --------
    >>> say("figures.goal_line", "en", year=2020, goal="1,000 people")
    'goal of 2020: 1,000 people'
    """
    subject, _, name = key.partition(".")
    return texts(subject, language)[name].format(**gaps)


def word_or(key: str, language: Language, otherwise: str) -> str:
    """Give a word for what data may name freely, a unit say, or what stands in where there is none."""
    subject, _, name = key.partition(".")
    return texts(subject, language).get(name, otherwise)


@cache
def texts(subject: str, language: Language) -> Mapping[str, str]:
    """Read all entries of a subject in one language, gaps and all.

    Raises
    ------
    InputError
        If the file is no YAML; with line and column.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    file = FOLDER / language / f"{subject}.yaml"
    try:
        read: dict[str, str] = YAML(typ="safe", pure=True).load(file)
    except MarkedYAMLError as error:
        problem, mark = f"{error.problem or 'this is no YAML'}", error.problem_mark
        place = {} if mark is None else {"line": mark.line + 1, "column": mark.column + 1}
        raise InputError(problem, file=file, allowed='NAME: "a sentence"', **place) from error
    return read
