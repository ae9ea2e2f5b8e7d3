"""Start worker processes that know nothing of the user's script.

A process started the usual way (``spawn``) first runs the user's ``__main__``
again. A five-line script without an ``if __name__ == "__main__"`` guard then
starts a pool inside every worker and dies; code typed into ``python -c``, standard
input or a notebook has no file to run again. Our workers need nothing from
there: what they do is a function of this package, found by its module's name. So
the two entries that ask for the user's script are left out of what a new process
receives.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import context, spawn
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import RLock
from pathlib import Path
from typing import Any, Final

from ...engine.surroundings import during

ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}
"""One run is one thread: workers that each start a thread per core slow each other down."""

SHARED_MEMORY: Final = "/dev/shm"
"""Where Linux keeps the locks that processes share."""

BYTES_OF_LOCKS: Final = 16 * 1024
"""A pool has two locks, each of which takes a page; another pool may be just ending."""

_USER_SCRIPT: Final = ("init_main_from_name", "init_main_from_path")
_one_start_at_a_time: Final = threading.RLock()


@contextmanager
def _without_user_script() -> Iterator[None]:
    """Leave the user's script out of what processes started by this thread receive."""
    starter = threading.get_ident()
    usual = spawn.get_preparation_data

    def preparation_data(name: str) -> dict[str, Any]:
        prepared = usual(name)
        if threading.get_ident() == starter:
            for entry in _USER_SCRIPT:
                prepared.pop(entry, None)
        return prepared

    with _one_start_at_a_time:
        usual = spawn.get_preparation_data
        spawn.get_preparation_data = preparation_data
        try:
            yield
        finally:
            spawn.get_preparation_data = usual


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for processes started meanwhile, then put them back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start processes that hear no Ctrl-C: it is for the one that started them to end them.

    A terminal sends it to all; one that was just starting would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _WorkerProcess(context.SpawnProcess):
    """A spawned process that does not run the user's script again."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:
        with (
            _one_start_at_a_time,
            _environment(ONE_THREAD),
            _without_user_script(),
            _interrupts_held_back(),
        ):
            return context.SpawnProcess._Popen(process_obj)


class WorkerContext(context.SpawnContext):
    """The multiprocessing context for our pools: spawn, one thread, no user script.

    Examples
    --------
    ``pebble.ProcessPool(context=WorkerContext())``
    """

    Process = _WorkerProcess

    def __init__(self) -> None:
        self._locks: list[RLock] = []

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Start processes in this block.

        Raises
        ------
        SurroundingsError
            In place of an OSError: the locks between processes take shared memory, which may be full while
            disks are not.
        """
        place = SHARED_MEMORY if Path(SHARED_MEMORY).is_dir() else "the locks of the system"
        with during(
            "starting worker processes", place, BYTES_OF_LOCKS, "free it, or make the runs with --workers 0"
        ):
            yield

    def RLock(self) -> RLock:  # noqa: D102  (the name is multiprocessing's)
        # A pool that stops drops its locks at once. A worker that is just starting then
        # looks for a lock that is gone and prints a traceback. So they live as long as we do.
        lock = super().RLock()
        self._locks.append(lock)
        return lock


def usable_cores() -> int:
    """Count the cores that this process may use, which on a shared node is less than all."""
    affinity = getattr(os, "sched_getaffinity", None)
    return max(1, len(affinity(0)) if affinity else os.cpu_count() or 1)
