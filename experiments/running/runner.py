"""Run a batch so that it always ends, and a bad run costs that run alone.

Workers are separate processes in a pool that notices the death of one. A chunk of
runs whose worker dies or hangs is repeated run by run, so that only the run at
fault is lost; it comes out as a `Failed`, and the batch goes on.
"""

from __future__ import annotations

import functools
import importlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from operator import length_hint
from typing import Any, Final, Protocol, Self

from ...engine.errors import InputError
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Finished, Job, Outcome
from .pool import Chunk, Pool, Workers
from .process_context import usable_cores
from .worker import run_in_this_process
from .worker_process import share_of_memory

TIME_LIMIT_SECONDS: Final = 600.0
"""A run that takes longer is taken to hang. A run of the whole province takes a few seconds."""

LONGEST_SHARED_CHUNK: Final = 30
"""Most runs of one future that travel together."""

_LONGEST_CHUNK: Final = 10
_UNKNOWN_LENGTH: Final = 1_000
_CHUNKS_PER_WORKER: Final = 8


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
    plan: Iterable[PlannedRun], length: int, longest: int = LONGEST_SHARED_CHUNK, short: int = 0
) -> Iterator[tuple[PlannedRun, ...]]:
    """Cut a plan into chunks, drawn from it one by one.

    Runs of one future that stand next to each other share their history if they
    travel together. So a chunk of ``length`` runs or more goes on to the end of its
    future, but never beyond ``longest`` runs: a future with thousands of design points
    would else be one chunk for one worker. The first ``short`` chunks are of one future, so that who
    stops a batch early finds runs kept.
    """
    chunk: list[PlannedRun] = []
    made = 0
    for run in plan:
        another = bool(chunk) and run.future != chunk[-1].future
        if len(chunk) >= longest or (another and len(chunk) >= (length if made >= short else 1)):
            yield tuple(chunk)
            chunk = []
            made += 1
        chunk.append(run)
    if chunk:
        yield tuple(chunk)


def default_workers(runs: int) -> int:
    """Give the number of worker processes: one for each usable core, no more than runs."""
    return max(1, min(usable_cores(), runs))


def check_importable(run_one: Callable[..., Any]) -> None:
    """Refuse a run function that a worker could not find by its module's name."""
    if isinstance(run_one, functools.partial):
        run_one = run_one.func
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
    together: int = LONGEST_SHARED_CHUNK,
) -> Iterator[Outcome]:
    """Make every run of a plan and yield the outcomes in order of completion.

    The plan is gone through once, in the order in which runs are started, and only as far ahead as the
    workers need, so that a run may be claimed when it is drawn; how many there are is asked with
    ``operator.length_hint``. ``workers`` is one for each usable core by default; 0 makes the runs in this
    process, for a debugger: a crash then ends the batch. A run that takes longer than ``time_limit`` seconds
    is taken to hang. At most ``together`` runs of one future live its past once, in one call of the model.

    A ``job.run_one`` that no worker process could find is refused; a `RunError` says that no worker process
    can be started at all.
    """
    with Crew(together) as crew:
        yield from crew(plan, job, workers=workers, time_limit=time_limit)


class Crew:
    """Makes one plan of a job after the other, as `run_batch` does, with processes that stay.

    To start a process costs as much as a dozen runs, and a forecast is tried out before it is made: whoever
    was started for that goes on with the rest, and what was made then is not made again.
    """

    def __init__(self, together: int = LONGEST_SHARED_CHUNK) -> None:
        self._together = together
        self._job: Job | None = None
        self._processes: Workers | None = None
        self._tried: dict[PlannedRun, Finished] = {}

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the processes, whatever they do."""
        self._stop()

    def try_out(
        self,
        plan: Iterable[PlannedRun],
        job: Job,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> Iterator[Outcome]:
        """Make runs of a plan that is not begun yet; those that end well are kept for it."""
        for outcome in self(plan, job, workers=workers, time_limit=time_limit):
            if isinstance(outcome, Finished):
                self._tried[outcome.run] = outcome
            yield outcome

    def __call__(
        self,
        plan: Iterable[PlannedRun],
        job: Job,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> Iterator[Outcome]:
        """Make every run of a plan; see `run_batch`."""
        if job != self._job:
            self._stop()
            self._tried.clear()
            self._job = job
        runs = length_hint(plan, _UNKNOWN_LENGTH)
        there: list[Outcome] = []
        left = self._not_tried(plan, there)
        for outcome in self._made(left, runs, job, workers, time_limit):
            yield from _taken_from(there)
            yield outcome
        yield from there

    def _not_tried(self, plan: Iterable[PlannedRun], there: list[Outcome]) -> Iterator[PlannedRun]:
        for run in plan:
            if (outcome := self._tried.pop(run, None)) is None:
                yield run
            else:
                there.append(outcome)

    def _made(
        self, plan: Iterator[PlannedRun], runs: int, job: Job, workers: int | None, time_limit: float
    ) -> Iterator[Outcome]:
        if workers == 0:
            for future in chunks_of(plan, 1):
                yield from run_in_this_process(job, future)
            return
        if not runs:
            return
        count = default_workers(runs) if workers is None else min(workers, runs)
        longest = max(1, min(self._together, -(-runs // count)))
        chunks = map(Chunk, chunks_of(plan, chunk_length(runs, count), longest, short=2 * count))
        ended = False
        try:
            yield from Pool([self._at_work(count, job)], time_limit).run(chunks)
            ended = True
        finally:
            if not ended:  # also if nobody asks for more: what they are making belongs to nobody
                self._stop()

    def _at_work(self, count: int, job: Job) -> Workers:
        if self._processes is None or self._processes.number < count:
            self._stop()
            check_importable(job.run_one)
            pickle.dumps(job)  # fails here and clearly, rather than in the pool's own threads
            self._processes = Workers(count, job, share_of_memory(count))
        return self._processes

    def _stop(self) -> None:
        if self._processes is not None:
            self._processes.stop()
            self._processes = None


def _taken_from(there: list[Outcome]) -> Iterator[Outcome]:
    while there:
        yield there.pop(0)
