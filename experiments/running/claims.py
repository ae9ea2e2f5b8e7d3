"""Who makes which block of runs, when several processes work on one folder.

A claim is a file that only one process can have made (``O_CREAT | O_EXCL``, which network
file systems honour too; locks of the system they often do not). It names its owner. Each
owner writes a beat into a file of its own now and then; whose beat stands still for the
length of a lease is taken to be dead, and its claims pass on by a claim of the next
generation, which again only one process can make. No clocks are compared between machines:
the lease is counted on the clock of whoever watches.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

CLAIMS: Final = "claims"
LEASE_SECONDS: Final = 60.0
BEAT_SECONDS: Final = 10.0

_NO_OWNER: Final = "?"
_ended_here: Final[set[str]] = set()
"""Owners that ended within this process, whose claims may be left on a disk that could not be written."""


def this_machine() -> str:
    """Name the machine, and where the system says it, the room of process numbers on it."""
    name = socket.gethostname()
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{name} {boot} {os.readlink('/proc/self/ns/pid')}"
    return name


class Claims:
    """The claims of this process on the blocks of a plan; a context, in which its beat is kept.

    The folder is the same for every process that works on the experiment. ``state`` gives what this process
    says in its beat, for whoever asks for the batch's state. ``lease`` is after how many seconds of standing
    still an owner is taken to be dead, ``beat`` the seconds between two beats.
    """

    def __init__(
        self,
        folder: Path,
        state: Callable[[], Mapping[str, Any]] = dict,
        *,
        lease: float = LEASE_SECONDS,
        beat: float = BEAT_SECONDS,
    ) -> None:
        self.folder = folder
        self.owner = uuid.uuid4().hex[:12]
        self._state = state
        self._lease = lease
        self._beat_every = beat
        self._beats = 0
        self._mine: dict[str, Path] = {}
        self._watched: dict[str, tuple[int | None, float]] = {}
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._keep_beating, name="claims", daemon=True)

    def __enter__(self) -> Self:
        """Write the first beat; it has to be there before the first claim."""
        self.folder.mkdir(exist_ok=True)
        try:
            self._beat()
        except OSError:
            with suppress(OSError):
                self.folder.rmdir()
            raise
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up every claim, then the beat: what is left is free at once."""
        self._ended.set()
        self._heart.join()
        _ended_here.add(self.owner)
        with suppress(OSError):
            for block in list(self._mine):
                self.release(block)
            self._beat_file(self.owner).unlink(missing_ok=True)
            self.folder.rmdir()  # the last one out; refused as long as another is there

    def take(self, block: str) -> bool:
        """Claim a block; False if a living process holds it."""
        if block in self._mine:
            return True
        generation, owner = self._holder(block)
        if generation and self._alive(owner, block):
            return False
        file = self._claim_file(block, generation + 1)
        try:
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:  # another was quicker
            return False
        self._mine[block] = file  # from here on given up at the end, also if the disk is full
        with os.fdopen(descriptor, "w", encoding="ascii") as claim:
            claim.write(self.owner)
        return True

    def holds(self, block: str) -> bool:
        """Whether a claim is still ours: while this process stood still it may have passed on."""
        file = self._mine.get(block)
        return file is not None and file == self._claim_file(block, self._holder(block)[0])

    def release(self, block: str) -> None:
        """Give up a claim: the block's runs are stored, or left for another."""
        file = self._mine.pop(block, None)
        if file is not None:
            for older in self.folder.glob(f"block-{block}.*"):
                if _generation(older) < _generation(file):
                    older.unlink(missing_ok=True)
            file.unlink(missing_ok=True)

    def clear(self, blocks: Iterable[str]) -> None:
        """Remove every claim on some blocks, whoever's, and the beats of the dead: these runs have ended."""
        ended = set(blocks)
        for file in self.folder.glob("block-*"):
            if file.stem.removeprefix("block-") in ended:
                file.unlink(missing_ok=True)
        self._mine.clear()
        self._beat()
        now = self._beat_file(self.owner).stat().st_mtime  # by the clock of the file system, like theirs
        for file in self.folder.glob("runner-*.json"):
            with suppress(FileNotFoundError):
                beat = read_beat(file)
                if beat is None or surely_dead(beat) or now - file.stat().st_mtime > self._lease:
                    file.unlink()

    def _holder(self, block: str) -> tuple[int, str]:
        """Give the generation and the owner of the claim in force; 0 for none."""
        files = list(self.folder.glob(f"block-{block}.*"))
        if not files:
            return 0, _NO_OWNER
        newest = max(files, key=_generation)
        try:
            owner = newest.read_text(encoding="ascii")
        except FileNotFoundError:  # given up in this moment
            owner = _NO_OWNER
        return _generation(newest), owner or _NO_OWNER

    def _alive(self, owner: str, block: str) -> bool:
        if owner == self.owner:
            return True
        beat = read_beat(self._beat_file(owner))
        if owner in _ended_here or (beat is not None and surely_dead(beat)):
            return False
        # Without a beat the claim itself is watched: its maker may be about to write its name.
        key, sign = (owner, int(beat["beat"])) if beat is not None else (f"{owner} {block}", None)
        now = time.monotonic()
        before, since = self._watched.get(key, (sign, now))
        since = since if before == sign else now
        self._watched[key] = (sign, since)
        return now - since < self._lease

    def _claim_file(self, block: str, generation: int) -> Path:
        return self.folder / f"block-{block}.{generation}"

    def _beat_file(self, owner: str) -> Path:
        return self.folder / f"runner-{owner}.json"

    def _keep_beating(self) -> None:
        while not self._ended.wait(self._beat_every):
            with suppress(OSError):  # a full disk stops the batch elsewhere, with a better message
                self._beat()

    def _beat(self) -> None:
        self._beats += 1
        beat = {
            "owner": self.owner,
            "beat": self._beats,
            "machine": this_machine(),
            "process": os.getpid(),
            **self._state(),
        }
        # No care for a power cut: after one there is nobody whose beat could be missed.
        temporary = self.folder / f".runner-{self.owner}.writing"
        try:
            temporary.write_text(json.dumps(beat), encoding="utf-8")
            os.replace(temporary, self._beat_file(self.owner))
        finally:
            temporary.unlink(missing_ok=True)


def _generation(claim: Path) -> int:
    return int(claim.suffix[1:])


def read_beat(file: Path) -> dict[str, Any] | None:
    """Read what a process reports of itself; None if it has gone."""
    try:
        beat = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return beat if isinstance(beat, dict) else None


def surely_dead(beat: Mapping[str, Any]) -> bool:
    """Whether the process that reported this ran on this machine and is no more, or is done with it."""
    if beat.get("owner") in _ended_here:
        return True
    if beat.get("machine") != this_machine() or platform.system() == "Windows":
        return False  # there, asking for a process by a signal would end it
    try:
        os.kill(int(beat["process"]), 0)
        stat = Path(f"/proc/{int(beat['process'])}/stat").read_text(encoding="utf-8")
    except ProcessLookupError:
        return True
    except (OSError, ValueError, KeyError):  # it is there, and somebody else's; or nothing more can be known
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"  # ended, and not yet noticed by who started it
