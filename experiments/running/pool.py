"""A pool of worker processes that survives the death, the hang and the greed of any of them."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import pebble

from ...engine.surroundings import during, stand_in_for_streams
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job, Outcome
from .process_context import WorkerContext
from .worker import one_line, places
from .worker_process import receive_job, run_chunk, share_of_memory, where_it_stood

_CHUNKS_UNDER_WAY: Final = 3
_PLACES: Final = 3
_SECONDS_TO_START: Final = 60.0
"""What a chunk may take beside its runs; only a worker that is stopped as a whole gets that far."""


class Chunk(NamedTuple):
    """Runs that travel together; ``last`` if this is their second trial, after a worker died."""

    runs: tuple[PlannedRun, ...]
    last: bool = False


class Pool:
    """Worker processes for one job, with so many seconds for one call of the model."""

    def __init__(self, job: Job, workers: int, time_limit: float) -> None:
        stand_in_for_streams()
        self._workers = workers
        self._time_limit = time_limit
        with during("making a folder for notes", "temporary files", mend="set TMPDIR to one with room"):
            self._notes = tempfile.TemporaryDirectory(prefix="shaanxi-transfer-", ignore_cleanup_errors=True)
        self._context = WorkerContext()  # kept, so that it outlives the pool
        with self._context.starting():
            self._pool = pebble.ProcessPool(
                max_workers=workers,
                initializer=receive_job,
                initargs=(job, Path(self._notes.name), share_of_memory(workers)),
                context=self._context,
            )
        self._pending: dict[Future[list[Outcome]], Chunk] = {}

    def run(self, waiting: Sequence[Chunk], chunks: Iterator[Chunk]) -> Generator[Outcome, None, list[Chunk]]:
        """Make the runs of chunks; give back those that were under way if the pool itself broke.

        It begins with those ``waiting`` and draws more as workers become free.
        """
        try:
            for chunk in waiting:
                self._start(chunk)
            self._fill(chunks)
            while self._pending:
                ended, _ = wait(self._pending, return_when=FIRST_COMPLETED)
                for future in ended:
                    error = future.exception()
                    if isinstance(error, BrokenProcessPool):
                        return list(self._pending.values())
                    chunk = self._pending.pop(future)
                    if error is None:
                        self._fill(chunks)  # before the outcomes are dealt with: no worker waits for that
                        yield from future.result()
                    else:
                        yield from self._try_again(chunk, error)
                self._fill(chunks)
            return []
        finally:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._notes.cleanup()

    def _start(self, chunk: Chunk) -> None:
        calls = len(list(groupby(chunk.runs, key=lambda run: run.future)))
        # The worker itself keeps to the limit of each call; this is for one that cannot.
        limit = self._time_limit * calls + _SECONDS_TO_START
        future: Future[list[Outcome]]
        try:
            with self._context.starting():
                future = self._pool.schedule(run_chunk, args=(chunk.runs, self._time_limit), timeout=limit)
        except RuntimeError as error:  # what a pool says that broke since the last look
            future = Future()
            future.set_exception(BrokenProcessPool(str(error)))
        self._pending[future] = chunk

    def _fill(self, chunks: Iterator[Chunk]) -> None:
        while len(self._pending) < self._workers * _CHUNKS_UNDER_WAY and (chunk := next(chunks, None)):
            self._start(chunk)

    def _try_again(self, chunk: Chunk, error: BaseException) -> Iterator[Failed]:
        """Repeat a chunk whose worker died run by run; a run that did not end well alone is a failure."""
        kind, message = self._seen_from_outside(error)
        if len(chunk.runs) == 1 and (chunk.last or kind != "killed"):
            yield Failed(chunk.runs[0], kind, message)
        else:
            for run in chunk.runs:
                self._start(Chunk((run,), last=True))

    def _seen_from_outside(self, error: BaseException) -> tuple[str, str]:
        """Name what ended a worker process: kind and message."""
        overran = f"the run did not end within {self._time_limit:g} seconds"
        if isinstance(error, TimeoutError):
            return "time limit", overran
        if isinstance(error, pebble.ProcessExpired):
            stood = where_it_stood(Path(self._notes.name), error.pid)
            if stood is not None:
                return "time limit", one_line(overran, places(stood[:_PLACES]))
            return "killed", f"the worker process died twice ({_exit_in_words(error.exitcode)})"
        return "exception", one_line(f"{type(error).__name__}: {error}")


def _exit_in_words(code: int) -> str:
    """Put an exit code into words; a system that runs out of memory ends a process by signal 9.

    Examples
    --------
    >>> _exit_in_words(3), _exit_in_words(-9)
    ('exit code 3', 'signal 9, as when the machine runs out of memory')
    """
    if code >= 0:
        return f"exit code {code}"
    return f"signal {-code}" + (", as when the machine runs out of memory" if code == -9 else "")
