"""The folder of an experiment: Parquet parts, manifest, failures, tables.

Every file is written under a temporary name in the same folder and then moved into
place, so that whoever looks sees a whole file or none, even after a power cut.
"""

from __future__ import annotations

import csv
import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..engine.errors import InputError
from .manifest import differences, hash_of_identity, manifest_of
from .worker import Failed, Finished

COLUMNS: Final = ("run_id", "scenario", "future", "seed", "year", "quarter", "indicator", "value")
"""Columns of ``runs/*.parquet`` and ``predictive/*.parquet``: one row per run, quarter and indicator."""

FAILURE_COLUMNS: Final = ("run_id", "scenario", "future", "seed", "kind", "message", "replay")
"""Columns of ``failures.csv``."""

RUNS: Final = "runs"
PREDICTIVE: Final = "predictive"
MANIFEST: Final = "manifest.json"
FAILURES: Final = "failures.csv"
TARGETS: Final = "targets.csv"
INDICATORS: Final = "indicators.csv"

_WORDS: Final = pa.dictionary(pa.int32(), pa.string())
SCHEMA: Final = pa.schema(
    [
        pa.field("run_id", _WORDS, nullable=False),
        pa.field("scenario", _WORDS, nullable=False),
        pa.field("future", pa.int64(), nullable=False),
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("year", pa.int32(), nullable=False),
        pa.field("quarter", pa.int32(), nullable=False),
        pa.field("indicator", _WORDS, nullable=False),
        pa.field("value", pa.float64(), nullable=False),
    ]
)
"""Types of the columns; words are stored once and pointed at."""


def write_atomically(file: Path, write: Callable[[Path], None]) -> None:
    """Write under a temporary name beside ``file``, then move into place.

    Parameters
    ----------
    file : Path
        Where the finished file goes; one that is there is replaced.
    write : callable
        Writes the whole content to the path that it is given.
    """
    temporary = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        write(temporary)
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def table_of(finished: Sequence[Finished]) -> pa.Table:
    """Put records of runs into long form.

    Parameters
    ----------
    finished : sequence of Finished
        Runs that ended well.

    Returns
    -------
    pyarrow.Table
        One row per run, quarter and indicator, with the columns of `SCHEMA`.
    """
    batches = [_long_form(run) for run in finished]
    return pa.Table.from_batches(batches, schema=SCHEMA).unify_dictionaries()


def _long_form(done: Finished) -> pa.RecordBatch:
    quarters, indicators = len(done.quarters), len(done.indicators)
    rows = quarters * indicators
    dates = np.array(done.quarters, np.int32).reshape(quarters, 2)

    def word(text: str) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([text]))

    return pa.RecordBatch.from_arrays(
        [
            word(done.run.run_id),
            word(done.run.scenario),
            pa.array(np.full(rows, done.run.future, np.int64)),
            pa.array(np.full(rows, done.run.seed, np.int64)),
            pa.array(np.repeat(dates[:, 0], indicators)),
            pa.array(np.repeat(dates[:, 1], indicators)),
            pa.DictionaryArray.from_arrays(
                np.tile(np.arange(indicators, dtype=np.int32), quarters), pa.array(list(done.indicators))
            ),
            pa.array(done.values.ravel()),
        ],
        schema=SCHEMA,
    )


class Store:
    """One experiment's folder.

    Parameters
    ----------
    folder : Path
        Where the files stand; see `open_store` to make or reopen one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parts(self, kind: str = RUNS) -> list[Path]:
        """List the finished Parquet parts, in order of their names."""
        return sorted((self.folder / kind).glob("part-*.parquet"))

    def add(self, finished: Sequence[Finished], kind: str = RUNS) -> Path | None:
        """Write some runs as one more part; nothing for no runs."""
        if not finished:
            return None
        taken = [int(part.stem.removeprefix("part-")) for part in self.parts(kind)]
        file = self.folder / kind / f"part-{max(taken, default=0) + 1:06d}.parquet"
        table = table_of(finished)
        write_atomically(file, lambda path: pq.write_table(table, path, compression="zstd"))
        return file

    def finished_runs(self) -> set[str]:
        """Give the run_id of every run that is stored.

        Raises
        ------
        InputError
            If a part cannot be read.
        """
        names: set[str] = set()
        for part in self.parts():
            try:
                names.update(pq.read_table(part, columns=["run_id"])["run_id"].unique().to_pylist())
            except (OSError, pa.ArrowException) as error:
                raise InputError(
                    f"the part cannot be read ({type(error).__name__})",
                    file=part,
                    key="out",
                    allowed="a folder with whole parts: remove this one, its runs are then made again",
                ) from error
        return names

    def frames(self, kind: str = PREDICTIVE) -> Iterator[pd.DataFrame]:
        """Read the parts one by one, so that memory does not grow with their number.

        Yields
        ------
        DataFrame
            Columns of `COLUMNS`; whole runs only. Words are categories.
        """
        for part in self.parts(kind):
            frame: pd.DataFrame = pq.read_table(part).to_pandas()
            yield frame

    def read(self, kind: str = RUNS) -> pd.DataFrame:
        """Read all rows, sorted by run, indicator, year, quarter: the form in which results are compared."""
        frames = [frame.astype({name: "str" for name in _WORD_COLUMNS}) for frame in self.frames(kind)]
        if not frames:
            return pd.DataFrame(columns=list(COLUMNS))
        rows = pd.concat(frames, ignore_index=True)
        return rows.sort_values(by=["run_id", "indicator", "year", "quarter"], ignore_index=True)

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write ``manifest.json``."""
        text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        write_atomically(self.folder / MANIFEST, lambda path: _write_text(path, text))

    def manifest(self) -> dict[str, Any]:
        """Read ``manifest.json``."""
        contents = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        assert isinstance(contents, dict)
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


_WORD_COLUMNS: Final = ("run_id", "scenario", "indicator")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def open_store(folder: Path, identity: Mapping[str, Any]) -> Store:
    """Make the folder of an experiment, or reopen it if it holds this very experiment.

    Parameters
    ----------
    folder : Path
        A folder that does not exist, is empty, or holds an experiment with this identity.
    identity : mapping
        All on which the tables depend; see `manifest.identity_of`.

    Raises
    ------
    InputError
        If the folder cannot be written, or holds anything else.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]
        probe = folder / f".{uuid.uuid4().hex[:8]}.probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{str(folder)!r} cannot be written: {reason}",
            key="out",
            allowed="a folder that can be written",
        ) from error
    store = Store(folder)
    if there:
        _refuse_another_experiment(store, identity)
    else:
        store.write_manifest(manifest_of(identity))
    for kind in (RUNS, PREDICTIVE):
        (folder / kind).mkdir(exist_ok=True)
    return store


def _refuse_another_experiment(store: Store, identity: Mapping[str, Any]) -> None:
    allowed = "a new or empty folder, or one that holds this very experiment"
    try:
        manifest = store.manifest()
        kept = dict(manifest["identity"])
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise InputError(
            f"{str(store.folder)!r} is not empty and holds no experiment", key="out", allowed=allowed
        ) from error
    # compared as JSON, since the kept one has been through JSON
    if hash_of_identity(kept) != hash_of_identity(identity):
        different = differences(kept, json.loads(json.dumps(identity)))
        raise InputError(
            f"{str(store.folder)!r} holds another experiment; different: {', '.join(different[:5])}",
            key="out",
            allowed=allowed,
        )
