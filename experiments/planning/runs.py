"""What a run is to a batch: the door it goes through, what comes back, and what all runs share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...engine.quarters import Quarter
from .plan_of_runs import PlannedRun


class RecordLike(Protocol):
    """What the runner needs of a run's record."""

    @property
    def indicators(self) -> tuple[str, ...]:
        """Names of the columns of ``values``."""

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Quarters of the rows of ``values``."""

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """Array of shape (n_quarters, n_indicators), each in the indicator's unit."""


class RunOne(Protocol):
    """The door to the model: one scenario and one seed in, one record out."""

    def __call__(self, scenario: Any, *, seed: int, scale: float = 0.1) -> RecordLike:
        """Make one run."""


class RunTogether(Protocol):
    """The same door for several scenarios of one future, which may share their history."""

    def __call__(self, scenarios: Sequence[Any], *, seed: int, scale: float = 0.1) -> Sequence[RecordLike]:
        """Make one run for each scenario, each as `RunOne` would."""


class RunFailure(Exception):
    """A run that ended, but without a usable record; ``kind`` says in which way."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that ended well.

    Attributes
    ----------
    run : PlannedRun
        Which run.
    indicators : tuple of str
        Names of the columns of ``values``.
    quarters : tuple of Quarter
        Quarters of the rows of ``values``.
    values : ndarray of shape (n_quarters, n_indicators)
        The record, each column in its indicator's unit.
    """

    run: PlannedRun
    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that did not end well.

    Attributes
    ----------
    run : PlannedRun
        Which run.
    kind : str
        ``exception``, ``not finite``, ``malformed``, ``memory``, ``killed`` or ``time limit``.
    message : str
        One line: what happened and where, the last places of the traceback.
    """

    run: PlannedRun
    kind: str
    message: str


Outcome = Finished | Failed


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for all runs of a batch; sent to each worker once.

    Attributes
    ----------
    scenarios : mapping
        Scenario by name; any mapping that can be pickled. Only the names of planned runs
        are ever looked up, each in a worker, so that one may build its scenarios there.
    scale : float
        Share of the many small actors that is simulated.
    run_one : callable
        ``run_one(scenario, seed=, scale=)``, importable by its module's name.
    run_together : callable, optional
        The same for several scenarios of one future.
    indicators : tuple of str, optional
        What of a record is kept and sent back, in this order; every indicator by default.
    years : tuple of int, optional
        Calendar years whose quarters are kept; all by default.
    """

    scenarios: Mapping[str, Any]
    scale: float
    run_one: RunOne
    run_together: RunTogether | None = None
    indicators: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
