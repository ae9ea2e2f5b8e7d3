"""The rounds of a fit in the folder of an experiment: runs that are there are not made again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...engine.quarters import Quarter
from ..keeping.manifest import identity_of
from ..keeping.provenance import hash_of_observed
from ..keeping.store import RUNS, Store
from ..planning import door_to_model
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Finished, Job, Outcome
from ..running.batch import complete
from ..running.progress import Progress
from ..running.runner import TIME_LIMIT_SECONDS
from .options import CalibrateOptions

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["KeptRounds", "identity_of_fit", "options_of_fit"]

_SETTINGS = ("ensembles", "members", "assimilations", "until")


def identity_of_fit(
    world: Scenario, observed: pd.DataFrame, options: CalibrateOptions, model: door_to_model.Model
) -> dict[str, Any]:
    """Put together all on which a posterior depends; see `manifest.identity_of`."""
    worlds = {world.name: world}
    return identity_of(
        worlds,
        door_to_model.data_folders(worlds),
        kind="calibration",
        runs=options.settings.runs,
        scale=options.scale,
        seed=options.seed,
        indicators=door_to_model.hashes_of_indicators(model.definitions),
        settings={
            **{name: getattr(options, name) for name in _SETTINGS},
            "province": options.province,
            "observed": hash_of_observed(observed),
        },
    )


def options_of_fit(identity: Mapping[str, Any], **how: Any) -> CalibrateOptions:
    """Give the options with which a fit was begun; ``how`` are those on which no number depends."""
    names = (*_SETTINGS, "province", "scale", "seed")
    return CalibrateOptions(**{name: identity[name] for name in names}, **how)


class KeptRounds:
    """Makes the runs of one round after the other, as `runner.run_batch` does, and keeps each of them.

    Rounds have runs of different names. What a round gives back is read from the store, those that failed
    first: so it is the same whether it was made now or before.
    """

    def __init__(self, store: Store, options: CalibrateOptions, model: door_to_model.Model) -> None:
        self._store = store
        self._options = options
        self._model = model
        self._began = time.monotonic()
        self._done = self._failed = 0

    def __call__(
        self,
        plan: Iterable[PlannedRun],
        job: Job,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> Iterator[Outcome]:
        """Make what is missing of a round, then yield one outcome for each of its runs."""
        round_ = {run.run_id: run for run in plan}
        failed = complete(
            self._store,
            list(round_.values()),
            job,
            self._options.but(workers=workers, progress=self._tell),
            warm=self._model.warm,
            time_limit=time_limit,
            planned=self._options.settings.runs,
        )
        self._done += len(round_)
        self._failed += len(failed)
        yield from failed
        yield from _kept(self._store, round_)

    def _tell(self, progress: Progress) -> None:
        """Report a round as a part of the fit; the rules are loaded and the tables written only once."""
        if self._options.progress is None or (progress.stage == "compile" and self._done):
            return
        if progress.stage == "tables" and progress.done + self._done < self._options.settings.runs:
            return
        if progress.stage != "compile":
            progress = replace(
                progress,
                done=self._done + progress.done,
                total=self._options.settings.runs,
                failed=self._failed + progress.failed,
            )
        self._options.progress(replace(progress, seconds=time.monotonic() - self._began))


def _kept(store: Store, wanted: Mapping[str, PlannedRun]) -> Iterator[Finished]:
    """Read the wanted runs that ended well, part by part; a part holds the rows of a run in their order."""
    for frame in store.frames(RUNS):
        there = frame[frame["run_id"].isin(list(wanted))]
        for name, rows in there.groupby("run_id", observed=True, sort=False):
            indicators = tuple(dict.fromkeys(rows["indicator"]))
            dates = rows[["year", "quarter"]].iloc[:: len(indicators)].itertuples(index=False)
            values = rows["value"].to_numpy().reshape(-1, len(indicators))
            quarters = tuple(Quarter(int(year), int(quarter)) for year, quarter in dates)
            yield Finished(wanted[str(name)], indicators, quarters, values)
