"""What is kept of a province between two starts is named by the hash of all it rests on; points of forecasts.

A file's name says of what it was made: rules, data, settings, one origin, and the names of the runs that were
looked at before. None rests on a number that was computed: its last bit is another one on another processor,
where nothing would be found again. One of other rules is simply not found.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from ..keeping.atomic_files import write_atomically
from ..keeping.provenance import hash_of_mechanisms, hash_of_observed
from .province_beliefs import MOVED
from .province_fit import Place

if TYPE_CHECKING:
    from ...scenarios.provinces.posterior import Posterior

_DIGITS: Final = 16


def fingerprint(*facts: Any) -> str:
    """Hash facts that JSON can write, 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def fingerprint_of_draws(posterior: Posterior | None) -> str | None:
    """Hash the draws of a posterior, which are read and not computed; None for none."""
    if posterior is None:
        return None
    held = hashlib.sha256("\n".join(posterior.names).encode())
    held.update(np.ascontiguousarray(posterior.values).tobytes())
    return held.hexdigest()[:_DIGITS]


def fingerprint_of_place(place: Place, shared: Posterior | None) -> str:
    """Hash what a province at an origin is: rules, priors, data, figures, what others gave (``shared``)."""
    return fingerprint(
        hash_of_mechanisms(),
        place.world.hash,
        place.world.pack().hash,
        hash_of_observed(place.world.pack().observed),
        [list(seen) for seen in place.observations],
        MOVED,
        fingerprint_of_draws(shared),
    )


def kept_points(folder: Path, origin: int, key: str) -> tuple[Path, pd.DataFrame | None]:
    """Give the file of a province's points from an origin, and the points if it is there and whole."""
    file = folder / f"points_{origin}_{key}.parquet"
    try:
        return file, pd.read_parquet(file, page_checksum_verification=True) if file.is_file() else None
    except (OSError, pa.ArrowException):  # it was cut, zeroed or changed, and is made again
        return file, None


def keep_points(file: Path, points: pd.DataFrame) -> None:
    """Write points; whole or not at all."""
    write_atomically(file, partial(points.to_parquet, index=False, write_page_checksum=True))
