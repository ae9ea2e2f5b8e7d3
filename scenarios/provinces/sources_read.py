"""The collected facts from which province packs are made: `sources/`, read and looked up.

Every value in a pack is found here by file, indicator, year and scope. Nothing is
interpolated: a year which the statistics leave out (2011 for the number of technology
contracts) stays out.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from ...engine.errors import InputError
from ..places import SOURCES_FOLDER
from ..reading.yaml_with_places import read_yaml
from .names import unknown_province

__all__ = ["NATION", "PANEL_FILE", "PANEL_FILES", "Fact", "Row", "Sources", "number"]

PANEL_FILE: Final = "provinces_2000_2017.csv"
PANEL_FILES: Final = (PANEL_FILE, "contract_value_2011.csv", "universities_2014_2016.csv")
"""The panel, and what mirrors add to it: no figure stands twice."""
NATION: Final = "china"

Row = dict[str, str]
"""One line of a table: column name to text."""


class Fact(NamedTuple):
    """One number of the sources.

    Attributes
    ----------
    value : float
        In `unit`.
    unit : str
        As the source file gives it.
    source : str
        Who published it.
    """

    value: float
    unit: str
    source: str


class Sources:
    """All tables of one sources folder.

    Parameters
    ----------
    folder : Path, optional
        Where the tables stand.
    """

    def __init__(self, folder: Path = SOURCES_FOLDER) -> None:
        self.folder = folder
        self._tables: dict[str, list[Row]] = {}

    def table(self, name: str) -> list[Row]:
        """Give the rows of one CSV file.

        Raises
        ------
        InputError
            If the file is absent or a row has more or fewer cells than the header.
        """
        if name not in self._tables:
            path = self.folder / name
            if not path.is_file():
                raise InputError("the file does not exist", file=path)
            with path.open(encoding="utf-8", newline="") as stream:
                reader = csv.DictReader(stream)
                rows = []
                for row in reader:
                    if None in row or None in row.values():
                        raise InputError("the row does not fit the header", file=path, line=reader.line_num)
                    rows.append(row)
            self._tables[name] = rows
        return self._tables[name]

    def rows_of(self, name: str, province: str) -> list[Row]:
        """Give the rows of a table whose `province` is this one or ``*`` (all)."""
        return [row for row in self.table(name) if row["province"] in (province, "*")]

    @cached_property
    def panel(self) -> dict[tuple[str, str, int], Row]:
        """Panel rows by province (name of its pack), indicator and year.

        Raises
        ------
        InputError
            If a province, indicator and year stand twice in the panel.
        """
        found: dict[tuple[str, str, int], Row] = {}
        packs = {row["name_in_panel"]: row["province"] for row in self.table("provinces.csv")}
        for file in PANEL_FILES:
            for line, row in enumerate(self.table(file), start=2):
                name = packs.get(row["province"], row["province"])
                key = (name, row["indicator"], int(row["year"]))
                if key in found:
                    raise InputError(f"{key} stands twice", file=self.folder / file, line=line)
                found[key] = row
        return found

    @cached_property
    def provinces(self) -> dict[str, str]:
        """Chinese name of each province of the panel by the name of its pack, the nation left out."""
        named = {row["name_in_panel"]: row["province"] for row in self.table("provinces.csv")}
        chinese = {row["province"]: row["province_zh"] for row in self.table(PANEL_FILE)}
        found = {named.get(name, name): chinese[name] for name in chinese if name != NATION}
        return dict(sorted(found.items()))

    def capital(self, province: str) -> Row:
        """Give the row of `provinces.csv` with the capital and its place.

        Raises
        ------
        InputError
            If there is no such province.
        """
        for row in self.table("provinces.csv"):
            if row["province"] == province and province in self.provinces:
                return row
        raise unknown_province(province, self.provinces)

    def fact(self, file: str, indicator: str, scope: str, year: int, source_has: str = "") -> Fact:
        """Look one number up.

        Parameters
        ----------
        file : str
            `shaanxi_2009_2017.csv` or `structure.csv`.
        indicator, scope : str
            Exactly as in the file.
        year : int
            Calendar year.
        source_has : str
            Words that the source's name must hold, where several sources give the number.

        Raises
        ------
        InputError
            If no row fits, or rows with different values do.
        """
        fitting = [
            row
            for row in self.table(file)
            if (row["indicator"], row["scope"], row["year"]) == (indicator, scope, str(year))
            and source_has in row["source"]
        ]
        values = {float(row["value"]) for row in fitting}
        if len(values) != 1:
            problem = f"{len(values)} different values of {indicator} for {scope} in {year}"
            raise InputError(problem, file=self.folder / file, allowed="exactly one")
        return Fact(float(fitting[0]["value"]), fitting[0]["unit"], fitting[0]["source"])

    def files_of(self, *indicators: str | Sequence[str]) -> list[str]:
        """Name the files that hold indicators of the panel, the panel itself first."""
        asked = {name for one in indicators for name in ((one,) if isinstance(one, str) else one)}
        held = {file: {row["indicator"] for row in self.table(file)} for file in PANEL_FILES}
        return [PANEL_FILE, *(file for file in PANEL_FILES[1:] if asked & (held[file] - held[PANEL_FILE]))]

    def compares(self, rule: Mapping[str, Any], province: str, origin: str) -> bool:
        """Tell whether a rule of scaling can compare two provinces: there are figures above zero."""
        try:
            ratio, _ = self.ratio(rule["indicator"], province, origin, rule["year"], rule.get("over", ()))
        except InputError:
            return False
        return ratio > 0.0

    def ratio(
        self,
        indicator: str | Sequence[str],
        province: str,
        origin: str,
        year: int,
        over: str | Sequence[str] = (),
    ) -> tuple[float, int]:
        """Compare two provinces by an indicator of the panel.

        Parameters
        ----------
        indicator : str or sequence of str
            What is compared; of several, their product.
        province, origin : str
            Numerator and denominator.
        year : int
            Year wanted; the nearest earlier year from 2010 which both have is taken.
        over : str or sequence of str
            Divide the indicator by this one first, or by the product of several.

        Returns
        -------
        tuple of float and int
            The ratio and the year it is of.

        Raises
        ------
        InputError
            If there is no such year.
        """
        above, below = ((one,) if isinstance(one, str) else tuple(one) for one in (indicator, over))
        for candidate in range(year, 2009, -1):
            names = [*above, *below]
            cells = {(who, name): (who, name, candidate) for who in (province, origin) for name in names}
            if all(key in self.panel for key in cells.values()):
                value = {cell: float(self.panel[key]["value"]) for cell, key in cells.items()}
                ratio = math.prod(value[province, name] / value[origin, name] for name in above)
                ratio *= math.prod(value[origin, name] / value[province, name] for name in below)
                return ratio, candidate
        raise InputError(
            f"{' and '.join(above + below)} of {province} is in no year from 2010 to {year}",
            file=self.folder / PANEL_FILE,
        )

    @cached_property
    def province_parameters(self) -> tuple[str, dict[str, dict[str, Any]]]:
        """Province where they were measured, and the parameters with their scaling rules."""
        data = read_yaml(self.folder / "province_parameters.yaml").data
        return data["measured_in"], data["parameters"]


def number(value: float) -> str:
    """Write a number without noise in the last digit: 1768993999999.9998 as 1768994000000.

    Examples
    --------
    >>> number(1768993999999.9998), number(0.57), number(8.0)
    ('1768994000000', '0.57', '8')
    """
    whole = round(value)
    return str(whole) if abs(value - whole) <= 1e-3 * min(1.0, abs(value)) else repr(value)
