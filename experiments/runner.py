"""Run a batch so that it always ends, and a bad run costs that run alone.

Workers are separate processes in a pool that notices the death of one. A chunk of
runs whose worker dies or hangs is repeated run by run, so that only the run at
fault is lost; it comes out as a `Failed`, and the batch goes on.
"""

from __future__ import annotations

import importlib
import pickle
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from operator import length_hint
from typing import Any, Final, Protocol

import pebble

from ..engine.errors import InputError, RunError
from .futures import PlannedRun
from .process_context import WorkerContext, usable_cores
from .worker import Failed, Finished, Job, Outcome, receive_job, run_chunk, run_in_this_process

TIME_LIMIT_SECONDS: Final = 600.0
"""A run that takes longer is taken to hang. A run of the whole province takes a few seconds."""

LONGEST_SHARED_CHUNK: Final = 30
"""Most runs of one future that travel together."""

_LONGEST_CHUNK: Final = 10
_CHUNKS_UNDER_WAY: Final = 3
_UNKNOWN_LENGTH: Final = 1_000
_CHUNKS_PER_WORKER: Final = 8
_POOLS_BEFORE_GIVING_UP: Final = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has come; handed to the caller's ``progress`` function.

    Attributes
    ----------
    stage : str
        ``compile``, ``run`` or ``tables``.
    done : int
        Runs that ended, failed ones included.
    total : int
        Runs of the batch.
    failed : int
        Runs that failed.
    seconds : float
        Since the batch began.
    """

    stage: str
    done: int
    total: int
    failed: int
    seconds: float


ProgressFunction = Callable[[Progress], None]


def chunk_length(runs: int, workers: int) -> int:
    """Choose how many runs travel together.

    Long chunks cost less to send; short ones keep every worker busy to the end.

    Examples
    --------
    >>> chunk_length(2000, 2), chunk_length(40, 2), chunk_length(3, 2)
    (10, 2, 1)
    """
    return max(1, min(_LONGEST_CHUNK, runs // (workers * _CHUNKS_PER_WORKER)))


def chunks_of(
    plan: Iterable[PlannedRun], length: int, longest: int = LONGEST_SHARED_CHUNK
) -> Iterator[tuple[PlannedRun, ...]]:
    """Cut a plan into chunks, drawn from it one by one.

    Runs of one future that stand next to each other share their history if they
    travel together. So a chunk of ``length`` runs or more goes on to the end of its
    future, but never beyond ``longest`` runs: a future with thousands of design points
    would else be one chunk for one worker.
    """
    chunk: list[PlannedRun] = []
    for run in plan:
        another = bool(chunk) and run.future != chunk[-1].future
        if len(chunk) >= longest or (another and len(chunk) >= length):
            yield tuple(chunk)
            chunk = []
        chunk.append(run)
    if chunk:
        yield tuple(chunk)


def default_workers(runs: int) -> int:
    """Give the number of worker processes: one for each usable core, no more than runs."""
    return max(1, min(usable_cores(), runs))


def check_importable(run_one: Callable[..., Any]) -> None:
    """Refuse a run function that a worker could not find by its module's name.

    Raises
    ------
    InputError
        If the function was defined in the user's script or inside another function.
    """
    module, name = getattr(run_one, "__module__", None), getattr(run_one, "__qualname__", "")
    found: object = None
    if module and module != "__main__":
        found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part, None)
    if found is not run_one:
        raise InputError(
            f"workers cannot import {name or run_one!r} from {module!r}",
            key="run_one",
            allowed="a function at the top level of an importable module, or workers=0",
        )


class RunBatch(Protocol):
    """What makes the runs of a plan: `run_batch` on this machine, or another executor."""

    def __call__(
        self, plan: Iterable[PlannedRun], job: Job, *, workers: int | None = None, time_limit: float = 600.0
    ) -> Iterator[Outcome]:
        """Make every run and yield one outcome for each; see `run_batch`."""


def run_batch(
    plan: Iterable[PlannedRun],
    job: Job,
    *,
    workers: int | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
) -> Iterator[Outcome]:
    """Make every run of a plan and yield the outcomes as they come in.

    Parameters
    ----------
    plan : iterable of PlannedRun
        The runs, in the order in which they are started. It is gone through once, and only
        as far ahead as the workers need, so that a run may be claimed when it is drawn.
        How many there are is asked with ``operator.length_hint``.
    job : Job
        Scenarios, scale and the door to the model.
    workers : int, optional
        Worker processes; by default one for each usable core. 0 makes the runs in
        this process, for a debugger: a crash then ends the batch.
    time_limit : float
        Seconds after which one run is taken to hang.

    Yields
    ------
    Finished or Failed
        One for each run of the plan, in order of completion.

    Raises
    ------
    InputError
        If ``job.run_one`` cannot be found from a worker process.
    RunError
        If no worker process can be started at all.
    """
    if workers == 0:
        for future in chunks_of(plan, 1):
            yield from run_in_this_process(job, future)
        return
    runs = length_hint(plan, _UNKNOWN_LENGTH)
    if not runs:
        return
    check_importable(job.run_one)
    pickle.dumps(job)  # fails here and clearly, rather than in the pool's own threads
    count = default_workers(runs) if workers is None else min(workers, runs)
    longest = max(1, min(LONGEST_SHARED_CHUNK, -(-runs // count)))
    chunks = chunks_of(plan, chunk_length(runs, count), longest)
    waiting: list[tuple[PlannedRun, ...]] = []
    broken_in_a_row = 0
    while True:
        ended = 0
        outcomes = _run_pool(waiting, chunks, job, count, time_limit)
        try:
            while True:
                yield next(outcomes)
                ended += 1
        except StopIteration as end:
            waiting = end.value
        if not waiting:
            return
        broken_in_a_row = 0 if ended else broken_in_a_row + 1
        if broken_in_a_row == _POOLS_BEFORE_GIVING_UP:
            raise RunError("worker processes end before they make a run; see the messages above")


def _run_pool(
    waiting: Sequence[tuple[PlannedRun, ...]],
    chunks: Iterator[tuple[PlannedRun, ...]],
    job: Job,
    workers: int,
    time_limit: float,
) -> Generator[Outcome, None, list[tuple[PlannedRun, ...]]]:
    """Run chunks in one pool; return those that were under way if the pool itself broke."""
    pending: dict[Future[list[Outcome]], tuple[PlannedRun, ...]] = {}
    context = WorkerContext()  # named, so that it outlives the pool
    pool = pebble.ProcessPool(max_workers=workers, initializer=receive_job, initargs=(job,), context=context)

    def start(chunk: tuple[PlannedRun, ...]) -> None:
        future: Future[list[Outcome]]
        limit = time_limit * len(chunk)
        try:
            future = pool.schedule(run_chunk, args=(chunk,), timeout=limit)
        except RuntimeError as error:  # what a pool says that broke since the last look
            future = Future()
            future.set_exception(BrokenProcessPool(str(error)))
        pending[future] = chunk

    def fill() -> None:
        while len(pending) < workers * _CHUNKS_UNDER_WAY and (chunk := next(chunks, None)):
            start(chunk)

    try:
        for chunk in waiting:
            start(chunk)
        fill()
        while pending:
            ended, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in ended:
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    return list(pending.values())
                chunk = pending.pop(future)
                if error is None:
                    fill()  # before the outcomes are dealt with: no worker waits for that
                    yield from future.result()
                elif len(chunk) == 1:
                    yield Failed(chunk[0], *_seen_from_outside(error, time_limit))
                else:
                    for run in chunk:
                        start((run,))
            fill()
        return []
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _seen_from_outside(error: BaseException, time_limit: float) -> tuple[str, str]:
    """Name what ended a worker process: kind and message."""
    if isinstance(error, TimeoutError):
        return "time limit", f"the run did not end within {time_limit:g} seconds"
    if isinstance(error, pebble.ProcessExpired):
        return "killed", f"the worker process died (exit code {error.exitcode})"
    return "exception", f"{type(error).__name__}: {error}"


class Ticker:
    """Count outcomes and tell the caller's progress function.

    Parameters
    ----------
    report : callable or None
        Called with a `Progress` after each run and at each new stage.
    total : int
        Runs of the batch.
    done : int
        Runs that were there before.
    """

    def __init__(self, report: ProgressFunction | None, total: int, done: int = 0) -> None:
        self._report = report
        self._began = time.monotonic()
        self.total = total
        self.done = done
        self.failed = 0

    @property
    def seconds(self) -> float:
        """Seconds since the batch began."""
        return time.monotonic() - self._began

    def stage(self, stage: str) -> None:
        """Tell that a stage begins."""
        if self._report is not None:
            self._report(Progress(stage, self.done, self.total, self.failed, self.seconds))

    def count(self, outcome: Outcome) -> None:
        """Count one run and tell."""
        self.done += 1
        self.failed += not isinstance(outcome, Finished)
        self.stage("run")
