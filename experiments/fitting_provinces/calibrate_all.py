"""Fit all provinces: the one that gives behaviour in full, then the others, each from its banks of runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import pandas as pd
from pydantic import BeforeValidator, ValidationInfo

from ...engine.errors import InputError, RunError
from ...scenarios.provinces.posterior import FEWEST_DRAWS
from ..calibrate import calibrate_province
from ..calibrating.options import CalibrateOptions
from ..calibrating.posterior_files import DRAWS
from ..keeping.atomic_files import make_folder
from ..keeping.kept_facts import facts_in, write_facts
from ..keeping.manifest import default_folder
from ..keeping.provenance import calibration_world
from ..keeping.store import MANIFEST, Store
from ..planning import door_to_model
from ..planning.checks import check_provinces, packs_in
from ..planning.options import BatchOptions
from ..running.cluster import executor_for
from ..running.progress import Progress
from ..running.runner import RunBatch
from ..running.staying_workers import StayingWorkers
from .fits_in_turn import FitsInTurn, can_be_fitted
from .province_beliefs import SHARED_FROM
from .province_fit import write_posterior_of
from .settings import Settings

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["FITS", "HAS_POSTERIOR", "AllOptions", "FittedAll", "calibrate_all", "fits_of", "write_fit"]

FITS: Final = "fits.csv"
"""A row a province: what its fit found, cost and is worth."""

_WRITTEN, _IN_FULL = "written", "of a fit in full"
HAS_POSTERIOR: Final = (_WRITTEN, _IN_FULL)
"""What `write_fit` says of a province that has a posterior."""

SETTINGS: Final = "fits.json"
FIRST: Final = "first"
"""What the fits of a folder were made with, so that one of them can be made again alone."""


def _provinces(given: Any, known: ValidationInfo) -> tuple[str, ...]:
    """Give the packs of provinces that are named, with commas or in a sequence; all that can be fitted."""
    text = given if isinstance(given, str) else ",".join(given or ())
    packs = known.data.get("packs")
    can = can_be_fitted(packs)
    chosen = (
        check_provinces(text, door_to_model.provinces() if packs is None else list(packs_in(packs))) or can
    )
    for number, name in enumerate(chosen):
        if name in chosen[:number]:
            raise InputError(f"{name} twice", key="provinces", allowed="each once")
        if name not in can:
            raise InputError(
                f"{name} has too few years of contracts sold for a fit, and is forecast from priors",
                key="provinces",
                allowed=", ".join(can),
            )
    return tuple(chosen)


class AllOptions(BatchOptions):
    """What makes the fits of all provinces, and how.

    Attributes
    ----------
    packs : Path, optional
        Folder of packs of one's own, as `packs` writes it; those that come with the package by default.
    provinces : tuple of str
        Packs that are fitted together; all that can be by default.
    settings : Settings
        How large the fits are; without origins.
    first : CalibrateOptions, optional
        How the province that gives behaviour is fitted in full; as `calibrate` does by default.
    announce : callable, optional
        Called before the start with the options and what is still to be made. If it raises, nothing is.
    """

    packs: Path | None = None
    provinces: Annotated[tuple[str, ...], BeforeValidator(_provinces)] = ()
    settings: Settings = Settings()
    first: CalibrateOptions | None = None
    announce: Callable[..., None] | None = None

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"provinces": (), **given})

    def settings_of_fits(self) -> Settings:
        """Give how large the fits are, with the packs that are fitted and the last year that these know."""
        return _with_packs(replace(self.settings, origins=(), all_years=True, seed=self.seed), self.packs)

    def in_full(self, **size: Any) -> CalibrateOptions:
        """Give how the province that gives behaviour is fitted, in another ``size`` than usual."""
        if SHARED_FROM not in self.provinces:
            name, value = next(iter(size.items()))
            raise InputError(
                f"{value} is of a fit in full, which is that of {SHARED_FROM} alone",
                key=name,
                allowed=f"with {SHARED_FROM} among --provinces",
            )
        pack = self.settings_of_fits().pack_of(SHARED_FROM)
        return CalibrateOptions(province=pack, seed=self.seed, **size)


def _with_packs(settings: Settings, packs: Path | None) -> Settings:
    """Give settings for packs of one's own, up to the year that these know; unchanged without any."""
    return settings if packs is None else replace(settings, packs=packs, last_year=_last_year(packs))


def _last_year(packs: Path) -> int:
    """Give the last year that packs know: one for all, since what is shared is learnt of them together."""
    from ...scenarios import load_pack

    years = {name: load_pack(folder).years.last for name, folder in packs_in(packs).items()}
    first, *others = years
    for name in others:
        if years[name] != years[first]:
            raise InputError(
                f"the pack of {name} ends with {years[name]}, that of {first} with {years[first]}",
                key="packs",
                file=packs,
                allowed="packs that know the same years",
            )
    return years[first]


@dataclass(frozen=True)
class FittedAll:
    """All fits, and where they were written.

    Attributes
    ----------
    fits : DataFrame
        ``province``, ``draws_worth``, ``misfit_prior``, ``misfit_fitted`` (squared distances in errors of
        observation), ``runs``, ``failed``, ``scale``, ``posterior``: written, or why not.
    left_out : dict of str to str
        Provinces without a fit, and why.
    folder : Path
    seconds : float
    worlds : dict of Path to Scenario
        The world that was fitted, by the folder of each posterior.
    """

    fits: pd.DataFrame
    left_out: dict[str, str]
    folder: Path
    seconds: float
    worlds: dict[Path, Scenario]

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return int(self.fits["failed"].sum())


def first_options(options: AllOptions) -> CalibrateOptions | None:
    """Give the options of the fit in full; None if that province is not among those that are fitted."""
    if SHARED_FROM not in options.provinces:
        return None
    assert options.out is not None
    asked = options.first or options.in_full()
    how = {name: getattr(options, name) for name in ("workers", "cluster", "again", "other_versions")}
    return asked.but(**how, out=options.out / SHARED_FROM, announce=None)


def check_fits_folder(folder: Path) -> None:
    """Refuse a folder that holds an experiment of its own, or things that are no fits."""
    if (folder / MANIFEST).is_file():
        held = Store(folder).manifest()["identity"].get("kind")
        raise InputError(
            f"{str(folder)!r} holds a {held} of its own",
            key="out",
            allowed="a new folder, or one of `calibrate --all`",
        )


def calibrate_all(options: AllOptions, model: door_to_model.Model | None = None) -> FittedAll:
    """Fit all provinces to all their years, and write the posterior of each.

    What is finished is kept: the same options again make only what is missing.

    Parameters
    ----------
    options : AllOptions
    model : door_to_model.Model, optional
        The door to the model.

    Raises
    ------
    InputError
        If settings are refused, or no province is left.
    RunError
        If the province that gives behaviour cannot be fitted.
    """
    began = time.monotonic()
    model = door_to_model.model() if model is None else model
    settings = options.settings_of_fits()
    settings.check(len(options.provinces))
    folder = options.out or default_folder(
        ["calibration", "all", str(settings.last_year)], {"seed": options.seed}
    )
    check_fits_folder(folder)
    options = options.but(out=folder)
    if options.announce is not None:
        options.announce(options, model)
    make_folder(folder)
    keep_settings(folder, options.provinces, settings, options.first)
    total, before = settings.planned(len(options.provinces)), 0
    if (first := first_options(options)) is not None:
        before = first.settings.runs
        calibrate_province(first.but(progress=_as_part(options, total)), model)
    with StayingWorkers(options.workers) as processes:
        executor: RunBatch = processes
        if options.cluster is not None:
            executor = executor_for(options.cluster, model.warm)
        fits = fits_of(options, settings, model, executor, before)
        fits.fit()
    written = {province: write_fit(fits, province) for province in fits.provinces}
    table = _table(fits, written)
    Store(folder).write_csv(FITS, table)
    worlds = {
        folder / province: calibration_world(settings.pack_of(province), settings.last_year)
        for province, said in written.items()
        if said in HAS_POSTERIOR
    }
    return FittedAll(table, fits.left_out, folder, time.monotonic() - began, worlds)


def fits_of(
    options: AllOptions,
    settings: Settings,
    model: door_to_model.Model,
    executor: RunBatch,
    before: int = 0,
) -> FitsInTurn:
    """Put together the fits in a folder, of which none is made yet, after so many runs ``before``."""
    assert options.out is not None
    return FitsInTurn(
        list(options.provinces),
        options.out,
        settings,
        model,
        executor,
        options.workers,
        _notes(options),
        options.progress,
        before,
    )


def write_fit(fits: FitsInTurn, province: str) -> str:
    """Write the posterior of a province, but of the one that gives behaviour: it has a fit in full.

    Gives one of `HAS_POSTERIOR`, or why there is none.
    """
    if province == SHARED_FROM:
        return _IN_FULL
    fit = fits.fits[fits.settings.last_year][province]
    try:
        write_posterior_of(
            fit,
            fits.folder / province,
            draws=DRAWS,
            runs=sum(len(bank.positions) for bank in fit.banks),
            scale=fit.place.scale,
            seed=fits.settings.seed,
            together=len(fits.provinces),
        )
    except RunError as error:
        fits.report(f"{province}: {error}")
        return f"not written: worth fewer than {FEWEST_DRAWS} draws"
    return _WRITTEN


def keep_settings(
    folder: Path, provinces: tuple[str, ...], settings: Settings, first: CalibrateOptions | None = None
) -> None:
    """Write down what the fits of a folder are made with; see `kept_settings`."""
    facts: dict[str, Any] = {
        "provinces": list(provinces),
        **{name: getattr(settings, name) for name in ("members", "last_members", "banks", "seed")},
    }
    if settings.packs is not None:
        facts["packs"] = str(settings.packs.resolve())
    if first is not None:
        names = ("province", "ensembles", "members", "assimilations", "scale", "seed", "until")
        facts[FIRST] = {name: getattr(first, name) for name in names}
    write_facts(folder / SETTINGS, facts)


def kept_settings(folder: Path) -> tuple[tuple[str, ...], Settings]:
    """Read the provinces and the settings of the fits in a folder; refuse one that holds none."""
    if not (folder / SETTINGS).is_file():
        raise InputError(
            f"{str(folder)!r} holds no fits", key="from", allowed="a folder of `calibrate --all`"
        )
    facts = facts_in(folder / SETTINGS)
    facts.pop(FIRST, None)
    packs = facts.pop("packs", None)
    provinces = tuple(facts.pop("provinces"))
    return provinces, _with_packs(Settings(**facts), None if packs is None else Path(packs))


def kept_all(folder: Path, **how: Any) -> AllOptions:
    """Give the options with which the fits in a folder were begun; ``how`` moves no number."""
    provinces, settings = kept_settings(folder)
    first = facts_in(folder / SETTINGS).get(FIRST)
    return AllOptions(
        packs=settings.packs,
        provinces=provinces,
        settings=settings,
        seed=settings.seed,
        first=None if first is None else CalibrateOptions(**first),
        out=folder,
        **how,
    )


def _as_part(options: AllOptions, more: int) -> Callable[[Progress], None] | None:
    """Report the runs of the fit in full as a part of all."""
    progress = options.progress
    if progress is None:
        return None

    def tell(part: Progress) -> None:
        progress(replace(part, total=part.total + more) if part.stage == "run" else part)

    return tell


def _notes(options: AllOptions) -> Callable[[str], None]:
    """Say each step, to whoever looks at the runs or else to nobody."""
    progress = options.progress
    if progress is None:
        return lambda line: None
    return lambda line: progress(Progress("run", 0, 0, 0, 0.0, line))


def _table(fits: FitsInTurn, written: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for province, fit in fits.fits[fits.settings.last_year].items():
        if province in fits.left_out:
            continue
        rows.append(
            {
                "province": province,
                "draws_worth": round(fit.effective_sample_size, 1),
                "misfit_prior": round(fit.misfit(0), 3),
                "misfit_fitted": round(fit.misfit(-1), 3),
                "runs": sum(len(bank.positions) for bank in fit.banks),
                "failed": fits.failed[province],
                "scale": round(fit.place.scale, 4),
                "posterior": written[province],
            }
        )
    return pd.DataFrame(rows)
