"""Carry out a waterfall: its runs in a folder of their own, then its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...engine.errors import InputError, RunError
from ..forecasting.discrepancy import SERIES
from ..forecasting.options import ForecastOptions
from ..forecasting.predictive import Predictive, predictive_of
from ..forecasting.uncertainty import job_without
from ..keeping.integrity import open_finished
from ..keeping.manifest import identity_of
from ..keeping.parquet_parts import read_part
from ..keeping.shown import Shown
from ..keeping.store import FAILURES, RUNS, Store, open_store
from ..planning import door_to_model
from ..planning.definitions import Definitions
from ..planning.runs import Job
from ..running.batch import complete
from .lever_steps import LeverSteps, levers_between
from .waterfall_table import COSTS, waterfall_table

if TYPE_CHECKING:
    from ...scenarios import Scenario

KIND: Final = "waterfall"
"""Kind of the experiment in the manifest."""

WATERFALL: Final = "waterfall.csv"


@dataclass(frozen=True, repr=False)
class Waterfall(Shown):
    """A finished waterfall: what each lever adds on the way from the base to a scenario.

    Attributes
    ----------
    folder : Path
        Holds runs, table, manifest, failures.
    table : DataFrame
        ``waterfall.csv``; columns `waterfall_table.COLUMNS`.
    failed : int
        Number of runs that failed; their futures are left out.
    """

    folder: Path
    table: pd.DataFrame
    failed: int = 0

    @classmethod
    def read(cls, folder: str | Path) -> Waterfall:
        """Read a finished waterfall from its folder.

        Raises
        ------
        InputError
            If the folder holds none.
        """
        store = open_finished(Path(folder))
        try:
            table = store.read_csv(WATERFALL).astype({"counting": "object"}).fillna({"counting": ""})
            return cls(store.folder, table, len(store.failures()))
        except OSError as error:
            raise InputError(
                f"{str(folder)!r} holds no finished waterfall",
                key="folder",
                allowed=f"a folder with {WATERFALL} and {FAILURES}",
            ) from error

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return 1 if self.failed else 0

    def plot(self, lang: str | None = None) -> Any:
        """Draw a panel for each target and one for the net public cost, in English or Chinese (``zh``)."""
        return self._drawn(lang)

    def __repr__(self) -> str:
        """Say where it is, and where it leads."""
        row = self.table.iloc[0]
        return f"<Waterfall in {str(self.folder)!r}: from {row['base']} to {row['scenario']}>"


def steps_between(base: Scenario, end: Scenario, options: ForecastOptions) -> LeverSteps:
    """Settle the way from one scenario to another, and refuse what is none.

    Raises
    ------
    InputError
        See `lever_steps.levers_between` and `LeverSteps.check`.
    """
    steps = LeverSteps(base, end, levers_between(base, end), options.seed, options.runs)
    steps.check()
    return steps


def identity_of_waterfall(
    steps: LeverSteps, definitions: Definitions, options: ForecastOptions
) -> dict[str, Any]:
    """Put together all on which the table depends; see `manifest.identity_of`. The base stands last."""
    worlds = {steps.end.name: steps.end, steps.base.name: steps.base}
    settings: dict[str, Any] = {"without": list(options.without)} if options.without else {}
    if options.own:
        settings["own_code"] = options.own.as_dict()
    if discrepancies := predictive_of(worlds, options.without).as_dict():
        settings["discrepancy"] = discrepancies
    return identity_of(
        worlds,
        door_to_model.data_folders(worlds),
        kind=KIND,
        runs=options.runs,
        scale=options.scale,
        seed=options.seed,
        indicators=door_to_model.hashes_of_indicators(definitions, options.own),
        settings=settings,
    )


def carry_out(
    steps: LeverSteps, model: door_to_model.Model, options: ForecastOptions, folder: Path
) -> Waterfall:
    """Make the runs of a waterfall that its folder lacks, then its table.

    Of each record only what the table needs is kept.

    Raises
    ------
    RunError
        If there is no future in which every world ended well.
    """
    model = door_to_model.judging(model, steps.end, steps.base)
    store = open_store(folder, identity_of_waterfall(steps, model.definitions, options))
    options.own.keep(folder)
    complete(store, steps.plan(), job_of(steps, model, options), options, warm=model.warm)
    frames = _predicted(store, steps, options.without)
    table = waterfall_table(frames, steps, model.definitions, steps.base.pack().name)
    if table.empty:
        raise RunError(f"there is no future in which every world ended well; see {folder / FAILURES}")
    store.write_csv(WATERFALL, table)
    store.list_files()
    return Waterfall.read(folder)


def job_of(steps: LeverSteps, model: door_to_model.Model, options: ForecastOptions) -> Job:
    """Say what is the same for all runs of a waterfall."""
    model = door_to_model.judging(model, steps.end, steps.base)
    wanted = [*sorted(model.definitions.counted), *SERIES, *COSTS]
    job = Job(
        steps,
        options.scale,
        model.run_one,
        model.run_together,
        indicators=tuple(dict.fromkeys(name for name in wanted if name in model.definitions.indicators)),
    )
    return job_without(job, options.without, options.seed)


def steps_again(identity: Mapping[str, Any], options: ForecastOptions) -> LeverSteps:
    """Put the way together again from the identity in a manifest."""
    end, base = (door_to_model.scenario_of(entry["contents"]) for entry in identity["scenarios"].values())
    return steps_between(base, end, options)


def _predicted(store: Store, steps: LeverSteps, without: tuple[str, ...]) -> Iterator[pd.DataFrame]:
    """Give the parts as the statistics will say: all worlds of a future miss alike."""
    one = predictive_of({steps.base.name: steps.base}, without).of_scenario(steps.base.name)
    predictive = Predictive({} if one is None else dict.fromkeys(steps, one))
    for part in store.parts(RUNS):
        frame: pd.DataFrame = predictive.of(read_part(part)).to_pandas()
        yield frame
