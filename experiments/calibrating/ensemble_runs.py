"""Run the members of an ensemble: positions in the prior go in, distances from observed figures come out."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ...engine import luck
from ..planning.door_to_model import Model
from ..planning.factors import choose_factors
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name
from ..planning.runs import Failed, Finished, Job, Outcome
from ..running.design_points import Design, DesignScenarios, point_name
from ..running.progress import Progress, ProgressFunction
from ..running.runner import RunBatch, run_batch
from .compare_observed import indicators_behind
from .distances_from_observed import Summaries
from .observed_figures import Observation

if TYPE_CHECKING:
    from ...scenarios import Parameter, Scenario

Numbers = npt.NDArray[np.float64]


@dataclass
class Members:
    """Runs a world at positions of its free parameters, with luck and all other parameters drawn.

    The world ends with the last observed year and draws from priors. Each stage of the calibration has its
    own luck. ``total`` is how many runs will be made in all, ``runs`` and ``failures`` those so far.
    """

    world: Scenario
    names: tuple[str, ...]
    observations: tuple[Observation, ...]
    model: Model
    scale: float
    seed: int
    executor: RunBatch = run_batch
    workers: int | None = None
    progress: ProgressFunction | None = None
    total: int = 0
    runs: int = 0
    failures: list[Failed] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    def distances(self, positions: Numbers, stage: str) -> Numbers:
        """Run every member once: positions (..., parameters) in, distances (..., summaries) out.

        Another ``stage`` has other luck. See `Summaries.of`; not a number throughout for a failed run.
        """
        flat = positions.reshape(-1, positions.shape[-1])
        plan, job = self.plan(stage, len(flat)), self.job(flat)
        summaries = Summaries(self.observations, self.model.definitions)
        found = np.full((len(flat), len(self.observations)), np.nan)
        outcomes = self.executor(plan, job, workers=self.workers)
        try:
            for member, distances in summaries.of(self._well(outcomes)):
                found[member] = distances
        finally:  # stopped between two outcomes, its worker processes would outlive it
            if isinstance(outcomes, Generator):
                outcomes.close()
        return found.reshape(*positions.shape[:-1], len(self.observations))

    def plan(self, stage: str, members: int) -> list[PlannedRun]:
        """List the runs of a stage: their names, and their luck, are its own."""
        seed = luck.key_of("calibration", self.seed, stage)
        return [
            PlannedRun(run_name(stage.replace(" ", "_"), i), point_name(i), i, future_seed(seed, i))
            for i in range(members)
        ]

    def job(self, positions: Numbers) -> Job:
        """Say what the runs of members at positions, shape (members, parameters), share."""
        factors = choose_factors(self.world, "uncertainties", self.names)
        columns = [self.names.index(factor.name) for factor in factors]
        design = Design(tuple(factor.name for factor in factors), ndtr(positions[:, columns]))
        scenarios = DesignScenarios(self.world, factors, design)
        return Job(scenarios, self.scale, self.model.run_one, indicators=self._wanted())

    def _wanted(self) -> tuple[str, ...] | None:
        """Name what of a record is held against the figures; everything, if nothing of it is known."""
        known = self.model.definitions.indicators
        names = indicators_behind(seen.indicator for seen in self.observations)
        cities = [name for name in names if getattr(known.get(name.partition(".")[0]), "read_by_city", None)]
        return tuple(name for name in names if name in known or name in cities) or None

    def _well(self, outcomes: Iterator[Outcome]) -> Iterator[Finished]:
        for outcome in outcomes:
            self.runs += 1
            if isinstance(outcome, Failed):
                self.failures.append(outcome)
            else:
                yield outcome
            self._report()

    def _report(self) -> None:
        if self.progress is not None:
            seconds = time.perf_counter() - self.began
            self.progress(Progress("run", self.runs, self.total, len(self.failures), seconds))


def values_at(world: Any, names: Sequence[str], positions: Numbers) -> Numbers:
    """Turn positions in the priors of a world into values of parameters; see `values_in`."""
    return values_in(world.parameter_table(), names, positions)


def values_in(parameters: Mapping[str, Parameter], names: Sequence[str], positions: Numbers) -> Numbers:
    """Turn positions in priors, standard normal, into values of parameters, each in its unit; same shape."""
    from ...scenarios.provinces.parameter_draws import quantile

    flat = np.clip(ndtr(positions.reshape(-1, positions.shape[-1])), 1e-12, 1.0 - 1e-12)
    values = np.empty_like(flat)
    for column, name in enumerate(names):
        values[:, column] = [quantile(parameters[name], u) for u in flat[:, column].tolist()]
    return values.reshape(positions.shape)
