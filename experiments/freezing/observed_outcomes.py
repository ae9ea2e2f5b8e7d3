"""What came: a table of observed figures, read and refused against what was frozen."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError, nearest
from ...scenarios.provinces.names import find_province, in_both_languages, near_provinces

OUTCOME_COLUMNS: Final = ("province", "indicator", "year", "value", "unit", "line")
"""Columns of what `read_outcomes` gives; ``line`` is that of the file."""

_OPTIONAL: Final = ("province", "source", "note")
_OF_A_PANEL: Final = "province_zh"
"""Column by which a panel is known, as `packs` takes it: it holds the past and the nation as well."""


def read_outcomes(
    file: Path,
    units: Mapping[str, str],
    frozen: Sequence[str],
    known: Sequence[str] = (),
    origin: int = 0,
) -> pd.DataFrame:
    """Read observed figures, in the columns of `OUTCOME_COLUMNS` and the file's order.

    The CSV has the columns indicator, year, value, unit; also province where there are several, and source
    and note, which are not looked at. ``units`` are those of the indicators that the model knew when it was
    frozen, ``frozen`` the provinces that are scored, ``known`` others that may be named.

    A panel, which has the column province_zh, is taken as it is: of it are read the rows that may be scored,
    those of frozen provinces and of indicators of the model after the ``origin``.

    It refuses, each with line and key: a missing or unknown column, an empty or wrong cell, a year given
    twice, an unknown province or indicator, another unit, a figure that is not above zero.
    """
    from ...scenarios.reading.csv_tables import Column, Table, read_table
    from ...scenarios.reading.refusals import raise_all

    head = _head(file)
    is_panel = _OF_A_PANEL in head
    optional = [name for name in (*_OPTIONAL, _OF_A_PANEL) if name in head]
    if "province" not in optional and len(frozen) > 1:
        raise InputError(
            f"{len(frozen)} provinces are scored, and the table does not say whose figures it holds",
            key="province",
            file=file,
            line=1,
            allowed="a column province with the names of the frozen forecasts",
        )
    columns = (
        Column("indicator"),
        Column("year", "year"),
        Column("value", "number", 0.0),
        Column("unit"),
        *(Column(name, empty=name != "province") for name in optional),
    )
    key = ("province", "indicator", "year") if "province" in optional else ("indicator", "year")
    table = read_table(file, Table("observed", columns, key))
    places = [*frozen, *(name for name in known if name not in frozen)]
    if "province" not in optional:
        table["province"] = frozen[0]
    table["province"] = [find_province(name, places) or name for name in table["province"]]
    table["line"] = range(2, len(table) + 2)
    if is_panel:
        asked = table["province"].isin(frozen) & table["indicator"].isin(units) & (table["year"] > origin)
        table = table[asked].reset_index(drop=True)
    table["twice"] = table.duplicated(["province", "indicator", "year"])  # under two names of a province
    raise_all([error for row in table.to_dict("records") for error in _wrong(row, units, places, file)])
    return table[list(OUTCOME_COLUMNS)]


def _head(file: Path) -> list[str]:
    from ...scenarios.reading.yaml_with_places import read_text

    return next(csv.reader(io.StringIO(read_text(file), newline="")), [])


def _wrong(
    row: Mapping[Hashable, Any], units: Mapping[str, str], places: Sequence[str], file: Path
) -> list[InputError]:
    name, province = str(row["indicator"]), str(row["province"])
    line, place = int(row["line"]), f"row of {province} {name} {row['year']}"

    def error(problem: str, column: str, allowed: str, near: str | None = None) -> InputError:
        key = f"observed.{column}"
        return InputError(
            f"{problem} ({place})", key=key, file=file, line=line, allowed=allowed, suggestion=near
        )

    errors = []
    if province not in places:
        meant = " or ".join(map(in_both_languages, near_provinces(province, places)))
        errors.append(error(f"unknown province {province!r}", "province", ", ".join(places), meant or None))
    if row["twice"]:
        errors.append(error("the figure stands there twice", "province", "one figure a province and year"))
    unit = units.get(name, units.get(name.partition(".")[0]))
    if unit is None:
        near = nearest(name, units)
        errors.append(
            error(f"unknown indicator {name!r}", "indicator", "an indicator that the model knows", near)
        )
    elif row["unit"] != unit:
        errors.append(error(f"the unit is {row['unit']!r}", "unit", unit, unit))
    if not float(row["value"]) > 0.0:
        errors.append(error(f"{row['value']:g} has no logarithm", "value", "a number above 0"))
    return errors
