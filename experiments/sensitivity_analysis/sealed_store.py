"""A store whose parts say which experiment made them, so that two versions cannot be mixed unseen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from ..keeping.atomic_files import write_checked
from ..keeping.parquet_parts import bytes_of, table_of
from ..keeping.store import RUNS, Store
from ..planning.runs import Finished

_SEAL: Final = b"identity_hash"


class SealedStore(Store):
    """A store that writes the hash of its experiment's identity into each part of runs.

    The identity holds the hashes of code, data and scenario: a part that another version
    made, and somebody copied here, is found although its own checksum is right.
    """

    @cached_property
    def seal(self) -> str:
        """Hash of the identity, from the manifest."""
        return str(self.manifest()["identity_hash"])

    def add(self, finished: Sequence[Finished], kind: str = RUNS) -> Path | None:
        """Write some runs as one more part, sealed; nothing for no runs."""
        if not finished:
            return None
        table = table_of(finished).replace_schema_metadata({_SEAL: self.seal})
        return write_checked(self.folder / kind, "part", bytes_of(table))

    def foreign_parts(self) -> list[Path]:
        """List the parts of runs that this experiment did not make."""
        return [part for part in self.parts() if _seal_of(part) != self.seal]


def _seal_of(part: Path) -> str:
    metadata = pq.read_schema(part).metadata or {}
    return str(metadata.get(_SEAL, b"").decode("ascii", errors="replace"))
