"""The runs of packages of levers: which, how long they take, and how they get into a store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from ...engine.errors import RunError
from ..forecasting.predictive import Prediction, predictive_of
from ..keeping.manifest import default_folder, identity_of
from ..keeping.store import MANIFEST, Store, check_store, open_store
from ..planning import door_to_model
from ..planning.countings import counted_as
from ..planning.definitions import Definitions
from ..planning.plan_of_runs import PlannedRun, future_seed, run_name
from ..planning.runs import Job
from ..running.batch import complete
from ..running.process_context import usable_cores
from ..running.runner import run_batch
from ..running.shards import missing_runs
from .kept_figures import Figures, figures_of
from .options import PackageOptions
from .packages import Packages
from .quantities import Quantity, indicators_of, quantities_asked, quantities_of, years_of

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["ASKED", "Announcement", "PackageStudy", "asked_in", "put_together_again", "seconds_of"]

ASKED: Final = "asked"
"""Entry of the manifest: what was asked last; no part of the identity: all answers are there at once."""

_TIMED: Final = 6
"""Presents of one past by which the time of a future is told."""

_PRESENTS_IN_ONE_CALL: Final = 300
"""At a tenth of the actors; at more, fewer: a call has to end within its limit of time on a slow machine."""

_TENTH: Final = 0.1
_FEWEST_IN_ONE_CALL: Final = 30


@dataclass(frozen=True)
class Announcement:
    """What is said before runs are made.

    Attributes
    ----------
    kind : str
        Of the experiment.
    futures, packages, runs, left : int
        Futures, packages in each, runs of both, and how many of them are not there yet.
    workers : int
        Processes that make them.
    seconds : float
        What the runs that are left will take.
    """

    kind: str
    futures: int
    packages: int
    runs: int
    left: int
    workers: int
    seconds: float


@dataclass(frozen=True)
class PackageStudy:
    """An experiment with packages, settled before its first run.

    Attributes
    ----------
    kind : str
        Of the experiment, in its manifest.
    scenario : Scenario
        Whose levers are put into packages.
    by_future : sequence of sequence of str
        Names of the packages that each future is run in.
    asked : sequence of Quantity
        What a person asks for; nothing if a folder is taken up again, which says what was asked.
    quantities : sequence of Quantity
        All that the tables speak of.
    definitions : Definitions
    options : PackageOptions
    worlds : mapping
        Scenario of each package by its name.
    settings : mapping
        What else fixes the packages, for the identity.
    """

    kind: str
    scenario: Scenario
    by_future: Sequence[Sequence[str]]
    asked: Sequence[Quantity]
    quantities: Sequence[Quantity]
    definitions: Definitions
    options: PackageOptions
    worlds: Mapping[str, Any]
    settings: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        kind: str,
        scenario: Scenario,
        by_future: Sequence[Sequence[str]],
        definitions: Definitions,
        options: PackageOptions,
        worlds: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> PackageStudy:
        """Settle what is asked, and refuse what no lever can touch; packages are of levers by default."""
        definitions = door_to_model.judged(definitions, scenario)
        counted = counted_as(definitions, options.counting)
        asked = quantities_asked(options.target, scenario, counted)
        also = [one.id for one in asked if one.kind == "indicator"]
        quantities = quantities_of(scenario, definitions, also)
        worlds = Packages(scenario, by_future[0]) if worlds is None else worlds
        return cls(kind, scenario, by_future, asked, quantities, definitions, options, worlds, settings)

    @property
    def prediction(self) -> Prediction | None:
        """What turns the scenario's runs into predictions, as in a forecast."""
        return predictive_of({self.scenario.name: self.scenario}).of_scenario(self.scenario.name)

    @property
    def plan(self) -> list[PlannedRun]:
        """All runs, future by future."""
        return [
            PlannedRun(run_name(package, future), package, future, seed)
            for future, packages in enumerate(self.by_future)
            for seed in (future_seed(self.options.seed, future),)
            for package in packages
        ]

    def job(self, model: door_to_model.Model) -> Job:
        """Say what is the same for all runs; of a record only what the tables need is kept."""
        prediction = self.prediction
        series = () if prediction is None else tuple(prediction.discrepancy.series)
        until = None if prediction is None else prediction.observed_until
        return Job(
            self.worlds,
            self.options.scale,
            model.run_one,
            model.run_together,
            indicators=indicators_of(self.quantities, series),
            years=tuple(sorted({*years_of(self.scenario, until), *(one.year for one in self.quantities)})),
        )

    def identity(self) -> dict[str, Any]:
        """Put together all on which the tables depend; see `manifest.identity_of`."""
        worlds, options = {self.scenario.name: self.scenario}, self.options
        settings: dict[str, Any] = {
            **self.settings,
            "also": [one.id for one in self.quantities if one.kind == "indicator"],
        }
        if options.own:
            settings["own_code"] = options.own.as_dict()
        if discrepancies := predictive_of(worlds).as_dict():
            settings["discrepancy"] = discrepancies
        return identity_of(
            worlds,
            door_to_model.data_folders(worlds),
            kind=self.kind,
            runs=options.runs,
            scale=options.scale,
            seed=options.seed,
            indicators=door_to_model.hashes_of_indicators(self.definitions, options.own),
            settings=settings,
        )

    def make(self, model: door_to_model.Model) -> Store:
        """Make the runs that the folder lacks; give its store.

        Raises
        ------
        InputError
            If the folder holds another experiment, or one of other rules, data or belief.
        RunError
            If not one run ended well.
        """
        options, identity, plan, job = self.options, self.identity(), self.plan, self.job(model)
        folder = options.out or default_folder([self.kind, self.scenario.name, *identity["data"]], identity)
        check_store(folder, identity)  # before anything is announced
        if options.announce is not None:
            options.announce(self._announcement(folder, plan, job, model))
        store = open_store(folder, identity)
        options.own.keep(folder)
        if self.asked:
            store.note(**{ASKED: [[one.id, one.counting] for one in self.asked]})
        share = _TENTH / max(_TENTH, options.scale)
        together = max(_FEWEST_IN_ONE_CALL, int(share * _PRESENTS_IN_ONE_CALL))
        executor = None if options.cluster is not None else partial(run_batch, together=together)
        complete(store, plan, job, options, warm=model.warm, executor=executor)
        return store

    def figures(self, store: Store) -> Figures:
        """Read what the runs came to, as predicted."""
        return figures_of(store, self.quantities, self.definitions, self.prediction)

    def _announcement(
        self, folder: Any, plan: Sequence[PlannedRun], job: Job, model: door_to_model.Model
    ) -> Announcement:
        left = list(plan)
        if (folder / MANIFEST).is_file():
            missing = set(missing_runs(Store(folder), plan))
            left = [run for run in plan if run.run_id in missing]
        workers = usable_cores() if self.options.workers is None else max(1, self.options.workers)
        model.warm()
        pasts = len({run.future for run in left})
        past, present = seconds_of(plan, job) if left else (0.0, 0.0)
        return Announcement(
            kind=self.kind,
            futures=len(self.by_future),
            packages=round(len(plan) / len(self.by_future)),
            runs=len(plan),
            left=len(left),
            workers=workers,
            seconds=(pasts * past + len(left) * present) / workers,
        )


def asked_in(store: Store) -> list[tuple[str, str]]:
    """Give what was asked of a folder last, each as id and way of counting."""
    return [(str(one), str(counting)) for one, counting in store.manifest()[ASKED]]


def put_together_again(
    identity: Mapping[str, Any],
    model: door_to_model.Model,
    study_of: Callable[[Any, door_to_model.Model, Any], PackageStudy],
    options_of: Callable[..., PackageOptions],
    *own: str,
    **how: Any,
) -> PackageStudy:
    """Settle an experiment with packages once more, from the identity in its manifest.

    ``own`` names what its kind alone asks; ``how`` is how the rest is made.
    """
    ((_, entry),) = identity["scenarios"].items()
    asked = {name: identity[name] for name in ("runs", "scale", "seed", *own)}
    options = options_of(**asked, target=identity["also"], **how)
    study = study_of(door_to_model.scenario_of(entry["contents"]), model, options)
    return replace(study, asked=())  # what was asked stands in the folder


def seconds_of(plan: Sequence[PlannedRun], job: Job) -> tuple[float, float]:
    """Time a future's past, and a present that goes on from it, here and now.

    A first call loads what later ones have loaded. The presents are spread over the packages of a future.
    """
    _, first = next(groupby(plan, key=lambda run: run.future))
    runs = list(first)
    some = [job.scenarios[run.scenario] for run in runs[:: max(1, len(runs) // _TIMED)]]
    if job.run_together is None or len(some) < 2:
        raise RunError("packages are run together, two at least")
    taken = []
    for worlds in (some[:1], some[:1], some):
        began = time.perf_counter()
        job.run_together(worlds, seed=runs[0].seed, scale=job.scale)
        taken.append(time.perf_counter() - began)
    present = max(0.0, (taken[2] - taken[1]) / (len(some) - 1))
    return max(0.0, taken[1] - present), present
