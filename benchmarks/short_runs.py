"""Runs that only wait, with a record as large as a real one; a module, so that workers find it by name."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shaanxi_transfer.engine.quarters import Quarter

QUARTERS = tuple(Quarter(2010, 1).later(step) for step in range(44))
NAMES = tuple(f"indicator_{number}" for number in range(146))


@dataclass(frozen=True)
class Record:
    """A record of random numbers."""

    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: npt.NDArray[np.float64]


def wait(seconds: float, *, seed: int, scale: float = 0.1) -> Record:
    """Take so many seconds; the scenario is their number."""
    time.sleep(seconds)
    return Record(NAMES, QUARTERS, np.random.default_rng(seed).lognormal(20.0, 3.0, (44, 146)))
