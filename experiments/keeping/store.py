"""The folder of an experiment: Parquet parts, failures, manifest, tables."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ...engine.errors import InputError
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Finished
from .atomic_files import (
    checksum_in,
    checksum_of_bytes,
    fits_name,
    write_atomically,
    write_checked,
    write_text,
)
from .installation import OTHERS, as_metadata, installation
from .manifest import (
    CHECKSUM,
    LAYOUT,
    OF_THE_BEGINNING,
    checksum_of,
    differences,
    is_longer,
    manifest_of,
    seal_of,
)
from .parquet_parts import (
    COLUMNS,
    MADE_WITH,
    NOT_ITS_CONTENTS,
    SEAL,
    WORD_COLUMNS,
    bytes_of,
    read_part,
    runs_in,
    table_of,
)

FAILURE_COLUMNS: Final = ("run_id", "scenario", "future", "seed", "kind", "message", "replay")
"""Columns of ``failures.csv``."""

RUNS: Final = "runs"
PREDICTIVE: Final = "predictive"
FAILED: Final = "failed"
MANIFEST: Final = "manifest.json"
FAILURES: Final = "failures.csv"
TARGETS: Final = "targets.csv"
INDICATORS: Final = "indicators.csv"
DIFFERENCES: Final = "differences.csv"
ATTRIBUTION: Final = "attribution.csv"
RANKING: Final = "ranking.csv"
PACKAGES: Final = "packages.csv"
SWEEP: Final = "sweep.csv"
WHO_GAINS: Final = "who_gains.csv"
WHY: Final = "why.csv"
BOXES: Final = "boxes.csv"
WORTH: Final = "worth.csv"
EMULATOR: Final = "emulator.csv"

_TABLES: Final = (
    *(TARGETS, INDICATORS, DIFFERENCES, ATTRIBUTION, RANKING, PACKAGES),
    *(SWEEP, WHO_GAINS, WHY, BOXES, WORTH, EMULATOR),
)
"""What is worked out from runs, and anew when there are more of them."""

FILES: Final = "files"
"""Entry of the manifest with the files of a finished experiment; None while runs are made."""

TRIED_AGAIN: Final = ("killed", "memory")
"""Kinds of failure that a resumed batch tries again unasked: what the machine did, not the model.

An exception, a value that is not finite and a record of the wrong shape come back with the
same run; so does, nearly always, a run that did not end.
"""


class Store:
    """One experiment's folder. See `open_store` to make or reopen one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def seal(self) -> str:
        """Hash of what fixes the runs of this experiment; each part bears it, so that none is mixed in."""
        return seal_of(self.manifest()["identity"])

    def parts(self, kind: str = RUNS) -> list[Path]:
        """List the finished Parquet parts, in order of their names."""
        return sorted((self.folder / kind).glob("part-*.parquet"))

    def failed_files(self) -> list[Path]:
        """List the files of failed runs, one for each time of writing, in order of their names."""
        return sorted((self.folder / FAILED).glob("failed-*.json"))

    def add(self, finished: Sequence[Finished], kind: str = RUNS) -> Path | None:
        """Write some runs as one more part, which says of which experiment, made with what; none for none."""
        if not finished:
            return None
        said = {SEAL: self.seal.encode(), MADE_WITH: as_metadata(installation())}
        table = table_of(finished).replace_schema_metadata(said)
        return write_checked(self.folder / kind, "part", bytes_of(table))

    def add_failed(self, failed: Sequence[Failed]) -> Path | None:
        """Write down runs that failed, so that a batch that is stopped still knows them."""
        if not failed:
            return None
        (self.folder / FAILED).mkdir(exist_ok=True)
        return write_checked(self.folder / FAILED, "failed", bytes_of_failures(failed), ".json")

    def finished_runs(self) -> set[str]:
        """Give the run_id of every run that is stored; refuse a damaged part."""
        names: set[str] = set()
        for part in self.parts():
            names |= runs_in(part)
        return names

    def frames(self, kind: str = PREDICTIVE) -> Iterator[pd.DataFrame]:
        """Read the parts one by one, so that memory does not grow with their number.

        Whole runs in the columns of `COLUMNS`, words as categories. A damaged part is refused, never
        analysed.
        """
        for part in self.parts(kind):
            frame: pd.DataFrame = read_part(part).to_pandas()
            yield frame

    def read(self, kind: str = RUNS) -> pd.DataFrame:
        """Read all rows, sorted by run, indicator, year, quarter: the form in which results are compared."""
        frames = [frame.astype({name: "str" for name in WORD_COLUMNS}) for frame in self.frames(kind)]
        if not frames:
            return pd.DataFrame(columns=list(COLUMNS))
        rows = pd.concat(frames, ignore_index=True)
        return rows.sort_values(by=["run_id", "indicator", "year", "quarter"], ignore_index=True)

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write ``manifest.json``, with the checksum of its entries."""
        entries = json.loads(json.dumps(manifest, allow_nan=False))  # as it is read again
        entries[CHECKSUM] = checksum_of(entries)
        text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
        write_text(self.folder / MANIFEST, text)

    def note(self, **entries: Any) -> None:
        """Change entries of the manifest."""
        self.write_manifest({**self.manifest(), **entries})

    def list_files(self) -> None:
        """Note the parts and tables of a finished experiment with their checksums.

        Who opens the folder later compares; see `integrity.open_finished`.
        """
        parts = [part for kind in (RUNS, PREDICTIVE) for part in self.parts(kind)]
        listed = {part.relative_to(self.folder).as_posix(): checksum_in(part) for part in parts}
        tables = sorted(self.folder.glob("*.csv"))
        listed |= {table.name: checksum_of_bytes(table.read_bytes()) for table in tables}
        if self.manifest().get(FILES) != listed:
            self.note(**{FILES: listed})

    def manifest(self) -> dict[str, Any]:
        """Read ``manifest.json``.

        Refused are a folder without one, a manifest that somebody has changed, and later an entry that is
        missing.
        """
        try:
            file = self.folder / MANIFEST
            contents = json.loads(file.read_text(encoding="utf-8"), object_hook=partial(_Read, file=file))
            if not isinstance(contents, dict) or not isinstance(contents.get("identity"), dict):
                raise ValueError
        except (OSError, ValueError) as error:
            raise InputError(
                f"{str(self.folder)!r} holds no experiment",
                key="folder",
                allowed=f"a folder with {MANIFEST}",
            ) from error
        sealed = contents["identity"].get("layout", LAYOUT) >= LAYOUT
        if (CHECKSUM in contents or sealed) and contents.get(CHECKSUM) != checksum_of(contents):
            raise InputError(
                "an entry was changed, added or taken out since the file was written",
                file=file,
                key=CHECKSUM,
                allowed="the file as it was written; put it back from a copy, or begin in a new folder",
            )
        return contents

    def write_failures(self, failures: Iterable[Failed], replay: Callable[[Failed], str]) -> None:
        """Write ``failures.csv``: one row for each failed run, only the heading if there is none."""
        rows = [
            (*failed.run, failed.kind, failed.message, replay(failed))
            for failed in sorted(failures, key=lambda failed: (failed.run.future, failed.run.scenario))
        ]
        frame = pd.DataFrame(rows, columns=list(FAILURE_COLUMNS))
        self.write_csv(FAILURES, frame)

    def failures(self) -> pd.DataFrame:
        """Read ``failures.csv``."""
        return self.read_csv(FAILURES)

    def write_csv(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table; numbers keep every digit, an empty cell means no value."""
        write_atomically(
            self.folder / name,
            lambda path: frame.to_csv(
                path, index=False, encoding="utf-8", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
            ),
        )

    def read_csv(self, name: str) -> pd.DataFrame:
        """Read a table written by `write_csv`, digits unchanged."""
        return pd.read_csv(self.folder / name, encoding="utf-8")


class _Read(dict[str, Any]):
    """Part of a manifest; an entry that is missing is named, for it was there when the file was written."""

    def __init__(self, entries: Any = (), file: Path | None = None) -> None:
        super().__init__(entries)
        self._file = file

    def __missing__(self, name: str) -> Any:
        raise InputError(
            f"there is no entry {name!r}",
            key=name,
            file=self._file,
            allowed="the file as it was written; put it back from a copy, or begin in a new folder",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self),)


def open_store(folder: Path, identity: Mapping[str, Any]) -> Store:
    """Make the folder of an experiment, or reopen it if it holds this very experiment.

    Refuses one that cannot be written, or that holds anything else than this identity
    (`manifest.identity_of`) or, of a kind that grows, the same with fewer futures: then the tables go, and it
    is this longer one from now on.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]
        probe = folder / f".{uuid.uuid4().hex[:8]}.probe.writing"  # swept up if its process is killed here
        try:
            probe.write_bytes(b"whether the disk takes what is written, not a name alone")
        finally:
            probe.unlink(missing_ok=True)
        store = Store(folder)
        if not there:
            store.write_manifest(manifest_of(identity))
        elif check_store(folder, identity):
            _make_longer(store, identity)
        for kind in (RUNS, PREDICTIVE):
            (folder / kind).mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{str(folder)!r} cannot be written: {reason}",
            key="out",
            allowed="a folder that can be written",
        ) from error
    return store


def check_store(folder: Path, identity: Mapping[str, Any]) -> bool:
    """Refuse a folder that holds anything else than this experiment or the same with fewer futures.

    Gives whether it is one with fewer; nothing is written.
    """
    allowed = "a new or empty folder, or one that holds this very experiment"
    if not folder.is_dir() or all(entry.name.startswith(".") for entry in folder.iterdir()):
        return False
    if not (folder / MANIFEST).exists():
        raise InputError(f"{str(folder)!r} is not empty and holds no experiment", key="out", allowed=allowed)
    kept = Store(folder).manifest()["identity"]
    # compared as JSON, since the kept one has been through JSON
    wanted = json.loads(json.dumps(identity))
    if is_longer(kept, wanted):
        return True
    if different := differences(kept, wanted):
        if different == ["runs"]:
            allowed = f"{kept['runs']} futures or more, or a new folder"
        raise InputError(
            f"{str(folder)!r} holds another experiment; different: {', '.join(different[:5])}",
            key="out",
            allowed=allowed,
        )
    return False


def _make_longer(store: Store, identity: Mapping[str, Any]) -> None:
    """Let a folder of fewer futures be this longer one: its tables go, its beginning is kept.

    Whatever indicators came later: all runs of a folder hold those that it was begun with.
    """
    manifest = store.manifest()
    for table in _TABLES:
        (store.folder / table).unlink(missing_ok=True)
    begun: dict[str, Any] = {name: manifest[name] for name in (*OF_THE_BEGINNING, OTHERS) if name in manifest}
    identity = {**identity, "indicators": manifest["identity"]["indicators"]}
    store.write_manifest({**manifest_of(identity), **begun})


def bytes_of_failures(failed: Sequence[Failed]) -> bytes:
    """Give the contents of a file of failed runs."""
    rows = [{**one.run._asdict(), "kind": one.kind, "message": one.message} for one in failed]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def damage_of_failures(file: Path, contents: bytes) -> str | None:
    """Say what is wrong with a file of failed runs, or None if it is whole."""
    return None if fits_name(file, contents) else NOT_ITS_CONTENTS


def read_failed(file: Path) -> list[Failed]:
    """Read a file of failed runs; nothing if it is damaged, for the runs are then made again."""
    contents = file.read_bytes()
    if damage_of_failures(file, contents):
        return []
    return [
        Failed(PlannedRun(*(row[name] for name in PlannedRun._fields)), row["kind"], row["message"])
        for row in json.loads(contents)
    ]
