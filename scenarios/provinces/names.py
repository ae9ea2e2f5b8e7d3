"""What a province may be called: the name of its pack, its Chinese names, its name in the panel.

Two names of provinces differ by one letter, and both are right: a suggestion therefore shows
every near spelling, each with its Chinese name.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from typing import Final

from ...engine.errors import InputError
from ..choosing.catalogue import list_provinces
from ..places import SOURCES_FOLDER
from ..reading.search import plainly, search

__all__ = [
    "NAMES_FILE",
    "SAID_ALIKE",
    "chinese_name",
    "english_name",
    "find_province",
    "in_both_languages",
    "near_provinces",
    "unknown_province",
]

NAMES_FILE: Final = SOURCES_FOLDER / "provinces.csv"

SAID_ALIKE: Final = ("shanxi", "shaanxi")
"""Provinces whose names differ by one letter. Read aloud, 山西 and 陕西 are both the first of these: as two
words, ``shan xi``, either may be meant."""


_ENDINGS: Final = (" province", " sheng", " municipality", " autonomous region")
"""What a name may end with beside the Chinese words for it."""


def find_province(word: str, known: Iterable[str] | None = None) -> str | None:
    """Find the pack that is meant by a name of a province.

    Parameters
    ----------
    word : str
        Name of a pack, in any case and with any of ``-_ '`` inside; a Chinese name, short or
        long, simplified or traditional; the name in the panel; any of them with ``Province`` behind it.
    known : iterable of str, optional
        Names of packs; those of `list_provinces` by default.

    Returns
    -------
    str or None
        Name of the pack; None if no pack is called so. Nothing is guessed from a near spelling.

    Examples
    --------
    >>> find_province("陝西"), find_province("山西省"), find_province("Inner Mongolia")
    ('shaanxi', 'shanxi', 'neimenggu')
    >>> find_province("Shanxi"), find_province("shan xi")
    ('shanxi', None)
    """
    packs = list_provinces() if known is None else list(known)
    if word in packs:
        return word
    if plainly(word) == SAID_ALIKE[0] != word.casefold():
        return None
    for ending in _ENDINGS:
        if word.casefold().endswith(ending):
            return find_province(word[: -len(ending)].strip(), packs)
    meant = _names().get(plainly(word)) or {plainly(name): name for name in packs}.get(plainly(word))
    return meant if meant in packs else None


def near_provinces(word: str, known: Iterable[str] | None = None) -> list[str]:
    """Name the packs that are spelt most like a word, the nearest first.

    Examples
    --------
    >>> near_provinces("shannxi")
    ['shanxi', 'shaanxi']
    """
    packs = list_provinces() if known is None else list(known)
    if plainly(word) == SAID_ALIKE[0]:
        return [name for name in SAID_ALIKE if name in packs]
    spellings: dict[str, list[str]] = {name: [] for name in packs}
    for spelt, name in _names().items():
        if name in packs:
            spellings[name].append(spelt)
    return search(word, spellings).names


def chinese_name(province: str) -> str | None:
    """Give the Chinese name of a pack of the package; None if it is not known.

    Examples
    --------
    >>> chinese_name("shanxi")
    '山西'
    """
    return _chinese().get(province)


def english_name(province: str) -> str | None:
    """Give the English name of a pack of the package; None if it is not known.

    Examples
    --------
    >>> english_name("neimenggu")
    'Inner Mongolia'
    """
    return next((_title(row) for row in _rows() if row["province"] == province), None)


def _title(row: dict[str, str]) -> str:
    return row["name_in_panel"].replace("-", " ").title()


def in_both_languages(province: str) -> str:
    """Write the name of a pack with its Chinese name, where that is known.

    Examples
    --------
    >>> in_both_languages("shanxi")
    'shanxi (山西)'
    """
    chinese = chinese_name(province)
    return province if chinese is None else f"{province} ({chinese})"


def unknown_province(word: str, known: Iterable[str] | None = None, more: str = "") -> InputError:
    """Make the refusal of a province that has no pack.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str, optional
        Names of packs; those of `list_provinces` by default.
    more : str
        What else is allowed.
    """
    packs = list_provinces() if known is None else list(known)
    near = [in_both_languages(name) for name in near_provinces(word, packs)]
    return InputError(
        f"there is no province {word!r}",
        key="province",
        allowed=f"{', '.join(packs)}, their Chinese names{more}",
        suggestion=" or ".join(near) or None,
    )


@functools.cache
def _rows() -> list[dict[str, str]]:
    with NAMES_FILE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@functools.cache
def _names() -> dict[str, str]:
    """Name of the pack by every other name of the province, plainly spelt."""
    return {
        plainly(name): row["province"]
        for row in _rows()
        for name in (
            row["province"],
            row["name_in_panel"],
            row["name_zh"],
            *row["other_names"].split(";"),
        )
    }


@functools.cache
def _chinese() -> dict[str, str]:
    return {row["province"]: row["name_zh"] for row in _rows()}
