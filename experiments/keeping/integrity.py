"""What is wrong in the folder of an experiment, held against its own manifest, and how it is mended."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from ...engine.errors import InputError
from .atomic_files import TEMPORARIES, checksum_in, checksum_of_bytes, number_in, sync_folder, write_checked
from .manifest import LAYOUT
from .parquet_parts import ORIGIN, SEAL, bytes_of, damage_of, metadata_of, read_part, runs_in
from .store import FAILED, FILES, PREDICTIVE, RUNS, TARGETS, Store, damage_of_failures

QUARANTINE: Final = "quarantine"
"""Where damaged files go, below the experiment's folder: whoever wants to know may look at them."""

_AGAIN: Final = {
    RUNS: "runs that stand nowhere else are made again",
    FAILED: "its runs are made again",
    PREDICTIVE: "it is made again",
    TARGETS: "the tables are made again",
}
"""What is done about a file, by the folder in which it lies, or for a table."""

_ABANDONED_SECONDS: Final = 24 * 3600.0
_SHOWN: Final = 3


class Damage(NamedTuple):
    """A file that is not as it should be.

    ``mend`` is what a batch does about it when it goes on; ``lost`` says whether what the file should hold
    cannot be used, and has to be made again.
    """

    file: Path
    reason: str
    mend: str
    lost: bool = True


def open_finished(folder: Path) -> Store:
    """Open a finished experiment to read from it; refuse one whose files are not those of its manifest.

    What stands in a part is checked against its name when it is read. A folder that an older version made
    has no list, and is read as it is.

    Raises
    ------
    InputError
        If runs are still made or missing, or files were changed, copied, renamed, added or taken out; each
        kind of it is named, with the command that mends it.
    """
    store = Store(folder)
    manifest = store.manifest()
    mend = f"a finished experiment: `shaanxi-transfer resume {folder}` makes it whole"
    if FILES not in manifest:
        return store
    if manifest[FILES] is None:
        raise InputError(
            f"{str(folder)!r} is not finished: runs or tables are still to be made",
            key="folder",
            allowed=mend,
        )
    found = [f"{_name(store, one.file)} {one.reason}" for one in _against_list(store, manifest[FILES])]
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise InputError(f"{'; '.join(found[:_SHOWN])}{more}", file=folder, allowed=mend)
    return store


def damages(store: Store) -> Iterator[Damage]:
    """Hold every file against its name, its seal and the manifest's list, and yield what does not fit.

    Nothing is changed.
    """
    manifest = store.manifest()
    listed = manifest.get(FILES) or {}
    told: set[Path] = set()
    for one in damaged_parts(store, listed, manifest["identity"].get("layout", LAYOUT) >= LAYOUT):
        told.add(one.file)
        yield one
    for file in store.failed_files():
        with suppress(FileNotFoundError):
            if reason := damage_of_failures(file, file.read_bytes()):
                yield Damage(file, reason, _AGAIN[FAILED])
    if listed:
        yield from (one for one in _against_list(store, listed) if one.file not in told)


def damaged_parts(store: Store, listed: Iterable[str] = (), sealed: bool = True) -> Iterator[Damage]:
    """Find parts that are broken, of another experiment, or there twice, whatever the manifest lists.

    ``listed`` are names of files that count as there; parts of an older version are not ``sealed``.
    """
    known = {part.name for part in store.parts(RUNS)} | {Path(name).name for name in listed}
    seen: dict[str, Path] = {}
    for part in store.parts(RUNS):
        with suppress(FileNotFoundError):
            if reason := damage_of(part, part.read_bytes()) or (_foreign(store, part) if sealed else None):
                yield Damage(part, reason, _AGAIN[RUNS])
                continue
            runs = runs_in(part)
            if twice := {seen[run].name for run in runs if run in seen}:
                reason = f"holds runs that stand in {', '.join(sorted(twice))} too"
                yield Damage(part, reason, "each run is left in one part", lost=False)
            seen |= dict.fromkeys(runs, part)
    predicted: dict[bytes, Path] = {}
    for part in store.parts(PREDICTIVE):
        with suppress(FileNotFoundError):
            if reason := damage_of(part, part.read_bytes()) or (_foreign(store, part) if sealed else None):
                yield Damage(part, reason, _AGAIN[PREDICTIVE])
                continue
            origin = metadata_of(part).get(ORIGIN, part.name.encode())
            if origin in predicted:
                reason = f"predicts the same runs as {predicted[origin].name}"
                yield Damage(part, reason, _AGAIN[PREDICTIVE])
            elif origin.decode() not in known:
                yield Damage(part, "predicts runs that are not there", _AGAIN[PREDICTIVE])
            predicted.setdefault(origin, part)


def _foreign(store: Store, part: Path) -> str | None:
    """Say that a part is not of this experiment: another version of code or data, or another question."""
    if metadata_of(part).get(SEAL, b"").decode(errors="replace") == store.seal:
        return None
    return "was made by another version of code or data, or for another experiment"


def _against_list(store: Store, listed: Mapping[str, Any]) -> Iterator[Damage]:
    """Hold the files that are there against those that the manifest lists, by name and checksum."""
    files = {store.folder / name: checksum for name, checksum in listed.items()}
    known = {(file.parent, checksum): file for file, checksum in files.items()}
    for file, checksum in files.items():
        again = _AGAIN.get(file.parent.name, _AGAIN[TARGETS])
        if not file.is_file():
            yield Damage(file, "is missing", again)
        elif file.parent == store.folder and checksum_of_bytes(file.read_bytes()) != checksum:
            yield Damage(file, "was changed since it was written", again)
    for part in (part for kind in (RUNS, PREDICTIVE) for part in store.parts(kind)):
        if _name(store, part) in listed:
            continue
        twin = known.get((part.parent, checksum_in(part)))
        if twin is None:
            reason = "is newer than the tables, or of another experiment"
        else:
            reason = f"is {'a copy of' if twin.is_file() else 'another name for'} {twin.name}"
        yield Damage(part, reason, _AGAIN[TARGETS], lost=False)


def _name(store: Store, file: Path) -> str:
    return file.relative_to(store.folder).as_posix()


def mend(store: Store) -> list[str]:
    """Put aside what is damaged, and what follows from it, so that a batch can go on.

    Gives one sentence for each of them.
    """
    notes = []
    for damage in list(damages(store)):
        aside = ""
        if damage.lost and damage.file.parent != store.folder and damage.file.exists():
            _put_aside(store, damage.file)
            aside = f" put aside into {QUARANTINE},"
        notes.append(f"{_name(store, damage.file)} {damage.reason};{aside} {damage.mend}")
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
