"""Worker processes that stay from one job to the next, for many small batches."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from operator import length_hint
from typing import Self

from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Job, Outcome
from .pool import Chunk, Pool, Workers
from .process_context import usable_cores
from .runner import TIME_LIMIT_SECONDS, chunk_length, chunks_of, run_batch
from .worker_process import share_of_memory

__all__ = ["StayingWorkers"]


class StayingWorkers:
    """An executor like `runner.run_batch`, a context in which its processes stay.

    To start a process costs as much as a dozen runs. Here a job travels with each chunk of its runs, which
    costs little where a scenario is a table of numbers over a world.

    Parameters
    ----------
    workers : int, optional
        Processes: one for each usable core by default, 0 for this process.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.number = usable_cores() if workers is None else workers
        self._processes: Workers | None = None

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the processes, whatever they do."""
        self.close()

    def __call__(
        self,
        plan: Iterable[PlannedRun],
        job: Job,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> Iterator[Outcome]:
        """Make every run of a plan; see `runner.run_batch`. The number of processes is that of the start."""
        runs = length_hint(plan, 1)
        if not self.number:
            yield from run_batch(plan, job, workers=0, time_limit=time_limit)
            return
        if not runs:
            return
        pickle.dumps(job)  # fails here and clearly, rather than in the pool's own threads
        if self._processes is None:
            self._processes = Workers(self.number, None, share_of_memory(self.number))
        ended = False
        try:
            chunks = map(Chunk, chunks_of(plan, chunk_length(runs, self.number)))
            yield from Pool([self._processes], time_limit, job).run(chunks)
            ended = True
        finally:
            if not ended:  # also if nobody asks for more: what they are making belongs to nobody
                self.close()

    def close(self) -> None:
        """End the processes; the next batch starts others."""
        if self._processes is not None:
            self._processes.stop()
            self._processes = None
