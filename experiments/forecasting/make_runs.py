"""Make the runs of a forecast: all at once, one share of them, or in rounds until they are precise enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial

from ..keeping.store import Store
from ..planning.door_to_model import Model
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job
from ..running.batch import complete
from ..running.progress import Progress, ProgressFunction
from ..running.runner import RunBatch
from ..running.shards import Unfinished, missing_runs
from .options import ForecastOptions
from .precision import STOPPED, Tally, decision, rounds
from .predictive import Predictive


def make_runs(
    store: Store,
    plan: Sequence[PlannedRun],
    job: Job,
    model: Model,
    options: ForecastOptions,
    predictive: Predictive,
    executor: RunBatch | None = None,
) -> None:
    """Make the runs of a forecast that its store does not hold yet.

    Parameters
    ----------
    store : Store
        The forecast's open folder.
    plan : sequence of PlannedRun
        All runs, future by future.
    job : Job
        Scenarios, scale and the door to the model.
    model : Model
        Definitions, and how to compile the rules.
    options : ForecastOptions
        Share, precision, workers.
    predictive : Predictive
        Predicts what a wished precision is judged by.
    executor : callable, optional
        What makes the runs instead of this machine's workers or a cluster.

    Raises
    ------
    Unfinished
        If this share is done and others are not.
    """
    make = partial(complete, store, job=job, options=options, warm=model.warm, executor=executor)
    if options.precision is not None:
        tally = Tally(model.definitions, list(job.scenarios), predictive)
        _in_rounds(store, plan, job, tally, options.precision, make, options)
    elif options.shard is not None:
        failed = make(options.shard.of_plan(plan), planned=len(plan))
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
    options: ForecastOptions,
) -> None:
    """Make round after round until the decision falls, and write it into the manifest."""
    scenarios = len(job.scenarios)
    most = len(plan) // scenarios
    counted = _OneBatch(options.progress)
    for futures in rounds(most, precision):
        make(plan[: futures * scenarios], options=options.model_copy(update={"progress": counted}))
        tally.look(store)
        stop = decision(tally, futures, most, precision)
        if stop is not None:
            store.note(**{STOPPED: asdict(stop)})
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
