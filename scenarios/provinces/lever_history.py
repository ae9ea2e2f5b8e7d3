"""What levers stood at before the plan, where a pack states it: file ``lever_history.csv``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ...engine.errors import InputError, nearest
from ...engine.quarters import Quarter
from ..choosing.catalogue import lever_catalogue
from ..choosing.pack_years import PackYears
from ..choosing.schema import Lever
from ..reading.csv_tables import Rows, read_rows
from ..reading.likely_meaning import meant_quarter
from ..reading.number_checks import lever_number_problem
from ..reading.refusals import raise_all
from .columns import LEVER_HISTORY

__all__ = ["HISTORY_FILE", "history_rows", "read_histories"]

HISTORY_FILE: Final = "lever_history.csv"


def read_histories(file: Path, years: PackYears) -> dict[str, Lever]:
    """Read the histories that a pack states, and give its levers with them.

    Parameters
    ----------
    file : Path
        In the columns of `columns.LEVER_HISTORY`.
    years : PackYears
        Of the pack: a history ends with the quarter before the plan.

    Raises
    ------
    InputError
        Each with file, line and column: a lever that there is not, a date that is no quarter or not before
        the plan, a value out of the lever's bounds, another unit.
    """
    rows, catalogue = read_rows(file, LEVER_HISTORY), lever_catalogue()
    histories: dict[str, dict[str, float]] = {}
    errors: list[InputError] = []
    for row, name, date, value, unit in rows.columns("lever", "date", "value", "unit"):
        if name not in catalogue:
            problem = f"no lever is called {name!r}"
            errors.append(rows.wrong(row, "lever", problem, "a lever of `levers`", nearest(name, catalogue)))
            continue
        errors += _wrong(rows, row, catalogue[name], date, value, unit, years)
        histories.setdefault(name, {})[date] = value
    raise_all(errors)
    return {name: catalogue[name].model_copy(update={"history": found}) for name, found in histories.items()}


def _wrong(
    rows: Rows, row: int, lever: Lever, date: str, value: float, unit: str, years: PackYears
) -> list[InputError]:
    errors = []
    allowed = f"YYYY-Qn, {years.plan_start.later(-1)} at the latest"
    try:
        if Quarter.parse(date) >= years.plan_start:
            problem = f"{date} is not before the plan, which starts in {years.plan_start}"
            errors.append(rows.wrong(row, "date", problem, allowed))
    except InputError as error:
        errors.append(rows.wrong(row, "date", error.problem, allowed, meant_quarter(date)))
    if unit != lever.unit:
        errors.append(rows.wrong(row, "unit", f"the unit is {unit!r}", lever.unit, lever.unit))
    elif value != 0.0 and (found := lever_number_problem((), value, lever.unit, lever.low, lever.high)):
        errors.append(rows.wrong(row, "value", found.problem, found.allowed or lever.unit, found.suggestion))
    return errors


def history_rows(last_year: int) -> list[dict[str, str]]:
    """Give the histories of the package as rows of `columns.LEVER_HISTORY`, to be gone on with.

    What was known in the first quarter after the last known year is among them, nothing later.
    """
    eve = Quarter(last_year + 1, 1)
    return [
        {"lever": name, "date": date, "value": repr(value), "unit": lever.unit, "source": lever.reference}
        for name, lever in lever_catalogue().items()
        for date, value in sorted(lever.known_in(eve).history.items())
    ]
