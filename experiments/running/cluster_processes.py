"""A small cluster on this machine: one scheduler and some workers, each a process of its own.

It is for trying out: the same programs that a real cluster runs, started as ``dask scheduler``
and ``dask worker`` are, and one of them can be killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ...engine.errors import RunError
from .process_context import ONE_THREAD

_SECONDS_TO_START: Final = 60.0
_ADDRESS_FILE: Final = "scheduler.json"


class ClusterProcesses:
    """Start a scheduler and workers with one thread each on 127.0.0.1, and end them.

    ``with ClusterProcesses(folder, 2) as cluster: forecast(cluster=cluster.address)``. The folder holds the
    scheduler's address, what the processes say (``*.log``) and what they spill; ``environment`` is added to
    that of this process, for example the scheduler's settings.
    """

    def __init__(self, folder: Path, workers: int = 2, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._number = workers
        self._environment = {**os.environ, **ONE_THREAD, **(environment or {})}
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        """Start the processes; workers may still be on their way to the scheduler."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / _ADDRESS_FILE
        file.unlink(missing_ok=True)
        try:
            self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
            self._wait_for_address()
            for _ in range(self._number):
                self.add_worker()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes."""
        self.end()

    @property
    def address(self) -> str:
        """The scheduler's address."""
        return self._wait_for_address()

    @property
    def process_ids(self) -> list[int]:
        """Numbers of the processes, the scheduler's first."""
        return [process.pid for process in self._processes]

    def add_worker(self) -> None:
        """Start one more worker, watched by its nanny."""
        self._start(
            "worker", self.address, "--nthreads", "1", "--local-directory", str(self.folder / "spilled")
        )

    def kill_scheduler(self) -> None:
        """Kill the scheduler at once."""
        _kill_all(self._processes[0].pid)

    def kill_worker(self, number: int = 0) -> None:
        """Kill a worker and the nanny that would start it afresh, as if its machine had lost power."""
        _kill_all(self._processes[1 + number].pid)

    def end(self) -> None:
        """End all processes at once, workers first: nothing of theirs is wanted any more."""
        for process in reversed(self._processes):
            _kill_all(process.pid)
            process.wait()
        self._processes = []

    def _start(self, program: str, *words: str) -> None:
        log = self.folder / f"{program}-{len(self._processes)}.log"
        command = [sys.executable, "-m", "dask", program, "--host", "127.0.0.1", "--no-dashboard", *words]
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self._processes.append(process)

    def _wait_for_address(self) -> str:
        """Read the address as soon as it is written whole: the file is there before its content is."""
        began = time.monotonic()
        while True:
            try:
                return str(json.loads((self.folder / _ADDRESS_FILE).read_text(encoding="utf-8"))["address"])
            except (FileNotFoundError, json.JSONDecodeError):
                ended = self._processes[0].poll() is not None
                if ended or time.monotonic() - began > _SECONDS_TO_START:
                    raise RunError(f"the scheduler does not start; see {self.folder}") from None
            time.sleep(0.05)


def _kill_all(process_id: int) -> None:
    """Kill a process and its children, the parent first, so that it starts nothing afresh."""
    import psutil

    try:
        parent = psutil.Process(process_id)
        children = parent.children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for process in (parent, *children):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
