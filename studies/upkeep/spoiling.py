"""Ways in which a domain person's file goes wrong, applied to one entry of a file that is in order.

The ways follow two classes: the file (misspelt keys, wrong types and units, repeated keys, traps of
YAML, tabs, anchors) and the number (not finite, minus zero, negative, too large). A way that would
not be wrong for an entry (a note may be any text) does not apply to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["WAYS", "Entry", "Spoilt", "misspellings", "render", "spoilt_texts"]

Kind = Literal[
    "text",
    "text or number",
    "word",
    "quarter",
    "number",
    "whole",
    "switch",
    "truth",
    "list",
    "entries",
    "date key",
]


@dataclass(frozen=True)
class Entry:
    """One entry of a file, written on one line.

    Attributes
    ----------
    where : tuple of str
        Path of keys.
    value : str
        As written; empty for a holder of further entries.
    kind : str
        What may stand there: free ``text``, free ``text or number``, one ``word`` of several, and so on.
    unit : str
        Of a number.
    low, high : float or None
        Bounds of a number, if it has any.
    free : bool
        Whether its key is a name that the file itself gives, which no one can call misspelt.
    """

    where: tuple[str, ...]
    value: str
    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    free: bool = False

    @property
    def key(self) -> str:
        """Last part of its path."""
        return self.where[-1]

    @property
    def line(self) -> str:
        """As it stands in a good file."""
        return self.with_value(self.value)

    def with_value(self, value: str, key: str | None = None) -> str:
        """Write it with another value or key."""
        return f"{'  ' * (len(self.where) - 1)}{key or self.key}: {value}".rstrip()


@dataclass(frozen=True)
class Spoilt:
    """A file with one entry spoilt.

    Attributes
    ----------
    way : str
        Key of `WAYS`.
    entry : Entry
        The one that is spoilt.
    line : int
        Line on which it stands, counted from 1.
    text : str
        The whole file.
    """

    way: str
    entry: Entry
    line: int
    text: str


def render(entries: list[Entry]) -> str:
    """Write a file out of its entries."""
    return "\n".join(entry.line for entry in entries) + "\n"


def _is_number(entry: Entry) -> bool:
    return entry.kind in ("number", "whole", "switch", "date key")


def _value(number: float) -> str:
    return repr(float(number))


def _misspelt_key(entry: Entry) -> str | None:
    key = entry.key
    if entry.free:
        return None
    if entry.kind == "date key":
        return entry.with_value(entry.value, key[:-1] + "5")
    middle = len(key) // 2
    return entry.with_value(entry.value, key[:middle] + key[middle + 1 :])


def _instead(value: str, *, not_for: tuple[Kind, ...] = ("entries",)) -> Callable[[Entry], str | None]:
    """Make a way that puts a value in the place of the good one."""
    return lambda entry: None if entry.kind in not_for else entry.with_value(value)


def _of_number(make: Callable[[Entry, float], float | str | None]) -> Callable[[Entry], str | None]:
    """Make a way that turns the good number into a bad one."""

    def way(entry: Entry) -> str | None:
        if not _is_number(entry):
            return None
        bad = make(entry, float(entry.value))
        return None if bad is None else entry.with_value(bad if isinstance(bad, str) else _value(bad))

    return way


def _below(entry: Entry, value: float) -> float | None:
    low, high = entry.low, entry.high
    return None if low is None or high is None else low - 0.1 * (high - low) - 1


def _above(entry: Entry, value: float) -> float | None:
    return (
        None if entry.low is None or entry.high is None else entry.high + 0.1 * (entry.high - entry.low) + 1
    )


def _negative(entry: Entry, value: float) -> float | None:
    return -abs(value) if value and entry.unit != "points" else None


def _percent(entry: Entry, value: float) -> float | None:
    return 100.0 * value if entry.unit == "fraction" and value else None


def _in_units_of(divisor: float) -> Callable[[Entry, float], float | None]:
    return lambda entry, value: value / divisor if entry.unit.startswith("yuan") and value else None


def _part(entry: Entry, value: float) -> float | None:
    counted = entry.kind == "whole" or entry.unit.split("/")[0] in ("count", "people", "contracts", "switch")
    mean = entry.where[0] == "parameters"  # of a count: need not be whole
    return value + 0.5 if counted and not mean else None


def _tab(entry: Entry) -> str:
    return "\t" + entry.line.lstrip()


def _wide(entry: Entry, value: float) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in entry.value)


_ANY_WORD: Final[tuple[Kind, ...]] = ("entries", "text", "text or number", "list")

WAYS: Final[dict[str, Callable[[Entry], str | None]]] = {
    "misspelt key": _misspelt_key,
    "repeated": lambda entry: None if entry.kind == "entries" else f"{entry.line}\n{entry.line}",
    "tab": _tab,
    "null": _instead("null"),
    "tilde": _instead("~"),
    "empty": _instead(""),
    "not a number": _instead(".nan"),
    "infinite": _instead(".inf"),
    "minus infinite": _instead("-.inf"),
    "overflow": _instead("1e999"),
    "anchor": lambda entry: None if entry.kind == "entries" else entry.with_value(f"&a {entry.value}"),
    "alias": _instead("*a"),
    "tag": lambda entry: None if entry.kind == "entries" else entry.with_value(f"!!str {entry.value}"),
    "entries": _instead("{nothing_such: 1}"),
    "list": lambda entry: (
        None if entry.kind == "entries" else entry.with_value(f"[[{entry.value.strip('[]') or 1}]]")
    ),
    "true": _instead("true", not_for=("entries", "truth")),
    "one": lambda entry: entry.with_value("1") if entry.kind in ("text", "word", "truth", "list") else None,
    "no": _instead("no", not_for=_ANY_WORD),
    "yes": _instead("yes", not_for=_ANY_WORD),
    "another word": _instead("nothing_such", not_for=_ANY_WORD),
    "calendar date": _instead("2018-04-01", not_for=_ANY_WORD),
    "quoted": lambda entry: (
        entry.with_value(f"'{entry.value}'") if _is_number(entry) or entry.kind == "truth" else None
    ),
    "quarter 5": lambda entry: entry.with_value("2018-Q5") if entry.kind == "quarter" else None,
    "quarter without a dash": lambda entry: entry.with_value("2018Q2") if entry.kind == "quarter" else None,
    "quarter as a year": lambda entry: entry.with_value("2018") if entry.kind == "quarter" else None,
    "quarter long ago": lambda entry: entry.with_value("1900-Q1") if entry.kind == "quarter" else None,
    "quarter in wide digits": lambda entry: (
        entry.with_value("２０１９-Q1") if entry.kind == "quarter" else None
    ),
    "date before the plan": lambda entry: (
        entry.with_value(entry.value, "2012-Q1") if entry.kind == "date key" else None
    ),
    "date after the end": lambda entry: (
        entry.with_value(entry.value, "2095-Q1") if entry.kind == "date key" else None
    ),
    "below": _of_number(_below),
    "above": _of_number(_above),
    "negative": _of_number(_negative),
    "minus zero": _of_number(lambda entry, value: "-0.0"),
    "very large": _of_number(lambda entry, value: "1.0e+30"),
    "beyond whole numbers": _of_number(lambda entry, value: "99999999999999999999999"),
    "percent": _of_number(_percent),
    "percent sign": _of_number(lambda entry, value: f"{value * 100:g}%"),
    "wan yuan": _of_number(_in_units_of(1e4)),
    "yi yuan": _of_number(_in_units_of(1e8)),
    "part of a whole": _of_number(_part),
    "commas": _of_number(lambda entry, value: f"{value:,.1f}x" if value < 1000 else f"{value:,.1f}"),
    "wide digits": _of_number(_wide),
    "exponent as text": _of_number(lambda entry, value: "'1e-3'"),
}
"""Each gives the line (or lines) that stands in the place of the good one, or None if it does not apply."""


def spoilt_texts(entries: list[Entry]) -> Iterator[Spoilt]:
    """Spoil every entry of a file in every way, one at a time."""
    lines = [entry.line for entry in entries]
    for place, entry in enumerate(entries):
        for way, spoil in WAYS.items():
            bad = spoil(entry)
            if bad is None or bad == entry.line:
                continue
            yield Spoilt(way, entry, place + 1, "\n".join([*lines[:place], bad, *lines[place + 1 :], ""]))


def misspellings(name: str) -> Iterator[str]:
    """Give one-letter misspellings of a name: a letter left out, doubled, mistaken, or two exchanged."""
    for i, letter in enumerate(name):
        other = "e" if letter != "e" else "a"
        yield name[:i] + name[i + 1 :]
        yield name[:i] + letter + name[i:]
        yield name[:i] + other + name[i + 1 :]
        if i + 1 < len(name) and name[i + 1] != letter:
            yield name[:i] + name[i + 1] + letter + name[i + 2 :]
