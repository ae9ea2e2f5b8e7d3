"""Read a panel of provinces that a user brings, and refuse what would be misread.

A panel is one or several CSV files in the form of the sourced tables (`columns.PANEL`): one figure a row,
with province, year, indicator, unit and source. Provinces may be called by any of their names. Years may be
missing and series may end early: that is no fault, and `panel_findings` tells it. What is refused is what
cannot be taken as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ...engine.errors import InputError, nearest
from ..reading.csv_tables import Rows, read_rows
from ..reading.refusals import raise_all
from .columns import NATION, PANEL, SERIES, UNIT_OF_PANEL, Row
from .names import find_province, unknown_province

__all__ = ["AT_THE_EVE", "Panel", "read_panel"]

NATION_IS_CALLED: Final = (NATION, "China", "全国", "中国")

AT_THE_EVE: Final = ("contract_count_output", "contract_value_output", "rd_expenditure")
"""Series of the nation without whose last year no pack can be made: levels of the last year follow them."""

_TIMES: Final = {"wan yuan": 1e4, "万元": 1e4, "10000 yuan": 1e4, "亿元": 1e8, "100 million yuan": 1e8}
"""Units that yearbooks print money in, in yuan."""


class Panel(NamedTuple):
    """Figures of provinces and of the nation up to a last year.

    Attributes
    ----------
    figures : dict of (str, str, int) to dict
        Value, unit and source by name of the pack (`NATION` for the nation), indicator and year.
    files : tuple of Path
        Where they stand, in the order in which they were given.
    last_year : int
        Nothing later is in `figures`.
    later : int
        Rows of later years, which were left out.
    indicators : dict of str to set of str
        What each file holds, by its name.
    """

    figures: dict[tuple[str, str, int], Row]
    files: tuple[Path, ...]
    last_year: int
    later: int
    indicators: dict[str, set[str]]

    def series(self, province: str, indicator: str) -> dict[int, float]:
        """Give one series, year to value, in rising years; empty if there is none."""
        found = {
            year: float(row["value"])
            for (name, of, year), row in self.figures.items()
            if (name, of) == (province, indicator)
        }
        return dict(sorted(found.items()))

    @property
    def provinces(self) -> list[str]:
        """Names of the packs of all provinces that have a figure, in order."""
        return sorted({name for name, _, _ in self.figures} - {NATION})


def read_panel(files: Sequence[Path], last_year: int) -> Panel:
    """Read a panel.

    Parameters
    ----------
    files : sequence of Path
        Tables in the panel's form; no figure may stand twice in them.
    last_year : int
        Last year that is known; later rows are left out.

    Returns
    -------
    Panel

    Raises
    ------
    InputError
        All faults at once, each with file, line and column: a file that is no UTF-8, an unknown column,
        province or indicator, a value that is no plain number, a unit that is not the indicator's, a figure
        that stands twice; a panel that ends before ``last_year``, or in which the nation has a gap there.
    """
    figures: dict[tuple[str, str, int], Row] = {}
    where: dict[tuple[str, str, int], str] = {}
    errors: list[InputError] = []
    later = 0
    indicators: dict[str, set[str]] = {}
    for file in files:
        rows = read_rows(file, PANEL)
        indicators[file.name] = set(rows.frame["indicator"])
        for row, name, year, indicator, value, unit, source in rows.columns(
            "province", "year", "indicator", "value", "unit", "source"
        ):
            province = NATION if name in NATION_IS_CALLED else find_province(name)
            wrong = _wrong_names(rows, row, name, province, indicator)
            wrong += _wrong_unit(rows, row, indicator, unit)
            errors += wrong
            if wrong or province is None:
                continue
            key = (province, indicator, int(year))
            place = f"{file.name}:{rows.lines[row]}"
            if key in where:
                problem = f"{indicator} of {province} in {year} is given twice, first in {where[key]}"
                errors.append(rows.wrong(row, "value", problem, "one row", None))
                continue
            where[key] = place
            if year > last_year:
                later += 1
                continue
            figures[key] = {"value": repr(float(value)), "unit": unit, "source": source}
    raise_all(errors)
    panel = Panel(figures, tuple(files), last_year, later, indicators)
    raise_all(_gaps_at_the_eve(panel))
    return panel


def _wrong_names(rows: Rows, row: int, name: str, province: str | None, indicator: str) -> list[InputError]:
    errors = []
    if province is None:
        unknown = unknown_province(name, more=f"; for the nation {', '.join(NATION_IS_CALLED)}")
        errors.append(
            rows.wrong(row, "province", f"there is no province {name!r}", unknown.allowed, unknown.suggestion)
        )
    if indicator not in SERIES:
        errors.append(
            rows.wrong(
                row,
                "indicator",
                f"there is no indicator {indicator!r}",
                ", ".join(SERIES),
                nearest(indicator, SERIES),
            )
        )
    return errors


def _wrong_unit(rows: Rows, row: int, indicator: str, unit: str) -> list[InputError]:
    """Refuse another unit, and say by how much to multiply where yearbooks print in it."""
    expected = SERIES.get(indicator)
    if expected is None or expected == UNIT_OF_PANEL.get(unit, unit):
        return []
    times = _TIMES.get(unit.strip().casefold()) if expected == "yuan" else None
    mend = None if times is None else f"multiply the value by {times:.0f} and write yuan"
    return [rows.wrong(row, "unit", f"{indicator} is in {unit!r}", expected, mend)]


def _gaps_at_the_eve(panel: Panel) -> list[InputError]:
    """Name what the nation lacks in the last year, and a panel that ends before it."""
    shown = ", ".join(str(file) for file in panel.files)
    latest = max((year for _, _, year in panel.figures), default=None)
    if latest != panel.last_year:
        ends = "has no row" if latest is None else f"ends with {latest}"
        return [
            InputError(
                f"the panel {ends}",
                key="last_year",
                file=shown,
                allowed="a last year in which there are figures",
                suggestion=None if latest is None else str(latest),
            )
        ]
    return [
        InputError(
            f"{indicator} of the nation has no row in {panel.last_year}",
            key=f"panel.{indicator}",
            file=shown,
            allowed=f"a row of {NATION} for the last year, for levels of that year follow the nation",
        )
        for indicator in AT_THE_EVE
        if (NATION, indicator, panel.last_year) not in panel.figures
    ]
