"""Read YAML with the place of every entry, and refuse what YAML would misread in silence.

Only events of the parser are used, never its object constructors: no anchors
(and so no anchor bombs), no tags, no dates out of text, no ``yes`` for true.

What comes with the package is read by the parser in C, twenty times as fast. What users write is read by the
one in Python, which refuses more (a tab between two words, for one); what both accept they read alike.
"""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ...engine.errors import InputError
from ..places import SCENARIOS
from .likely_meaning import entry_in
from .plain_values import plain_value
from .refusals import Location, Place, Places, raise_all

__all__ = ["Document", "read_bytes", "read_text", "read_yaml", "read_yaml_text"]

LARGEST_FILE = 2_000_000
DEEPEST_NESTING = 12


class Document(NamedTuple):
    """What a file says, and where it says it.

    Attributes
    ----------
    data : dict
        Plain dictionaries, lists, text, numbers and truth values.
    places : Places
        Position of each entry.
    """

    data: dict[str, Any]
    places: Places


def read_bytes(path: Path, name: str) -> bytes:
    """Read a file that is there, is a file and is not too large; ``name`` is shown in errors."""
    if not path.exists():
        raise InputError("the file does not exist", file=name)
    if not path.is_file():
        raise InputError("this is a folder, not a file", file=name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"the file cannot be read ({error.strerror})", file=name) from error
    if len(raw) > LARGEST_FILE:
        raise InputError(f"the file has {len(raw)} bytes", file=name, allowed=f"at most {LARGEST_FILE} bytes")
    return raw


def read_text(path: Path, shown: str | None = None) -> str:
    """Read a UTF-8 text file, or say in what coding it seems to be.

    Raises
    ------
    InputError
        If the file is missing, a folder, too large, or not UTF-8.
    """
    name = shown or str(path)
    raw = read_bytes(path, name)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(
            "the file is UTF-16", file=name, line=1, column=1, allowed="UTF-8; save it again as UTF-8"
        )
    # Spreadsheet programs write a byte order mark; it does no harm and is dropped.
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise InputError(
            f"the file is not UTF-8{_looks_like(raw)}",
            file=name,
            line=line,
            column=column,
            allowed="UTF-8; save it again as UTF-8",
        ) from error
    if "\0" in text:
        raise InputError("the file holds a zero byte and is no text", file=name)
    return text


def _looks_like(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "; it looks like GBK / GB18030"


def read_yaml(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file into a `Document`.

    Parameters
    ----------
    path : Path
        The file.
    shown : str, optional
        Name shown in errors; the path if absent.

    Raises
    ------
    InputError
        With line and column: unreadable YAML, tabs, anchors, tags, null,
        NaN or infinity, repeated keys, a list or a text at the top.
    """
    text, file = read_text(path, shown), shown or str(path)
    if path.resolve().is_relative_to(SCENARIOS):
        with suppress(InputError):  # whoever edits the package gets the words of the other parser
            return read_yaml_text(text, file, quickly=True)
    return read_yaml_text(text, file)


def read_yaml_text(text: str, file: str, *, quickly: bool = False) -> Document:
    """Read YAML out of a text, ``quickly`` by the parser in C; see `read_yaml`."""
    for number, line in enumerate(text.splitlines(), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip() and not line.lstrip().startswith("#"):
            raise InputError(
                "a tab in the indent",
                key=line.strip().partition(":")[0],
                file=file,
                line=number,
                column=indent.index("\t") + 1,
                allowed="spaces",
            )
    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=not quickly).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(
            f"this is not readable as YAML ({error.problem or error.context})",
            file=file,
            line=None if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + 1,
            suggestion=_wide_colon(text, len(text) if mark is None else mark.line),
        ) from error
    except (YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
        raise InputError(f"this is not readable as YAML ({problem})", file=file) from error
    raise_all(builder.errors)
    if builder.documents == 0 or builder.root is None:
        raise InputError("the file is empty", file=file, allowed="entries `key: value`")
    if not isinstance(builder.root, dict):
        raise InputError(
            "the file does not hold entries", file=file, line=1, column=1, allowed="entries `key: value`"
        )
    return Document(builder.root, builder.places)


def _wide_colon(text: str, upto: int) -> str | None:
    """Find the entry with a wide colon that keeps the lines behind it from being read."""
    lines = [line for line in text.splitlines()[: upto + 1] if not line.lstrip().startswith("#")]
    wide = [line for line in lines if "：" in line and ":" not in line.partition("：")[0]]
    return entry_in(wide[-1]) if wide else None


class _Open(NamedTuple):
    """A mapping or list that is still being read."""

    holder: dict[str, Any] | list[Any]
    where: Location


class _Builder:
    """Collect parser events into plain containers and note every place."""

    def __init__(self, file: str) -> None:
        self.root: Any = None
        self.documents = 0
        self.errors: list[InputError] = []
        self.places = Places(file)
        self._open: list[_Open] = []
        self._key: list[str | None] = []

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        name = type(event).__name__
        if name == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self._error(
                    (), "a second document begins", self._at(event), allowed="one document a file"
                )
            return
        if name == "AliasEvent":
            raise self._error(
                self._next(), "an alias `*`", self._at(event), allowed="the value itself, written out"
            )
        if getattr(event, "anchor", None) is not None:
            raise self._error(
                self._next(), "an anchor `&`", self._at(event), allowed="the value itself, written out"
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._error(self._next(), f"a tag {event.tag}", self._at(event), allowed="plain values")
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            self._begin(event, {} if name.startswith("Mapping") else [])
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
            self._key.pop()
        elif name == "ScalarEvent":
            self._scalar(event)

    def _next(self) -> Location:
        """Say where the value that begins now will stand."""
        if not self._open:
            return ()
        return (*self._open[-1].where, *([self._key[-1]] if self._key[-1] is not None else []))

    def _at(self, event: Any) -> Place:
        return event.start_mark.line + 1, event.start_mark.column + 1

    def _error(self, where: Location, problem: str, place: Place, **more: str | None) -> InputError:
        return InputError(
            problem,
            key=".".join(where) or None,
            file=self.places.file,
            line=place[0],
            column=place[1],
            allowed=more.get("allowed"),
            suggestion=more.get("suggestion"),
        )

    def _begin(self, event: Any, holder: dict[str, Any] | list[Any]) -> None:
        if len(self._open) >= DEEPEST_NESTING:
            raise self._error(
                (), "entries are nested too deep", self._at(event), allowed=f"{DEEPEST_NESTING} levels"
            )
        if self._open and isinstance(self._open[-1].holder, dict) and self._key[-1] is None:
            raise self._error(
                self._open[-1].where, "a list or mapping as a key", self._at(event), allowed="text"
            )
        where = self._put(holder, self._at(event))
        self._open.append(_Open(holder, where))
        self._key.append(None)

    def _scalar(self, event: Any) -> None:
        place = self._at(event)
        if self._open and isinstance(self._open[-1].holder, dict) and self._key[-1] is None:
            self._new_key(str(event.value), place)
            return
        plain = event.style is None or event.style == ""
        value: Any = plain_value(event.value) if plain else event.value
        where = self._put(value, place)
        if value is None:
            # The parser sees an absent value only at the next line: show the key instead.
            place = self.places.key_places.get(where, place) if event.value == "" else place
            self.errors.append(
                self._error(where, "has no value (null)", place, allowed="a value; or leave the key out")
            )
        elif isinstance(value, float) and not math.isfinite(value):
            self.errors.append(
                self._error(where, f"{event.value} is not a finite number", place, allowed="a finite number")
            )

    def _new_key(self, key: str, place: Place) -> None:
        here = self._open[-1]
        where = (*here.where, key)
        assert isinstance(here.holder, dict)
        if key == "<<":
            raise self._error(where, "a merge key `<<`", place, allowed="the values themselves, written out")
        if key in here.holder:
            first = self.places.key_places[where][0]
            self.errors.append(
                self._error(where, f"the key is repeated, first seen in line {first}", place, allowed="once")
            )
        else:
            self.places.key_places[where] = place
        self._key[-1] = key

    def _put(self, value: Any, place: Place) -> Location:
        """Put a value into the container that is open and give its location."""
        if not self._open:
            self.root = value
            self.places.value_places[()] = place
            return ()
        holder, where = self._open[-1]
        if isinstance(holder, dict):
            key = self._key[-1]
            assert key is not None
            self._key[-1] = None
            where = (*where, key)
            if key not in holder:
                holder[key] = value
                self.places.value_places[where] = place
        else:
            where = (*where, str(len(holder)))
            holder.append(value)
            self.places.value_places[where] = place
        return where
