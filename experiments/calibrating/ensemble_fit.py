"""Fit the free parameters to the observed years, as a distribution."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...engine import luck
from ...engine.errors import InputError, RunError
from ...scenarios.provinces.posterior import FEWEST_DRAWS
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

LAST_STAGE: Final = "posterior"

_WORTH: Final = 0.11
_WORTH_OF_STEPS: Final = 0.35
"""What each member beyond the number of parameters is worth in independent draws, and how it grows with the
steps. Read off a made-up province that is linear, with the slopes and the luck of Shaanxi's (52 parameters,
45 figures): 15 draws for 2 ensembles of 108 in one step, 48 for 4 of 108 and 217 for 4 of 400 in four steps.
Shaanxi's own fits of the first and the last size were worth 14 and 208. Fewer parameters leave less room for
chance: each member is then worth more in proportion (fits of four of them in tests are nearly worth all)."""
_WORTH_SEEN_AT: Final = 52

_ON_THE_SAFE_SIDE: Final = 1.25

_AS_GOOD_AS_IT_GETS: Final = 1.5
"""What a fit is worth at most, over what is expected; see `_WORTH`."""


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

    @property
    def seed_of_smoother(self) -> int:
        """Give the seed of positions, and of the perturbations of the observations."""
        return luck.key_of("smoother", self.seed) % 2**32

    def prior_positions(self, parameters: int) -> Numbers:
        """Draw the members' positions before the first step."""
        return smoother.prior_positions(self.ensembles, self.members, parameters, self.seed_of_smoother)

    @property
    def stages(self) -> list[str]:
        """Names of the rounds of runs, one before each step of the smoother and one after the last."""
        return [*(f"step {step}" for step in range(self.assimilations)), LAST_STAGE]

    def expected_draws(self, parameters: int) -> float:
        """Say how many independent draws a fit of this size is roughly worth; see `_WORTH`."""
        beyond = self.ensembles * (self.members - parameters)
        room = max(1.0, _WORTH_SEEN_AT / max(1, parameters))
        expected = room * _WORTH * float(self.assimilations) ** _WORTH_OF_STEPS * beyond
        return min(float(self.ensembles * self.members), float(expected))

    def enough_members(self, parameters: int, worth: float) -> int:
        """Say how many members would do, if a fit of this size is worth so many draws; rounded up to tens."""
        beyond = (self.members - parameters) * _ON_THE_SAFE_SIDE * FEWEST_DRAWS / max(worth, 1.0)
        return 10 * math.ceil((parameters + beyond) / 10)

    def check(self, parameters: int) -> None:
        """Refuse what cannot give a posterior."""
        for key, value, least in (
            ("ensembles", self.ensembles, 2),
            ("members", self.members, 2 * (parameters + 2)),
            ("assimilations", self.assimilations, 1),
        ):
            if value < least:
                raise InputError(f"{value} is too few", key=key, allowed=f"{least} or more")

    def check_expected(self, parameters: int) -> None:
        """Refuse a size that is worth no posterior even if it goes better than `expected_draws` says."""
        expected = self.expected_draws(parameters)
        if _AS_GOOD_AS_IT_GETS * expected < FEWEST_DRAWS:
            raise InputError(
                f"{self.ensembles} ensembles of {self.members} in {self.assimilations} steps are worth"
                f" roughly {expected:.0f} independent draws, and a posterior needs {FEWEST_DRAWS}",
                key="members",
                allowed=f"about {self.enough_members(parameters, expected)} or more",
            )

    def check_worth(self, parameters: int) -> None:
        """Refuse a size that cannot be worth a posterior, however well it goes."""
        if (most := self.ensembles * self.members) < FEWEST_DRAWS:
            raise InputError(
                f"{self.ensembles} ensembles of {self.members} are {most} independent draws at most, and a"
                f" posterior needs {FEWEST_DRAWS}",
                key="members",
                allowed=f"{math.ceil(FEWEST_DRAWS / self.ensembles)} or more, better"
                f" {self.enough_members(parameters, self.expected_draws(parameters))}",
            )


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


def members_of(
    world: Scenario,
    observations: Sequence[Observation],
    model: Model,
    settings: Settings,
    names: Sequence[str] = FITTED,
) -> Members:
    """Say what a calibration runs; fixed parameters stay fixed. Refuses settings that give no posterior."""
    free = tuple(name for name in names if name not in world.parameters)
    settings.check(len(free))
    return Members(
        world.set(belief="prior", name=world.name),
        free,
        tuple(observations),
        model,
        settings.scale,
        settings.seed,
        total=settings.runs,
    )


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
    members = members_of(world, observations, model, settings, names)
    members.executor, members.workers, members.progress = executor, workers, progress
    free = members.names
    model.warm()
    errors = np.array([seen.ln_error for seen in observations])
    seed = settings.seed_of_smoother
    prior = settings.prior_positions(len(free))
    positions, first = prior, None
    for step, stage in enumerate(settings.stages[:-1]):
        distances = members.distances(positions, stage)
        if first is None:
            first = distances
            _check_answers(observations, distances)
        try:
            positions = smoother.update(positions, distances, errors, settings.assimilations, seed + step + 1)
        except ValueError as problem:
            raise RunError(f"{problem}; the first failure: {members.failures[0].message}") from problem
    last = members.distances(positions, LAST_STAGE)
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
