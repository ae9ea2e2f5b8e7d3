"""The years of all runs, indicator by indicator, without holding them all in memory."""

from __future__ import annotations

import tempfile
from types import TracebackType
from typing import Self

import numpy as np
import pandas as pd

from ..keeping.cube import Axes, codes_of
from ..keeping.store import PREDICTIVE, Store
from ..planning.definitions import Definitions
from .target_and_indicator_tables import yearly


class YearsOfRuns:
    """Calendar years of every run in a file that lives as long as the context.

    A part holds all indicators of some runs; a table needs one indicator of all runs. In memory the turn from
    one to the other would take some hundred kilobytes for each run. So the predictive rows are read, part by
    part, twice. ``indicators`` are what they carry.
    """

    def __init__(self, store: Store, definitions: Definitions) -> None:
        self._store = store
        self._definitions = definitions
        self._axes = Axes(store, PREDICTIVE)
        self._years = sorted({quarter.year for quarter in self._axes.quarters})
        self.indicators = self._axes.indicators

    def __enter__(self) -> Self:
        """Read every part and put its years into place."""
        axes = self._axes
        here = (len(axes.scenarios), len(axes.futures), len(self._years))
        self._there = np.zeros(here, bool)
        # beside the results: a folder for temporary files may lie in memory
        self._file = tempfile.TemporaryFile(dir=self._store.folder)
        shape = (len(self.indicators), *here)
        self._values = (
            np.memmap(self._file, np.float64, "w+", shape=shape) if axes.futures else np.zeros(shape)
        )
        for frame in self._store.frames(PREDICTIVE):
            rows = yearly(frame, self._definitions)
            place = (
                codes_of(rows["scenario"], axes.scenarios),
                np.searchsorted(axes.futures, rows["future"].to_numpy(np.int64)),
                np.searchsorted(self._years, rows["year"].to_numpy(np.int64)),
            )
            self._values[codes_of(rows["indicator"], self.indicators), *place] = rows["value"]
            self._there[place] = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the file go."""
        del self._values
        self._file.close()

    def of(self, indicator: str) -> pd.DataFrame:
        """Give one indicator in the form of `target_and_indicator_tables.yearly`, scenarios by alphabet."""
        axes = self._axes
        scenario, future, year = np.nonzero(self._there)
        rows = pd.DataFrame(
            {
                "scenario": np.array(axes.scenarios, object)[scenario],
                "future": np.array(axes.futures, np.int64)[future],
                "indicator": indicator,
                "year": np.array(self._years, np.int64)[year],
                "value": self._values[self.indicators.index(indicator)][self._there],
            }
        ).astype({"scenario": "str", "indicator": "str"})
        return rows.sort_values(["scenario", "future", "year"], ignore_index=True)
