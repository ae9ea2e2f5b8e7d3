"""One row of a quantile file: each cell by itself, named with row, column, value and what is allowed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ...engine.errors import InputError, nearest
from ...scenarios.provinces.names import find_province, in_both_languages, near_provinces
from .check_quantiles import Point
from .file_names import HubName, origin_day

__all__ = ["ENDS", "ORIGINS", "OTHER_TYPES", "QUANTILE", "Heading", "check_row"]

QUANTILE: Final = "quantile"
OTHER_TYPES: Final = ("mean", "median", "cdf", "pmf", "sample")
"""Kinds of output of the hubverse that are not scored here."""

ORIGINS: Final = ("origin_date", "reference_date", "forecast_date")
"""What hubs call the column of the origin."""

ENDS: Final = ("target_end_date", "target_date")
"""What hubs call the column of the last day of the year that is forecast."""

_DIGITS: Final = 9
"""Of a probability: 0.1 that went through another type of number is 0.1 again."""


class Heading(NamedTuple):
    """What every row of a file is held against."""

    file: Path
    name: HubName
    units: Mapping[str, str]
    places: Sequence[str]


class _Row:
    """A row that gathers what is wrong with it."""

    def __init__(self, heading: Heading, cells: Mapping[str, str], line: int) -> None:
        self.heading, self.cells, self.line = heading, cells, line
        self.errors: list[InputError] = []

    def wrong(self, column: str, problem: str, allowed: str, near: str | None = None) -> None:
        self.errors.append(
            InputError(
                problem,
                key=column,
                file=self.heading.file,
                line=self.line,
                allowed=allowed,
                suggestion=near,
            )
        )

    def number(self, column: str, low: float, high: float, problem: str, allowed: str) -> float:
        """Give a finite number strictly between two ends."""
        text = self.cells[column]
        try:
            value = float(text)
        except ValueError:
            self.wrong(column, f"{text!r} is not a number", allowed)
            return math.nan
        if not (math.isfinite(value) and low < value < high):
            self.wrong(column, f"{text} {problem}", allowed)
        return value


def check_row(
    heading: Heading, cells: Mapping[str, str], line: int
) -> tuple[list[InputError], tuple[str, str, int], Point]:
    """Read a row of quantiles: what is wrong with it, the figure that it forecasts, and the quantile."""
    row = _Row(heading, cells, line)
    if (kind := cells["output_type"]) != QUANTILE:
        allowed = (QUANTILE, *OTHER_TYPES)
        row.wrong("output_type", f"{kind!r} is no kind of output", ", ".join(allowed), nearest(kind, allowed))
    if (who := cells.get("model_id", heading.name.forecaster)) != heading.name.forecaster:
        row.wrong("model_id", f"{who!r} is not whom the name of the file names", heading.name.forecaster)
    key = (_province(row), _indicator(row), _year(row))
    level = row.number(
        "output_type_id",
        0.0,
        1.0,
        "is no probability between 0 and 1",
        "the probability of the quantile, above 0 and below 1",
    )
    value = row.number("value", 0.0, math.inf, "has no logarithm", "a finite number above 0")
    return row.errors, key, Point(round(level, _DIGITS), value, line)


def _province(row: _Row) -> str:
    word, places = row.cells["location"], row.heading.places
    found = find_province(word, places)
    if found is None:
        near = " or ".join(map(in_both_languages, near_provinces(word, places)))
        row.wrong("location", f"unknown province {word!r}", ", ".join(places), near or None)
    return found or word


def _indicator(row: _Row) -> str:
    name, units = row.cells["target"], row.heading.units
    unit = units.get(name, units.get(name.partition(".")[0]))
    if unit is None:
        allowed = "an indicator that the model knows (shaanxi-transfer list indicators)"
        row.wrong("target", f"unknown series {name!r}", allowed, nearest(name, units))
    elif row.cells["unit"] != unit:
        row.wrong("unit", f"the unit is {row.cells['unit']!r}", unit, unit)
    return name


def _year(row: _Row) -> int:
    """Give the target year: from the horizon, from the target's day, or from both if they agree."""
    cells, origin = row.cells, row.heading.name.origin
    column = next(name for name in ORIGINS if name in cells)
    if cells[column] != origin_day(origin):
        row.wrong(
            column,
            f"{cells[column]!r} is not the origin that the name of the file names",
            origin_day(origin),
            origin_day(origin),
        )
    years: dict[str, int] = {}
    if "horizon" in cells:
        text = cells["horizon"].removesuffix(".0")  # a whole number beside missing ones is written so
        if text.isascii() and text.isdigit() and int(text) > 0:
            years["horizon"] = origin + int(text)
        else:
            row.wrong(
                "horizon", f"{cells['horizon']!r} is no horizon", f"whole years from {origin} on: 1, 2, ..."
            )
    for end in (name for name in ENDS if name in cells):
        day = re.fullmatch(r"(\d{4})-12-31", cells[end])
        if day is None or int(day[1]) <= origin:
            allowed = f"the last day of a year after {origin}: {origin_day(origin + 1)}, ..."
            row.wrong(end, f"unknown year {cells[end]!r}", allowed)
        else:
            years[end] = int(day[1])
    if len(set(years.values())) > 1:
        told = ", ".join(f"{name} {year}" for name, year in years.items())
        row.wrong(next(iter(years)), f"the year is told twice and differently ({told})", "one year")
    return next(iter(years.values()), 0)
