"""The parts of a forecast's uncertainty, each of which can be left out: ``--without luck,carry``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...engine.errors import InputError, nearest
from ..planning.plan_of_runs import future_seed
from ..planning.runs import Job, RecordLike, RunOne, RunTogether

PARTS: Final[Mapping[str, str]] = {
    "parameters": "all parameters, those of registration included, stay at their central values",
    "registration": "the parameters of registration stay at their central values",
    "outside": "the paths of the outside world follow their drift, without shocks",
    "luck": "every future has the luck of the same seed; parameters and outside paths differ",
    "discrepancy": "predictions have no discrepancy of the model",
    "observation": "predictions have no error of the statistics",
    "carry": "the residual of the last observed year is not carried on",
}
"""What ``without`` may name, and what is then left out."""

REGISTRATION: Final = "registration"
"""Mechanism of the parameters that say which contracts are registered."""


def check_without(given: str | Collection[str] | None) -> tuple[str, ...]:
    """Give the parts that are left out, in the order of `PARTS`, each once; a text has commas between them.

    Examples
    --------
    >>> check_without("carry, luck")
    ('luck', 'carry')
    """
    words = given.split(",") if isinstance(given, str) else given or ()
    names = [str(word).strip() for word in words]
    names = [name for name in names if name]
    for name in names:
        if name not in PARTS:
            raise InputError(
                f"{name!r} is no part of the uncertainty",
                key="without",
                allowed=", ".join(PARTS),
                suggestion=nearest(name, PARTS),
            )
    return tuple(name for name in PARTS if name in names)


def worlds_without(worlds: Mapping[str, Any], without: Collection[str]) -> dict[str, Any]:
    """Leave out of scenarios what their fields can leave out: parameters, registration, outside."""
    return {name: _world_without(world, without) for name, world in worlds.items()}


def _world_without(world: Any, without: Collection[str]) -> Any:
    changes: dict[str, Any] = {}
    if "parameters" in without:
        changes["draw_parameters"] = False
    if "outside" in without:
        changes["draw_outside"] = False
    if "registration" in without:
        centrals = world.parameter_centrals()
        changes["parameters"] = {name: centrals[name] for name in registration_parameters(world)}
    return world.set(**changes, name=world.name) if changes else world


def registration_parameters(world: Any) -> list[str]:
    """Name the parameters of registration that are drawn in a scenario."""
    table = world.parameter_table()
    return [
        name
        for name, parameter in table.items()
        if parameter.mechanism == REGISTRATION and parameter.distribution != "fixed"
    ]


@dataclass(frozen=True)
class LuckHeld:
    """A scenario whose futures share the luck of one seed, and differ by parameters and outside paths.

    ``seed`` is that of the luck that all share; parameters and outside paths are drawn by the future's own.
    """

    scenario: Any
    seed: int
    run_one: RunOne
    run_together: RunTogether | None

    def of(self, seed: int) -> Any:
        """Give the scenario of one future: what it draws stands in it, so that luck may be another's."""
        outside = self.scenario.outside
        if outside.seed is None:
            outside = outside.model_copy(update={"seed": seed})
        return self.scenario.model_copy(
            update={"parameters": self.scenario.parameter_draws(seed), "outside": outside}
        )

    def parameter_draws(self, seed: int) -> dict[str, float]:
        """Give the parameters of a future; see `Scenario.parameter_draws`."""
        draws: dict[str, float] = self.scenario.parameter_draws(seed)
        return draws


def run_luck_held(scenario: LuckHeld, *, seed: int, scale: float = 0.1) -> RecordLike:
    """Make one run with the luck that all futures share; see `worker.RunOne`."""
    return scenario.run_one(scenario.of(seed), seed=scenario.seed, scale=scale)


def run_together_luck_held(
    scenarios: Sequence[LuckHeld], *, seed: int, scale: float = 0.1
) -> Sequence[RecordLike]:
    """Make the runs of one future with the luck that all futures share; see `worker.RunTogether`."""
    together, luck = scenarios[0].run_together, scenarios[0].seed
    if together is None:
        return [run_luck_held(scenario, seed=seed, scale=scale) for scenario in scenarios]
    return together([scenario.of(seed) for scenario in scenarios], seed=luck, scale=scale)


def job_without(job: Job, without: Collection[str], base_seed: int) -> Job:
    """Leave out of a job what only its runs can leave out: luck.

    The luck that all futures share is that of the first future of ``base_seed``.
    """
    if "luck" not in without:
        return job
    held = {
        name: LuckHeld(world, future_seed(base_seed, 0), job.run_one, job.run_together)
        for name, world in job.scenarios.items()
    }
    together = None if job.run_together is None else run_together_luck_held
    return Job(held, job.scale, run_luck_held, together, job.indicators, job.years)
