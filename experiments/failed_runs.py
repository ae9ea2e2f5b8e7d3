"""Failed runs as they are written down while a batch goes on, and which of them are tried again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .atomic import fits_name
from .futures import PlannedRun
from .worker import Failed

TRIED_AGAIN: Final = ("killed", "memory")
"""Kinds of failure that a resumed batch tries again unasked: what the machine did, not the model.

An exception, a value that is not finite and a record of the wrong shape come back with the
same run; so does, nearly always, a run that did not end.
"""


def bytes_of_failures(failed: Sequence[Failed]) -> bytes:
    """Give the contents of a file that tells of failed runs."""
    rows = [{**one.run._asdict(), "kind": one.kind, "message": one.message} for one in failed]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def damage_of_failures(file: Path, contents: bytes) -> str | None:
    """Say what is wrong with a file of failed runs, or None if it is whole."""
    return None if fits_name(file, contents) else "its contents do not fit the checksum in its name"


def read_failed(file: Path) -> list[Failed]:
    """Read a file that tells of failed runs; nothing if it is damaged, for the runs are then made again."""
    contents = file.read_bytes()
    if damage_of_failures(file, contents):
        return []
    return [
        Failed(PlannedRun(*(row[name] for name in PlannedRun._fields)), row["kind"], row["message"])
        for row in json.loads(contents)
    ]
