"""Yearly series of the nation, longer than those of the packs: from 1998 on, without a gap."""

from __future__ import annotations

import functools
import hashlib
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from ...engine.errors import InputError, nearest
from ..choosing.pack_years import shipped_years
from ..places import SOURCES_FOLDER
from ..reading.csv_tables import Rows, Table, read_rows
from ..reading.refusals import raise_all
from .columns import PANEL

__all__ = ["NATION_FILE", "NATION_OF_PACK", "hash_of_nation", "national_series"]

NATION_FILE: Final = "nation_1998_2017.csv"
"""Sums of 31 provinces by year, in `sources/`."""

NATION_OF_PACK: Final = "nation.csv"
"""The same of a pack that has series of its own."""


def national_series(
    indicator: str, file: Path = SOURCES_FOLDER / NATION_FILE, last_year: int | None = None
) -> dict[int, float]:
    """Read one yearly series of the nation: year to figure, in the file's unit, in rising years.

    Parameters
    ----------
    indicator : str
        ``contract_value_output`` (yuan), ``rd_expenditure`` (yuan) or ``rd_personnel_fte`` (person-years).
    file : Path, optional
        The table.
    last_year : int, optional
        Nothing later may be known; the last year of the facts of the package by default.

    Raises
    ------
    InputError
        With file, line and column: a cell that does not fit, a year twice or too late, one left out
        between two others; or no series of this name.
    """
    rows = read_rows(file, _table(shipped_years().last if last_year is None else last_year))
    known = sorted(set(rows.frame["indicator"]))
    if indicator not in known:
        raise InputError(
            f"there is no series {indicator!r} of the nation",
            key="nation.indicator",
            file=file,
            allowed=", ".join(known),
            suggestion=nearest(indicator, known),
        )
    places = {int(year): row for row, name, year in rows.columns("indicator", "year") if name == indicator}
    raise_all(_gaps(rows, places))
    values = rows.frame["value"].to_numpy(dtype=np.float64)
    return {year: float(values[places[year]]) for year in sorted(places)}


def _table(last: int) -> Table:
    """Give the form of the table: that of the panel, up to a last year and without zeros."""
    columns = {one.name: one for one in PANEL.columns}
    columns["year"] = columns["year"]._replace(high=last)
    columns["value"] = columns["value"]._replace(low=1.0)
    return PANEL._replace(name="nation", columns=tuple(columns.values()))


@functools.cache
def hash_of_nation(file: Path = SOURCES_FOLDER / NATION_FILE) -> str:
    """Hash a table of the nation, that of the package by default: 64 hexadecimal digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _gaps(rows: Rows, places: dict[int, int]) -> list[InputError]:
    """Name each gap at the row behind it."""
    years = sorted(places)
    return [
        rows.wrong(
            places[later],
            "year",
            f"after {earlier} comes {later}: the series has a gap",
            allowed="every year from the first to the last",
        )
        for earlier, later in pairwise(years)
        if later != earlier + 1
    ]
