"""A search as an experiment in a folder: goals, identity, and the runs of packages as they are asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ..effects.kept_figures import Figures
from ..effects.package_runs import Announcement, PackageStudy, seconds_of
from ..effects.packages import ALL, NONE
from ..effects.quantities import Quantity, indicators_of, quantities_asked, years_of
from ..keeping.store import MANIFEST, Store
from ..planning import door_to_model
from ..planning.countings import counted_as
from ..planning.kept_past import KeptPast
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name
from ..planning.runs import Job
from ..running.batch import complete
from ..running.kept_memory import KeptEstimate, room_for_futures
from ..running.kept_workers import KeptWorkers
from ..running.process_context import usable_cores
from ..running.progress import Progress
from .outcomes import Goal, Outcome, Wish, outcomes_of
from .proposals import check_library
from .search_space import SearchSpace, axes_of
from .stages import FEW

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from .options import SearchOptions

__all__ = ["KIND", "STOCKS", "SearchStudy", "Trials", "fresh_seed"]

KIND: Final = "search"
"""Kind of the experiment in the manifest."""

STOCKS: Final = (
    "broker_use", "needs_unmet_share", "practising_holders_share", "incubator_occupancy",
    "maker_space_occupancy", "zone_occupancy", "bank_use",
)  # fmt: skip
"""How far what may hold a lever back is used: shares, each in the year in which goals are judged last."""


_AROUND: Final = 200
_FRONTS: Final = 34
"""Neighbours that are looked at, and packages in all futures and in fresh ones: about so many."""


def fresh_seed(seed: int) -> int:
    """Give the seed of the futures in which packages are confirmed."""
    return seed + 1 if seed < 2**63 - 1 else 0


@dataclass(frozen=True)
class SearchStudy(PackageStudy):
    """A search, settled before its first run; ``by_future`` is what is run first in each future.

    Attributes
    ----------
    goals : tuple of Goal
    space : SearchSpace
    """

    goals: tuple[Goal, ...] = ()
    space: SearchSpace | None = None

    @classmethod
    def settled(cls, scenario: Scenario, model: door_to_model.Model, options: SearchOptions) -> SearchStudy:
        """Settle goals and levers; refuse what cannot be searched."""
        check_library()
        axes = axes_of(options.levers)
        if not axes:
            raise InputError(
                f"no lever of {', '.join(options.levers)} can be moved",
                key="levers",
                allowed="all, for example",
            )
        model = door_to_model.judging(model, scenario)
        definitions = counted_as(model.definitions, options.counting)
        asked = quantities_asked(list(options.goals), scenario, definitions)
        if twice := [
            one.id for place, one in enumerate(asked) if one.id in {two.id for two in asked[:place]}
        ]:
            raise InputError(f"{twice[0]} is asked in two ways", key="target", allowed="each target once")
        goals = tuple(
            Goal(one, _goal_of(one, name, goal, model, scenario))
            for one, (name, goal) in zip(asked, options.goals.items(), strict=True)
        )
        also = [name for name in STOCKS if name in model.definitions.indicators]
        study = PackageStudy.of(
            KIND,
            scenario,
            [[NONE, ALL]] * options.runs,
            model.definitions,
            options.but(target=tuple(dict.fromkeys([*options.goals, *also]))),
            goals=[[one.quantity.id, one.quantity.counting, one.value] for one in goals],
            chance=options.chance,
            budget=options.budget,
            levers=list(options.levers),
            packages=options.packages,
        )
        parts = {name: getattr(study, name) for name in PackageStudy.__dataclass_fields__}
        return cls(**{**parts, "asked": asked}, goals=goals, space=SearchSpace(scenario, axes))

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        options: Any = self.options
        return Wish(options.chance, options.budget, options.runs, options.packages, options.seed)

    def job(self, model: door_to_model.Model) -> Job:
        """Say what is the same for all runs."""
        prediction = self.prediction
        series = () if prediction is None else tuple(prediction.discrepancy.series)
        until = None if prediction is None else prediction.observed_until
        return Job(
            self.searched,
            self.options.scale,
            model.run_one,
            model.run_together,
            indicators=indicators_of(self.quantities, series),
            years=years_of(self.scenario, until),
        )

    @property
    def searched(self) -> SearchSpace:
        """The packages."""
        assert self.space is not None  # a default is asked of it by the fields before
        return self.space

    def _announcement(
        self, folder: Path, plan: Sequence[PlannedRun], job: Job, model: door_to_model.Model
    ) -> Announcement:
        """Tell of all runs that a search makes, not of the first ones alone."""
        told = super()._announcement(folder, plan, job, model)
        made = len(Store(folder).finished_runs()) if (folder / MANIFEST).is_file() else 0
        runs = expected_runs(self)
        past, present = seconds_of(plan, job)
        left = max(0, runs - made)
        futures = 2 * self.options.runs
        seconds = ((futures if left else 0) * past + left * present) / told.workers
        return replace(told, futures=futures, packages=self.wish.tried, runs=runs, left=left, seconds=seconds)

    @contextmanager
    def trials(self, model: door_to_model.Model) -> Iterator[Trials]:
        """Open the folder, keep futures on the eve of the plan, and give what runs packages in them."""
        options = self.options
        if options.cluster is not None:
            raise InputError(
                "the futures of a search are kept on this machine", key="cluster", allowed="no cluster"
            )
        store = self.make(model)
        past = KeptPast(uuid.uuid4().hex, self.searched[NONE], 0, options.scale, options.own)
        past = replace(past, steps=past.in_common(self.scenario))
        count = usable_cores() if options.workers is None else options.workers
        future = past.future(future_seed(options.seed, 0))
        KeptEstimate(2 * options.runs, future.nbytes, room_for_futures(count), 0.0).check()
        if count:
            past.release()
        workers = KeptWorkers(past, count)
        run_one, run_together = past.doors()
        try:
            yield Trials(self, store, replace(model, run_one=run_one, run_together=run_together), workers)
        finally:
            workers.close()


def _goal_of(
    one: Quantity, name: str, goal: float | None, model: door_to_model.Model, scenario: Scenario
) -> float:
    """Give the goal that was asked, or that the plan asks."""
    if one.kind == "cost":
        raise InputError(
            f"{name} is a cost, of which less is better",
            key="target",
            allowed="a target or an indicator; --budget",
        )
    if goal is not None:
        return goal
    if one.kind == "target":
        return float(model.definitions.targets[one.id].goal)
    raise InputError(f"{name} has no goal of the plan", key="target", allowed=f"{name}=GOAL")


class Trials:
    """Packages in futures: runs those that nobody ran before, and says what they came to.

    Numbers below ``runs`` are futures of the search, those from there on are fresh ones, of another seed.
    """

    def __init__(
        self, study: SearchStudy, store: Store, model: door_to_model.Model, workers: KeptWorkers
    ) -> None:
        self._study, self.store, self._model, self._workers = study, store, model, workers
        self._made = 0

    def __call__(self, packages: Sequence[str], futures: Sequence[int]) -> dict[str, Outcome]:
        """Give the outcomes of some packages; see `stages.Judge`."""
        return outcomes_of(self.figures(packages, futures), packages, futures, self._study.goals)

    def figures(self, packages: Sequence[str], futures: Sequence[int]) -> Figures:
        """Run what is missing and read what all came to, as predicted."""
        options = self._study.options
        plan = [
            PlannedRun(run_name(package, future), package, future, self.seed_of(future))
            for future in futures
            for package in dict.fromkeys([NONE, *packages])
        ]
        job = self._study.job(self._model)
        told = options.progress
        made = self._made
        expected = self.expected

        def onward(progress: Progress) -> None:
            assert told is not None
            done = made + progress.done
            told(
                progress
                if progress.stage == "compile"
                else replace(progress, done=done, total=max(done, expected))
            )

        said = options if told is None else options.but(progress=onward)
        complete(
            self.store,
            plan,
            job,
            said,
            warm=self._model.warm,
            executor=self._workers,
            planned=max(expected, made),
        )
        self._made += len(plan)
        return self._study.figures(self.store)

    @property
    def expected(self) -> int:
        """About how many runs a search makes."""
        return expected_runs(self._study)

    def seed_of(self, future: int) -> int:
        """Give the seed of a future."""
        runs, seed = self._study.options.runs, self._study.options.seed
        return future_seed(seed, future) if future < runs else future_seed(fresh_seed(seed), future - runs)


def expected_runs(study: SearchStudy) -> int:
    """Say about how many runs a search makes, if levers touch its goals: more or fewer by what it finds."""
    few = min(study.options.runs, FEW)
    ends = sum(len(axis.ends) for axis in study.searched.axes)
    return few * (2 * ends + study.wish.tried + _AROUND) + _FRONTS * study.options.runs
