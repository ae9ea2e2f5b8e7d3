"""The record of a run: indicators by quarter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ..engine.errors import RunError
from ..engine.quarters import Quarter
from .indicators.definition import Indicator
from .indicators.every_indicator import BY_CITY, INDICATORS

if TYPE_CHECKING:
    import pandas as pd

    from .province import Province

_READ: Final = {name: entry.read for name, entry in INDICATORS.items() if entry.read is not None}
"""How each of the model's own is read; no part of a recorder, which travels."""


@dataclass(frozen=True)
class Record:
    """Indicators of one run.

    Attributes
    ----------
    indicators : tuple of str
        Names, by city with the city behind a dot.
    quarters : tuple of Quarter
    values : ndarray of float64 of shape (quarters, indicators)
        Flows of the quarter, stocks and ratios at its end.
    tables : mapping of str to DataFrame
        What a `Watch` took down: ``firm``, ``bank``, ``owner``, ``city`` and ``call``; empty without one.
        :func:`~shaanxi_transfer.model.watch.watched_columns` lists their columns.
    """

    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: npt.NDArray[np.float64]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, compare=False)

    def frame(self) -> pd.DataFrame:
        """Long form.

        Returns
        -------
        pandas.DataFrame
            Columns year, quarter, indicator, value; one row a quarter and indicator.
        """
        import pandas as pd

        shape = self.values.shape
        return pd.DataFrame(
            {
                "year": np.repeat([quarter.year for quarter in self.quarters], shape[1]),
                "quarter": np.repeat([quarter.quarter for quarter in self.quarters], shape[1]),
                "indicator": np.tile(np.array(self.indicators, dtype=object), shape[0]),
                "value": self.values.ravel(),
            }
        )

    def series(self, indicator: str) -> npt.NDArray[np.float64]:
        """Values of one indicator, shape (quarters,)."""
        return np.asarray(self.values[:, self.indicators.index(indicator)])


class Recorder:
    """Reads the indicators after each step and keeps them by quarter.

    Parameters
    ----------
    province : Province
    own : mapping of str to Indicator, optional
        Indicators from outside, taken down behind the model's.
    """

    def __init__(self, province: Province, own: Mapping[str, Indicator] | None = None) -> None:
        own = own or {}
        self.read_own = {name: entry.read for name, entry in own.items() if entry.read is not None}
        cities = province.names["city"]
        by_city = (f"{name}.{city}" for name in BY_CITY for city in cities)
        self.names = (*_READ, *by_city, *self.read_own)
        known = {**INDICATORS, **own}
        self.flow = np.array([known[name.split(".")[0]].kind == "flow" for name in self.names])
        self.rows: list[npt.NDArray[np.float64]] = []
        self.quarters: list[Quarter] = []
        self.current = np.zeros(len(self.names))

    def observe(self, province: Province) -> None:
        """Take down the step; a quarter is closed with its last step.

        Raises
        ------
        RunError
            If an indicator is not a finite number.
        """
        province.take_sums()
        by_city = [cities(province) for cities in BY_CITY.values()]
        own = [read(province) for read in self.read_own.values()]
        values = np.concatenate([[read(province) for read in _READ.values()], *by_city, own])
        self.current = np.where(self.flow, self.current + values, values)
        if not province.calendar.quarter_ends(province.step):
            return
        if not np.isfinite(self.current).all():
            bad = self.names[int(np.flatnonzero(~np.isfinite(self.current))[0])]
            raise RunError(f"{bad} is {math.nan} in {province.calendar.quarter_of(province.step)}")
        self.rows.append(self.current)
        self.quarters.append(province.calendar.quarter_of(province.step))
        self.current = np.zeros(len(self.names))

    def record(self, tables: Mapping[str, pd.DataFrame] | None = None) -> Record:
        """What was taken down so far, with tables of single units if there are any."""
        values = np.array(self.rows) if self.rows else np.zeros((0, len(self.names)))
        return Record(self.names, tuple(self.quarters), values, tables or {})
