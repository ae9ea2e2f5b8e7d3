"""The observed figures that a calibration fits: which ones, how sure, and on which side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import pandas as pd

from ...engine.errors import InputError, nearest
from ..planning.definitions import Definitions
from .compare_observed import DERIVED

if TYPE_CHECKING:
    from ...scenarios import Pack

Side = Literal["equal", "at_least", "at_most"]

FITTED: Final[dict[str, Side]] = {"fit": "equal", "at_least": "at_least", "at_most": "at_most"}
"""How a figure enters the fit, by the word in the table's column ``use``; other rows do not."""

Units = dict[str, str]


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

    Of a table of one's own it refuses, each with row and column: an empty or wrong cell, a negative number, a
    year given twice, an unknown indicator, a unit other than the pack's, a figure without error that is to be
    fitted, a figure that was not known when the plan was written.
    """
    if file is None:
        return pack.observed
    from ...scenarios.provinces.columns import TABLES
    from ...scenarios.reading.csv_tables import read_table
    from ...scenarios.reading.refusals import raise_all

    table = read_table(file, TABLES["observed"])
    units = _units(pack, definitions)
    errors = []
    for row, figure in enumerate(table.to_dict("records"), start=1):
        errors += _wrong(figure, row, units, pack.manifest.last_year, file)
    raise_all(errors)
    return table


def _units(pack: Pack, definitions: Definitions) -> Units:
    """Unit of each figure that the model can answer to."""
    known = {name: indicator.unit for name, indicator in definitions.indicators.items()}
    observed = dict(zip(pack.observed["indicator"], pack.observed["unit"], strict=True))
    return {**observed, **known}


def errors_at(file: Path, line: int, place: str) -> Callable[..., InputError]:
    """Give what makes an error about a cell of a line of observed figures."""

    def error(problem: str, column: str, allowed: str, suggestion: str | None = None) -> InputError:
        return InputError(
            f"{problem} ({place})",
            key=f"observed.{column}",
            file=file,
            line=line,
            allowed=allowed,
            suggestion=suggestion,
        )

    return error


def _wrong(
    figure: Mapping[Hashable, Any], row: int, units: Units, last_year: int, file: Path
) -> list[InputError]:
    name, year, use = str(figure["indicator"]), int(str(figure["year"])), figure["use"]
    place = f"row {row}: {name} {year}"
    base = name.partition(".")[0]
    error = errors_at(file, row + 1, place)

    if name not in units and base not in units:
        near = nearest(name, sorted({*units, *DERIVED}))
        return [error(f"unknown indicator {name!r}", "indicator", "an indicator of the model", near)]
    errors = []
    unit = units.get(name, units.get(base, ""))
    if figure["unit"] != unit:
        errors.append(error(f"the unit is {figure['unit']!r}", "unit", unit, unit))
    if use in FITTED:
        if not float(str(figure["value"])) > 0.0:
            errors.append(error(f"{figure['value']} has no logarithm", "value", "a number above 0"))
        if not float(str(figure["ln_error"])) > 0.0:
            errors.append(error("a fitted figure needs an error", "ln_error", "a number above 0"))
        if year > last_year:
            errors.append(error(f"{year} was not yet known", "use", f"check or prior after {last_year}"))
    return errors


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
