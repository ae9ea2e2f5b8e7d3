"""An emulator as an experiment in a folder: its worlds, run in two stages if levers are to be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import InputError
from ...engine.quarters import Quarter
from ..effects.package_runs import Announcement, PackageStudy, seconds_of
from ..effects.packages import NONE
from ..effects.quantities import Quantity
from ..forecast import warn_of_beliefs
from ..forecasting.paired_differences import FEWEST_PAIRS
from ..keeping.store import MANIFEST, Store
from ..planning import door_to_model
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Job
from ..running.batch import complete
from ..running.runner import run_batch
from .choose_levers import chosen_levers
from .emulator import fewest_points
from .options import LEVERS, EmulationOptions, check_library
from .points import EmulatedPoints, axis_of, design_of

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["KIND", "EmulationStudy", "prepared", "study_again"]

KIND: Final = "simulator"
"""Kind of the experiment in the manifest."""

_YEARS_BEFORE: Final = 4
_TOGETHER: Final = 60
"""Presents of one past in one call: on a busy machine, too, it ends within its limit of time."""


@dataclass(frozen=True)
class EmulationStudy(PackageStudy):
    """An emulator, settled before its first run; ``by_future`` is what is run first in each future."""

    @classmethod
    def settled(
        cls, scenario: Scenario, model: door_to_model.Model, options: EmulationOptions
    ) -> EmulationStudy:
        """Settle plans and levers; refuse what cannot be emulated."""
        check_library()
        plans = plans_of(scenario, options)
        many = len(options.lever) or LEVERS
        if options.points < (fewest := fewest_points(many, len(plans))):
            raise InputError(
                f"{options.points} points are too few for {many} levers and {len(plans)} plans",
                key="points",
                allowed=f"{fewest} or more, or fewer levers",
            )
        worlds = _worlds(plans, options.lever, options)
        by_future = _by_future(worlds, options)
        settings = {
            "lever": list(options.lever),
            "points": options.points,
            "tests": options.tests,
            "plans": {name: plan.hash for name, plan in zip(worlds.plan_names, plans, strict=True)},
        }
        own: dict[str, Any] = {"also_plans": list(options.also)} if options.also else {}
        own |= {"counting": dict(options.counting)} if options.counting else {}
        study = PackageStudy.of(
            KIND, scenario, by_future, model.definitions, options, worlds, **settings, **own
        )
        parts = {name: getattr(study, name) for name in PackageStudy.__dataclass_fields__}
        targets = [one for one in study.asked if one.kind == "target"]
        if not targets:
            raise InputError("no target is judged", key="target", allowed="one target or more")
        years = yearly_of(scenario, targets)
        known = [one for one in parts["quantities"] if one.kind != "indicator"]
        return cls(**{**parts, "asked": targets, "quantities": [*known, *years]})

    def identity(self) -> dict[str, Any]:
        """Put together all on which the emulator depends; see `manifest.identity_of`."""
        found = super().identity()
        return {**found, "also": [one.id for one in self.asked]}

    def with_levers(self, levers: Sequence[str]) -> EmulationStudy:
        """Give the second stage: the same experiment with levers that were chosen, at every point."""
        worlds: Any = self.worlds
        options: Any = self.options
        points = _worlds(worlds.plans, tuple(levers), options)
        return replace(self, worlds=points, by_future=_by_future(points, options))

    def made(self, model: door_to_model.Model) -> tuple[EmulationStudy, Store]:
        """Make all runs that the folder lacks; give what was run in the end, and the store."""
        store, options = self.make(model), self.options
        second = self.last_stage(store)
        if second is self:
            return self, store
        complete(
            store,
            second.plan,
            second.job(model),
            options,
            warm=model.warm,
            executor=partial(run_batch, together=_TOGETHER),
            planned=len(self.plan) + len(second.plan),
        )
        return second, store

    def last_stage(self, store: Store) -> EmulationStudy:
        """Choose the levers, if none is named, by the runs of the first stage; give what is run then."""
        worlds: Any = self.worlds
        if worlds.design is not None:
            return self
        futures = range(len(self.by_future))
        return self.with_levers(chosen_levers(self.figures(store), worlds.ends, self.asked, futures, LEVERS))

    def _announcement(
        self, folder: Path, plan: Sequence[PlannedRun], job: Job, model: door_to_model.Model
    ) -> Announcement:
        """Tell of both stages."""
        told = super()._announcement(folder, plan, job, model)
        options: Any = self.options
        worlds: Any = self.worlds
        if worlds.design is not None:
            return told
        points = len(worlds.plans) + options.points + options.tests
        runs = len(plan) + options.runs * points
        made = len(Store(folder).finished_runs()) if (folder / MANIFEST).is_file() else 0
        left = max(0, runs - made)
        past, present = seconds_of(plan, job)
        pasts = options.runs + len(self.by_future) if left else 0
        seconds = (pasts * past + left * present) / told.workers
        return replace(told, futures=options.runs, packages=points, runs=runs, left=left, seconds=seconds)


def plans_of(scenario: Scenario, options: EmulationOptions) -> tuple[Scenario, ...]:
    """Give the plans that may be chosen: the scenario, its absence, and named ones in the same world."""
    found = [scenario, scenario.set(all="no_plan", name=NONE)]
    for name in options.also:
        plan = door_to_model.loaded(
            name, province=scenario.province, outside=options.outside, belief=options.belief
        )
        if (plan.plan_start, plan.end) != (scenario.plan_start, scenario.end):
            raise InputError(
                f"{name} goes from {plan.plan_start} to {plan.end}, and {scenario.name} from"
                f" {scenario.plan_start} to {scenario.end}",
                key="also",
                allowed="scenarios of the same years",
            )
        found.append(plan)
    return tuple(found)


def yearly_of(scenario: Scenario, targets: Sequence[Quantity]) -> list[Quantity]:
    """List the years of the targets' indicators, from shortly before the plan to the last whole one."""
    begin, end = Quarter.parse(scenario.plan_start), Quarter.parse(scenario.end)
    last = end.year if end.quarter == 4 else end.year - 1
    indicators = dict.fromkeys((one.indicator, one.unit) for one in targets)
    years = range(begin.year - _YEARS_BEFORE, last + 1)
    return [Quantity("indicator", name, "", name, unit, year) for name, unit in indicators for year in years]


def _worlds(plans: Sequence[Scenario], levers: Sequence[str], options: EmulationOptions) -> EmulatedPoints:
    """Give the worlds of some levers, or the ends of all that could be chosen."""
    from ...scenarios import lever_catalogue

    if levers:
        axes = [axis_of(name, plans) for name in levers]
        return EmulatedPoints(
            plans, axes, design_of(axes, plans, options.points, options.tests, options.seed)
        )
    found = []
    for name, lever in lever_catalogue().items():
        if lever.counts_only or isinstance(lever.no_plan, dict):
            continue  # nothing reads it; or its absence is a path, which no level of a slider is
        try:
            found.append(axis_of(name, plans))
        except InputError:
            continue
    return EmulatedPoints(plans, found, None)


def _by_future(worlds: EmulatedPoints, options: EmulationOptions) -> list[list[str]]:
    """List what is run in each future: the ends of levers in the first few, or every point in all."""
    futures = FEWEST_PAIRS if worlds.design is None else options.runs
    return [list(worlds)] * futures


def prepared(options: EmulationOptions) -> EmulationStudy:
    """Load the scenario and settle plans, levers and points, but run nothing."""
    scenario = options.loaded()
    warn_of_beliefs({scenario.name: scenario}, stacklevel=3)
    study = EmulationStudy.settled(scenario, door_to_model.model(options.own), options)
    door_to_model.rehearse(scenario, options.own)
    return study


def study_again(identity: Mapping[str, Any], model: door_to_model.Model, **how: Any) -> EmulationStudy:
    """Put an emulator together again from the identity in its manifest."""
    ((_, entry),) = identity["scenarios"].items()
    asked = {name: identity[name] for name in ("runs", "scale", "seed", "lever", "points", "tests")}
    told = {"also": identity.get("also_plans", ()), "counting": identity.get("counting", {})}
    options = EmulationOptions(**asked, **told, target=identity["also"], **how)
    return EmulationStudy.settled(door_to_model.scenario_of(entry["contents"]), model, options)
