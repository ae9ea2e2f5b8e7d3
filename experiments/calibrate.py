"""Calibrate a province: from its observed table to a posterior, with tables of fit and of what was learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import psutil

from ..scenarios.provinces.posterior import FEWEST_DRAWS
from .calibrating.ensemble_fit import Calibration, calibrate, members_of
from .calibrating.fit_tables import fit_table, identifiability_table
from .calibrating.kept_rounds import KeptRounds, identity_of_fit, options_of_fit
from .calibrating.observed_figures import Observation, fitted, observed_table
from .calibrating.options import CalibrateOptions
from .calibrating.posterior_files import write_posterior
from .forecasting.estimate import COPIES, estimate_of
from .keeping.atomic_files import write_atomically
from .keeping.manifest import default_folder
from .keeping.provenance import calibration_world
from .keeping.store import check_store, open_store
from .planning import door_to_model
from .planning.fitted_parameters import FITTED

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = [
    "BANK",
    "FIT",
    "IDENTIFIABILITY",
    "Calibrated",
    "FitEstimate",
    "calibrate_province",
    "estimate_of_fit",
]

FIT: Final = "fit.csv"
IDENTIFIABILITY: Final = "identifiability.csv"
OWN_TABLE: Final = "observed.csv"
"""A table of one's own that was fitted, kept so that the fit can be taken up from its folder alone."""

BANK: Final = "bank.parquet"
"""Positions and summaries of the prior's runs, from which regression ABC and recovery draw."""


@dataclass(frozen=True)
class Calibrated:
    """A finished calibration and where it was written.

    Attributes
    ----------
    found : Calibration
    world : Scenario
        The world that was fitted.
    folder : Path
    fit, identifiability : DataFrame
        See `fit_tables`.
    """

    found: Calibration
    world: Scenario
    folder: Path
    fit: pd.DataFrame
    identifiability: pd.DataFrame


@dataclass(frozen=True, slots=True)
class FitEstimate:
    """What a calibration is expected to take.

    Attributes
    ----------
    rounds : int
        Of runs, one after the other.
    planned, runs : int
        Runs in all, and those that are still to be made.
    workers : int
        Processes that make them.
    seconds_per_run : float
        Measured on this machine.
    seconds : float
        Until the last run has ended.
    bytes : float
        Disk for the runs that are still to be made.
    memory : float
        Bytes of all processes.
    draws : float
        Independent draws that the posterior will roughly be worth, see `ensemble_fit.Settings`.
    enough_members : int or None
        How many would rather do, if that is fewer than a posterior needs.
    """

    rounds: int
    planned: int
    runs: int
    workers: int
    seconds_per_run: float
    seconds: float
    bytes: float
    memory: float
    draws: float
    enough_members: int | None


def estimate_of_fit(
    world: Scenario,
    observations: Sequence[Observation],
    options: CalibrateOptions,
    model: door_to_model.Model,
    folder: Path,
) -> FitEstimate:
    """Run a few members on this machine and work out what the fit will take; see `estimate.estimate_of`."""
    settings = options.settings
    members = members_of(world, observations, model, settings, FITTED)
    free = len(members.names)
    each = settings.ensembles * settings.members
    plan = [run for stage in settings.stages for run in members.plan(stage, each)]
    job = members.job(settings.prior_positions(free).reshape(-1, free))
    found = estimate_of(folder, plan, job, model, options)
    draws = settings.expected_draws(free)
    return FitEstimate(
        rounds=len(settings.stages),
        planned=len(plan),
        runs=found.runs,
        workers=found.workers,
        seconds_per_run=found.seconds_per_run,
        seconds=found.seconds,
        bytes=found.bytes / COPIES,
        memory=(1 + found.workers) * float(psutil.Process().memory_info().rss),
        draws=draws,
        enough_members=settings.enough_members(free, draws) if draws < FEWEST_DRAWS else None,
    )


def fit_again(identity: Mapping[str, Any], *, out: Path, **how: Any) -> CalibrateOptions:
    """Give the options with which the fit in a folder was begun, its own table of figures included."""
    own = out / OWN_TABLE
    return options_of_fit(identity, observed=own if own.is_file() else None, out=out, **how)


def identity_now(options: CalibrateOptions, model: door_to_model.Model) -> dict[str, Any]:
    """Put together what a fit with these options would rest on now."""
    world = calibration_world(options.province, options.until)
    table = observed_table(world.pack(), model.definitions, options.observed)
    return identity_of_fit(world, table, options, model)


def calibrate_province(options: CalibrateOptions, model: door_to_model.Model | None = None) -> Calibrated:
    """Fit a province to its observed years and write the posterior.

    The runs are kept in the folder: the same options again make only those that are missing.

    Parameters
    ----------
    options : CalibrateOptions
    model : door_to_model.Model, optional
        The door to the model.

    Raises
    ------
    InputError
        Anything wrong in the observed table, or settings that give no posterior.
    RunError
        If most runs fail, or the posterior is worth fewer than 100 draws.
    """
    model = door_to_model.model() if model is None else model
    world = calibration_world(options.province, options.until)
    table = observed_table(world.pack(), model.definitions, options.observed)
    observations = fitted(table, options.until)
    members = members_of(world, observations, model, options.settings, FITTED)
    options.settings.check_worth(len(members.names))
    identity = identity_of_fit(world, table, options, model)
    folder = options.out or default_folder(["calibration", world.pack().name, str(options.until)], identity)
    options = options.but(out=folder)
    check_store(folder, identity)  # before anything is announced
    if options.announce is not None:
        options.announce(estimate_of_fit(world, observations, options, model, folder))
    options.settings.check_expected(len(members.names))  # a dry run has told of it, and ended
    store = open_store(folder, identity)
    if options.observed is not None:
        contents = options.observed.read_bytes()
        write_atomically(folder / OWN_TABLE, lambda path: path.write_bytes(contents))
    found = calibrate(
        world,
        observations,
        model,
        options.settings,
        names=FITTED,
        executor=KeptRounds(store, options, model),
        workers=options.workers,
    )
    fit, identifiability = fit_table(found), identifiability_table(found, world)
    write_atomically(folder / BANK, partial(_bank(found).to_parquet, index=False))
    store.write_csv(FIT, fit)
    store.write_csv(IDENTIFIABILITY, identifiability)
    write_posterior(found, world, table, folder)
    store.list_files()
    return Calibrated(found, world, folder, fit, identifiability)


def _bank(found: Calibration) -> pd.DataFrame:
    """Prior runs as a table: a column each for parameters (positions) and for summaries."""
    parameters, summaries = len(found.names), len(found.observations)
    values = np.column_stack(
        [found.prior.reshape(-1, parameters), found.prior_distances.reshape(-1, summaries)]
    )
    labels = [seen.label for seen in found.observations]
    return pd.DataFrame(values, columns=[*found.names, *labels])
