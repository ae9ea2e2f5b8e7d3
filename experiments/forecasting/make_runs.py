"""Make the runs of a forecast: all at once, one share of them, or in rounds until they are precise enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial

from ...engine.errors import InputError
from ..keeping.store import Store
from ..planning.door_to_model import Model
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job
from ..running.batch import complete
from ..running.progress import Progress, ProgressFunction
from ..running.runner import RunBatch
from ..running.shards import Shard, Unfinished, missing_runs
from .precision import STOPPED, Tally, decision, rounds
from .predictive import Predictive


def make_runs(
    store: Store,
    plan: Sequence[PlannedRun],
    job: Job,
    model: Model,
    *,
    predictive: Predictive,
    executor: RunBatch,
    workers: int | None = None,
    shard: Shard | None = None,
    precision: float | None = None,
    again: bool = False,
    progress: ProgressFunction | None = None,
) -> None:
    """Make the runs of a forecast that its store does not hold yet.

    ``predictive`` predicts what a wished precision is judged by: half of each interval, after each round. A
    share cannot be stopped by it, for it does not know the other shares. `Unfinished` says that this share is
    done and others are not. Whatever else is given is for `batch.complete`.
    """
    if shard is not None and precision is not None:
        raise InputError(
            "a share cannot tell how precise the whole is",
            key="precision",
            allowed="either a share or a precision; `--cluster` goes with both",
        )
    make = partial(
        complete,
        store,
        job=job,
        warm=model.warm,
        workers=workers,
        executor=executor,
        again=again,
        progress=progress,
    )
    if precision is not None:
        tally = Tally(model.definitions, list(job.scenarios), predictive)
        _in_rounds(store, plan, job, tally, precision, make, progress)
    elif shard is not None:
        failed = make(shard.of_plan(plan), planned=len(plan))
        if missing := missing_runs(store, plan):
            raise Unfinished(store.folder, missing, len(plan), len(failed))
    else:
        make(plan)


def _in_rounds(
    store: Store,
    plan: Sequence[PlannedRun],
    job: Job,
    tally: Tally,
    precision: float,
    make: partial[list[Failed]],
    progress: ProgressFunction | None,
) -> None:
    """Make round after round until the decision falls, and write it into the manifest."""
    scenarios = len(job.scenarios)
    most = len(plan) // scenarios
    counted = _OneBatch(progress)
    for futures in rounds(most):
        make(plan[: futures * scenarios], progress=counted)
        tally.look(store)
        stop = decision(tally, futures, most, precision)
        if stop is not None:
            store.write_manifest({**store.manifest(), STOPPED: asdict(stop)})
            counted.end()
            return


class _OneBatch:
    """Report the progress of several rounds as that of one batch: tables come once, at the end."""

    def __init__(self, report: ProgressFunction | None) -> None:
        self._report = report
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Pass on what is no end of a round."""
        if self._report is not None and progress.stage != "tables":
            self._report(progress)
        self._last = progress

    def end(self) -> None:
        """Report that the last round has ended."""
        if self._report is not None and self._last is not None:
            self._report(replace(self._last, stage="tables"))
