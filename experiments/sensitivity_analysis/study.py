"""What a sensitivity analysis is before its first run: scenario, factors, design, number of futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ...engine.errors import InputError, check_choice
from ...engine.quarters import Quarter
from ..keeping.manifest import identity_of
from ..planning import door_to_model
from ..planning.definitions import Definitions, TargetLike
from ..planning.factors import choose_factors
from ..planning.options import LARGEST_RUNS
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name
from ..planning.runs import Job
from ..running.design_points import Design, DesignScenarios, point_name
from .index_tables import Question
from .methods import METHODS, check_base
from .options import SensitivityOptions
from .problem import problem_of

__all__ = ["KIND", "Study", "job_of", "make_study", "study_again"]

KIND: Final = "sensitivity"
"""Kind of the experiment in the manifest."""

PILOT_POINTS: Final = 32
PILOT_FUTURES: Final = 4
MOST_FUTURES: Final = 16
"""Futures that are taken at most if nobody asks for more: beyond, more points show more."""

_ASKED: Final = ("method", "over", "group_by", "only", "seeds", "rest", "scale", "seed")
_LARGEST_SEED: Final = 2**31 - 2


@dataclass(frozen=True)
class Study:
    """All that is settled before the first run.

    Attributes
    ----------
    base : Scenario
        The scenario whose levers and parameters are varied.
    question : Question
        Method, factors, targets.
    design : Design
    options : SensitivityOptions
        All that was asked.
    """

    base: Any
    question: Question
    design: Design
    options: SensitivityOptions

    @property
    def most_futures(self) -> int:
        """Most futures that this study can come to."""
        return self.options.seeds or MOST_FUTURES

    @property
    def pilot(self) -> list[PlannedRun]:
        """Runs of the pilot: points spread over the design, in the first few futures."""
        points = np.unique(np.linspace(0, self.design.points - 1, PILOT_POINTS).astype(int))
        return self.plan(min(PILOT_FUTURES, self.most_futures), points.tolist())

    def plan(self, futures: int, points: Sequence[int] | None = None) -> list[PlannedRun]:
        """List runs future by future, so that a batch stopped early has whole futures."""
        return [
            PlannedRun(run_name(point_name(point), future), point_name(point), future, seed)
            for future in range(futures)
            for seed in (future_seed(self.options.seed, future),)
            for point in (range(self.design.points) if points is None else points)
        ]

    def identity(self, definitions: Definitions) -> dict[str, Any]:
        """Put together all on which the tables depend; see `manifest.identity_of`."""
        worlds, options = {self.base.name: self.base}, self.options
        settings = {
            "method": options.method,
            "over": options.over,
            "group_by": options.group_by,
            "only": None if options.only is None else [factor.name for factor in self.question.factors],
            "rest": options.rest,
            "size": self.question.size,
            "seeds": options.seeds,
            "design": {
                "points": self.design.points,
                "factors": len(self.design.names),
                "checksum": self.design.checksum,
            },
        }
        if options.own:
            settings["own_code"] = options.own.as_dict()
        return identity_of(
            worlds,
            door_to_model.data_folders(worlds),
            kind=KIND,
            runs=self.most_futures,
            scale=options.scale,
            seed=options.seed,
            indicators=door_to_model.hashes_of_indicators(definitions),
            settings=settings,
        )


def job_of(study: Study, model: door_to_model.Model) -> Job:
    """Say what is the same for all runs of a study; of a record only the targets' year is kept."""
    targets = study.question.targets.values()
    return Job(
        DesignScenarios(study.base, study.question.factors, study.design),
        study.options.scale,
        model.run_one,
        model.run_together,
        indicators=tuple(dict.fromkeys(target.indicator for target in targets)),
        years=tuple(sorted({target.year for target in targets})),
    )


def make_study(base: Any, targets: Mapping[str, TargetLike], options: SensitivityOptions) -> Study:
    """Choose factors, sample the design, and refuse whatever cannot be analysed.

    Parameters
    ----------
    base : Scenario
    targets : mapping
        Definition by target; those that the scenario declares take their place.
    options : SensitivityOptions

    Raises
    ------
    InputError
        With the option's name.
    """
    chosen = METHODS[check_choice(options.method, "method", METHODS)]
    size = check_base(chosen, chosen.default if options.points is None else options.points)
    if getattr(base, "targets", None):
        targets = door_to_model.judging(door_to_model.model(), base).definitions.targets
    for name, target in targets.items():
        if Quarter.parse(base.end) < Quarter(target.year, 4):
            raise InputError(
                f"{base.name!r} ends in {base.end}, before the target {name} is judged",
                key="scenario",
                allowed=f"an end in {target.year}-Q4 or later",
            )
    factors = choose_factors(base, options.over, options.only)
    if len(factors) < 2:
        raise InputError("one factor cannot be compared", key="only", allowed="two factors or more")
    by, seed = options.group_by, options.seed % _LARGEST_SEED
    problem = problem_of(factors, by, levels=chosen.levels)
    count = chosen.points(problem, size)
    if count * (options.seeds or MOST_FUTURES) > LARGEST_RUNS:
        raise InputError(
            f"{count} points in each future are more than {LARGEST_RUNS} runs",
            key="points",
            allowed=f"fewer {chosen.base}, fewer factors (only), or fewer futures (seeds)",
        )
    design = Design(problem.names, chosen.sample(problem, size, seed))
    if options.rest == "central":
        base = base.set(draw_parameters=False, name=base.name)
    # SALib takes a seed of 0 for none at all.
    question = Question(chosen, problem, factors, by, size, targets, 1 + seed)
    return Study(base, question, design, options)


def study_again(identity: Mapping[str, Any], targets: Mapping[str, TargetLike], **how: Any) -> Study:
    """Put a study together again from the identity in its manifest.

    Parameters
    ----------
    identity : mapping
    targets : mapping
        Definition by target.
    **how
        Options of a batch that no table depends on, and what comes from outside.

    Raises
    ------
    InputError
        If the design comes out otherwise than it did: the libraries that sample have changed.
    """
    ((_, entry),) = identity["scenarios"].items()
    asked = {name: identity[name] for name in _ASKED}
    base = door_to_model.scenario_of(entry["contents"])
    study = make_study(base, targets, SensitivityOptions(**asked, points=identity["size"], **how))
    if study.design.checksum != identity["design"]["checksum"]:
        raise InputError(
            "the same settings give another design than before",
            key="design",
            allowed="the versions of SALib, scipy and numpy that the manifest names",
        )
    return study
