"""Carry out a plan into a folder: runs, failures, manifest. What is made of them is the experiment's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from ..engine.errors import RunError
from .futures import PlannedRun
from .manifest import now
from .runner import TIME_LIMIT_SECONDS, ProgressFunction, RunBatch, Ticker, run_batch
from .store import FAILURES, Store
from .worker import Failed, Finished, Job, Outcome

RUNS_PER_PART: Final = 100
"""A part of a hundred runs holds about half a million rows and 4 megabytes."""

_REPLAY: Final = "shaanxi_transfer.experiments.replay"


def complete(
    store: Store,
    plan: Sequence[PlannedRun],
    job: Job,
    *,
    warm: Callable[[], object],
    workers: int | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
    progress: ProgressFunction | None = None,
    executor: RunBatch = run_batch,
) -> list[Failed]:
    """Make the runs of a plan that the store does not hold yet.

    Parameters
    ----------
    store : Store
        An open folder whose manifest belongs to this plan.
    plan : sequence of PlannedRun
        All runs of the experiment.
    job : Job
        Scenarios, scale and the door to the model.
    warm : callable
        Compiles the rules, so that the workers only load them; called only if runs are left.
    workers : int, optional
        Worker processes; see `runner.run_batch`.
    time_limit : float
        Seconds after which one run is taken to hang.
    progress : callable, optional
        Called with a `runner.Progress` as the batch goes on, and once with the stage
        ``tables`` when the last run has ended.
    executor : callable
        What makes the runs: `runner.run_batch` on this machine, or one with its signature.

    Returns
    -------
    list of Failed
        The runs that are missing from the store; they stand in ``failures.csv``.

    Raises
    ------
    RunError
        If not one run of the plan ended well.
    """
    finished = store.finished_runs()
    left = [run for run in plan if run.run_id not in finished]
    ticker = Ticker(progress, len(plan), done=len(plan) - len(left))
    failures: list[Failed] = []
    if left:
        ticker.stage("compile")
        warm()
        ticker.stage("run")
        outcomes = executor(left, job, workers=workers, time_limit=time_limit)
        failures = _make_runs(store, outcomes, ticker)
    store.write_failures(failures, lambda failed: replay_command(store.folder, failed))
    _close_manifest(store, ticker, made=len(left))
    if plan and len(failures) == len(plan):
        first = failures[0]
        raise RunError(
            f"not one of {len(plan)} runs ended well; {first.run.run_id}: {first.kind}: {first.message}"
            f" (all of them in {store.folder / FAILURES})"
        )
    ticker.stage("tables")
    return failures


def replay_command(folder: Path, failed: Failed) -> str:
    """Give the one line that makes a failed run again, alone and in the open."""
    return f'python -m {_REPLAY} "{folder.resolve()}" {failed.run.run_id}'


def _make_runs(store: Store, outcomes: Iterable[Outcome], ticker: Ticker) -> list[Failed]:
    """Store what ended well, part by part, and give back what did not."""
    failures: list[Failed] = []
    unwritten: list[Finished] = []
    try:
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                failures.append(outcome)
            else:
                unwritten.append(outcome)
            if len(unwritten) == RUNS_PER_PART:
                store.add(unwritten)
                unwritten = []
            ticker.count(outcome)
    finally:
        store.add(unwritten)  # also when the batch is interrupted: what is done is kept
    return failures


def _close_manifest(store: Store, ticker: Ticker, made: int) -> None:
    if made == 0:
        return  # everything was there already, and the manifest tells how it was made
    manifest = store.manifest()
    manifest.update(
        ended=now(),
        seconds=round(ticker.seconds, 3),
        seconds_per_run=round(ticker.seconds / made, 4),
        runs_finished=ticker.done - ticker.failed,
        runs_failed=ticker.failed,
    )
    store.write_manifest(manifest)
