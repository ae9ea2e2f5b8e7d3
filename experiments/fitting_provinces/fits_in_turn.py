"""Fits of all provinces, bank after bank, each year by itself: what `calibrate --all` and the backtest run.

What is finished is kept (`kept_bank`) and not run again. What concerns one province alone, a pack with
gaps or runs that fail, is reported and leaves that province out; the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import luck
from ...engine.errors import InputError, RunError
from ...scenarios.provinces.posterior import HEAD_FILE
from ..calibrating.posterior_files import DRAWS
from ..calibrating.smoother import FARTHEST
from ..keeping.provenance import hash_of_mechanisms
from ..planning.checks import packs_in
from ..planning.door_to_model import Model
from ..planning.runs import Failed
from ..running.progress import Progress, ProgressFunction
from ..running.runner import RunBatch, run_batch
from .kept_bank import KeptBank, bank_file
from .kept_files import fingerprint, fingerprint_of_place
from .linear_update import Bank, Normal
from .province_beliefs import SHARED_FROM, shared_posterior
from .province_fit import Place, ProvinceFit, fit_together, place_of, run_bank
from .settings import Cost, Settings

if TYPE_CHECKING:
    from ...scenarios.provinces.posterior import Posterior

__all__ = ["FitsInTurn", "can_be_fitted"]


@cache
def can_be_fitted(packs: Path | None = None) -> tuple[str, ...]:
    """Name the provinces, of the package or of a folder, whose contracts are known for enough years."""
    from ...scenarios import list_provinces, load_pack
    from ...scenarios.provinces.coverage import overview

    places = {name: name for name in list_provinces()} if packs is None else packs_in(packs)
    return tuple(name for name, place in places.items() if "no_fit" not in overview(load_pack(place)).limits)


def _none_left() -> InputError:
    return InputError("no province is left", key="provinces", allowed="one that can be run")


@dataclass
class FitsInTurn:
    """Fits of provinces at the years of the settings.

    ``provinces`` are those that are still in it, ``left_out`` says why another is not; each has its folder
    below ``folder``. ``places`` are by province, then by year, ``fits`` by year, then by province.
    ``report`` gets a line for each step, ``progress`` the runs, of which ``before`` are of something else;
    ``done`` are there. ``costs`` are of this start, ``failed`` are runs of a province that did not end
    well, made now or before. ``fitted_from`` names by year the banks from which its fits were made.
    """

    provinces: list[str]
    folder: Path
    settings: Settings
    model: Model
    executor: RunBatch = run_batch
    workers: int | None = None
    report: Callable[[str], None] = print
    progress: ProgressFunction | None = None
    before: int = 0
    places: dict[str, dict[int, Place]] = field(default_factory=dict)
    fits: dict[int, dict[str, ProvinceFit]] = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    done: int = 0
    fitted_from: dict[int, str] = field(init=False, default_factory=dict)
    _keys: dict[tuple[str, int], str] = field(init=False, repr=False, default_factory=dict)
    _banks: dict[tuple[str, int], list[str]] = field(init=False, repr=False, default_factory=dict)
    _more: int = field(init=False, repr=False, default=0)
    _began: float = field(init=False, repr=False, default_factory=time.monotonic)

    def fit(self) -> None:
        """Make what is missing of the banks, and fit; refuse if no province is left."""
        self.look()
        self.model.warm()
        known = list(self.provinces)
        for year in self.settings.fitted:
            self.provinces = list(known)  # also one that was left out at another year, which may be elsewhere
            banks: dict[str, list[Bank]] = {province: [] for province in self.provinces}
            self._banks |= {(province, year): [] for province in self.provinces}
            for number in range(self.settings.banks):
                self._each(f"bank {number + 1} to {year}", partial(self._add_bank, banks, number, year))
                self.fits[year] = self._together(year, banks)
            if year == self.settings.last_year:
                self._more_draws(banks)
        self.provinces = [province for province in known if province not in self.left_out]
        if not self.provinces:
            raise _none_left()

    def look(self) -> None:
        """Read the packs, and refuse if no province is left."""
        shared = {year: self._shared(year) for year in self.settings.fitted}
        self._each("data", partial(self._look, shared))

    def place_to_all_years(self, province: str) -> Place:
        """Give a province with all its years, as it is fitted."""
        pack, last = self.settings.pack_of(province), self.settings.last_year
        return place_of(pack, last, self._shared(last), self.model, self.folder / province / "known")

    def kept_bank(self, province: str, year: int, number: int, normal: Normal, runs: int) -> KeptBank:
        """Give a bank of a province, drawn from what is known of its positions, as far as it is there."""
        place = self.places[province][year]
        known_from = self.fitted_from[year] if number else "its prior"
        key = fingerprint(self._keys[province, year], runs, self.settings.seed, place.scale, known_from)
        positions = normal.draws(runs, FARTHEST, self.luck(province, f"bank {number}"))
        file = bank_file(self.folder / province, number, year, key)
        return KeptBank(file, positions, len(place.observations))

    def luck(self, province: str, stage: str) -> int:
        """Give the seed of a stage."""
        return luck.key_of("across", province, stage, self.settings.seed) % 2**32

    def _shared(self, year: int) -> Posterior | None:
        if year == self.settings.last_year and self._shared_is_to_come:
            return None
        found = shared_posterior(
            self.settings.shared,
            year,
            self.folder,
            pack=self.settings.pack_of(SHARED_FROM) if SHARED_FROM in self.provinces else SHARED_FROM,
            last_year=self.settings.last_year,
        )
        if found is not None and found.head.rules != hash_of_mechanisms():
            self.report(f"the posterior of {found.head.province} to {year} is of other rules")
        return found

    @property
    def _shared_is_to_come(self) -> bool:
        """Whether an estimate asks before the fit in full of one's own packs is there: priors do for it."""
        own = self.settings.packs is not None and SHARED_FROM in self.provinces
        return own and not (self.folder / SHARED_FROM / HEAD_FILE).is_file()

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
            raise _none_left()

    def _look(self, shared: dict[int, Posterior | None], province: str) -> None:
        self.places[province] = {
            year: place_of(
                self.settings.pack_of(province),
                year,
                known,
                self.model,
                self.folder / province / f"known_{year}",
            )
            for year, known in shared.items()
        }
        for year, place in self.places[province].items():
            self._keys[province, year] = fingerprint_of_place(place, shared[year])

    def _add_bank(self, banks: dict[str, list[Bank]], number: int, year: int, province: str) -> None:
        normal = self.places[province][year].beliefs.prior
        if number:
            normal = self.fits[year][province].posterior
        runs = self.settings.members_of(number, year)
        banks[province].append(self._run_bank(province, year, number, normal, runs))

    def _run_bank(self, province: str, year: int, number: int, normal: Normal, runs: int) -> Bank:
        """Run what is missing of a bank; it is whole if there is nothing."""
        kept = self.kept_bank(province, year, number, normal, runs)
        self._banks[province, year].append(kept.file.name)
        if kept.damaged:
            self.report(f"{province}: {kept.file.name} is damaged; its runs are made again")
        there = len(kept.there)
        self.count(there)
        if kept.whole:
            self.failed[province] = self.failed.get(province, 0) + kept.failed
            return kept.bank()
        failures: list[Failed] = []
        place = self.places[province][year]
        try:
            bank = run_bank(
                place,
                kept,
                self.model,
                scale=place.scale,
                seed=self.luck(province, f"bank {number}"),
                executor=self.executor,
                workers=self.workers,
                failures=failures,
                ended=self.count,
            )
        finally:
            self.cost(province, runs - there, failures)
        self.failed[province] = self.failed.get(province, 0) + kept.failed
        return bank

    def _together(self, year: int, banks: dict[str, list[Bank]]) -> dict[str, ProvinceFit]:
        there = {province: banks[province] for province in self.provinces}
        self.fitted_from[year] = fingerprint({province: self._banks[province, year] for province in there})
        return fit_together([self.places[province][year] for province in there], there, DRAWS)

    def _more_draws(self, banks: dict[str, list[Bank]]) -> None:
        """Run a further bank to all years where the posterior is worth too few draws to be kept."""
        last = self.settings.last_year
        members = {
            province: self.settings.further_members(fit.effective_sample_size, DRAWS)
            for province, fit in self.fits[last].items()
        }
        self._more = sum(members.values())

        def more(province: str) -> None:
            normal = self.fits[last][province].posterior
            number, runs = self.settings.banks, members[province]
            banks[province].append(self._run_bank(province, last, number, normal, runs))

        self._each("a further bank", more, [province for province, runs in members.items() if runs])
        if any(members.values()):
            self.fits[last] = self._together(last, banks)

    def count(self, runs: int) -> None:
        """Count runs that are there, and tell."""
        self.done += runs
        if self.progress is not None:
            total = self.settings.planned(len(self.places)) + self._more
            failed = sum(cost.failed for cost in self.costs.values())
            seconds = time.monotonic() - self._began
            self.progress(Progress("run", self.before + self.done, self.before + total, failed, seconds))

    def cost(self, province: str, runs: int, failures: Sequence[Failed]) -> None:
        """Take down what a batch cost."""
        self.costs[province].runs += runs
        self.costs[province].failed += len(failures)
        if failures:
            first = failures[0]
            self.report(f"{province}: {first.run.run_id}: {first.kind}: {first.message}")
