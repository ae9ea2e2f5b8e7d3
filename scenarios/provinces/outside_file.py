"""Read a file of outside paths, for a forecast under stated conditions."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine.errors import InputError, nearest
from ..reading.csv_tables import read_table
from ..reading.refusals import raise_all
from .columns import PANEL
from .names import find_province
from .pack import Pack

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["outside_rows"]


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
        Anything wrong in the file, an indicator or unit that the pack's series do not
        have, or no usable row at all.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError("the file does not exist", key="outside.file", file=file)
    frame = _read(file, file.stat().st_mtime_ns)
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
    _check_known(used, pack, file)
    columns = ["indicator", "scope", "year", "value", "unit"]
    return used[columns].sort_values(["indicator", "scope", "year"], ignore_index=True)


@functools.lru_cache(maxsize=4)
def _read(file: Path, stamp: int) -> pd.DataFrame:
    return read_table(file, PANEL)


def _check_known(used: pd.DataFrame, pack: Pack, file: Path) -> None:
    series = pack.series
    units = dict(zip(zip(series["indicator"], series["scope"], strict=True), series["unit"], strict=True))
    known = sorted({indicator for indicator, _ in units})
    errors = []
    for indicator, scope, unit in sorted(
        set(zip(used["indicator"], used["scope"], used["unit"], strict=True))
    ):
        expected = units.get((indicator, scope))
        if expected is None:
            errors.append(
                InputError(
                    f"the pack has no series {indicator!r} of scope {scope}",
                    key="outside.indicator",
                    file=file,
                    allowed=", ".join(known),
                    suggestion=nearest(indicator, known),
                )
            )
        elif unit != expected:
            errors.append(
                InputError(f"{indicator} is in {unit!r}", key="outside.unit", file=file, allowed=expected)
            )
    raise_all(errors)
