"""How likely is each target, with the plan and without it: many futures, each in both worlds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pandas as pd

from ..engine.errors import InputError
from . import doors
from .batch import complete
from .checks import check_numbers, check_province
from .forecast_tables import write_tables
from .futures import plan_runs
from .manifest import hash_of_identity, identity_of
from .progress import ProgressFunction
from .store import INDICATORS, TARGETS, Store, open_store
from .worker import Job

if TYPE_CHECKING:
    from ..scenarios import Scenario

RESULTS_FOLDER: Final = "results"
"""Where experiments go that name no folder, seen from the working folder."""


@dataclass(frozen=True, repr=False)
class Forecast:
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
    plotter : callable or None
        Draws the folder's figures: ``plotter(folder, target, language)``. Set by the
        room of reports when it is loaded, because an experiment must not know reports.
    tabulator : callable or None
        Writes the target table in HTML: ``tabulator(folder, language)``. Set likewise;
        a plain table is shown without it.
    """

    folder: Path
    targets: pd.DataFrame
    indicators: pd.DataFrame
    failures: pd.DataFrame

    plotter: ClassVar[Callable[[Path, str | None, str], Any] | None] = None
    tabulator: ClassVar[Callable[[Path, str], str] | None] = None

    @classmethod
    def read(cls, folder: str | Path) -> Forecast:
        """Read a finished forecast from its folder.

        Raises
        ------
        InputError
            If the folder holds no finished forecast.
        """
        store = Store(Path(folder))
        try:
            targets = store.read_csv(TARGETS).astype({"first_year_median": "Int64"})
            return cls(store.folder, targets, store.read_csv(INDICATORS), store.failures())
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

    def plot(self, target: str | None = None, language: str = "en") -> Any:
        """Draw the fan chart of a target, or of all of them.

        Parameters
        ----------
        target : str, optional
            One target; all by default.
        language : {'en', 'zh'}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            Shown by a notebook.
        """
        if Forecast.plotter is None:
            raise InputError(
                "nothing is loaded that draws figures",
                key="plot",
                allowed="with `from shaanxi_transfer import forecast`, which loads the reports",
            )
        return Forecast.plotter(self.folder, target, language)

    def __repr__(self) -> str:
        """Say where it is, and whether runs failed."""
        return f"<Forecast in {str(self.folder)!r}, {self._state()}>"

    def _state(self) -> str:
        scenarios = " and ".join(dict.fromkeys(self.targets["scenario"].astype(str)))
        failed = f"{self.failed} runs failed" if self.failed else "no run failed"
        return f"{scenarios}: {failed}"

    def _repr_html_(self) -> str:
        """Show the target table in a notebook."""
        if Forecast.tabulator is not None:
            return Forecast.tabulator(self.folder, "en")
        shown = self.targets.to_html(index=False, na_rep="", float_format="{:,.4g}".format)
        return f"<p>{escape(self._state())}</p>{shown}"


def forecast(
    scenario: Scenario | str | Path = "action_plan",
    *,
    against: Scenario | str | Path | None = "no_plan",
    province: str | None = None,
    runs: int = 100,
    scale: float = 0.1,
    seed: int = 1,
    out: str | Path | None = None,
    workers: int | None = None,
    outside: str | Path | None = None,
    progress: ProgressFunction | None = None,
) -> Forecast:
    """Run a scenario and what it is held against in the same futures, and count the chance of each target.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, its name, or its file.
    against : Scenario, str, Path or None
        The counterfactual; None for no comparison.
    province : str, optional
        Runs both scenarios in this province (or the folder of a pack) instead of their own.
    runs : int
        Number of futures. Each is run in every scenario.
    scale : float
        Share of the many small actors that is simulated, from 0.01 to 1.
    seed : int
        The same seed gives the same tables.
    out : str or Path, optional
        Folder of the experiment. By default one under ``results`` that is named by
        all on which the tables depend. A folder that holds this very forecast is
        completed where runs are missing; one that holds anything else is refused.
    workers : int, optional
        Worker processes; one for each usable core by default, 0 for this process.
    outside : str or Path, optional
        CSV in the panel's form, whose later rows replace the drawn outside paths.
    progress : callable, optional
        Called with a `progress.Progress` as the runs come in.

    Returns
    -------
    Forecast
        With ``failed`` telling how many runs failed; these are missing from its tables.

    Raises
    ------
    InputError
        If anything of the above is refused; no run is made then.
    RunError
        If not one run ended well.
    """
    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    if province is not None and not Path(province).is_dir():
        check_province(province, doors.provinces())
    worlds = doors.worlds(scenario, against, province=province, outside=outside)
    return make_forecast(
        worlds, doors.model(), runs=runs, scale=scale, seed=seed, out=out, workers=workers, progress=progress
    )


def make_forecast(
    worlds: Mapping[str, Scenario],
    model: doors.Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    out: str | Path | None,
    workers: int | None = None,
    again: bool = False,
    progress: ProgressFunction | None = None,
) -> Forecast:
    """Make a forecast with a given model; see `forecast`.

    Parameters
    ----------
    worlds : mapping
        Scenario by name, in the order in which the tables list them.
    model : doors.Model
        The door to the model, its definitions and how to compile it.
    runs, scale, seed, out, workers, progress
        As in `forecast`.
    again : bool
        Try every run again that failed before; see `batch.complete`.
    """
    check_numbers(runs=runs, scale=scale, seed=seed, workers=workers)
    identity = identity_of_forecast(worlds, runs=runs, scale=scale, seed=seed)
    folder = default_folder(list(worlds), identity) if out is None else Path(out)
    store = open_store(folder, identity)
    plan = list(plan_runs(list(worlds), runs, seed))
    job = Job(dict(worlds), float(scale), model.run_one, model.run_together)
    complete(store, plan, job, warm=model.warm, workers=workers, progress=progress, again=again)
    write_tables(store, model.definitions, list(worlds))
    return Forecast.read(folder)


def identity_of_forecast(
    worlds: Mapping[str, Scenario], *, runs: int, scale: float, seed: int
) -> dict[str, Any]:
    """Put together all on which the tables of a forecast depend; see `manifest.identity_of`."""
    folders = doors.data_folders(worlds)
    return identity_of(worlds, folders, kind="forecast", runs=runs, scale=float(scale), seed=seed)


def default_folder(names: Sequence[str], identity: Mapping[str, Any]) -> Path:
    """Name a folder by what stands in it, so that equal forecasts share it and others do not.

    Parameters
    ----------
    names : sequence of str
        Names of the scenarios.
    identity : mapping
        See `manifest.identity_of`; its provinces and its hash enter the name.
    """
    readable = "_".join(["forecast", "_against_".join(names), *identity["data"]])
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in readable)
    return Path(RESULTS_FOLDER) / f"{plain}_{hash_of_identity(identity)[:10]}"
