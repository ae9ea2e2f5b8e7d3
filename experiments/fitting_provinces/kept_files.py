"""What is kept of a province between two starts is named by the hash of all it rests on; points of forecasts.

A file's name says of what it is: settings, data, rules, beliefs, one origin. One of other rules is simply not
found, and none depends on which other origins are fitted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..keeping.atomic_files import write_atomically
from ..keeping.provenance import hash_of_mechanisms, hash_of_observed
from .linear_update import Normal
from .province_beliefs import MOVED
from .province_fit import Place

Numbers = npt.NDArray[np.float64]

_DIGITS: Final = 16


def fingerprint(*facts: Any) -> str:
    """Hash facts that JSON can write, 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def fingerprint_of_normal(normal: Normal) -> str:
    """Hash a distribution of positions, to the last bit: what is drawn from it is so too."""
    return hashlib.sha256(normal.mean.tobytes() + normal.covariance.tobytes()).hexdigest()[:_DIGITS]


def fingerprint_of_values(values: Mapping[str, Numbers]) -> str:
    """Hash a table of parameter values, to the last bit."""
    held = hashlib.sha256()
    for name, column in values.items():
        held.update(name.encode() + np.ascontiguousarray(column).tobytes())
    return held.hexdigest()[:_DIGITS]


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


def kept_points(folder: Path, origin: int, key: str) -> tuple[Path, pd.DataFrame | None]:
    """Give the file of a province's points from an origin, and the points if it is there."""
    file = folder / f"points_{origin}_{key}.parquet"
    return file, pd.read_parquet(file) if file.is_file() else None


def keep_points(file: Path, points: pd.DataFrame) -> None:
    """Write points; whole or not at all."""
    write_atomically(file, partial(points.to_parquet, index=False))
