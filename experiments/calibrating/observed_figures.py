"""The observed figures that a calibration fits: which ones, how sure, and on which side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import pandas as pd

from ...engine.errors import InputError, nearest
from ..planning.definitions import Definitions
from .compare_observed import DERIVED

if TYPE_CHECKING:
    from ...scenarios import Pack
    from ...scenarios.reading.csv_tables import Rows

Side = Literal["equal", "at_least", "at_most"]

FITTED: Final[dict[str, Side]] = {"fit": "equal", "at_least": "at_least", "at_most": "at_most"}
"""How a figure enters the fit, by the word in the table's column ``use``; other rows do not."""


class Observation(NamedTuple):
    """One observed figure, or a bound of it (``side``).

    ``indicator`` is one of the model, or a name of `compare_observed.DERIVED`; ``value`` is in its unit,
    above 0; ``ln_error`` is the standard deviation of its logarithm.
    """

    indicator: str
    year: int
    value: float
    ln_error: float
    side: Side

    @property
    def label(self) -> str:
        """Name of the summary in tables, for example ``contract_value_output.2017``."""
        return f"{self.indicator}.{self.year}"


def observed_table(pack: Pack, definitions: Definitions, file: Path | None = None) -> pd.DataFrame:
    """Give the observed figures of a pack, or those of one's own CSV in the columns of ``observed.csv``.

    Parameters
    ----------
    pack : Pack
        Its series and cities are the measure for a table of one's own.
    definitions : Definitions
        Indicators that the model knows.
    file : Path, optional
        CSV with the columns of the pack's ``observed.csv``.

    Returns
    -------
    DataFrame
        Columns of ``observed.csv``.

    Raises
    ------
    InputError
        Each with line and column: an empty or wrong cell, a negative number, a year given
        twice, an unknown indicator or another unit, a figure without error that is to be
        fitted, a figure that was not known when the plan was written.
    """
    from ...scenarios.provinces.columns import TABLES
    from ...scenarios.provinces.pack_checks import figure_problems
    from ...scenarios.reading.csv_tables import read_rows
    from ...scenarios.reading.refusals import raise_all

    rows = pack.rows["observed"]
    errors: list[InputError] = []
    if file is not None:
        rows = read_rows(file, TABLES["observed"])
        cities = set(pack.cities["city"])
        errors += figure_problems(rows, pack.rows["series"], cities, pack.years)
    raise_all([*errors, *_of_the_model(rows, definitions)])
    return rows.frame


def _of_the_model(rows: Rows, definitions: Definitions) -> Iterator[InputError]:
    """Find figures that nothing answers to, and those in another unit than what answers."""
    from ...scenarios.provinces.columns import SERIES
    from ...scenarios.provinces.sources_read import Sources

    facts = {row["indicator"]: row["unit"] for row in Sources().table("observations.csv")}
    units = {**SERIES, **facts} | {name: indicator.unit for name, indicator in definitions.indicators.items()}
    for row, name, unit in rows.columns("indicator", "unit"):
        expected = units.get(name, units.get(name.partition(".")[0]))
        if expected is None and name not in DERIVED:
            near = nearest(name, sorted({*units, *DERIVED}))
            yield rows.wrong(
                row, "indicator", f"unknown indicator {name!r}", "an indicator of the model", near
            )
        elif expected not in (None, unit):
            yield rows.wrong(row, "unit", f"the unit is {unit!r}", expected, expected)


def fitted(table: pd.DataFrame, until: int) -> tuple[Observation, ...]:
    """List the figures of an `observed_table` that enter a fit up to a year, by their names and years."""
    rows = table[table["use"].isin(list(FITTED)) & (table["year"] <= until)]
    if rows.empty:
        raise InputError(
            f"no figure up to {until} is to be fitted", key="observed.use", allowed=", ".join(FITTED)
        )
    return tuple(
        Observation(str(name), int(year), float(value), float(error), FITTED[str(use)])
        for name, year, value, error, use in rows.sort_values(["indicator", "year"])[
            ["indicator", "year", "value", "ln_error", "use"]
        ].itertuples(index=False)
    )
