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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ...engine.errors import InputError
from ..choosing.pack_years import shipped_years
from ..places import SOURCES_FOLDER
from ..reading.yaml_with_places import read_yaml
from .columns import NATION, UNIT_OF_PANEL, Row
from .names import chinese_name, unknown_province

if TYPE_CHECKING:
    from .panel import Panel

__all__ = [
    "LAST_YEAR",
    "NATION",
    "PANEL_FILE",
    "PANEL_FILES",
    "UNIT_OF_PANEL",
    "Fact",
    "Row",
    "Sources",
    "number",
]

LAST_YEAR: Final = shipped_years().last
"""Last year of the facts that come with the package: nothing later is in a series, or fitted."""

PANEL_FILE: Final = "provinces_2000_2017.csv"
PANEL_FILES: Final = (PANEL_FILE, "contract_value_2011.csv", "universities_2014_2016.csv")
"""The panel, and what mirrors add to it: no figure stands twice."""


_LAST: Final = "last"
"""In a table or rule of the sources: the last year that is known, whichever it is."""


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
    last_year : int, optional
        Last year that is known: later figures of the panel, and later single facts, are left out.
    panel : Panel, optional
        Takes the place of the panel in the folder; its own last year counts then.
    """

    def __init__(
        self, folder: Path = SOURCES_FOLDER, last_year: int = LAST_YEAR, panel: Panel | None = None
    ) -> None:
        self.folder = folder
        self.last_year = last_year if panel is None else panel.last_year
        self._own_panel = panel
        self._tables: dict[str, list[Row]] = {}

    def year(self, cell: str | int) -> int:
        """Read a year of a table or rule; ``last`` is the last year that is known."""
        return self.last_year if cell == _LAST else int(cell)

    @property
    def panel_files(self) -> tuple[str, ...]:
        """Names of the files of the panel, the panel itself first."""
        return PANEL_FILES if self._own_panel is None else tuple(file.name for file in self._own_panel.files)

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
        """Panel rows by province (name of its pack), indicator and year, none after the last known one.

        Raises
        ------
        InputError
            If a province, indicator and year stand twice in the panel.
        """
        if self._own_panel is not None:
            return self._own_panel.figures
        return {key: row for key, row in self._panel_of_the_folder.items() if key[2] <= self.last_year}

    @cached_property
    def _panel_of_the_folder(self) -> dict[tuple[str, str, int], Row]:
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
        names = sorted({name for name, _, _ in self.panel} - {NATION})
        return {name: chinese_name(name) or name for name in names}

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
        held = (
            {file: {row["indicator"] for row in self.table(file)} for file in PANEL_FILES}
            if self._own_panel is None
            else self._own_panel.indicators
        )
        first, *others = self.panel_files
        return [first, *(file for file in others if asked & (held[file] - held[first]))]

    def compares(self, rule: Mapping[str, Any], province: str, origin: str) -> bool:
        """Tell whether a rule of scaling can compare two provinces: there are figures above zero."""
        try:
            ratio, _ = self.ratio(
                rule["indicator"], province, origin, self.year(rule["year"]), rule.get("over", ())
            )
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
            Year wanted; the nearest earlier year, from the first simulated one, which both have is taken.
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
        first = shipped_years().first
        for candidate in range(year, first - 1, -1):
            names = [*above, *below]
            cells = {(who, name): (who, name, candidate) for who in (province, origin) for name in names}
            if all(key in self.panel for key in cells.values()):
                value = {cell: float(self.panel[key]["value"]) for cell, key in cells.items()}
                ratio = math.prod(value[province, name] / value[origin, name] for name in above)
                ratio *= math.prod(value[origin, name] / value[province, name] for name in below)
                return ratio, candidate
        raise InputError(
            f"{' and '.join(above + below)} of {province} is in no year from {first} to {year}",
            file=self.folder / PANEL_FILE,
        )

    def national_growth_since(self, year: int, indicator: str, over: str = "") -> float:
        """Divide a figure of the nation, or its ratio to another, in the last known year by that of a year.

        Where the last known year itself is not known the nearest earlier one is taken. The other year may be
        later than the last known one: it is looked up in the folder, if a panel of one's own has no figure
        of it.

        Raises
        ------
        InputError
            If the nation has no figure.
        """
        return self._national(self.panel, indicator, over, self.last_year) / self._national(
            {**self._panel_of_the_folder, **self.panel}, indicator, over, year
        )

    def _national(
        self, panel: Mapping[tuple[str, str, int], Row], indicator: str, over: str, year: int
    ) -> float:
        known = [one for who, name, one in panel if (who, name) == (NATION, indicator) and one <= year]
        if not known:
            raise InputError(f"no figure of the nation up to {year}", key=indicator)
        figure = float(panel[NATION, indicator, max(known)]["value"])
        return figure / float(panel[NATION, over, max(known)]["value"]) if over else figure

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
