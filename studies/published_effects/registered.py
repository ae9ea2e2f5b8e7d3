"""The figures that the model is held against, registered before any rule is changed to meet them.

``registered.csv`` says of each published figure what it was, how it will be estimated here, and whether it
may count: an ``input`` sets the size of a mechanism, so that finding it again tests the wiring alone; a
``fitted`` one identifies a parameter; a ``test`` was used for nothing.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...engine.errors import InputError, nearest

__all__ = ["CLASSES", "FILE", "KINDS", "Figure", "registered"]

FILE: Final = Path(__file__).with_name("registered.csv")

CLASSES: Final = ("input", "fitted", "test")

KINDS: Final = ("number", "zero", "sign")
"""What was published: a size, that there is nothing, or no more than which way it goes."""

DESIGNS: Final = ("D1", "D2", "D3", "D4", "D5", "D6", "twins")


@dataclass(frozen=True)
class Figure:
    """One published figure and what will count as finding it.

    Attributes
    ----------
    name : str
    study, design, place, outcome, unit, estimator, source, note : str
    rule : str
        The rule of the model that decides, as ``list rules`` names it.
    kind : str
        Of `KINDS`.
    published, low, high : float
        The figure and its interval, in ``unit``; not a number where none was read. A figure without
        a middle is a bound. Of a sign, 1 or -1.
    matters : float
        Of a zero: the smallest effect that would contradict the study.
    zero_share : float
        Of a zero: the share of futures whose interval has to cover it.
    kind_of_use : str
        Of `CLASSES`.
    used_in_fit : bool
    """

    name: str
    study: str
    design: str
    place: str
    outcome: str
    unit: str
    kind: str
    published: float
    low: float
    high: float
    matters: float
    zero_share: float
    kind_of_use: str
    used_in_fit: bool
    estimator: str
    rule: str
    source: str
    note: str


def registered(file: Path = FILE) -> dict[str, Figure]:
    """Read the registered figures, by name.

    Raises
    ------
    InputError
        A line with an unknown word, a number that is none, a figure twice, or one that lacks what its kind
        needs: a size or a bound, what would matter, a direction.
    """
    found: dict[str, Figure] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for line, row in enumerate(csv.DictReader(lines), start=2):
            figure = _figure(row, file, line)
            if figure.name in found:
                raise InputError(f"{figure.name} is registered twice", file=file, line=line, key="figure")
            found[figure.name] = figure
    return found


def _figure(row: dict[str, str], file: Path, line: int) -> Figure:
    numbers = {name: _number(row[name], name, file, line) for name in _NUMBERS}
    for key, allowed in (("kind", KINDS), ("class", CLASSES), ("design", DESIGNS), ("used_in_fit", _SAID)):
        if row[key] not in allowed:
            raise InputError(
                f"{row[key]!r} is not one of its words",
                file=file,
                line=line,
                key=key,
                allowed=", ".join(allowed),
                suggestion=nearest(row[key], allowed),
            )
    figure = Figure(
        name=row["figure"],
        **{name: row[name] for name in _WORDS},
        published=numbers["published"],
        low=numbers["published_low"],
        high=numbers["published_high"],
        matters=numbers["matters"],
        zero_share=numbers["zero_share"],
        kind_of_use=row["class"],
        used_in_fit=row["used_in_fit"] == "yes",
    )
    lacking = {
        "number": all(map(math.isnan, (figure.published, figure.low, figure.high))),
        "zero": figure.published != 0.0 or math.isnan(figure.matters) or math.isnan(figure.zero_share),
        "sign": abs(figure.published) != 1.0,
    }
    if lacking[figure.kind]:
        needs = {
            "number": "published, published_low or published_high",
            "zero": "published 0, matters and zero_share",
            "sign": "published 1 or -1",
        }
        raise InputError(
            f"a {figure.kind} lacks what it is held against",
            file=file,
            line=line,
            key=figure.name,
            allowed=needs[figure.kind],
        )
    return figure


_SAID: Final = ("yes", "no")
_NUMBERS: Final = ("published", "published_low", "published_high", "matters", "zero_share")
_WORDS: Final = ("study", "design", "place", "outcome", "unit", "kind", "estimator", "rule", "source", "note")


def _number(text: str, key: str, file: Path, line: int) -> float:
    if not text:
        return math.nan
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{text!r} is no number", file=file, line=line, key=key, allowed="a number, or nothing"
        ) from None
