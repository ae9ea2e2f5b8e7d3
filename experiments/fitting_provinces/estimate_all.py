"""What the fits of all provinces will take, before they start: runs, time, memory."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import psutil

from ...engine.errors import RunError, TransferError
from ..calibrate import estimate_of_fit
from ..calibrating.observed_figures import fitted, observed_table
from ..keeping.provenance import calibration_world
from ..planning.door_to_model import Model
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Failed, Job, Outcome
from ..running.process_context import usable_cores
from ..running.runner import run_batch
from .calibrate_all import AllOptions, first_options, fits_of
from .drawn_runs import Drawn, run_drawn
from .fits_in_turn import FitsInTurn
from .province_beliefs import SHARED_FROM
from .settings import LARGEST_BANK, Settings

__all__ = ["AllEstimate", "RunsLeft", "estimate_of_all", "nothing_is_made"]

_MEASURED: Final = 1
"""Runs of each province that are timed: provinces differ more than the runs of one."""


@dataclass(frozen=True, slots=True)
class AllEstimate:
    """What the fits of all provinces are expected to take.

    Attributes
    ----------
    provinces : int
    planned, runs : int
        Runs of the banks that every province has, and of the fit in full; those still to be made.
    further : int
        Runs of further banks, where the posteriors that come with the package needed some.
    workers : int
        Processes that make them.
    seconds : float
        Until the last run has ended, on a machine that does nothing else.
    memory : float
        Bytes of all processes.
    """

    provinces: int
    planned: int
    runs: int
    further: int
    workers: int
    seconds: float
    memory: float


class RunsLeft(TransferError):
    """A run would have to be made that is not there."""


def nothing_is_made(plan: Iterable[PlannedRun], job: Job, **_: Any) -> Iterator[Outcome]:
    """Be an executor that makes no run; a `RunsLeft` says that one would have to be made."""
    for run in plan:
        raise RunsLeft(
            f"{run.scenario}, for one, has not been run: make the pieces first (--runs-only for origins, "
            "`calibrate --all` for all years), in the same folder and with the same options"
        )
    return iter(())


def estimate_of_all(options: AllOptions, model: Model) -> AllEstimate:
    """Run a few rows of each province in this process and work out what all will take.

    Nothing is kept of them. A `RunError` says that none of the runs of a province ended well.
    """
    settings = options.settings_of_fits()
    fits = fits_of(options.but(progress=None), settings, model, nothing_is_made)
    whole = True
    try:
        fits.fit()
    except RunsLeft:
        whole = False
    planned = settings.planned(len(options.provinces))
    workers = options.workers if options.workers is not None else usable_cores()
    left = 0 if whole else max(0, planned - fits.done)
    further = 0 if whole else further_expected(options.provinces, settings)
    each = _seconds_a_run(fits)  # of the processor, so that a busy machine tells the same
    seconds = (left + further) * each / max(1, workers)
    first = first_options(options)
    if first is not None:
        world = calibration_world(first.province, first.until)
        figures = fitted(observed_table(world.pack(), model.definitions), first.until)
        assert first.out is not None
        full = estimate_of_fit(world, figures, first, model, first.out)
        planned, left = planned + full.planned, left + full.runs
        seconds += full.runs * each / max(1, workers)
    memory = (1 + workers) * float(psutil.Process().memory_info().rss)
    return AllEstimate(len(options.provinces), planned, left, further, workers, seconds, memory)


def further_expected(provinces: Iterable[str], settings: Settings) -> int:
    """Add up the runs of further banks that the posteriors with the package needed; the most without one."""
    from ...scenarios import load_pack, shared_parameters
    from ...scenarios.provinces.posterior import posterior_folder, read_posterior

    usual = settings.planned(1)
    found = 0
    for province in provinces:
        place = posterior_folder("posterior", province)
        if place is None:
            found += round(LARGEST_BANK * settings.last_members)
        elif province != SHARED_FROM:
            parameters = {**shared_parameters(), **load_pack(province).parameters}
            found += max(0, read_posterior(place, parameters).head.runs - usual)
    return found


def _seconds_a_run(fits: FitsInTurn) -> float:
    """Time some runs of each province, the first of all besides; give the mean over provinces."""
    spent: list[float] = []
    for number, places in enumerate(fits.places.values()):
        place = places[fits.settings.last_year]
        values = place.beliefs.values(place.beliefs.prior.draws(_MEASURED, 1.0, 1), 1)
        for again in range(2 if number == 0 else 1):
            failures: list[Failed] = []
            began = time.process_time()
            parts = run_drawn(
                [Drawn(place.world, values)],
                fits.model,
                indicators=("contract_value_output",),
                scale=place.scale,
                seed=again,
                executor=run_batch,
                workers=0,
                failures=failures,
            )
            runs = sum(len(finished) for _, finished in parts)
            if not runs:
                raise RunError(f"not one of the runs of {place.province} ended well: {failures[0].message}")
            if again or number:
                spent.append((time.process_time() - began) / runs)
    return sum(spent) / len(spent)
