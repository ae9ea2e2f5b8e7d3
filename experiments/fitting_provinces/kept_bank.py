"""A bank of runs on disk that grows as its runs end."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..keeping.atomic_files import make_folder, write_atomically
from .linear_update import Bank

Numbers = npt.NDArray[np.float64]

_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, OSError, ValueError)
"""What a file that was cut, zeroed or changed is answered with; each of its arrays bears a checksum."""


def arrays_in(file: Path) -> dict[str, npt.NDArray[np.float64]] | None:
    """Read positions, distances and what has ended; None if the file is not there, or damaged."""
    if not file.is_file():
        return None
    try:
        with np.load(file) as arrays:
            return {name: arrays[name] for name in ("positions", "distances", "ended")}
    except _DAMAGED:
        return None


class KeptBank:
    """Runs at known positions, kept as they end: who was stopped goes on with those that are missing.

    Parameters
    ----------
    file : Path
        Where it lies, or will.
    positions : array
        Of all its runs, shape (runs, parameters). Those in the file stand in their place: computed again
        elsewhere they may differ in the last bit from those at which it was run.
    figures : int
        Number of figures.

    Attributes
    ----------
    damaged : bool
        Whether the file is there and cannot be read: all its runs are made again, and it is written anew.
    """

    def __init__(self, file: Path, positions: Numbers, figures: int) -> None:
        self.file = file
        self.positions = positions
        self.distances = np.full((len(positions), figures), np.nan)
        self.ended = np.zeros(len(positions), dtype=bool)
        kept = arrays_in(file)
        self.damaged = kept is None and file.is_file()
        if kept is not None:
            self.positions, self.distances = kept["positions"], kept["distances"]
            self.ended = kept["ended"].astype(bool)

    @property
    def whole(self) -> bool:
        """Whether nothing is left to be run."""
        return bool(self.ended.all())

    @property
    def failed(self) -> int:
        """Runs that did not end well, made now or before."""
        return int((self.ended & ~np.isfinite(self.distances).all(axis=1)).sum())

    @property
    def there(self) -> frozenset[int]:
        """Rows that need not be run."""
        return frozenset(np.flatnonzero(self.ended).tolist())

    def add(self, found: Iterable[tuple[int, Numbers]]) -> None:
        """Take in rows and their distances, and keep them."""
        for row, distances in found:
            self.distances[row], self.ended[row] = distances, True
        self._keep()

    def end(self) -> None:
        """Take what did not end well for failed: it is not run again."""
        self.ended[:] = True
        self._keep()

    def bank(self) -> Bank:
        """Give the runs that ended well."""
        return Bank(self.positions, self.distances).well()

    def _keep(self) -> None:
        """Write it, whole or not at all."""
        make_folder(self.file.parent)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, positions=self.positions, distances=self.distances, ended=self.ended)
        write_atomically(self.file, lambda path: path.write_bytes(buffer.getvalue()))


def bank_file(folder: Path, number: int, origin: int, key: str) -> Path:
    """Name the file of a bank."""
    return folder / f"bank_{number}_{origin}_{key}.npz"
