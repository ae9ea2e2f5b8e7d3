"""Read a file of outside paths, for a forecast under stated conditions."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...engine.errors import InputError, nearest
from ..reading.csv_tables import Rows, read_rows
from ..reading.refusals import raise_all
from .columns import PANEL, SERIES
from .names import find_province
from .pack import Pack
from .pack_checks import size_problems

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["outside_rows"]

_CONTRACTS: Final = ("contract_count_output", "contract_value_output")
_OF_THE_PROVINCE: Final = ("rd_expenditure", "fiscal_science_technology")


def outside_rows(path: str | Path, pack: Pack) -> pd.DataFrame:
    """Read the rows of a file in the panel's form that replace drawn outside paths.

    Parameters
    ----------
    path : str or Path
        CSV with the panel's columns (``province, province_zh, year, indicator, value,
        unit, source``).
    pack : Pack
        Rows of its province, by any of its names, and of ``china`` are used, in years after
        its last one; all other rows are left aside.

    Returns
    -------
    pandas.DataFrame
        Columns ``indicator``, ``scope`` (province or china), ``year``, ``value``,
        ``unit``, in rising order.

    Raises
    ------
    InputError
        Anything wrong in the file, a figure that no run would read, in another unit, or as
        large as the nation's, or no usable row at all.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError("the file does not exist", key="outside.file", file=file)
    rows = _read(file, file.stat().st_mtime_ns)
    frame = rows.frame
    # The panel calls two provinces otherwise than their packs are called.
    called = {name: find_province(name) or name for name in frame["province"].unique()}
    here = frame["province"].map(called).isin([pack.name, "china"]) & (
        frame["year"] > pack.manifest.last_year
    )
    used = frame[here].copy()
    if used.empty:
        raise InputError(
            f"no row of {pack.name} or china after {pack.manifest.last_year}",
            key="outside.file",
            file=file,
            allowed=f"rows with province {pack.name} or china and a later year",
        )
    used["scope"] = used["province"].where(used["province"] == "china", "province")
    twice = used[used.duplicated(["indicator", "scope", "year"])]
    if len(twice):
        one = twice.iloc[0]
        raise InputError(
            f"{one['indicator']} of {one['year']} is given twice, under two names of the province",
            key="outside.province",
            file=file,
            allowed="once",
        )
    _check(rows, used, pack)
    columns = ["indicator", "scope", "year", "value", "unit"]
    return used[columns].sort_values(["indicator", "scope", "year"], ignore_index=True)


@functools.lru_cache(maxsize=4)
def _read(file: Path, stamp: int) -> Rows:
    return read_rows(file, PANEL._replace(name="outside"))


def _check(rows: Rows, used: pd.DataFrame, pack: Pack) -> None:
    """Refuse what no run reads, and figures of which none can be made."""
    output = "gdp" if pack.has_series("gdp") else "fiscal_total"
    read = {"china": _CONTRACTS, "province": (*_CONTRACTS, *_OF_THE_PROVINCE, output)}
    facts = list(zip(*(used[name] for name in ("indicator", "scope", "year", "value", "unit")), strict=True))
    stated: dict[tuple[str, str], dict[int, float]] = {}
    for indicator, scope, year, value, _ in facts:
        stated.setdefault((indicator, scope), {})[year] = value
    errors = []
    for row, (indicator, scope, year, value, unit) in zip(used.index, facts, strict=True):
        nation = stated.get((indicator, "china"), {}).get(year)
        if year > pack.years.latest:
            errors.append(rows.wrong(row, "year", f"no run comes to {year}", f"up to {pack.years.latest}"))
        if indicator not in read[scope]:
            problem = f"{indicator} of {scope} changes nothing in a run"
            near = nearest(indicator, read[scope])
            errors.append(rows.wrong(row, "indicator", problem, ", ".join(read[scope]), near))
        elif scope == "province" and indicator in _CONTRACTS and nation is None:
            problem = f"{indicator} of the province changes nothing without the nation's of {year}"
            errors.append(rows.wrong(row, "indicator", problem, "a row of china for the same year as well"))
        else:
            known = {**pack.series_of(indicator, scope), **stated[indicator, scope]}
            errors += size_problems(rows, row, value, unit, SERIES[indicator], [known], year)
            if value == 0.0:
                errors.append(rows.wrong(row, "value", "0 has no logarithm", "a number above 0"))
            if scope == "province" and nation is not None and value >= nation:
                problem = f"{value:g} is as much as the nation has, {nation:g}"
                errors.append(rows.wrong(row, "value", problem, "less than the nation's"))
    raise_all(errors)
