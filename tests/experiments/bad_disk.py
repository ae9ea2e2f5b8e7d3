"""A disk, a clock and a death that come when a night asks for them, within one process.

Python tells an audit hook of every file that is opened to be written, moved, removed or made, before it is
done. These are the moments of a night, counted from 1; what is synced is one too. At a moment a runner may be
killed, the power may fail, the disk may be full or write something else than it was given.
"""

from __future__ import annotations

import errno
import os
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from runners_in_turn import Killed, Turns  # type: ignore[import-not-found]

from shaanxi_transfer.experiments.keeping.atomic_files import number_in
from shaanxi_transfer.experiments.running import claims as claims_module

SPOILT = ("truncated write", "zeroed write", "swapped write", "duplicated write")
"""What a disk makes of a file that is moved into place, which nobody sees before the next morning."""

MOST_SLEEPS = 3_000
"""Who waits longer, at half a second each, waits for ever."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong: from which moment on, at which runner, for how many moments or how much."""

    kind: str
    moment: int
    runner: int = 0
    amount: int = 0

    def __str__(self) -> str:
        more = f" for {self.amount}" if self.amount else ""
        return f"{self.kind} at {self.moment}{more} (runner {self.runner})"


class Move(NamedTuple):
    """A file that came into place or went; ``before`` is what stood there, None for nothing."""

    file: Path
    before: bytes | None


class BadDisk:
    """What becomes of the folder of a night, while it is the one that is listened to (`listening`).

    ``trace`` tells of each moment who did what; ``spoilt`` are the names of files whose contents the disk
    changed, or lost although it had said that they were there.
    """

    def __init__(self, folder: Path, turns: Turns, faults: Sequence[Fault], luck: random.Random) -> None:
        self.folder = folder
        self.turns = turns
        self.luck = luck
        self.trace: list[str] = []
        self.spoilt: set[str] = set()
        self.over = False
        self._left = list(faults)
        self._full_until = 0
        self._writing: dict[int, Path | None] = {}
        self._not_synced: set[Path] = set()
        self._moves: list[Move] = []
        self._to_spoil: dict[Path, str] = {}
        self._silent = False
        self._sleeps = 0
        self._monotonic = 1_000.0
        self._slowness = 0.0
        self._jump = 0.0
        self._dead_elsewhere = False

    def tell(self, what: str, path: str, to: str = "") -> None:
        """Take in what a runner is about to do; whatever the night asks for happens now."""
        runner = self.turns.runner
        inside = f"{to or path}{os.sep}".startswith(f"{self.folder}{os.sep}")
        if runner is None or self._silent or not inside:
            return
        self.turns.pass_on()
        self._monotonic += self._slowness
        self.trace.append(f"{runner} {what} {os.path.relpath(to or path, self.folder)}")
        if self.over:
            return
        self._silent = True
        try:
            self._to_spoil.pop(Path(to or path), None)
            for fault in [one for one in self._left if one.moment <= len(self.trace)]:
                self._begin(fault, runner, what, Path(to or path))
            if len(self.trace) < self._full_until and what not in ("remove", "unmake"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), to or path)
            self._take_down(what, Path(path), Path(to or path), runner)
        finally:
            self._silent = False

    def _begin(self, fault: Fault, runner: int, what: str, path: Path) -> None:
        if fault.kind == "stop" or (fault.kind in SPOILT and what != "move"):
            return
        if fault.kind.startswith("kill") and fault.runner != runner:
            return
        self._left.remove(fault)
        if fault.kind.startswith("kill"):
            self._dead_elsewhere |= fault.kind == "kill elsewhere"
            self._die({runner})
        elif fault.kind.startswith("power cut"):
            self._lose(honest=fault.kind == "power cut")
            self._die(set(range(9)))
        elif fault.kind == "disk full":
            self._full_until = len(self.trace) + fault.amount
        elif fault.kind == "slow disk":
            self._slowness = float(fault.amount)
        elif fault.kind == "clock jump":
            self._jump = float(fault.amount)
        else:
            self._to_spoil[path] = fault.kind

    def _die(self, runners: set[int]) -> None:
        """Kill runners: what one was just writing may be on the disk in part."""
        for runner in runners:
            file = self._writing.get(runner)
            if file is not None and file.is_file() and self.luck.random() < 0.5:
                os.truncate(file, self.luck.randint(0, file.stat().st_size))
        self.turns.dead |= runners
        raise Killed

    def _lose(self, honest: bool) -> None:
        """Lose what was not brought to the disk; if the disk is not ``honest``, the last moves too."""
        for file in sorted(file for file in self._not_synced if file.is_file()):
            contents = file.read_bytes()
            file.write_bytes(self.luck.choice((b"", bytes(len(contents)), contents)))
        lost = self._moves if honest else self._moves[-4:]
        for file, before in reversed(lost):
            if self.luck.random() < 0.5 or not file.parent.is_dir():
                continue
            if not honest:
                self.spoilt.add(file.name)
            if before is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(before)

    def morning(self) -> None:
        """Show what is on the disk in truth; as long as the night lasted, the machine's memory hid it."""
        for file, kind in self._to_spoil.items():
            if file.is_file():
                self._spoil(kind, file)

    def _spoil(self, kind: str, file: Path) -> None:
        contents = file.read_bytes()
        half = len(contents) // 2
        self.spoilt.add(file.name)
        if kind == "duplicated write" and (number := number_in(file)):
            twin = file.name.replace(f"-{number:06d}-", f"-{number + 40:06d}-")
            file.with_name(twin).write_bytes(contents)
            return
        file.write_bytes(
            {
                "truncated write": contents[: self.luck.randint(0, len(contents))],
                "zeroed write": contents[:half] + bytes(len(contents) - half),
                "swapped write": contents[half:] + contents[:half],
                "duplicated write": contents + contents,
            }[kind]
        )

    def _take_down(self, what: str, path: Path, to: Path, runner: int) -> None:
        """Remember what a power cut would undo."""
        self._writing[runner] = path if what == "write" else None
        if what == "write":
            self._not_synced.add(path)
        elif what == "move":
            if path in self._not_synced:
                self._not_synced.remove(path)
                self._not_synced.add(to)
            self._moves.append(Move(to, to.read_bytes() if to.is_file() else None))
        elif what == "remove" and path.is_file():
            self._not_synced.discard(path)
            if not path.name.endswith((".writing", ".probe")):
                self._moves.append(Move(path, path.read_bytes()))
        elif what == "sync":
            self._not_synced.discard(path)
            if path.is_dir() and "power cut, lying disk" not in {one.kind for one in self._left}:
                self._moves = [move for move in self._moves if move.file.parent != path]

    def sync(self, descriptor: int) -> None:
        """Stand in for ``os.fsync``, which takes long and which nobody can see."""
        self.tell("sync", os.readlink(f"/proc/self/fd/{descriptor}"))

    def sleep(self, seconds: float) -> None:
        """Let the others go on; the clock goes on at once."""
        if self.turns.runner is None:
            _sleep(seconds)
            return
        self._monotonic += seconds
        self._sleeps += 1
        if self._sleeps > MOST_SLEEPS:
            raise AssertionError("the night does not end: runners wait for ever")
        self.turns.pass_on(waits=True)

    def monotonic(self) -> float:
        """Give seconds as runners see them."""
        if self.turns.runner is not None:
            self._monotonic += 0.001
        return self._monotonic

    def time(self) -> float:
        """Give the time of day as runners see it."""
        return _time() + self._jump

    def known_dead(self) -> bool:
        """Whether this machine knows of a runner that it has ended."""
        return not (self._dead_elsewhere and self.turns.runner in self.turns.dead)


class _Ended(set[str]):
    """Owners of claims that ended here, but for those whose death nobody can know."""

    def __init__(self, disk: BadDisk) -> None:
        super().__init__()
        self._disk = disk

    def add(self, owner: str) -> None:
        if self._disk.known_dead():
            super().add(owner)


@contextmanager
def listening(disk: BadDisk) -> Iterator[None]:
    """Give disk, clock and names that are drawn to whoever works in this block."""
    global _heard_by
    names = random.Random(disk.luck.random())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", disk.sync)
        for name in ("sleep", "monotonic", "time"):
            patch.setattr(time, name, getattr(disk, name))
        patch.setattr("uuid.uuid4", lambda: _Name(names.getrandbits(128)))
        patch.setattr(claims_module, "_ended_here", _Ended(disk))
        _heard_by = disk
        try:
            yield
        finally:
            _heard_by = None


class _Name(NamedTuple):
    """As much of a UUID as is asked for."""

    number: int

    @property
    def hex(self) -> str:
        return f"{self.number:032x}"


_sleep, _time = time.sleep, time.time
_heard_by: BadDisk | None = None
_WAYS = {"os.rename": "move", "os.remove": "remove", "os.mkdir": "make", "os.rmdir": "unmake"}


def _hear(event: str, given: tuple[Any, ...]) -> None:
    disk = _heard_by
    if disk is None or threading.current_thread() is threading.main_thread():
        return
    if event == "open":
        path, _, flags = given
        if isinstance(path, (str, os.PathLike)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            disk.tell("write", os.fspath(path))
    elif event in _WAYS:
        to = os.fspath(given[1]) if event == "os.rename" else ""
        disk.tell(_WAYS[event], os.fspath(given[0]), to)


sys.addaudithook(_hear)
