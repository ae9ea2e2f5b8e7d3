"""Read a table that another `make` target has left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..engine.errors import InputError

__all__ = ["read_table"]


def read_table(file: Path, target: str, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table with at least these columns.

    Raises
    ------
    InputError
        If it is missing, which ``make target`` mends, or lacks a column.
    """
    if not file.is_file():
        raise InputError("the table does not exist", file=file, allowed=f"make it with `make {target}`")
    table = pd.read_csv(file)
    lacking = [name for name in columns if name not in table]
    if lacking:
        raise InputError("the table lacks columns", file=file, key=", ".join(lacking))
    return table
