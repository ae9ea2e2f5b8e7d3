"""How a worker process is set up: its job, its limits, and whom it must not outlive."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Job, Outcome
from .worker import run_in_this_process

SMALLEST_SHARE_OF_MEMORY: Final = 2**30
"""Bytes that a worker may use at least; a run of the whole province needs a quarter of that."""

_job: Job | None = None
_notes: Any = None


def receive_job(job: Job | None, notes: Path | None = None, memory: int | None = None) -> None:
    """Keep the batch's job in this worker process, if it is started for one, and set its limits.

    In the folder ``notes`` the worker leaves a note, named by its process, of where it stood when a run
    overran its time; ``memory`` is in bytes.
    """
    global _job, _notes
    _job = job
    # A Python handler would wait for the end of compiled code; the pool ends workers that way.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_the_parent()
    if memory is not None:
        limit_memory(memory)
    if notes is not None:
        _notes = (notes / str(os.getpid())).open("wb")


def run_chunk(runs: Sequence[PlannedRun], time_limit: float, job: Job | None = None) -> list[Outcome]:
    """Make a few runs, one after the other, in this worker process.

    Several runs travel together because sending each alone costs more than a
    short run is worth. Each call of the model has ``time_limit`` seconds, be it for one
    run or for several of one future: if those overrun it, each is made again alone. A call
    that overruns ends this process, even within compiled code. ``job`` is what is made, where the process was
    not started for one.
    """
    job = job or _job
    if job is None:
        raise RuntimeError("this worker process has received no job")

    @contextmanager
    def watch() -> Iterator[None]:
        faulthandler.dump_traceback_later(time_limit, exit=True, file=_notes)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

    return list(run_in_this_process(job, runs, watch))


def _end_with_the_parent() -> None:
    """End this process when the one that started it has gone, be it killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def outlive() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=outlive, name="outlive", daemon=True).start()


def limit_memory(memory: int) -> None:
    """Let Python see a `MemoryError` before the system kills a process; on Linux, elsewhere no limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        # What a process writes to, as against the address space, of which libraries reserve
        # much and use little.
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))


def share_of_memory(workers: int) -> int | None:
    """Give the bytes for each of some workers, if all are to fit into nine tenths of the machine.

    None where the system does not say what it has.
    """
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):  # no container, or one without a limit ("max")
            whole = min(whole, int(Path(file).read_text(encoding="ascii")))
    return max(SMALLEST_SHARE_OF_MEMORY, int(0.9 * whole) // workers)


def where_it_stood(notes: Path, process: int) -> list[tuple[str, str, int]] | None:
    """Read the note of a worker process whose run overran its time: function, file, line, innermost first.

    None if no run of that process overran.
    """
    try:
        note = (notes / str(process)).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    if not note:
        return None
    frames = []
    # threads are listed newest first, and the one that makes runs is the oldest
    for line in note.rpartition("Thread ")[2].splitlines():
        _, opened, rest = line.partition('File "')
        file, closed, rest = rest.partition('", line ')
        number, within, name = rest.partition(" in ")
        if opened and closed and within and number.isdigit():
            frames.append((name, file, int(number)))
    return frames
