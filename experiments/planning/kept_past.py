"""What kept futures have in common, and the doors to the model that go through them.

A worker process holds its futures here, in the process itself: runs are made by functions that are found by
their names, and what comes between two calls stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...engine.quarters import Quarter
from .own_code import NOTHING, OwnCode, run_together_with
from .runs import Job, RecordLike, RunOne, RunTogether

if TYPE_CHECKING:
    from ...model.shared_past import KeptFuture
    from ...scenarios import Scenario

__all__ = ["KeptPast", "keep_one", "quarter_of", "run_from_kept", "run_together_from_kept", "steps_of"]

_held: Final[dict[str, dict[int, KeptFuture]]] = {}
"""Futures by seed, by the name of their past."""


@dataclass(frozen=True)
class KeptPast:
    """The past of kept futures, apart from what chance made of it.

    Attributes
    ----------
    name : str
        Of one `keep.keep` alone, so that two in one process are never mixed.
    scenario : Scenario
        Under which the past is lived.
    steps : int
        How many steps of it.
    scale : float
    own : OwnCode
        Rules and indicators from outside.
    """

    name: str
    scenario: Scenario
    steps: int
    scale: float
    own: OwnCode = NOTHING

    @property
    def quarter(self) -> Quarter:
        """Last quarter of the past."""
        return quarter_of(self.scenario, self.steps - 1)

    def in_common(self, scenario: Scenario) -> int:
        """Count the steps that a scenario has in common with the past, however long they agree."""
        from ...model.shared_past import steps_in_common

        return steps_in_common(self.scenario, scenario)

    def serves(self, scenario: Scenario) -> bool:
        """Whether a scenario may go on from this past."""
        return self.in_common(scenario) >= self.steps

    def why_not(self, scenario: Scenario) -> str:
        """Say why a scenario cannot go on from this past."""
        from ...model.shared_past import other_fields

        if fields := other_fields(self.scenario, scenario):
            return f"it assumes another world ({', '.join(fields)})"
        return f"it orders something else in {quarter_of(scenario, self.in_common(scenario))}"

    def future(self, seed: int) -> KeptFuture:
        """Give a future of this process, which is lived now if it is not there: a worker may have died."""
        held = _held.setdefault(self.name, {})
        if seed not in held:
            from ...model.shared_past import KeptFuture

            rules, indicators = self.own.load()
            held[seed] = KeptFuture(
                self.scenario, self.steps, seed=seed, scale=self.scale, rules=rules, indicators=indicators
            )
        return held[seed]

    def release(self) -> None:
        """Let go of the futures that this process holds."""
        _held.pop(self.name, None)

    def keeping(self) -> Job:
        """Give the job that lives the past of futures, and keeps each in the process that makes it.

        Its record has one number, the bytes that the future takes.
        """
        return Job({self.name: self}, self.scale, keep_one)

    def doors(self) -> tuple[RunOne, RunTogether]:
        """Give the doors to the model for scenarios that go on from kept futures."""
        return partial(run_from_kept, past=self), partial(run_together_from_kept, past=self)


@dataclass(frozen=True)
class _Bytes:
    """Bytes of memory in the shape of a record."""

    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: npt.NDArray[np.float64]


def keep_one(scenario: KeptPast, *, seed: int, scale: float = 0.1) -> RecordLike:
    """Live one future up to where it is kept; see `KeptPast.keeping`."""
    taken = scenario.future(seed).nbytes
    return _Bytes(("bytes",), (scenario.quarter,), np.array([[float(taken)]]))


def run_from_kept(scenario: Scenario, *, seed: int, scale: float = 0.1, past: KeptPast) -> RecordLike:
    """Make one run from a kept future; see `runs.RunOne`."""
    return run_together_from_kept([scenario], seed=seed, scale=scale, past=past)[0]


def run_together_from_kept(
    scenarios: Sequence[Scenario], *, seed: int, scale: float = 0.1, past: KeptPast
) -> Sequence[RecordLike]:
    """Make the runs of one future: what is left of those that the past serves, the others whole."""
    served = [place for place, scenario in enumerate(scenarios) if past.serves(scenario)]
    others = [place for place in range(len(scenarios)) if place not in served]
    records: dict[int, RecordLike] = {}
    if served:
        left = past.future(seed).run([scenarios[place] for place in served])
        records |= dict(zip(served, left, strict=True))
    if others:
        whole = run_together_with(
            [scenarios[place] for place in others], own=past.own, seed=seed, scale=scale
        )
        records |= dict(zip(others, whole, strict=True))
    return [records[place] for place in range(len(scenarios))]


def steps_of(scenario: Scenario) -> int:
    """Count the steps of a scenario."""
    return len(scenario.quarters) * (scenario.steps_per_year // 4)


def quarter_of(scenario: Scenario, step: int) -> Quarter:
    """Give the quarter of a scenario's step, counted from 0."""
    return Quarter.parse(scenario.start).later(step // (scenario.steps_per_year // 4))
