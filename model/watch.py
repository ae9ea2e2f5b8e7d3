"""What a run takes down of single units beside its indicators, and the tables that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError, check_choice
from .recorded_columns import CALL, PROGRAMMES, UNITS

if TYPE_CHECKING:
    import pandas as pd

    from ..engine.columns import Column
    from ..scenarios import Scenario


@dataclass(frozen=True)
class Watch:
    """What to take down: tables of units by quarter, and calls of programmes with their losers.

    Parameters
    ----------
    units : tuple of str
        Of ``firm``, ``bank``, ``owner`` (university, institute, military unit) and ``city``; all by default.
    programmes : tuple of str
        Programmes whose calls are taken down; all by default.

    Raises
    ------
    InputError
        If there is no such kind of unit or programme.

    Examples
    --------
    >>> Watch(units=("firm",), programmes=("voucher",))
    Watch(units=('firm',), programmes=('voucher',))
    """

    units: tuple[str, ...] = tuple(UNITS)
    programmes: tuple[str, ...] = PROGRAMMES

    def __post_init__(self) -> None:
        """Refuse names that nothing bears."""
        _check_names("units", "a kind of unit", self.units, UNITS)
        _check_names("programmes", "a programme that chooses", self.programmes, PROGRAMMES)

    def check(self, scenario: Scenario, scale: float) -> None:
        """Refuse a run whose rows are not single units by quarter.

        Raises
        ------
        InputError
            If the scale is below 1, or a step is no quarter.
        """
        if scale != 1:
            raise InputError(
                f"at scale {scale:g} a row stands for several firms, and single units cannot be watched",
                key="scale",
                allowed="1 together with `watch`",
            )
        if scenario.steps_per_year != 4:
            raise InputError(
                f"with {scenario.steps_per_year} steps a year single units cannot be watched by quarter",
                key="steps_per_year",
                allowed="4 together with `watch`",
            )


def _check_names(key: str, what: str, given: Iterable[str], known: Iterable[str]) -> None:
    if isinstance(given, str):
        raise InputError(f"{given!r} is one word", key=f"watch.{key}", allowed="a list of names")
    for name in given:
        check_choice(name, f"watch.{key}", known, f"{name!r} is not {what}")


def frame(
    table: npt.NDArray[Any], columns: Iterable[Column], names: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Make a table for people: codes as categories with names, keys as whole numbers.

    Parameters
    ----------
    table : structured ndarray of shape (rows,)
        Of ``columns``.
    names : mapping of str to tuple of str
        Names of the codes that the province names: cities and fields.

    Returns
    -------
    pandas.DataFrame
        One row a row, in the order of ``columns``.
    """
    import pandas as pd

    def read(column: Column) -> object:
        words = column.names or names.get(column.name)
        values = np.ascontiguousarray(table[column.name])
        return pd.Categorical.from_codes(values, categories=pd.Index(words)) if words else values

    return pd.DataFrame({column.name: read(column) for column in columns}, copy=False)


def watched_columns() -> pd.DataFrame:
    """List the columns of all tables that a `Watch` takes down.

    Returns
    -------
    pandas.DataFrame
        Columns table, column, unit, meaning, names (of the codes; empty where the province names them).
    """
    import pandas as pd

    return pd.DataFrame(
        [
            (table, column.name, column.unit, column.meaning, ", ".join(column.names))
            for table, columns in {**UNITS, "call": CALL}.items()
            for column in columns
        ],
        columns=["table", "column", "unit", "meaning", "names"],
    )


__all__ = ["Watch", "frame", "watched_columns"]
