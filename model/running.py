"""The only door to the model: a scenario and a seed go in, a record comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .ecosystem import Ecosystem
from .record import Record

if TYPE_CHECKING:
    from ..scenarios import Scenario


def run(scenario: Scenario | str, *, seed: int = 1, scale: float = 0.1) -> Record:
    """Run the province through a scenario.

    Parameters
    ----------
    scenario : Scenario or str
        What is assumed, or the name of a scenario.
    seed : int
        Seed of the future; the same seed gives the same outside world and the same
        luck in every scenario.
    scale : float
        Rows for each small or middle enterprise, 0.01 to 1.

    Returns
    -------
    Record
        The same bytes for the same scenario, seed and scale on one platform.

    Raises
    ------
    InputError
        If the scenario, the seed or the scale is not allowed.
    RunError
        If an indicator is not a finite number.
    """
    # Hash arithmetic wraps around on purpose; plain (uncompiled) NumPy would warn of it.
    with np.errstate(over="ignore"):
        ecosystem = Ecosystem(scenario, seed=seed, scale=scale)
        while ecosystem.running:
            ecosystem.step()
        ecosystem.release()
        return ecosystem.record()
