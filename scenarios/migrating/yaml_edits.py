"""Change entries of a YAML file and leave every other sign of it as it is: comments, order, spacing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from ..reading.refusals import Location, Place
from ..reading.yaml_with_places import Document, read_text, read_yaml_text
from .steps import Change, changes_in, doubtful

__all__ = ["Migrated", "migrated"]


class Migrated(NamedTuple):
    """A scenario file with all changes made.

    Attributes
    ----------
    text : str
        What is to stand in the file.
    changes : tuple of Change
    lines : tuple of int
        Line of each change in the old file.
    doubtful : dict of str to int
        Line of each entry that is left and may not mean what it meant, by its dotted keys.
    """

    text: str
    changes: tuple[Change, ...]
    lines: tuple[int, ...]
    doubtful: dict[str, int]


def migrated(path: Path) -> Migrated:
    """Read a scenario file of any version as this version wants it.

    Parameters
    ----------
    path : Path
        A YAML file; nothing is written.

    Returns
    -------
    Migrated
        Without changes if the file is as this version reads it, or is wrong in another way.

    Raises
    ------
    InputError
        If it is no YAML.
    """
    text = read_text(path)
    document = read_yaml_text(text, str(path))
    changes = changes_in(document.data)
    places = document.places.key_places
    return Migrated(
        _edited(text, document, changes),
        tuple(changes),
        tuple(places[one.where][0] for one in changes),
        {".".join(where): places[where][0] for where in doubtful(document.data)},
    )


def _edited(text: str, document: Document, changes: Sequence[Change]) -> str:
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
    ends = {
        (token.start_mark.line + 1, token.start_mark.column + 1): token.end_mark
        for token in YAML(typ="safe", pure=True).scan(text)
        if type(token).__name__ == "ScalarToken"
    }

    def offset(place: Place) -> int:
        return starts[place[0] - 1] + place[1] - 1

    edits: list[tuple[int, int, str | None]] = []  # where it begins and ends, and what is to stand there
    for change in changes:
        place = document.places.value_places[change.where]
        mark = ends[place]
        end = offset((mark.line + 1, mark.column + 1))
        if change.new is None:
            edits.append((offset(document.places.key_places[change.where]), end, None))
        else:
            edits.append((offset(place), end, f"{change.new:g}"))
    for parent in _left_empty(document, changes):
        key = offset(document.places.key_places[parent])
        if re.match(r"[^\n#{]*:[ \t]*(#[^\n]*)?\r?\n", text[key:]):
            edits.append((key, key, "# "))  # a key with nothing below it is refused
    for begin, end, new in sorted(edits, reverse=True):  # from the end on, so that places before stay
        text = _put_aside(text, begin, end) if new is None else f"{text[:begin]}{new}{text[end:]}"
    return text


def _left_empty(document: Document, changes: Sequence[Change]) -> list[Location]:
    """Find what holds nothing any more once the entries that are put aside are gone."""
    aside = {one.where for one in changes if one.new is None}
    found = []
    for parent in {where[:-1] for where in aside}:
        inside: Any = document.data
        for name in parent:
            inside = inside[name]
        if all((*parent, name) in aside for name in inside):
            found.append(parent)
    return found


def _put_aside(text: str, key: int, end: int) -> str:
    """Make a comment of an entry: of its line where it has one of its own, else behind its line."""
    begin = text.rfind("\n", 0, key) + 1
    close = len(text) if (found := re.compile(r"\r?\n").search(text, end)) is None else found.start()
    rest = text[end:close]
    if not text[begin:key].strip() and re.fullmatch(r"\s*(#.*)?", rest):
        return f"{text[:key]}# {text[key:]}"
    entry = " ".join(text[key:end].split())
    after = re.match(r"\s*,\s*", text[end:])
    before = re.search(r"\s*,\s*$", text[:key])
    if after:
        first, last = key, end + after.end()
    else:
        first, last = (before.start() if before else key), end
    close = max(close, last)
    return f"{text[:first]}{text[last:close]}  # was: {entry}{text[close:]}"
