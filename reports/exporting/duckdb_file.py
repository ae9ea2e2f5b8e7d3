"""An experiment as one DuckDB file: all rows, the tables, a view by year, a data dictionary.

A colleague opens it with any DuckDB client; neither this package nor the folder is needed.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..words.phrases import SIDE_BY_SIDE, say
from .contents import Exported
from .data_dictionary import TABLES, meaning_of

if TYPE_CHECKING:
    import duckdb

DICTIONARY: Final = "data_dictionary"

_YEARS: Final = """
CREATE VIEW years AS
SELECT run_id, scenario, future, indicator, year,
       CASE any_value(kind)
            WHEN 'flow' THEN sum(value ORDER BY quarter)
            WHEN 'stock' THEN arg_max(value, quarter)
            ELSE avg(value)
       END AS value
FROM predictive JOIN data_dictionary USING (indicator)
GROUP BY run_id, scenario, future, indicator, year
HAVING count(*) = 4
"""


def write_duckdb(exported: Exported, file: Path) -> None:
    """Write a DuckDB file, whole or not at all. Parts are read one by one, so that memory stays flat.

    Raises
    ------
    InputError
        If a part is damaged.
    """
    from ...experiments.keeping.atomic_files import write_atomically

    write_atomically(file, lambda path: _written(exported, path))


def _written(exported: Exported, path: Path) -> None:
    """Fill the file; a disk that is full is an OSError, as everywhere."""
    import duckdb

    try:
        _fill(exported, path)
    except duckdb.Error as error:
        if os.strerror(errno.ENOSPC) in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise


def _fill(exported: Exported, path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as database:
        frames = {**exported.tables, DICTIONARY: exported.dictionary("runs", "predictive", "years")}
        for name, frame in frames.items():
            words = frame.astype({column: object for column in frame.columns if frame[column].dtype == "str"})
            _create(database, name, words)
        _copy_rows(exported, database)
        database.execute(_YEARS)
        _describe(database)
        database.execute("CHECKPOINT")


def _create(database: duckdb.DuckDBPyConnection, name: str, rows: Any) -> None:
    """Make a table of a frame or of Arrow rows."""
    database.register("given", rows)
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    database.unregister("given")


def _copy_rows(exported: Exported, database: duckdb.DuckDBPyConnection) -> None:
    """Copy the parts. Predictive rows that equal the runs, part by part, are a view of them."""
    from ...experiments.keeping.parquet_parts import SCHEMA, read_part
    from ...experiments.keeping.store import PREDICTIVE, RUNS

    store = exported.store
    for kind in (RUNS, PREDICTIVE):
        if kind == PREDICTIVE and _names(store, PREDICTIVE) == _names(store, RUNS):
            database.execute(f"CREATE VIEW {PREDICTIVE} AS SELECT * FROM {RUNS}")
            continue
        _create(database, kind, SCHEMA.empty_table())
        for part in store.parts(kind):
            database.register("given", read_part(part))
            database.execute(f"INSERT INTO {kind} SELECT * FROM given")
            database.unregister("given")


def _names(store: Any, kind: str) -> list[str]:
    """Name the parts: a name holds the checksum, so that equal names are equal contents."""
    return [part.name for part in store.parts(kind)]


def _describe(database: duckdb.DuckDBPyConnection) -> None:
    """Write meanings beside tables and columns, where clients show them."""
    kinds = dict(database.execute("SELECT table_name, table_type FROM information_schema.tables").fetchall())
    for name in (*TABLES, DICTIONARY):
        about = " / ".join(say(f"exports.table_{name}", language) for language in SIDE_BY_SIDE)
        what = "VIEW" if kinds[name] == "VIEW" else "TABLE"
        database.execute(f"COMMENT ON {what} {name} IS {_quoted(about)}")
        for column, unit in TABLES.get(name, {}).items():
            told = " / ".join(meaning_of(name, column, language) for language in SIDE_BY_SIDE)
            told += f" [{unit}]" if unit else ""
            database.execute(f'COMMENT ON COLUMN {name}."{column}" IS {_quoted(told)}')


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
