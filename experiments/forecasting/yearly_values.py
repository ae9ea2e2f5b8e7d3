"""The years of all runs, indicator by indicator, without holding them all in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..keeping.cube import codes_of
from ..keeping.store import PREDICTIVE, Store
from ..planning.definitions import Definitions
from .target_and_indicator_tables import NO_YEARS, yearly

_ROWS_AT_ONCE: Final = 1_000_000
"""Years of runs in memory, of 100 bytes; what they cost each time is more than what a few of them do."""

_RUN: Final = {"scenario": "str", "future": "int64", "year": "int64"}
"""What a row is of, beside its indicator, and in which type."""


class YearsOfRuns:
    """Calendar years of every run in a file that lives as long as the context.

    A part holds all indicators of some runs; a table needs one indicator of all runs. In memory the turn from
    one to the other would take some hundred kilobytes for each run. So each part of the predictive rows is
    read once, and its years are written down indicator by indicator. ``indicators`` are what the parts carry,
    in the order of the first.
    """

    def __init__(self, store: Store, definitions: Definitions) -> None:
        self._store = store
        self._definitions = definitions
        self._parts: list[tuple[dict[str, int], npt.NDArray[np.float64]]] = []

    def __enter__(self) -> Self:
        """Read every part and put its years into place."""
        # beside the results: a folder for temporary files may lie in memory
        self._file = tempfile.TemporaryFile(dir=self._store.folder)
        keys = [NO_YEARS[list(_RUN)]]
        self.indicators: list[str] = []
        for frame in self._store.frames(PREDICTIVE):
            rows = yearly(frame, self._definitions)
            names = [str(name) for name in frame["indicator"].unique()]
            # each run carries them all: the rows of any one are those of every other
            order = np.argsort(codes_of(rows["indicator"], names), kind="stable")
            length = len(rows) // max(1, len(names))
            keys.append(rows[list(_RUN)].iloc[order[:length]])
            self._parts.append(
                (dict(zip(names, range(len(names)), strict=True)), self._put_down(rows, order))
            )
            self.indicators += [name for name in names if name not in self.indicators]
        runs = pd.concat(keys, ignore_index=True).astype(_RUN)
        # by alphabet of the scenarios
        self._order = runs.sort_values(list(_RUN), kind="stable").index.to_numpy()
        self._runs = runs.iloc[self._order]
        return self

    def _put_down(self, rows: pd.DataFrame, order: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Write the values of a part, indicator by indicator; gives a look into the file."""
        if not len(order):
            return np.zeros(0)
        begin = self._file.tell()
        self._file.write(rows["value"].to_numpy(np.float64)[order].tobytes())
        self._file.flush()
        return np.memmap(self._file, np.float64, "r", offset=begin, shape=(len(order),))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the file go."""
        self._parts.clear()
        self._file.close()

    def of(self, *indicators: str) -> pd.DataFrame:
        """Give indicators in the form of `target_and_indicator_tables.yearly`, one after the other.

        Scenarios stand by alphabet within each.
        """
        values = []
        for name in indicators:
            found = [np.zeros(0)]
            for places, part in self._parts:
                length = len(part) // max(1, len(places))
                found.append(part[places[name] * length : (places[name] + 1) * length])
            values.append(np.concatenate(found)[self._order])
        columns = {name: np.tile(self._runs[name].to_numpy(), len(indicators)) for name in _RUN}
        return pd.DataFrame(
            {
                "scenario": columns["scenario"],
                "future": columns["future"],
                "indicator": np.repeat(np.array(indicators, object), len(self._runs)),
                "year": columns["year"],
                "value": np.concatenate(values),
            }
        ).astype({"scenario": "str", "indicator": "str"})

    def in_blocks(self) -> Iterator[pd.DataFrame]:
        """Give all indicators by alphabet, so many at once as are a million rows, but one at least."""
        names = sorted(self.indicators)
        length = max(1, _ROWS_AT_ONCE // max(1, len(self._runs)))
        for first in range(0, len(names), length):
            yield self.of(*names[first : first + length])
