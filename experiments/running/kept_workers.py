"""Workers that hold kept futures: each its share, from which it makes what is left of a run.

Nothing is sent but what a scenario assumes and what a run took down. A future belongs to the share of its
number, so that the same process meets it again; one that died is replaced, and makes its share again as it
is asked for.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from operator import length_hint

from ..planning.kept_past import KeptPast
from ..planning.plan_of_runs import PlannedRun, run_name
from ..planning.runs import Failed, Finished, Job, Outcome
from .pool import Chunk, Pool, Workers
from .runner import LONGEST_SHARED_CHUNK, TIME_LIMIT_SECONDS, chunks_of, run_batch
from .worker_process import share_of_memory

__all__ = ["KeptWorkers"]


class KeptWorkers:
    """An executor like `runner.run_batch` that makes all runs of a future in one and the same process.

    Parameters
    ----------
    past : KeptPast
    workers : int
        Processes; 0 for this one.
    """

    def __init__(self, past: KeptPast, workers: int) -> None:
        self.past = past
        self._shares = [Workers(1, None, share_of_memory(workers)) for _ in range(workers)]

    def keep(self, futures: Sequence[tuple[int, int]]) -> Iterator[int | Failed]:
        """Live futures up to where they are kept, each in the process that holds it from then on.

        Parameters
        ----------
        futures : sequence of (int, int)
            Number and seed of each.

        Yields
        ------
        int or Failed
            Bytes that a future takes, or how it failed, in the order in which they come.

        Raises
        ------
        MemoryError
            If a process has no room left.
        """
        name = self.past.name
        plan = [PlannedRun(run_name(name, number), name, number, seed) for number, seed in futures]
        for outcome in self(plan, self.past.keeping()):
            if isinstance(outcome, Finished):
                yield int(outcome.values[0, 0])
            elif outcome.kind == "memory":
                raise MemoryError(outcome.message)
            else:
                yield outcome

    def __call__(
        self,
        plan: Iterable[PlannedRun],
        job: Job,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> Iterator[Outcome]:
        """Make every run of a plan; see `runner.run_batch`. The processes are those that hold the futures."""
        if not self._shares:
            yield from run_batch(plan, job, workers=0, time_limit=time_limit)
        elif length_hint(plan, 1):
            pickle.dumps(job)  # fails here and clearly, rather than in the pool's own threads
            chunks = map(Chunk, chunks_of(plan, 1, LONGEST_SHARED_CHUNK))
            yield from Pool(self._shares, time_limit, job).run(chunks)

    def close(self) -> None:
        """End the processes, and let go of what this one holds; again does nothing."""
        while self._shares:
            self._shares.pop().stop()
        self.past.release()
