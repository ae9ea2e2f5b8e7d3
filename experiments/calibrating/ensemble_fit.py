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

__all__ = ["DEFAULT", "Calibration", "Settings", "calibrate"]

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a calibration is carried out.

    Attributes
    ----------
    ensembles : int
        Independent ensembles, at least 2: their disagreement gives the effective sample size.
    members : int
        Of each ensemble.
    assimilations : int
        Steps of the smoother; every member is run once in each, and once more at the end.
    scale : float
    seed : int
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
        """Refuse what cannot give a posterior.

        Raises
        ------
        InputError
        """
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

    Attributes
    ----------
    names : tuple of str
        Free parameters.
    observations : tuple of Observation
        What was fitted.
    prior, positions : ndarray of shape (ensembles, members, parameters)
        Members before the first and after the last step, as positions in the prior.
    prior_distances, distances : ndarray of shape (ensembles, members, summaries)
        ln(simulated / observed) of their runs.
    effective_sample_size : float
    each_effective : ndarray of shape (parameters,)
    noise : ndarray of shape (summaries, summaries)
        Covariance of what luck and all other parameters do to the summaries, at the posterior.
    runs : int
    failures : list of Failed
    seconds : float
    settings : Settings
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

        Returns
        -------
        ndarray of shape (number, parameters)
            Each in its parameter's unit.
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

    Parameters
    ----------
    world : Scenario
        Ends with the last fitted year; its fixed parameters stay fixed.
    observations : sequence of Observation
        Those that the model does not answer to are refused.
    model : Model
        The door to the model.
    settings : Settings
    names : sequence of str
        Free parameters.
    executor, workers, progress
        See `ensemble_runs.Members`.

    Raises
    ------
    InputError
        Settings that give no posterior, or a figure that the model does not answer to.
    RunError
        If most runs fail.
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
