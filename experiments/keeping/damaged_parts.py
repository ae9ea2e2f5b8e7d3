"""Find what is damaged in a store, put it aside, and leave every run in one place."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from .atomic_files import TEMPORARIES, number_in, sync_folder, write_checked
from .parquet_parts import bytes_of, damage_of, read_part, runs_in
from .store import FAILED, PREDICTIVE, RUNS, Store, damage_of_failures

QUARANTINE: Final = "quarantine"
"""Where damaged files go, below the experiment's folder: whoever wants to know may look at them."""

_ABANDONED_SECONDS: Final = 24 * 3600.0


class Damage(NamedTuple):
    """A file that cannot be trusted, and what is wrong with it."""

    file: Path
    reason: str


def damages(store: Store) -> Iterator[Damage]:
    """Read every part and every file of failed runs, and yield those that are not whole.

    Nothing is changed.
    """
    for kind in (RUNS, PREDICTIVE):
        for part in store.parts(kind):
            with suppress(FileNotFoundError):
                if reason := damage_of(part, part.read_bytes()):
                    yield Damage(part, reason)
    for file in store.failed_files():
        with suppress(FileNotFoundError):
            if reason := damage_of_failures(file, file.read_bytes()):
                yield Damage(file, reason)


def mend(store: Store) -> list[str]:
    """Put aside what is damaged, and what follows from it, so that a batch can go on.

    Gives one sentence for each file that was put aside.
    """
    notes = []
    for damage in list(damages(store)):
        _put_aside(store, damage.file)
        what = "is made again" if damage.file.parent.name == PREDICTIVE else "its runs are made again"
        name = damage.file.relative_to(store.folder).as_posix()
        notes.append(f"{name} is damaged: {damage.reason}; put aside into {QUARANTINE}, {what}")
    _remove_abandoned(store)
    return notes


def _put_aside(store: Store, file: Path) -> None:
    aside = store.folder / QUARANTINE / file.relative_to(store.folder)
    aside.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another process did
        os.replace(file, aside)
        sync_folder(aside.parent)


def leave_each_run_once(store: Store) -> None:
    """Where a run stands in two parts, take it out of the later one.

    Two processes make the same run if one of them stood still for longer than its lease.
    """
    seen: set[str] = set()
    for part in store.parts(RUNS):
        try:
            runs = runs_in(part)
            if not seen.isdisjoint(runs):
                _rewrite_without(part, seen)
        except FileNotFoundError:  # another process does the same
            continue
        seen |= runs


def _rewrite_without(part: Path, runs: set[str]) -> None:
    table = read_part(part)
    names = table["run_id"].combine_chunks().dictionary_decode()
    rest = table.filter(pc.invert(pc.is_in(names, value_set=pa.array(sorted(runs), pa.string()))))
    if rest.num_rows:
        write_checked(part.parent, "part", bytes_of(rest), number=number_in(part))
    part.unlink(missing_ok=True)


def _remove_abandoned(store: Store) -> None:
    """Remove what a process was writing when it was killed, once nobody can be writing it still."""
    for folder in (store.folder, *(store.folder / kind for kind in (RUNS, PREDICTIVE, FAILED))):
        for file in folder.glob(TEMPORARIES):
            with suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > _ABANDONED_SECONDS:
                    file.unlink()
