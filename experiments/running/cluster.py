"""Make the runs of a batch on many machines, through a scheduler of dask.distributed.

`Cluster` is an executor like `runner.run_batch`: the same plan and job in, one outcome for each
run out. A chunk whose worker dies is given to another worker by the scheduler; one that has cost
several workers comes back and is made run by run, so that only the run at fault is lost.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import length_hint
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError, RunError
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job, Outcome
from .cluster_worker import Made, OtherInstallation, code_and_installation, difference, hung, make_chunk
from .runner import TIME_LIMIT_SECONDS, RunBatch, check_importable, chunks_of, run_batch

if TYPE_CHECKING:
    from distributed import Client, Future

RUNS_PER_TASK: Final = 25
"""One run a task lost half of the throughput of short runs; see docs/how_to/run_on_a_cluster.md."""

_TASKS_PER_WORKER: Final = 3
_TASKS_TO_THE_END: Final = 4
_UNKNOWN_LENGTH: Final = 1_000
_SECONDS_TO_ANSWER: Final = 10
_SECONDS_FOR_A_WORKER: Final = 60
"""Until the first worker has to be there: started with the scheduler, it loads its libraries first."""
_SECONDS_BETWEEN_LOOKS: Final = 2.0
_SECONDS_WITHOUT_WORKERS: Final = 120.0
_DEATHS_OF_A_SUSPECT: Final = 2


def task_length(runs: int, workers: int) -> int:
    """Choose how many runs make one task: enough to be worth sending, few enough to end together.

    Examples
    --------
    >>> task_length(1_000_000, 500), task_length(100, 10), task_length(3, 2)
    (25, 2, 1)
    """
    return max(1, min(RUNS_PER_TASK, runs // (workers * _TASKS_TO_THE_END)))


@dataclass(frozen=True)
class Cluster:
    """An executor that makes runs on the workers of one scheduler.

    Attributes
    ----------
    address : str
        Of the scheduler, for example ``tcp://10.0.0.1:8786``.
    warm : callable, optional
        Compiles the rules; done once on each machine before many workers there start at once.
    patience : float
        Seconds for which the batch waits when no worker is left.
    """

    address: str
    warm: Callable[[], object] | None = None
    patience: float = _SECONDS_WITHOUT_WORKERS

    def __call__(
        self,
        plan: Iterable[PlannedRun],
        job: Job,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> Iterator[Outcome]:
        """Make every run of a plan and yield the outcomes as they come in; see `runner.run_batch`.

        ``workers`` is of no effect: the cluster has the workers it has, and more may join meanwhile. A
        `RunError` says that the scheduler or all workers are lost; what was yielded before is good.
        """
        if not length_hint(plan, _UNKNOWN_LENGTH):
            return
        check_importable(job.run_one)
        with self.connected() as client:
            self._warm(client)
            yield from _Batch(client, job, time_limit, self.patience).run(plan)

    @contextmanager
    def connected(self) -> Iterator[Client]:
        """Connect to the scheduler, and refuse it without workers or with a worker installed otherwise."""
        try:
            from distributed import Client
        except ImportError as error:
            raise InputError(
                "dask.distributed is not installed",
                key="cluster",
                allowed="with the extra: pip install 'shaanxi-transfer[cluster]'",
            ) from error
        try:
            client = Client(self.address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise InputError(
                f"no scheduler answers at {self.address!r} ({type(error).__name__})",
                key="cluster",
                allowed="the address of a running scheduler, such as tcp://10.0.0.1:8786",
            ) from error
        try:
            check_workers(client)
            yield client
        finally:
            client.close(timeout=_SECONDS_TO_ANSWER)

    def workers(self) -> int:
        """Count the workers, after the same checks as before a batch."""
        with self.connected() as client:
            return len(client.nthreads())

    def _warm(self, client: Client) -> None:
        """Compile the rules once on each machine: many workers would all do the same work."""
        if self.warm is None:
            return
        from distributed.comm import get_address_host

        one_a_machine = {get_address_host(address): address for address in client.nthreads()}
        warming = [
            client.submit(self.warm, workers=[address], allow_other_workers=True, pure=False)
            for address in one_a_machine.values()
        ]
        client.gather(warming, errors="skip")


def executor_for(address: str | None, warm: Callable[[], object]) -> RunBatch:
    """Give what makes the runs: the workers of a scheduler, or without an address those of this machine."""
    return run_batch if address is None else Cluster(address, warm)


def check_workers(client: Client) -> None:
    """Refuse workers that would make other numbers, or several runs at once in one process."""
    with suppress(TimeoutError):
        client.wait_for_workers(1, timeout=_SECONDS_FOR_A_WORKER)
    threads = client.nthreads()
    if not threads:
        raise _refused("the scheduler has no workers", "one worker or more, started with `dask worker`")
    for address, number in sorted(threads.items()):
        if number != 1:
            raise _refused(
                f"worker {address} has {number} threads", "one thread a worker: `dask worker --nthreads 1`"
            )
    wanted = code_and_installation()
    for address, found in sorted(client.run(code_and_installation, on_error="return").items()):
        if isinstance(found, BaseException):
            raise _refused(
                f"worker {address} cannot load this package ({type(found).__name__}: {found})",
                "workers with the same installation as here",
            )
        if other := difference(wanted, found):
            raise _refused(f"worker {address} has {other}", "workers with the same installation as here")


def _refused(problem: str, allowed: str) -> InputError:
    return InputError(" ".join(problem.split()), key="cluster", allowed=allowed)


class _Batch:
    """The tasks of one batch: a bounded number under way, so that memory does not grow with the plan."""

    def __init__(self, client: Client, job: Job, time_limit: float, patience: float) -> None:
        self._client = client
        self._job = pickle.dumps(job)
        self._time_limit = time_limit
        self._patience = patience
        self._ended: SimpleQueue[Future[Made]] = SimpleQueue()
        self._under_way: dict[Future[Made], tuple[PlannedRun, ...]] = {}
        self._suspects: deque[PlannedRun] = deque()
        self._suspect: PlannedRun | None = None
        self._submissions: dict[PlannedRun, int] = {}
        self._workers = len(client.nthreads())
        self._last_worker = time.monotonic()

    def run(self, plan: Iterable[PlannedRun]) -> Iterator[Outcome]:
        chunks = chunks_of(plan, task_length(length_hint(plan, _UNKNOWN_LENGTH), self._workers))
        self._fill(chunks)
        while self._under_way:
            future = self._next()
            chunk = self._under_way.pop(future)
            if self._suspect in chunk:
                self._suspect = None
            outcomes = self._received(future, chunk)
            self._fill(chunks)  # before the outcomes are dealt with: no worker waits for that
            yield from outcomes

    def _fill(self, chunks: Iterator[tuple[PlannedRun, ...]]) -> None:
        """Keep every worker supplied. Suspects go one at a time, so that none is blamed for another."""
        if self._suspects and self._suspect is None:
            self._suspect = self._suspects.popleft()
            self._submissions[self._suspect] = self._submissions.get(self._suspect, 0) + 1
            self._submit((self._suspect,))
        while len(self._under_way) < max(1, self._workers) * _TASKS_PER_WORKER:
            chunk = next(chunks, None)
            if chunk is None:
                return
            self._submit(chunk)

    def _submit(self, chunk: tuple[PlannedRun, ...]) -> None:
        future = self._client.submit(
            make_chunk, self._job, chunk, dict(code_and_installation()), self._time_limit, pure=False
        )
        self._under_way[future] = chunk
        future.add_done_callback(self._ended.put)

    def _next(self) -> Future[Made]:
        """Wait for a task to end; look now and then whether there is still somebody to end it."""
        while True:
            with suppress(Empty):
                return self._ended.get(timeout=_SECONDS_BETWEEN_LOOKS)
            try:
                self._workers = len(self._client.nthreads())
            except (OSError, TimeoutError, RuntimeError) as error:
                raise RunError("the scheduler does not answer any more") from error
            now = time.monotonic()
            if self._workers:
                self._last_worker = now
            elif now - self._last_worker > self._patience:
                raise RunError(f"the cluster has had no worker for {self._patience:g} seconds")

    def _received(self, future: Future[Made], chunk: tuple[PlannedRun, ...]) -> list[Outcome]:
        """Take in what came of a task, and put back what has to be tried again."""
        if future.status == "finished":
            made: Made = future.result()
            holders = self._client.who_has(future) if made.hung else {}
            future.release()
            return made.outcomes + (self._left_behind(made, holders) if made.hung else [])
        if future.status != "error":
            raise RunError("the scheduler has lost the tasks of this batch")
        error = future.exception()
        if isinstance(error, OtherInstallation):
            raise RunError(f"a worker that joined the cluster cannot be used: it has {error}")
        alone = len(chunk) == 1
        if alone and _deaths(error) * self._submissions.get(chunk[0], 0) >= _DEATHS_OF_A_SUSPECT:
            return [Failed(chunk[0], *_seen_from_outside(error))]
        self._suspects.extend(chunk)
        return []

    def _left_behind(self, made: Made, holders: Mapping[str, Sequence[str]]) -> list[Outcome]:
        """Deal with a future that hangs: its scenarios are tried apart, the rest of the chunk elsewhere."""
        for worker in {address for addresses in holders.values() for address in addresses}:
            with suppress(ValueError):  # a worker without a nanny keeps the hanging thread
                self._client.restart_workers([worker], timeout=_SECONDS_TO_ANSWER, raise_for_error=False)
        if made.left:
            self._submit(made.left)
        if len(made.hung) == 1:
            return [hung(made.hung[0], self._time_limit)]
        self._suspects.extend(made.hung)
        return []


def _deaths(error: Any) -> int:
    """Count the workers that died with a task before its scheduler gave it up."""
    return int(getattr(error, "allowed_failures", 0)) + 1


def _seen_from_outside(error: Any) -> tuple[str, str]:
    """Name what ended a task outside of the run itself: kind and message."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return "killed", "the worker process died, also when it had nothing but this run to make"
    return "exception", " ".join(f"{type(error).__name__}: {error}".split())
