"""What is kept of a province between two starts: banks and points, under the hash of all they rest on.

A file is there only if it was finished, and its name says of what: settings, data, rules, beliefs. One of
other rules is simply not found.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ..keeping.atomic_files import write_atomically
from ..keeping.provenance import hash_of_mechanisms, hash_of_observed
from .linear_update import Bank, Normal
from .province_beliefs import MOVED
from .province_fit import Place

_DIGITS: Final = 16


def fingerprint(*facts: Any) -> str:
    """Hash facts that JSON can write, 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def fingerprint_of_normal(normal: Normal) -> str:
    """Hash a distribution of positions, to the last bit: what is drawn from it is so too."""
    return hashlib.sha256(normal.mean.tobytes() + normal.covariance.tobytes()).hexdigest()[:_DIGITS]


def fingerprint_of_place(place: Place) -> str:
    """Hash what a province at an origin is: rules, priors, data, figures, beliefs."""
    beliefs = place.beliefs
    return fingerprint(
        hash_of_mechanisms(),
        place.world.hash,
        place.world.pack().hash,
        hash_of_observed(place.world.pack().observed),
        [list(seen) for seen in place.observations],
        MOVED,
        fingerprint_of_normal(beliefs.prior),
        hashlib.sha256(beliefs.carried_values.tobytes()).hexdigest(),
    )


def kept_banks(folder: Path, number: int, key: str) -> tuple[Path, list[Bank] | None]:
    """Give the file of a province's banks, and the banks if it is there, one an origin."""
    file = folder / f"bank_{number}_{key}.npz"
    if not file.is_file():
        return file, None
    with np.load(file) as arrays:
        count = len(arrays.files) // 2
        return file, [Bank(arrays[f"positions_{i}"], arrays[f"distances_{i}"]) for i in range(count)]


def keep_banks(file: Path, banks: Sequence[Bank]) -> None:
    """Write banks; whole or not at all."""
    buffer = io.BytesIO()
    arrays = {f"positions_{i}": bank.positions for i, bank in enumerate(banks)}
    arrays |= {f"distances_{i}": bank.distances for i, bank in enumerate(banks)}
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    write_atomically(file, lambda path: path.write_bytes(buffer.getvalue()))


def kept_points(folder: Path, key: str) -> tuple[Path, pd.DataFrame | None]:
    """Give the file of a province's points, and the points if it is there."""
    file = folder / f"points_{key}.parquet"
    return file, pd.read_parquet(file) if file.is_file() else None


def keep_points(file: Path, points: pd.DataFrame) -> None:
    """Write points; whole or not at all."""
    write_atomically(file, partial(points.to_parquet, index=False))
