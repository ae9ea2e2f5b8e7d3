"""How an experiment stands: read from its folder, while others work on it or afterwards."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .keeping.installation import mixed_in
from .keeping.integrity import damages
from .keeping.parquet_parts import runs_in
from .keeping.store import Store, read_failed
from .running.claims import CLAIMS, read_beat, surely_dead


@dataclass(frozen=True, slots=True)
class Runner:
    """A process that works on the experiment.

    Attributes
    ----------
    owner : str
        Its name, in the claims too.
    machine : str
        Name of its machine.
    process : int
        Its number there.
    made : int
        Runs that it has made.
    runs_per_second : float or None
        Since it began to run; None before its first run.
    blocks : int
        Blocks of runs that it holds.
    silent_seconds : float
        Since it was last heard of.
    dead : bool
        Whether it surely ended without giving up its claims; they pass on by themselves.
    """

    owner: str
    machine: str
    process: int
    made: int
    runs_per_second: float | None
    blocks: int
    silent_seconds: float
    dead: bool


@dataclass(frozen=True, slots=True)
class Status:
    """How an experiment stands.

    Attributes
    ----------
    kind : str
        For example ``forecast``.
    planned, finished, failed, left : int
        Runs. Failed ones are not left: they are tried again only when asked for, or if the
        machine was at fault.
    failed_by_kind : dict
        How many failed in which way.
    damaged : dict
        What is wrong with it, by file (`integrity.damages`). Runs in parts that cannot be used are left to
        be made.
    mixed : list of str
        What differs between the libraries with which its runs were made; empty if nothing does.
    runners : tuple of Runner
        Who works on it.
    runs_per_second : float or None
        Of all living runners together.
    seconds_left : float or None
        At that rate.
    """

    kind: str
    planned: int
    finished: int
    failed: int
    left: int
    failed_by_kind: dict[str, int]
    damaged: dict[str, str]
    mixed: list[str]
    runners: tuple[Runner, ...]
    runs_per_second: float | None
    seconds_left: float | None

    def plain(self) -> dict[str, Any]:
        """Give everything as numbers, words and lists, for JSON."""
        return asdict(self)


def status_of(folder: Path) -> Status:
    """Look into the folder of an experiment; nothing is changed.

    Raises
    ------
    InputError
        If it holds no experiment.
    """
    store = Store(folder)
    manifest = store.manifest()
    identity = manifest["identity"]
    found = list(damages(store))
    damaged = {one.file.relative_to(folder).as_posix(): one.reason for one in found}
    lost = {one.file for one in found if one.lost}
    finished: set[str] = set()
    for part in store.parts():
        if part not in lost:
            with suppress(FileNotFoundError):
                finished |= runs_in(part)
    failed = {
        one.run.run_id: one.kind
        for file in store.failed_files()
        for one in read_failed(file)
        if one.run.run_id not in finished
    }
    planned = int(manifest.get("runs_planned") or identity["runs"] * len(identity["scenarios"]))
    left = max(0, planned - len(finished) - len(failed))
    runners = tuple(_runners(folder / CLAIMS))
    rate = sum(one.runs_per_second or 0.0 for one in runners if not one.dead) or None
    return Status(
        kind=str(identity["kind"]),
        planned=planned,
        finished=len(finished),
        failed=len(failed),
        left=left,
        failed_by_kind=dict(Counter(failed.values()).most_common()),
        damaged=damaged,
        mixed=mixed_in(manifest),
        runners=runners,
        runs_per_second=rate,
        seconds_left=None if rate is None else left / rate,
    )


def _runners(claims: Path) -> list[Runner]:
    held: Counter[str] = Counter()
    for file in claims.glob("block-*"):
        with suppress(FileNotFoundError):
            held[file.read_text(encoding="ascii")] += 1
    found = []
    for file in sorted(claims.glob("runner-*.json")):
        beat = read_beat(file)
        if beat is None:
            continue
        with suppress(FileNotFoundError):
            silent = max(0.0, time.time() - file.stat().st_mtime)
            made, seconds = int(beat.get("made", 0)), float(beat.get("seconds", 0.0))
            found.append(
                Runner(
                    owner=str(beat["owner"]),
                    machine=str(beat["machine"]).split()[0],
                    process=int(beat["process"]),
                    made=made,
                    runs_per_second=made / seconds if made and seconds else None,
                    blocks=held[str(beat["owner"])],
                    silent_seconds=silent,
                    dead=surely_dead(beat),
                )
            )
    return found
