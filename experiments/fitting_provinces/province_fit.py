"""Fit provinces to their contracts up to an origin: few runs each, and what they have in common.

Every run of a fit, and of a forecast, is made with the pack that there would have been at the origin: files
in which no later year stands (`scenarios.earlier_packs`). A fit's runs end with the origin. The beliefs
(`province_beliefs`) and the runs of the other provinces, whose slopes are shared, are of the same origin.

One bank for all origins would be cheaper, but not the same: within the second half of a year the
outside paths run on the line to the next year's middle, so that a run which knows 2014 differs in 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError, RunError
from ..calibrating.distances_from_observed import Summaries
from ..calibrating.observed_figures import Observation, fitted, observed_table
from ..calibrating.posterior_files import write_draws
from ..calibrating.smoother import FARTHEST
from ..forecasting.discrepancy import SERIES
from ..keeping.provenance import calibration_world
from ..planning.door_to_model import Model
from ..planning.runs import Failed
from ..running.runner import RunBatch
from .drawn_runs import Drawn, run_drawn
from .kept_bank import KeptBank
from .linear_update import (
    GROUPS,
    Bank,
    Common,
    Normal,
    common_of,
    effective_sample_size,
    lines_through,
    updated,
    without_group,
)
from .province_beliefs import MOVED, SHARED_FROM, Beliefs, beliefs_of
from .settings import scale_of

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from ...scenarios.provinces.posterior import Posterior

Numbers = npt.NDArray[np.float64]

LEAST_WELL: Final = 0.5
"""Share of a bank's runs that have to end well."""


@dataclass(frozen=True)
class Place:
    """A province at an origin, the last year that is known.

    The world ends with it, and has the pack that there would have been; the observations are the four series
    up to it.
    """

    province: str
    origin: int
    world: Scenario
    observations: tuple[Observation, ...]
    beliefs: Beliefs

    @property
    def errors(self) -> Numbers:
        """Standard deviations of the figures' logarithms."""
        return np.array([seen.ln_error for seen in self.observations])

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the figures."""
        return tuple(seen.label for seen in self.observations)

    @property
    def scale(self) -> float:
        """The scale at which it is run: that of its own pack, so that no place depends on another."""
        return scale_of(self.beliefs.parameters["technology_firms_2017"].value)


def place_of(province: str, origin: int, shared: Posterior | None, model: Model, folder: Path) -> Place:
    """Put together a province, named or by its pack's folder, at an origin.

    ``folder`` is where the pack goes that there would have been at the origin. Refuses a province without a
    figure up to it.
    """
    from ...scenarios import load_pack
    from ...scenarios.provinces.earlier_pack import write_earlier_pack

    today = load_pack(province)
    if origin < today.manifest.last_year:
        province = str(write_earlier_pack(province, origin, folder).resolve())
    world = calibration_world(province, origin).set(name=f"{today.name}_{origin}")
    table = observed_table(world.pack(), model.definitions)
    observations = figures_of_table(table, origin)
    latest = max(world.quarters[-1].year, world.outside.observed_until, world.pack().manifest.last_year)
    if latest > origin:
        raise InputError(f"a world that knows {latest}", key="origin", allowed=f"{origin} at most")
    return Place(today.name, origin, world, observations, beliefs_of(world, shared))


def figures_of_table(table: pd.DataFrame, until: int) -> tuple[Observation, ...]:
    """List the figures of an observed table that a fit of all provinces knows: four series up to a year."""
    return fitted(table[table["indicator"].isin(SERIES) & (table["value"] > 0)], until)


def run_bank(
    place: Place,
    kept: KeptBank,
    model: Model,
    *,
    scale: float,
    seed: int,
    executor: RunBatch,
    workers: int | None,
    failures: list[Failed],
    ended: Callable[[int], None] = lambda runs: None,
) -> Bank:
    """Run what is missing of a bank of a place; failed runs are left out.

    A `RunError` says that most runs failed; ``failures`` gets each, ``ended`` how many ended well with each
    part that is kept.
    """
    summaries = Summaries(place.observations, model.definitions)
    table = Drawn(place.world, place.beliefs.values(kept.positions, seed), there=kept.there)
    parts = run_drawn(
        [table],
        model,
        indicators=SERIES,
        scale=scale,
        seed=seed,
        executor=executor,
        workers=workers,
        failures=failures,
    )
    for _, finished in parts:
        kept.add(summaries.of(finished))
        ended(len(finished))
    found, runs = kept.bank(), len(kept.positions)
    if len(found.positions) < LEAST_WELL * runs:
        first = f"; {failures[0].kind}: {failures[0].message}" if failures else ""
        well = f"{len(found.positions)} of {runs} runs"
        raise RunError(f"{well} of {place.province} to {place.origin} ended well{first}")
    kept.end()
    return found


@dataclass(frozen=True)
class ProvinceFit:
    """What is known of a province at an origin after its figures were looked at; positions of `MOVED`."""

    place: Place
    banks: tuple[Bank, ...] = field(repr=False)
    posterior: Normal = field(repr=False)
    effective_sample_size: float

    def misfit(self, bank: int) -> float:
        """Give the distance of a bank's median run from the figures, squared in errors, a figure."""
        away = np.median(self.banks[bank].distances, axis=0) / self.place.errors
        return float((away**2).mean())

    def values(self, number: int, seed: int) -> dict[str, Numbers]:
        """Give draws of the posterior: the value of every believed parameter, arrays of shape (number,)."""
        return self.place.beliefs.values(self.posterior.draws(number, FARTHEST, seed), seed)


def fit_together(
    places: Sequence[Place], banks: Mapping[str, Sequence[Bank]], draws: int
) -> dict[str, ProvinceFit]:
    """Fit all provinces at one origin, by name; slopes of a later origin would know more.

    ``draws`` is how many will be kept, for the effective sample size.
    """
    labels, wide = _side_by_side(places, banks)
    whole = common_of([bank for mine in wide.values() for bank in mine])
    parts = [
        common_of([bank for mine in wide.values() for bank in without_group(mine, group)])
        for group in range(GROUPS)
    ]
    found = {}
    for place in places:
        mine, prior = banks[place.province], place.beliefs.prior
        figures = [labels.index(label) for label in place.labels]
        common = whole.of(figures)
        posterior = updated(prior, lines_through(mine, common), place.errors)
        size = effective_sample_size(
            prior, mine, place.errors, draws, common, [part.of(figures) for part in parts]
        )
        found[place.province] = ProvinceFit(place, tuple(mine), posterior, size)
    return found


def common_of_places(places: Sequence[Place], banks: Mapping[str, Sequence[Bank]]) -> list[Common]:
    """Fit what banks of provinces at one origin have in common; for each place that of its own figures."""
    labels, wide = _side_by_side(places, banks)
    whole = common_of([bank for mine in wide.values() for bank in mine])
    return [whole.of([labels.index(label) for label in place.labels]) for place in places]


def _side_by_side(
    places: Sequence[Place], banks: Mapping[str, Sequence[Bank]]
) -> tuple[list[str], dict[str, list[Bank]]]:
    """Give the figures that any province has, and the banks of each with a column for all of them."""
    if len({place.origin for place in places}) > 1:
        raise InputError("places of different origins", key="origin", allowed="one origin at a time")
    labels = sorted({label for place in places for label in place.labels})
    wide = {
        place.province: [_wide(bank, place, labels) for bank in banks[place.province]] for place in places
    }
    return labels, wide


def _wide(bank: Bank, place: Place, labels: Sequence[str]) -> Bank:
    """Give a bank a column for every figure that any province has."""
    distances = np.full((len(bank.positions), len(labels)), np.nan)
    distances[:, [labels.index(label) for label in place.labels]] = bank.distances
    return Bank(bank.positions, distances)


def write_posterior_of(
    fit: ProvinceFit,
    folder: Path,
    *,
    draws: int,
    runs: int,
    scale: float,
    seed: int,
    together: int,
    observed: pd.DataFrame | None = None,
    maker: str = "`shaanxi-transfer calibrate --all`",
) -> None:
    """Write ``posterior.csv``, ``posterior.yaml`` and ``world.csv`` of a fit to all years.

    ``runs`` are those of this fit, ``together`` is how many provinces were fitted together, ``observed`` is
    the table of its figures, that of the pack if absent. A `RunError` says
    that the effective sample size is too small: nothing is written then, and what an earlier start wrote is
    taken away.
    """
    from ...scenarios.provinces.posterior import DRAWS_FILE, FEWEST_DRAWS, HEAD_FILE, WORLD_FILE

    if fit.effective_sample_size < FEWEST_DRAWS:
        for name in (DRAWS_FILE, HEAD_FILE, WORLD_FILE):
            (folder / name).unlink(missing_ok=True)
        raise RunError(
            f"the posterior is worth {fit.effective_sample_size:.0f} independent draws, fewer than "
            f"{FEWEST_DRAWS}, and is not written: take more members, or more provinces together"
        )
    beliefs = fit.place.beliefs
    names = (*MOVED, *beliefs.carried)
    values = fit.values(draws, seed)
    learnt = f"behaviour from the posterior of {SHARED_FROM}" if beliefs.carried else "behaviour from priors"
    write_draws(
        pd.DataFrame(np.column_stack([values[name] for name in names]), columns=list(names)),
        fit.place.world,
        fit.place.world.pack().observed if observed is None else observed,
        folder,
        method=f"linear update on {runs} runs, slopes common to {together} provinces; {learnt}",
        effective_sample_size=fit.effective_sample_size,
        runs=runs,
        scale=scale,
        seed=seed,
        maker=maker,
    )
