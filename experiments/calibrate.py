"""Calibrate a province: from its observed table to a posterior, with tables of fit and of what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from .calibrating.ensemble_fit import Calibration, calibrate
from .calibrating.fit_tables import fit_table, identifiability_table
from .calibrating.kept_rounds import KeptRounds, identity_of_fit
from .calibrating.observed_figures import fitted, observed_table
from .calibrating.options import CalibrateOptions
from .calibrating.posterior_files import write_posterior
from .keeping.provenance import calibration_world
from .keeping.store import open_store
from .planning import door_to_model
from .planning.fitted_parameters import FITTED

if TYPE_CHECKING:
    from ..scenarios import Scenario

__all__ = ["BANK", "FIT", "IDENTIFIABILITY", "Calibrated", "calibrate_province"]

FIT: Final = "fit.csv"
IDENTIFIABILITY: Final = "identifiability.csv"
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
    folder = options.folder
    store = open_store(folder, identity_of_fit(world, table, options, model))
    found = calibrate(
        world,
        fitted(table, options.until),
        model,
        options.settings,
        names=FITTED,
        executor=KeptRounds(store, options, model),
        workers=options.workers,
    )
    fit, identifiability = fit_table(found), identifiability_table(found, world)
    _bank(found).to_parquet(folder / BANK, index=False)
    store.write_csv(FIT, fit)
    store.write_csv(IDENTIFIABILITY, identifiability)
    write_posterior(found, world, table, folder)
    return Calibrated(found, world, folder, fit, identifiability)


def _bank(found: Calibration) -> pd.DataFrame:
    """Prior runs as a table: a column each for parameters (positions) and for summaries."""
    parameters, summaries = len(found.names), len(found.observations)
    values = np.column_stack(
        [found.prior.reshape(-1, parameters), found.prior_distances.reshape(-1, summaries)]
    )
    labels = [seen.label for seen in found.observations]
    return pd.DataFrame(values, columns=[*found.names, *labels])
