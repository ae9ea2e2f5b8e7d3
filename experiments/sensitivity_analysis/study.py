"""What a sensitivity analysis is before its first run: scenario, factors, design, number of futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import numpy as np

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..keeping.manifest import identity_of
from ..planning import door_to_model
from ..planning.checks import LARGEST_RUNS
from ..planning.definitions import Definitions, TargetLike
from ..planning.factors import GROUPINGS, Grouping, check_choice, choose_factors
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name
from ..planning.runs import Job
from ..running.design_points import Design, DesignScenarios, point_name
from .index_tables import Question
from .methods import METHODS, check_base
from .problem import problem_of

KIND: Final = "sensitivity"
"""Kind of the experiment in the manifest."""

PILOT_POINTS: Final = 32
PILOT_FUTURES: Final = 4
MOST_FUTURES: Final = 16
"""Futures that are taken at most if nobody asks for more: beyond, more points show more."""

Rest = Literal["central", "drawn"]
_RESTS: Final[tuple[Rest, ...]] = ("central", "drawn")
_LARGEST_SEED: Final = 2**31 - 2


@dataclass(frozen=True)
class Study:
    """All that is settled before the first run.

    ``base`` is the scenario whose levers and parameters are varied. ``over``, ``only`` and ``rest`` say how
    the factors were chosen, and whether the other parameters are drawn. ``seeds`` are futures at every point;
    None if the pilot is to choose.
    """

    base: Any
    question: Question
    design: Design
    over: str
    only: tuple[str, ...] | None
    rest: Rest
    seeds: int | None
    scale: float
    seed: int

    @property
    def most_futures(self) -> int:
        """Most futures that this study can come to."""
        return MOST_FUTURES if self.seeds is None else self.seeds

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
            for seed in (future_seed(self.seed, future),)
            for point in (range(self.design.points) if points is None else points)
        ]

    def job(self, model: door_to_model.Model) -> Job:
        """Say what is the same for all runs; of a record only the targets' year is kept."""
        targets = self.question.targets.values()
        return Job(
            DesignScenarios(self.base, self.question.factors, self.design),
            self.scale,
            model.run_one,
            model.run_together,
            indicators=tuple(dict.fromkeys(target.indicator for target in targets)),
            years=tuple(sorted({target.year for target in targets})),
        )

    def identity(self, definitions: Definitions) -> dict[str, Any]:
        """Put together all on which the tables depend; see `manifest.identity_of`."""
        worlds = {self.base.name: self.base}
        settings = {
            "method": self.question.method.name,
            "over": self.over,
            "group_by": self.question.group_by,
            "only": None if self.only is None else list(self.only),
            "rest": self.rest,
            "size": self.question.size,
            "seeds": self.seeds,
            "design": {
                "points": self.design.points,
                "factors": len(self.design.names),
                "checksum": self.design.checksum,
            },
        }
        return identity_of(
            worlds,
            door_to_model.data_folders(worlds),
            kind=KIND,
            runs=self.most_futures,
            scale=self.scale,
            seed=self.seed,
            indicators=door_to_model.hashes_of_indicators(definitions),
            settings=settings,
        )


def make_study(
    base: Any,
    targets: Mapping[str, TargetLike],
    method: str,
    *,
    over: str,
    group_by: str,
    only: Sequence[str] | None,
    points: int | None,
    seeds: int | Literal["auto"],
    rest: str,
    scale: float,
    seed: int,
) -> Study:
    """Choose factors, sample the design, and refuse whatever cannot be analysed.

    Options are those of `sensitivity.sensitivity`, by which an error names them.
    """
    check_choice(method, "method", list(METHODS))
    check_choice(group_by, "group_by", GROUPINGS)
    check_choice(rest, "rest", _RESTS)
    chosen = METHODS[method]
    size = check_base(chosen, chosen.default if points is None else points)
    futures = _futures(seeds)
    for name, target in targets.items():
        if Quarter.parse(base.end) < Quarter(target.year, 4):
            raise InputError(
                f"{base.name!r} ends in {base.end}, before the target {name} is judged",
                key="scenario",
                allowed=f"an end in {target.year}-Q4 or later",
            )
    factors = choose_factors(base, over, only)
    if len(factors) < 2:
        raise InputError("one factor cannot be compared", key="only", allowed="two factors or more")
    by = cast(Grouping, group_by)
    problem = problem_of(factors, by, levels=chosen.levels)
    count = chosen.points(problem, size)
    if count * (MOST_FUTURES if futures is None else futures) > LARGEST_RUNS:
        raise InputError(
            f"{count} points in each future are more than {LARGEST_RUNS} runs",
            key="points",
            allowed=f"fewer {chosen.base}, fewer factors (only), or fewer futures (seeds)",
        )
    design = Design(problem.names, chosen.sample(problem, size, seed % _LARGEST_SEED))
    if rest == "central":
        base = base.set(draw_parameters=False, name=base.name)
    return Study(
        base=base,
        # SALib takes a seed of 0 for none at all.
        question=Question(chosen, problem, factors, by, size, targets, 1 + seed % _LARGEST_SEED),
        design=design,
        over=over,
        only=None if only is None else tuple(factor.name for factor in factors),
        rest=cast(Rest, rest),
        seeds=futures,
        scale=float(scale),
        seed=seed,
    )


def study_again(identity: Mapping[str, Any], targets: Mapping[str, TargetLike]) -> Study:
    """Put a study together again from the identity in its manifest.

    Refuses a design that comes out otherwise than it did: the libraries that sample have changed.
    """
    ((_, entry),) = identity["scenarios"].items()
    study = make_study(
        door_to_model.scenario_of(entry["contents"]),
        targets,
        identity["method"],
        over=identity["over"],
        group_by=identity["group_by"],
        only=identity["only"],
        points=identity["size"],
        seeds="auto" if identity["seeds"] is None else identity["seeds"],
        rest=identity["rest"],
        scale=identity["scale"],
        seed=identity["seed"],
    )
    if study.design.checksum != identity["design"]["checksum"]:
        raise InputError(
            "the same settings give another design than before",
            key="design",
            allowed="the versions of SALib, scipy and numpy that the manifest names",
        )
    return study


def _futures(seeds: object) -> int | None:
    if seeds == "auto":
        return None
    if not isinstance(seeds, (int, np.integer)) or isinstance(seeds, bool) or not 2 <= seeds <= 10_000:
        raise InputError(
            f"{seeds!r} futures at every point cannot be analysed",
            key="seeds",
            allowed="auto, or a whole number from 2 to 10000 (with one alone, luck cannot be told)",
        )
    return int(seeds)
