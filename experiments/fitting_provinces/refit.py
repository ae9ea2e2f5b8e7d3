"""Fit one province again after its figures were changed, from the runs that a fit of all provinces kept.

A run does not depend on the figures that it is held against: the logarithm of a changed figure moves each
distance by the same. So the first bank is that of a full fit to the bit, and slopes are, since they are of
distances from their mean. A full fit would run its second bank at what the first one finds with the new
figure; here it stays where the old one had it, which is the same as far as lines are straight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...engine.errors import InputError, nearest
from ..calibrating.distances_from_observed import LEAST
from ..calibrating.observed_figures import Observation, observed_table
from ..calibrating.posterior_files import DRAWS
from ..keeping.atomic_files import make_folder
from ..planning import door_to_model
from ..planning.checks import check_folder, check_province
from .calibrate_all import AllOptions, fits_of, kept_settings
from .estimate_all import nothing_is_made
from .linear_update import Bank
from .province_beliefs import SHARED_FROM
from .province_fit import ProvinceFit, figures_of_table, fit_together, write_posterior_of

__all__ = ["Refitted", "refit"]


@dataclass(frozen=True)
class Refitted:
    """A fit that was made again.

    Attributes
    ----------
    province : str
    changed : tuple of str
        Figures that are others than before, or are gone.
    before, fit : ProvinceFit
    folder : Path or None
        Where the posterior is; None if nothing was to be written.
    """

    province: str
    changed: tuple[str, ...]
    before: ProvinceFit
    fit: ProvinceFit
    folder: Path | None

    @property
    def worth_before(self) -> float:
        """Independent draws that the posterior was worth."""
        return self.before.effective_sample_size

    @property
    def worth(self) -> float:
        """Independent draws that it is worth now."""
        return self.fit.effective_sample_size

    @property
    def moved(self) -> float:
        """By how many of its standard deviations the parameter moved that moved most."""
        away = self.fit.posterior.mean - self.before.posterior.mean
        return float(np.abs(away / np.sqrt(np.diag(self.before.posterior.covariance))).max())


def refit(
    province: str,
    folder: Path,
    observed: Path | None = None,
    out: Path | None = None,
    dry: bool = False,
    model: door_to_model.Model | None = None,
) -> Refitted:
    """Fit a province again with a table of figures of one's own, without a new run.

    Parameters
    ----------
    province : str
        One of those that were fitted from banks.
    folder : Path
        Of `calibrate_all`.
    observed : Path, optional
        Table in the form of the pack's ``observed.csv``; by default that of the pack, as it was fitted.
    out : Path, optional
        Where the posterior goes; by default ``refit`` in the province's folder.
    dry : bool
        Write nothing.
    model : door_to_model.Model, optional
        The door to the model.

    Raises
    ------
    InputError
        If the folder holds no fits, or not this province's; anything wrong in the table; a figure of which
        the kept runs know nothing.
    RunsLeft
        If the fits of the folder are not finished, or were made with other rules, priors or data.
    RunError
        If the posterior is worth fewer than 100 draws.
    """
    model = door_to_model.model() if model is None else model
    provinces, settings = kept_settings(folder)
    province = check_province(province, door_to_model.provinces())
    if province == SHARED_FROM or province not in provinces:
        others = [name for name in provinces if name != SHARED_FROM]
        why = "has a fit in full, without banks" if province == SHARED_FROM else "was not fitted there"
        raise InputError(
            f"{province} {why}",
            key="province",
            allowed=", ".join(others),
            suggestion=nearest(province, others),
        )
    out = check_folder(folder / province / "refit" if out is None else out)
    options = AllOptions(provinces=provinces, packs=settings.packs, out=folder, seed=settings.seed, workers=0)
    fits = fits_of(options, settings, model, nothing_is_made)
    place = fits.place_to_all_years(province)
    table = observed_table(place.world.pack(), model.definitions, observed)
    figures = figures_of_table(table, settings.last_year)
    _check_known(figures, place.observations, observed)
    fits.fit()
    before = fits.fits[settings.last_year][province]
    now = replace(place, observations=figures)
    banks = {name: fit.banks for name, fit in fits.fits[settings.last_year].items() if name in fits.provinces}
    banks[province] = tuple(shifted(bank, place.observations, figures) for bank in before.banks)
    places = [now if name == province else fits.places[name][settings.last_year] for name in banks]
    fit = fit_together(places, banks, DRAWS)[province]
    if not dry:
        make_folder(out)
        write_posterior_of(
            fit,
            out,
            draws=DRAWS,
            runs=sum(len(bank.positions) for bank in fit.banks),
            scale=fit.place.scale,
            seed=settings.seed,
            together=len(banks),
            observed=table,
            maker="`shaanxi-transfer calibrate --from`",
        )
    return Refitted(province, _changed(place.observations, figures), before, fit, None if dry else out)


def shifted(bank: Bank, old: Sequence[Observation], new: Sequence[Observation]) -> Bank:
    """Hold the runs of a bank against other values of the same figures, or of some of them.

    A distance that stands at the least that counts stays there.
    """
    places = {seen.label: column for column, seen in enumerate(old)}
    least = math.log(LEAST)
    columns = []
    for seen in new:
        column = places[seen.label]
        distances = bank.distances[:, column]
        if (by := math.log(old[column].value) - math.log(seen.value)) != 0.0:
            distances = np.where(distances <= least, least, np.maximum(distances + by, least))
        columns.append(distances)
    return Bank(bank.positions, np.column_stack(columns))


def _check_known(new: Sequence[Observation], old: Sequence[Observation], file: Path | None) -> None:
    """Refuse figures that the kept runs were not held against: what was simulated there is not kept."""
    known = {seen.label: seen for seen in old}
    for seen in new:
        if seen.label not in known or seen.side != known[seen.label].side:
            raise InputError(
                f"the kept runs were not held against {seen.label} ({seen.side})",
                key="observed",
                file=file,
                allowed="other values, errors or fewer of the figures that were fitted; or a fit anew",
            )


def _changed(old: Sequence[Observation], new: Sequence[Observation]) -> tuple[str, ...]:
    now = {seen.label: seen for seen in new}
    return tuple(seen.label for seen in old if now.get(seen.label) != seen)
