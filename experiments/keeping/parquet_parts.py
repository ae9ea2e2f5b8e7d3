"""Runs as Parquet: one row for each run, quarter and indicator, in parts that are checked when read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...engine.errors import InputError
from ..planning.runs import Finished
from .atomic_files import fits_name

COLUMNS: Final = ("run_id", "scenario", "future", "seed", "year", "quarter", "indicator", "value")
"""Columns of ``runs/*.parquet`` and ``predictive/*.parquet``: one row per run, quarter and indicator."""

WORD_COLUMNS: Final = ("run_id", "scenario", "indicator")

SEAL: Final = b"identity_hash"
"""Key in a part's metadata with the hash of what fixes the runs of its experiment (`manifest.seal_of`)."""

MADE_WITH: Final = b"made with"
"""Key with the installation that made its runs, as JSON."""

ORIGIN: Final = b"made of"
"""Key of a predictive part with the name of the part of runs of which it was made."""

NOT_ITS_CONTENTS: Final = "is damaged: its contents do not fit the checksum in its name"

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


def table_of(finished: Sequence[Finished]) -> pa.Table:
    """Put records of runs into long form: one row per run, quarter and indicator, columns of `SCHEMA`."""
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


def bytes_of(table: pa.Table) -> bytes:
    """Give the contents of the file that holds a table.

    Values hardly come twice, and nobody asks for parts of a file by what is in them: without a dictionary of
    values, and without statistics, it is written in less than half the time and a fifteenth smaller.
    """
    repeated = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=repeated, write_statistics=False)
    contents: bytes = sink.getvalue().to_pybytes()
    return contents


def damage_of(part: Path, contents: bytes) -> str | None:
    """Say what is wrong with a part, whose name holds the checksum of its contents; None if it is whole."""
    if not fits_name(part, contents):
        return NOT_ITS_CONTENTS
    try:
        schema = pq.read_schema(pa.BufferReader(contents))
    except (OSError, pa.ArrowException) as error:
        return f"is damaged: it is no Parquet file ({type(error).__name__})"
    return None if schema.equals(SCHEMA) else "is damaged: its columns are not those of a part"


def read_part(part: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a part, or some of its columns, after its checksum was compared; refuse a damaged one."""
    contents = part.read_bytes()
    if damage := damage_of(part, contents):
        raise InputError(
            f"the part {damage}",
            file=part,
            allowed=f"whole parts: `shaanxi-transfer resume {part.parent.parent}` makes its runs again",
        )
    return pq.read_table(pa.BufferReader(contents), columns=None if columns is None else list(columns))


def indicators_in(part: Path) -> tuple[str, ...]:
    """Give the indicators of a part, in the order in which a record bears them; see `read_part`."""
    return tuple(read_part(part, ["indicator"])["indicator"].unique().to_pylist())


def runs_in(part: Path) -> set[str]:
    """Give the run_id of every run in a part; see `read_part`."""
    return set(read_part(part, ["run_id"])["run_id"].unique().to_pylist())


def metadata_of(part: Path) -> dict[bytes, bytes]:
    """Give what a part says of itself; nothing if it is damaged or gone."""
    try:
        return dict(pq.read_schema(part).metadata or {})
    except (OSError, pa.ArrowException):
        return {}
