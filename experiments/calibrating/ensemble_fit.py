"""Fit the free parameters to the observed years, as a distribution."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...engine import luck
from ...engine.errors import InputError, RunError
from ..planning.door_to_model import Model
from ..planning.fitted_parameters import FITTED
from ..planning.runs import Failed
from ..running.progress import ProgressFunction
from ..running.runner import RunBatch, run_batch
from . import smoother
from .ensemble_runs import Members, values_at
from .observed_figures import Observation

if TYPE_CHECKING:
    from ...scenarios import Scenario

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a calibration is carried out.

    Ensembles are independent, at least 2: their disagreement gives the effective sample size. Each has so
    many members, every one of which is run once in each assimilation (step of the smoother), and once more at
    the end.
    """

    ensembles: int = 4
    members: int = 400
    assimilations: int = 4
    scale: float = 0.1
    seed: int = 1

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return self.ensembles * self.members * (self.assimilations + 1)

    def check(self, parameters: int) -> None:
        """Refuse what cannot give a posterior."""
        for key, value, least in (
            ("ensembles", self.ensembles, 2),
            ("members", self.members, 2 * (parameters + 2)),
            ("assimilations", self.assimilations, 1),
        ):
            if value < least:
                raise InputError(f"{value} is too few", key=key, allowed=f"{least} or more")


DEFAULT: Final = Settings()


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    ``prior`` and ``positions``, shape (ensembles, members, parameters), are the members before the first and
    after the last step as positions in the prior; ``prior_distances`` and ``distances``, shape (ensembles,
    members, summaries), are ln(simulated / observed) of their runs. ``each_effective`` has the effective
    sample size of each parameter; ``noise``, shape (summaries, summaries), is the covariance of what luck and
    all other parameters do to the summaries, at the posterior.
    """

    names: tuple[str, ...]
    observations: tuple[Observation, ...]
    prior: Numbers
    positions: Numbers
    prior_distances: Numbers
    distances: Numbers
    effective_sample_size: float
    each_effective: Numbers
    noise: Numbers
    runs: int
    failures: list[Failed] = field(repr=False)
    seconds: float
    settings: Settings

    def draws(self, world: Scenario, number: int) -> Numbers:
        """Give equal-weight draws of the posterior, without repetition while members last.

        Shape (number, parameters), each in its parameter's unit.
        """
        members = self.positions.reshape(-1, len(self.names))
        rng = np.random.default_rng([self.settings.seed, len(members)])
        chosen = rng.permutation(len(members))[: min(number, len(members))]
        return values_at(world, self.names, members[np.sort(chosen)])


def calibrate(
    world: Scenario,
    observations: Sequence[Observation],
    model: Model,
    settings: Settings = DEFAULT,
    *,
    names: Sequence[str] = FITTED,
    executor: RunBatch = run_batch,
    workers: int | None = None,
    progress: ProgressFunction | None = None,
) -> Calibration:
    """Fit free parameters with an ensemble smoother.

    The world ends with the last fitted year; its fixed parameters stay fixed. Refuses settings that give no
    posterior, and a figure that the model does not answer to; a `RunError` says that most runs failed.
    """
    began = time.perf_counter()
    free = tuple(name for name in names if name not in world.parameters)
    settings.check(len(free))
    model.warm()
    members = Members(
        world.set(belief="prior", name=world.name),
        free,
        tuple(observations),
        model,
        settings.scale,
        settings.seed,
        executor=executor,
        workers=workers,
        progress=progress,
        total=settings.runs,
    )
    errors = np.array([seen.ln_error for seen in observations])
    seed = luck.key_of("smoother", settings.seed) % 2**32
    prior = smoother.prior_positions(settings.ensembles, settings.members, len(free), seed)
    positions, first = prior, None
    for step in range(settings.assimilations):
        distances = members.distances(positions, f"step {step}")
        if first is None:
            first = distances
            _check_answers(observations, distances)
        try:
            positions = smoother.update(positions, distances, errors, settings.assimilations, seed + step + 1)
        except ValueError as problem:
            raise RunError(f"{problem}; the first failure: {members.failures[0].message}") from problem
    last = members.distances(positions, "posterior")
    assert first is not None
    together, each = smoother.effective_sample_size(positions)
    well = np.isfinite(last).all(axis=2)
    return Calibration(
        free,
        tuple(observations),
        prior,
        positions,
        first,
        last,
        together,
        each,
        smoother.noise_covariance(positions[well], last[well]),
        members.runs,
        members.failures,
        time.perf_counter() - began,
        settings,
    )


def _check_answers(observations: Sequence[Observation], distances: Numbers) -> None:
    """Refuse a figure to which no run answers: it would make every run look failed."""
    missing = [
        seen.label
        for seen, column in zip(observations, distances.reshape(-1, distances.shape[-1]).T, strict=True)
        if not np.isfinite(column).any()
    ]
    if missing:
        raise InputError(
            f"the model does not answer to {', '.join(missing)}",
            key="observed.indicator",
            allowed="figures that `list indicators` names, or use `check`",
        )
