"""Carry out a plan into a folder: runs, failures, manifest. What is made of them is the experiment's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from ...engine.errors import RunError, SurroundingsError
from ...engine.surroundings import said
from ..keeping.ended_runs import Settled
from ..keeping.installation import accepted
from ..keeping.integrity import leave_each_run_once, mend
from ..keeping.manifest import now
from ..keeping.parquet_parts import indicators_in
from ..keeping.store import FAILURES, FILES, Store
from ..planning.options import BatchOptions
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job, Outcome
from .blocks import Blocks
from .claims import CLAIMS, Claims
from .cluster import executor_for
from .outcome_writer import Recorder
from .progress import Ticker
from .runner import TIME_LIMIT_SECONDS, RunBatch
from .stopping import StoppingPolitely

_SECONDS_BETWEEN_LOOKS: Final = 0.5


def complete(
    store: Store,
    plan: Sequence[PlannedRun],
    job: Job,
    options: BatchOptions,
    *,
    warm: Callable[[], object],
    time_limit: float = TIME_LIMIT_SECONDS,
    executor: RunBatch | None = None,
    planned: int | None = None,
) -> list[Failed]:
    """Make the runs of a plan that the store does not hold yet; give those that are missing still.

    Damaged parts are put aside first, and their runs made again. Several processes may do this with one
    folder and one plan at the same time: each run is made by one of them, and each of them returns when the
    last run has ended.

    Parameters
    ----------
    store : Store
        An open folder whose manifest belongs to this plan.
    plan : sequence of PlannedRun
        All runs of the experiment.
    job : Job
        Scenarios, scale and the door to the model.
    options : BatchOptions
        Workers, cluster, whom progress is told: once with the stage ``tables`` when the last run has ended.
        With ``other_versions`` runs may be made beside those that other libraries made.
        With ``again`` every run is tried again that failed before; otherwise only those that failed by the
        machine's fault (`store.TRIED_AGAIN`).
    warm : callable
        Compiles the rules, so that the workers only load them; called only if runs are left.
    time_limit : float
        Seconds after which one run is taken to hang.
    executor : callable, optional
        What makes the runs instead, with the signature of `runner.run_batch`.
    planned : int, optional
        Runs of the whole experiment, if this plan is a share of it.

    A `RunError` says that not one run of the plan ended well, or that the folder can no longer be written.
    Ctrl-C and SIGTERM raise `stopping.Stopped`: what was finished is stored, no worker process is left, and a
    note of the error gives the command that goes on.
    """
    ticker = Ticker(options.progress, len(plan))
    with StoppingPolitely() as signals, _said_how_to_go_on(store.folder):
        for line in mend(store):
            ticker.stage("run", note=line)
        settled = Settled(store, options.again)
        ticker.see(plan, settled)
        if ticker.done < len(plan):
            others = accepted(store.manifest(), store.folder, options.other_versions)
            store.note(**others, **{FILES: None}, runs_planned=planned or len(plan))
            ticker.compile(warm)
            ticker.stage("run")
            execute = partial(
                executor or executor_for(options.cluster, warm),
                job=_as_begun(store, job),
                workers=options.workers,
                time_limit=time_limit,
            )
            try:
                _make_runs(store, plan, execute, settled, ticker, signals)
            except BaseException:
                with suppress(OSError):  # a disk that is full says so by the error that is under way
                    settled.look()
                    _write_failures(store, settled)
                raise
        elif (store.folder / CLAIMS).is_dir():  # of who was killed between the last run and the end
            with Claims(store.folder / CLAIMS, ticker.as_dict) as claims:
                claims.clear(Blocks(plan, settled, claims).names())
        with signals.shelter():
            failures = _close(store, plan, settled, ticker)
    ticker.stage("tables")
    return failures


def _as_begun(store: Store, job: Job) -> Job:
    """Keep of each record what the store's runs hold: an indicator may have been added since."""
    parts = store.parts()
    if job.indicators is not None or not parts:
        return job
    return replace(job, indicators=indicators_in(parts[0]))


def _make_runs(
    store: Store,
    plan: Sequence[PlannedRun],
    execute: Callable[[Blocks], Iterator[Outcome]],
    settled: Settled,
    ticker: Ticker,
    signals: StoppingPolitely,
) -> None:
    """Claim, make and store runs until every run of the plan has ended, here or elsewhere."""
    with Claims(store.folder / CLAIMS, ticker.as_dict) as claims:
        blocks = Blocks(plan, settled, claims)
        recorder = Recorder(store, blocks, signals)
        while True:
            outcomes = execute(blocks)
            try:
                for outcome in outcomes:
                    recorder.add(outcome)
                    ticker.count(outcome)
            finally:
                try:
                    recorder.write()  # also when the batch is stopped: what is done is kept
                finally:
                    if isinstance(outcomes, Generator):
                        outcomes.close()  # ends its processes now, not when Python gets round to it
            settled.look()
            ticker.see(plan, settled)
            if ticker.done == len(plan):
                claims.clear(blocks.names())
                return
            ticker.stage("wait")
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _close(store: Store, plan: Sequence[PlannedRun], settled: Settled, ticker: Ticker) -> list[Failed]:
    """Write what concerns the batch as a whole; give the failures of the plan."""
    if settled.twice:
        leave_each_run_once(store)
    failures = _write_failures(store, settled)
    if ticker.made:  # else everything was there already, and the manifest says how it was made
        store.note(
            ended=now(),
            seconds=round(ticker.seconds, 3),
            seconds_per_run=round(ticker.seconds / ticker.made, 4),
            runs_finished=len(settled.finished),
            runs_failed=len(failures),
        )
    planned = {run.run_id for run in plan}
    missing = [failed for failed in failures if failed.run.run_id in planned]
    if plan and len(missing) == len(plan):
        first = missing[0]
        raise RunError(
            f"not one of {len(plan)} runs ended well; {first.run.run_id}: {first.kind}: {first.message}"
            f" (all of them in {store.folder / FAILURES})"
        )
    return missing


def _write_failures(store: Store, settled: Settled) -> list[Failed]:
    failures = settled.failures()
    store.write_failures(failures, lambda failed: replay_command(store.folder, failed))
    return failures


@contextmanager
def _said_how_to_go_on(folder: Path) -> Iterator[None]:
    """Add to whatever ends a batch early how it is taken up again."""
    how = f"what was finished is kept; go on with: {resume_command(folder)}"
    try:
        yield
    except KeyboardInterrupt as error:
        error.add_note(how)
        raise
    except OSError as error:
        raise SurroundingsError(f"{said(error, 'keeping the runs', folder)}; {how}") from error
    except SurroundingsError as error:
        raise SurroundingsError(f"{error}; {how}") from error


def resume_command(folder: Path) -> str:
    """Give the one line that goes on with an experiment."""
    return f'shaanxi-transfer resume "{folder.resolve()}"'


def replay_command(folder: Path, failed: Failed) -> str:
    """Give the one line that makes a failed run again, alone and in the open."""
    return f'shaanxi-transfer replay {failed.run.run_id} --in "{folder.resolve()}"'
