"""Carry out a plan into a folder: runs, failures, tables, manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from ..engine.errors import RunError
from .definitions import Definitions
from .futures import PlannedRun
from .manifest import now
from .runner import ProgressFunction, Ticker, run_batch
from .store import FAILURES, INDICATORS, PREDICTIVE, RUNS, TARGETS, Store, write_atomically
from .tables import indicator_table, target_table, yearly_of_parts
from .worker import Failed, Finished, Job, Outcome

RUNS_PER_PART: Final = 100
"""A part of a hundred runs holds about half a million rows and 4 megabytes."""

_REPLAY: Final = "shaanxi_transfer.experiments.replay"


def carry_out(
    store: Store,
    plan: Sequence[PlannedRun],
    job: Job,
    definitions: Definitions,
    *,
    warm: Callable[[], object],
    workers: int | None = None,
    progress: ProgressFunction | None = None,
) -> None:
    """Make the runs of a plan that the store does not hold yet, then its tables.

    Parameters
    ----------
    store : Store
        An open folder whose manifest belongs to this plan.
    plan : sequence of PlannedRun
        All runs of the experiment.
    job : Job
        Scenarios, scale and the door to the model.
    definitions : Definitions
        Indicators and targets.
    warm : callable
        Compiles the rules, so that the workers only load them.
    workers : int, optional
        Worker processes; see `runner.run_batch`.
    progress : callable, optional
        Called with a `runner.Progress` as the batch goes on.

    Raises
    ------
    RunError
        If not one run ended well.
    """
    finished = store.finished_runs()
    left = [run for run in plan if run.run_id not in finished]
    ticker = Ticker(progress, len(plan), done=len(plan) - len(left))
    failures: list[Failed] = []
    if left:
        ticker.stage("compile")
        warm()
        ticker.stage("run")
        failures = _make_runs(store, run_batch(left, job, workers=workers), ticker)
    store.write_failures(failures, lambda failed: replay_command(store.folder, failed))
    if len(failures) == len(plan):
        first = failures[0]
        raise RunError(
            f"not one of {len(plan)} runs ended well; {first.run.run_id}: {first.kind}: {first.message}"
            f" (all of them in {store.folder / FAILURES})"
        )
    ticker.stage("tables")
    _write_predictive(store)
    write_tables(store, definitions, list(job.scenarios))
    _close_manifest(store, ticker, made=len(left))


def replay_command(folder: Path, failed: Failed) -> str:
    """Give the one line that makes a failed run again, alone and in the open."""
    return f'python -m {_REPLAY} "{folder.resolve()}" {failed.run.run_id}'


def write_tables(store: Store, definitions: Definitions, scenarios: Sequence[str]) -> None:
    """Write ``targets.csv`` and ``indicators.csv`` from the predictive rows of the store."""
    years = yearly_of_parts(store.frames(PREDICTIVE), definitions)
    store.write_csv(TARGETS, target_table(years, definitions, scenarios))
    store.write_csv(INDICATORS, indicator_table(years, definitions, scenarios))


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


def _write_predictive(store: Store) -> None:
    """Copy the runs: until a discrepancy of the model is estimated, predictions equal them."""
    for part in store.parts(RUNS):
        copy = store.folder / PREDICTIVE / part.name
        if not copy.exists():
            write_atomically(copy, partial(shutil.copyfile, part))


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
