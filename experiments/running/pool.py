"""A pool of worker processes that survives the death, the hang and the greed of any of them."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import pebble

from ...engine.errors import RunError
from ...engine.surroundings import during, stand_in_for_streams
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job, Outcome
from .process_context import WorkerContext
from .worker import one_line, places
from .worker_process import receive_job, run_chunk, where_it_stood

_CHUNKS_UNDER_WAY: Final = 3
_PLACES: Final = 3
_BROKEN_BEFORE_GIVING_UP: Final = 3
_SECONDS_TO_START: Final = 60.0
"""What a chunk may take beside its runs; only a worker that is stopped as a whole gets that far."""


class Chunk(NamedTuple):
    """Runs that travel together; ``last`` if this is their second trial, after a worker died."""

    runs: tuple[PlannedRun, ...]
    last: bool = False


class Workers:
    """Some worker processes, each of which may take what the others may; ``memory`` is in bytes for each."""

    def __init__(self, number: int, job: Job | None, memory: int | None) -> None:
        stand_in_for_streams()
        self.number = number
        self._given = job, memory
        self._start()

    def _start(self) -> None:
        job, memory = self._given
        with during("making a folder for notes", "temporary files", mend="set TMPDIR to one with room"):
            self._notes = tempfile.TemporaryDirectory(prefix="shaanxi-transfer-", ignore_cleanup_errors=True)
        self._context = WorkerContext()  # kept, so that it outlives the pool
        with self._context.starting():
            self._pool = pebble.ProcessPool(
                max_workers=self.number,
                initializer=receive_job,
                initargs=(job, Path(self._notes.name), memory),
                context=self._context,
            )

    def take(
        self, runs: Sequence[PlannedRun], job: Job | None, time_limit: float, longest: float
    ) -> Future[list[Outcome]]:
        """Hand some runs to whichever worker is free; the pool itself may be broken, and says so later."""
        try:
            with self._context.starting():
                taken: Future[list[Outcome]] = self._pool.schedule(
                    run_chunk, args=(runs, time_limit, job), timeout=longest
                )
        except RuntimeError as error:  # what a pool says that broke since the last look
            taken = Future()
            taken.set_exception(BrokenProcessPool(str(error)))
        return taken

    def stood(self, process: int) -> list[tuple[str, str, int]] | None:
        """Say where a worker process stood when its run overran its time; see `where_it_stood`."""
        return where_it_stood(Path(self._notes.name), process)

    def stop(self) -> None:
        """End the processes, whatever they do."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._notes.cleanup()

    def renew(self) -> None:
        """Start afresh, with none of what the processes held."""
        self.stop()
        self._start()


class Pool:
    """Makes chunks of runs, with so many seconds for one call of the model.

    Parameters
    ----------
    shares : sequence of Workers
        A future is always made by the same of them, so that what a worker keeps of it is found again.
    time_limit : float
    job : Job, optional
        What is made, where the workers were not started for one job.
    """

    def __init__(self, shares: Sequence[Workers], time_limit: float, job: Job | None = None) -> None:
        self._shares = shares
        self._time_limit = time_limit
        self._job = job
        self._pending: dict[Future[list[Outcome]], Chunk] = {}
        self._waiting: list[deque[Chunk]] = [deque() for _ in shares]
        self._under_way = [0] * len(shares)
        self._broken = [0] * len(shares)

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Outcome]:
        """Make the runs of chunks, which it draws as workers become free.

        Raises
        ------
        RunError
            If workers end again and again before they make a run.
        """
        self._fill(chunks)
        while self._pending:
            ended, _ = wait(self._pending, return_when=FIRST_COMPLETED)
            for future in ended:
                if future not in self._pending:  # it was with others whose pool broke
                    continue
                error = future.exception()
                share = self._share_of(self._pending[future])
                if isinstance(error, BrokenProcessPool):
                    self._begin_again(share)
                    continue
                chunk = self._pending.pop(future)
                self._under_way[share] -= 1
                self._broken[share] = 0
                if error is None:
                    self._fill(chunks)  # before the outcomes are dealt with: no worker waits for that
                    yield from future.result()
                else:
                    yield from self._try_again(chunk, error)
            self._fill(chunks)

    def _share_of(self, chunk: Chunk) -> int:
        return chunk.runs[0].future % len(self._shares)

    def _start(self, chunk: Chunk) -> None:
        calls = len(list(groupby(chunk.runs, key=lambda run: run.future)))
        # The worker itself keeps to the limit of each call; this is for one that cannot.
        longest = self._time_limit * calls + _SECONDS_TO_START
        share = self._share_of(chunk)
        self._pending[self._shares[share].take(chunk.runs, self._job, self._time_limit, longest)] = chunk
        self._under_way[share] += 1

    def _fill(self, chunks: Iterator[Chunk]) -> None:
        """Give every share something to do; what is drawn for one that has enough waits."""
        for share, waiting in enumerate(self._waiting):
            while waiting and self._has_room(share):
                self._start(waiting.popleft())
        while any(map(self._has_room, range(len(self._shares)))) and (chunk := next(chunks, None)):
            share = self._share_of(chunk)
            if self._has_room(share):
                self._start(chunk)
            else:
                self._waiting[share].append(chunk)

    def _has_room(self, share: int) -> bool:
        return self._under_way[share] < self._shares[share].number * _CHUNKS_UNDER_WAY

    def _begin_again(self, share: int) -> None:
        """Start the workers of a share afresh, whose pool broke as a whole, and all that they had."""
        self._broken[share] += 1
        if self._broken[share] >= _BROKEN_BEFORE_GIVING_UP:
            raise RunError("worker processes end before they make a run; see the messages above")
        had = {future: chunk for future, chunk in self._pending.items() if self._share_of(chunk) == share}
        for future in had:
            del self._pending[future]
        self._under_way[share] = 0
        self._shares[share].renew()
        for chunk in had.values():
            self._start(chunk)

    def _try_again(self, chunk: Chunk, error: BaseException) -> Iterator[Failed]:
        """Repeat a chunk whose worker died run by run; a run that did not end well alone is a failure."""
        kind, message = self._seen_from_outside(chunk, error)
        if len(chunk.runs) == 1 and (chunk.last or kind != "killed"):
            yield Failed(chunk.runs[0], kind, message)
        else:
            for run in chunk.runs:
                self._start(Chunk((run,), last=True))

    def _seen_from_outside(self, chunk: Chunk, error: BaseException) -> tuple[str, str]:
        """Name what ended a worker process: kind and message."""
        overran = f"the run did not end within {self._time_limit:g} seconds"
        if isinstance(error, TimeoutError):
            return "time limit", overran
        if isinstance(error, pebble.ProcessExpired):
            stood = self._shares[self._share_of(chunk)].stood(error.pid)
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
