"""The years of all runs, indicator by indicator, without holding them all in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

import numpy as np
import pandas as pd

from ..keeping.cube import Axes, codes_of
from ..keeping.store import PREDICTIVE, Store
from ..planning.definitions import Definitions
from .target_and_indicator_tables import yearly

_ROWS_AT_ONCE: Final = 1_000_000
"""Years of runs in memory, of 100 bytes; what they cost each time is more than what a few of them do."""


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

    def of(self, *indicators: str) -> pd.DataFrame:
        """Give indicators in the form of `target_and_indicator_tables.yearly`, one after the other.

        Scenarios stand by alphabet within each.
        """
        axes = self._axes
        scenario, future, year = np.nonzero(self._there)
        alphabet = np.argsort(np.array(axes.scenarios, object)[scenario], kind="stable")
        scenario, future, year = scenario[alphabet], future[alphabet], year[alphabet]
        places = [self.indicators.index(name) for name in indicators]
        values = [np.asarray(self._values[place])[scenario, future, year] for place in places]
        return pd.DataFrame(
            {
                "scenario": np.tile(np.array(axes.scenarios, object)[scenario], len(places)),
                "future": np.tile(np.array(axes.futures, np.int64)[future], len(places)),
                "indicator": np.repeat(np.array(indicators, object), len(scenario)),
                "year": np.tile(np.array(self._years, np.int64)[year], len(places)),
                "value": np.concatenate(values),
            }
        ).astype({"scenario": "str", "indicator": "str"})

    def in_blocks(self) -> Iterator[pd.DataFrame]:
        """Give all indicators by alphabet, so many at once as are a million rows, but one at least."""
        names = sorted(self.indicators)
        length = max(1, _ROWS_AT_ONCE // max(1, int(self._there.sum())))
        for first in range(0, len(names), length):
            yield self.of(*names[first : first + length])
