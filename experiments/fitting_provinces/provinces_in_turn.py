"""The runs of a backtest across provinces: banks, fits, forecasts, one province after the other.

What is finished is kept (`kept_files`) and not run again. What concerns one province alone, a pack with
gaps or runs that fail, is reported and leaves that province out; the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...engine import luck
from ...engine.errors import InputError, RunError
from ..backtesting.model_half import points_from, world_of_origin
from ..calibrating.posterior_files import DRAWS
from ..forecasting.discrepancy import SERIES
from ..keeping.atomic_files import make_folder
from ..keeping.provenance import hash_of_mechanisms
from ..planning.definitions import LAST_YEAR
from ..planning.door_to_model import Model
from ..planning.runs import Failed
from ..running.runner import RunBatch, run_batch
from .drawn_runs import Drawn, run_drawn, seed_of_table
from .kept_files import (
    fingerprint,
    fingerprint_of_normal,
    fingerprint_of_place,
    keep_banks,
    keep_points,
    kept_banks,
    kept_points,
)
from .linear_update import Bank, Normal
from .province_beliefs import shared_posterior
from .province_fit import Place, ProvinceFit, fit_together, place_of, run_banks
from .settings import Cost, Settings, scale_of

if TYPE_CHECKING:
    from ...scenarios.provinces.posterior import Posterior

_ONE_NATION: Final = "one nation"
"""Luck of forecasts: future i has the same nation in all provinces, as in frozen forecasts of one seed, so
that they can be scored together. Parameters are drawn with each province's own luck."""

FEWEST_FUTURES: Final = 0.9
"""Share of the futures of an origin without which its forecast is none."""


def seed_of_futures(seed: int, origin: int) -> int:
    """Give the seed of the futures that were run on from an origin: `future_seed` of it is a future's."""
    return seed_of_table(seed, _luck_from(origin))


def _luck_from(origin: int) -> str:
    return f"{_ONE_NATION} from {origin}"


@dataclass
class BacktestAcrossProvinces:
    """All runs of a backtest across provinces.

    ``provinces`` are those that are still in it, ``left_out`` says why another is not; each has its folder
    below ``folder``. ``places`` are by province, then by origin, ``fits`` by origin, then by province;
    ``points`` have the columns of `points.POINT_COLUMNS`. ``report`` gets a line for each step.
    """

    provinces: list[str]
    folder: Path
    settings: Settings
    model: Model
    executor: RunBatch = run_batch
    workers: int | None = None
    report: Callable[[str], None] = print
    places: dict[str, dict[int, Place]] = field(default_factory=dict)
    fits: dict[int, dict[str, ProvinceFit]] = field(default_factory=dict)
    points: dict[str, pd.DataFrame] = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    _banks: dict[str, list[list[Bank]]] = field(init=False, repr=False, default_factory=dict)
    _keys: dict[str, list[str]] = field(init=False, repr=False, default_factory=dict)

    def run(self) -> None:
        """Make what is missing: banks, fits, forecasts; refuse if no province is left."""
        shared = {origin: shared_posterior(self.settings.shared, origin) for origin in self.settings.fitted}
        for origin, posterior in shared.items():
            if posterior is not None and posterior.head.rules != hash_of_mechanisms():
                self.report(f"the posterior of {posterior.head.province} to {origin} is of other rules")
        self.model.warm()
        self._each("data", partial(self._look, shared))
        for number in range(self.settings.banks):
            self._each(f"bank {number + 1}", partial(self._add_bank, number))
            self.fits = {
                origin: self._together(
                    origin, {name: [bank[place] for bank in self._banks[name]] for name in self.provinces}
                )
                for place, origin in enumerate(self.settings.fitted)
            }
        self._more_draws()
        self._each("forecasts", self._forecast)

    def scale(self, province: str) -> float:
        """Give the scale at which a province is run: one for all its origins."""
        first = self.places[province][self.settings.fitted[0]]
        return scale_of(first.beliefs.parameters["technology_firms_2017"].value)

    def _each(self, what: str, do: Callable[[str], None], provinces: Sequence[str] | None = None) -> None:
        for province in list(self.provinces if provinces is None else provinces):
            began = time.perf_counter()
            cost = self.costs.setdefault(province, Cost())
            before = cost.runs, cost.failed
            try:
                do(province)
            except (InputError, RunError) as error:
                self.left_out[province] = f"{what}: {error}"
                self.provinces.remove(province)
                self.report(f"{province}: left out: {what}: {error}")
                continue
            seconds = time.perf_counter() - began
            cost.seconds += seconds
            runs, failed = cost.runs - before[0], cost.failed - before[1]
            if what != "data":
                done = f"{runs} runs in {seconds:.0f} s, {failed} failed" if runs else "there already"
                self.report(f"{province}: {what}: {done}")
        if not self.provinces:
            raise InputError("no province is left", key="provinces", allowed="one that can be run")

    def _look(self, shared: Mapping[int, Posterior | None], province: str) -> None:
        self.places[province] = {
            origin: place_of(province, origin, known, self.model, self.folder / province / f"known_{origin}")
            for origin, known in shared.items()
        }
        self._keys[province] = [fingerprint_of_place(place) for place in self.places[province].values()]

    def _add_bank(self, number: int, province: str) -> None:
        settings, runs = self.settings, self.settings.members_of(number)
        normals = [
            self.fits[origin][province].posterior if self.fits else place.beliefs.prior
            for origin, place in self.places[province].items()
        ]
        key = fingerprint(self._keys[province], runs, settings.seed, settings.fitted, number)
        key = fingerprint(key, [fingerprint_of_normal(normal) for normal in normals])
        self._banks.setdefault(province, []).append(self._run_banks(province, normals, number, key, runs))

    def _run_banks(
        self, province: str, normals: Sequence[Normal], number: int, key: str, members: Sequence[int]
    ) -> list[Bank]:
        """Run a bank at the last so many of the fitted years, or find it."""
        file, found = kept_banks(self.folder / province, number, key)
        if found is not None:
            return found
        failures: list[Failed] = []
        try:
            found = run_banks(
                list(self.places[province].values())[-len(normals) :],
                normals,
                self.model,
                members=members,
                scale=self.scale(province),
                seed=self._luck(province, f"bank {number}"),
                executor=self.executor,
                workers=self.workers,
                failures=failures,
            )
        finally:
            self._count(province, sum(members), failures)
        make_folder(file.parent)
        keep_banks(file, found)
        return found

    def _together(self, origin: int, banks: dict[str, list[Bank]]) -> dict[str, ProvinceFit]:
        return fit_together([self.places[province][origin] for province in self.provinces], banks, DRAWS)

    def _more_draws(self) -> None:
        """Run a further bank to all years where the posterior is worth too few draws to be kept."""
        banks = {province: [bank[-1] for bank in self._banks[province]] for province in self.provinces}
        members = {
            province: self.settings.further_members(fit.effective_sample_size, DRAWS)
            for province, fit in self.fits[LAST_YEAR].items()
        }

        def more(province: str) -> None:
            normal, runs = self.fits[LAST_YEAR][province].posterior, members[province]
            key = fingerprint(
                self._keys[province][-1], runs, self.settings.seed, fingerprint_of_normal(normal)
            )
            banks[province] += self._run_banks(province, [normal], self.settings.banks, key, (runs,))

        self._each("a further bank", more, [province for province, runs in members.items() if runs])
        if any(len(banks[province]) > self.settings.banks for province in self.provinces):
            self.fits[LAST_YEAR] = self._together(
                LAST_YEAR, {province: banks[province] for province in self.provinces}
            )

    def _forecast(self, province: str) -> None:
        settings = self.settings
        fits = {origin: self.fits[origin][province] for origin in settings.origins}
        normals = [fingerprint_of_normal(fit.posterior) for fit in fits.values()]
        key = fingerprint(
            self._keys[province], normals, settings.runs, settings.seed, settings.origins, _ONE_NATION
        )
        file, found = kept_points(self.folder / province, key)
        if found is not None:
            self.points[province] = found
            return
        failures: list[Failed] = []
        seed = self._luck(province, "forecast")
        tables = {
            f"{province}_{origin}": Drawn(
                world_of_origin(fit.place.world.province, origin, "prior").set(name=f"{province}_{origin}"),
                fit.values(settings.runs, seed),
                _luck_from(origin),
            )
            for origin, fit in fits.items()
        }
        series = self.places[province][LAST_YEAR].world.pack().series_of
        observed = {name: series(name) for name in SERIES}
        parts = run_drawn(
            list(tables.values()),
            self.model,
            indicators=SERIES,
            scale=self.scale(province),
            seed=settings.seed,
            executor=self.executor,
            workers=self.workers,
            failures=failures,
        )
        rows = [
            points_from(finished, self.model.definitions, observed, int(name.rpartition("_")[2]))
            for name, finished in parts
        ]
        self._count(province, settings.runs * len(fits), failures)
        if len(failures) > (1.0 - FEWEST_FUTURES) * settings.runs:
            raise RunError(f"{len(failures)} runs failed; {failures[0].kind}: {failures[0].message}")
        points = pd.concat(rows, ignore_index=True)
        if points.empty:
            raise InputError("no figure after an origin", key="origins", allowed="one or more")
        points = points.sort_values(["origin", "indicator", "year", "draw"], ignore_index=True)
        make_folder(file.parent)
        keep_points(file, points)
        self.points[province] = points

    def _luck(self, province: str, stage: str) -> int:
        return luck.key_of("across", province, stage, self.settings.seed) % 2**32

    def _count(self, province: str, runs: int, failures: Sequence[Failed]) -> None:
        self.costs[province].runs += runs
        self.costs[province].failed += len(failures)
        if failures:
            first = failures[0]
            self.report(f"{province}: {first.run.run_id}: {first.kind}: {first.message}")
