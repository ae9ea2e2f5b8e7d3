"""A finished forecast, as a notebook shows it: its tables, and where everything lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ...engine.errors import InputError, check_choice
from ..keeping.integrity import open_finished
from ..keeping.shown import Shown
from ..keeping.store import INDICATORS, PREDICTIVE, TARGETS
from .difference_table import no_differences, read_differences
from .target_and_indicator_tables import yearly_of_parts

if TYPE_CHECKING:
    from xarray import Dataset


@dataclass(frozen=True, repr=False)
class Forecast(Shown):
    """A finished forecast: its tables, and the folder that holds everything.

    Attributes
    ----------
    folder : Path
        Holds runs, predictive rows, tables, manifest and failures.
    targets : DataFrame
        ``targets.csv``: one row for each scenario and target.
    indicators : DataFrame
        ``indicators.csv``: one row for each scenario, indicator and year.
    failures : DataFrame
        ``failures.csv``: one row for each failed run.
    differences : DataFrame
        ``differences.csv``: what each scenario changes against the base, future by future; no row without a
        base.
    made_whole : tuple of str
        Scenarios that kept futures could not answer, and whose runs were made whole; see `keep.keep`.
    comparer : callable or None
        Reads the folder as a comparison. Set by `experiments.compare`, which knows forecasts.
    """

    folder: Path
    targets: pd.DataFrame
    indicators: pd.DataFrame
    failures: pd.DataFrame
    differences: pd.DataFrame = field(default_factory=no_differences)
    made_whole: tuple[str, ...] = ()
    comparer: ClassVar[Callable[[Path], Any] | None] = None

    @classmethod
    def read(cls, folder: str | Path) -> Forecast:
        """Read a finished forecast from its folder.

        Raises
        ------
        InputError
            If the folder holds no finished forecast.
        """
        store = open_finished(Path(folder))
        try:
            targets = store.read_csv(TARGETS).astype({"first_year_median": "Int64"})
            indicators, failures = store.read_csv(INDICATORS), store.failures()
            return cls(store.folder, targets, indicators, failures, read_differences(store))
        except OSError as error:
            raise InputError(
                f"{str(folder)!r} holds no finished forecast",
                key="folder",
                allowed=f"a folder with {TARGETS} and {INDICATORS}",
            ) from error

    @property
    def failed(self) -> int:
        """Number of runs that failed; they are missing from the tables."""
        return len(self.failures)

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return 1 if self.failed else 0

    def plot(self, target: str | None = None, lang: str | None = None) -> Any:
        """Draw the fan chart of a target, or of all of them.

        Parameters
        ----------
        target : str, optional
            One target; all by default.
        lang : {'en', 'zh'}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            Shown by a notebook.
        """
        return self._drawn(target, lang)

    def compare(self) -> Any:
        """Give what each scenario changes against the base, which is the last of several.

        Returns
        -------
        experiments.compare.Comparison
            Of the same folder; it shows its table and draws itself.

        Raises
        ------
        InputError
            If the forecast has one scenario only.
        """
        if Forecast.comparer is None:
            raise InputError(
                "nothing is loaded that compares",
                key="compare",
                allowed="with `from shaanxi_transfer import forecast`, which loads it",
            )
        return Forecast.comparer(self.folder)

    def yearly(self, *indicators: str) -> pd.DataFrame:
        """Read calendar years of all futures, as they are predicted.

        Parameters
        ----------
        *indicators : str
            Ids; all by default.

        Returns
        -------
        DataFrame
            Columns ``scenario``, ``future``, ``indicator``, ``year``, ``value`` in the indicator's unit: a
            flow is summed over the year, a stock is that of its end, a ratio the mean of its quarters.

        Raises
        ------
        InputError
            If an indicator is not in the forecast, with the nearest name, or a part is damaged.
        """
        from ..planning.door_to_model import definitions_in

        store = open_finished(self.folder)
        known = [str(name) for name in self.indicators["indicator"].unique()]
        for name in indicators:
            check_choice(
                name,
                "indicators",
                known,
                f"{name!r} is no indicator of this forecast",
                allowed="`indicators()` lists them",
            )
        wanted = indicators or known
        parts = (part[part["indicator"].isin(wanted)] for part in store.frames(PREDICTIVE))
        return yearly_of_parts(parts, definitions_in(self.folder, store.manifest()["identity"]))

    def frame(self) -> pd.DataFrame:
        """Read all runs as one frame: what each future drew, what came of it, and what differs from the base.

        Returns
        -------
        DataFrame
            A row for each run; the word in front of a column's first dot says what it holds, see
            `frame_of_runs`. Parameters are in their units, growth is of the logarithm a year, targets and
            differences are in the target's unit, costs in yuan.

        Raises
        ------
        InputError
            If a part is damaged.
        """
        from ..planning.door_to_model import definitions_in
        from .frame_of_runs import frame_of

        store = open_finished(self.folder)
        return frame_of(store, definitions_in(self.folder, store.manifest()["identity"]))

    def to_xarray(self) -> Dataset:
        """Read all runs as a cube of scenario, future and quarter; see `cube.dataset_of`.

        Returns
        -------
        xarray.Dataset
            One variable for each indicator, in memory.

        Raises
        ------
        InputError
            If xarray (extra ``cube``) is not installed, or a part is damaged.
        """
        from ..keeping.cube import dataset_of
        from ..planning.door_to_model import model

        return dataset_of(open_finished(self.folder), model().definitions)

    def __repr__(self) -> str:
        """Say where it is, and whether runs failed."""
        return f"<Forecast in {str(self.folder)!r}, {self._state()}>"

    def _state(self) -> str:
        scenarios = " and ".join(dict.fromkeys(self.targets["scenario"].astype(str)))
        failed = f"{self.failed} runs failed" if self.failed else "no run failed"
        whole = f", run whole: {', '.join(self.made_whole)}" if self.made_whole else ""
        return f"{scenarios}: {failed}{whole}"
