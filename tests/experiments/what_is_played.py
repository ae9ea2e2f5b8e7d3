"""What a night plays: batches, calibrations, forecasts of all provinces; of the fake province or the real."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments import forecast_all as all_provinces
from shaanxi_transfer.experiments.calibrating.kept_rounds import KeptRounds
from shaanxi_transfer.experiments.calibrating.options import CalibrateOptions
from shaanxi_transfer.experiments.fits_in_folders import resume_fits
from shaanxi_transfer.experiments.fitting_provinces import calibrate_all as fits_module
from shaanxi_transfer.experiments.fitting_provinces.calibrate_all import AllOptions, calibrate_all
from shaanxi_transfer.experiments.fitting_provinces.settings import Settings
from shaanxi_transfer.experiments.forecast import forecast_of, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping import manifest as manifest_module
from shaanxi_transfer.experiments.keeping.manifest import identity_of
from shaanxi_transfer.experiments.keeping.store import MANIFEST, PREDICTIVE, RUNS, Store, open_store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun, future_seed, run_name
from shaanxi_transfer.experiments.planning.runs import Finished, Job
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.running.progress import ProgressFunction
from shaanxi_transfer.scenarios.provinces import posterior
from shaanxi_transfer.scenarios.provinces.pack import pack_folder

fake: Any = importlib.import_module("fake_province")
night: Any = importlib.import_module("night")
channel: Any = importlib.import_module("fake_channel")

FAILING = ((1, "exception"), (4, "nan"))
"""Futures of the fake plan that fail whatever the night: they have to stand in the table of failures."""

SMALLEST = 0.01
PROVINCES = ("ningxia", "qinghai")
_real_model = door_to_model.model
FIT = Settings(members=17, last_members=17)


class Incomplete(Exception):
    """A command ended well that has left out a part of what was asked; it has said so."""


@dataclass(frozen=True)
class Played:
    """What a night plays in a folder ``out`` of a ``place`` of its own.

    ``make`` is the command that begins it, and finds what is kept; ``go_on`` takes it up from the folder
    alone. ``sealed`` says whether a changed package is refused there, and not just made anew.
    """

    kind: str
    size: int
    make: Callable[[Path, ProgressFunction | None], object]
    go_on: Callable[[Path], object]
    sealed: bool = True


def stores(out: Path) -> list[Store]:
    """List the experiments in a folder."""
    return [Store(file.parent) for file in sorted(out.rglob(MANIFEST))]


def tables(out: Path) -> dict[str, bytes]:
    """Give the tables below a folder, and the rows of all runs in order."""
    found = {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*.csv"))
        if not file.name.startswith(".")
    }
    for store in stores(out):
        for kind in (RUNS, PREDICTIVE):
            name = f"{store.folder.relative_to(out).as_posix()} {kind}"
            found[name] = store.read(kind).to_csv(index=False).encode()
    return found


def _batch(place: Path, size: int) -> Played:
    worlds = night.worlds(str(place / "pack"), faults=FAILING)

    def make(out: Path, progress: ProgressFunction | None) -> object:
        options = ForecastOptions(runs=size, scale=0.1, seed=1, out=out, workers=0, progress=progress)
        return make_forecast(worlds, fake.MODEL, options)

    return Played("batch", size, make, lambda out: resume(out, workers=0))


def _rounds(place: Path, size: int) -> Played:
    """A calibration without its mathematics: the runs of a round follow from what the one before came to."""
    world = fake.World("round", pack_folder=str(place / "pack"))

    def make(out: Path, progress: ProgressFunction | None) -> object:
        options = CalibrateOptions(ensembles=1, members=size, assimilations=2, out=out, workers=0)
        options = options.but(progress=progress)
        worlds = {world.name: world}
        identity = identity_of(
            worlds,
            door_to_model.data_folders(worlds),
            kind="calibration",
            runs=options.settings.runs,
            scale=0.1,
            seed=1,
            indicators={},
        )
        store = open_store(out, identity)
        kept = KeptRounds(store, options, fake.MODEL)
        means: list[float] = []
        for stage in range(3):
            growth = means[-1] / 1e10 if means else 0.0
            faults = ((2, "exception"),) if stage == 1 else ()
            job = Job({"member": replace(world, growth=growth, faults=faults)}, 0.1, fake.run)
            plan = [
                PlannedRun(run_name(f"stage_{stage}", member), "member", member, future_seed(1, member))
                for member in range(size)
            ]
            well = [one for one in kept(plan, job, workers=0) if isinstance(one, Finished)]
            means.append(float(np.mean([one.values[:, 0] for one in sorted(well, key=lambda one: one.run)])))
        store.write_csv("fit.csv", pd.DataFrame({"mean": means}))
        store.list_files()
        return None

    return Played("calibration", size, make, lambda out: make(out, None))


def _fits(place: Path, size: int) -> Played:
    """Fits of a province in banks: on the channel of two lines, some of whose runs fail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door_to_model, "model", _real_model)
        usual = channel.model()

    def run(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
        if seed % 13 == 0:
            raise ValueError("no contract\nleft")
        return usual.run_one(scenario, seed=seed, scale=scale)

    model = replace(usual, run_one=run)

    def go_on(out: Path) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(door_to_model, "model", lambda own=None: model)
            return _complete(resume_fits(out, workers=0))

    def make(out: Path, progress: ProgressFunction | None) -> object:
        how = {"out": out, "workers": 0, "progress": progress}
        return _complete(calibrate_all(AllOptions(provinces=("sichuan",), settings=FIT, **how), model))

    return Played("fits", FIT.members, make, go_on, sealed=False)


def _complete(fitted: Any) -> object:
    if fitted.left_out:
        raise Incomplete(next(iter(fitted.left_out.values())))
    return fitted


def _all_provinces(
    make_one: Callable[[ForecastOptions], Any], place: Path, size: int, scale: float
) -> Played:
    def make(out: Path, progress: ProgressFunction | None) -> object:
        options = ForecastOptions(runs=size, scale=scale, seed=1, out=out, workers=0, progress=progress)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(all_provinces, "forecast_of", make_one)
            done = all_provinces.forecast_all(place / "packs", options)
        if done.refused:
            raise Incomplete(str(next(iter(done.refused.values()))))
        return done

    return Played("forecast of all", size, make, lambda out: make(out, None), sealed=False)


def _fake_of_all(place: Path, size: int) -> Played:
    def make_one(asked: ForecastOptions) -> Any:
        worlds = {
            name: replace(world, pack_folder=str(asked.province), province=Path(str(asked.province)).name)
            for name, world in night.worlds("", faults=FAILING).items()
        }
        return make_forecast(worlds, fake.MODEL, asked)

    return _all_provinces(make_one, place, size, 0.1)


def _real_batch(place: Path, size: int) -> Played:
    def make(out: Path, progress: ProgressFunction | None) -> object:
        how: dict[str, Any] = {"out": out, "workers": 0, "progress": progress}
        return forecast_of(ForecastOptions(runs=size, scale=SMALLEST, seed=1, **how))

    return Played("batch", size, make, lambda out: resume(out, workers=0))


def _real_of_all(place: Path, size: int) -> Played:
    return _all_provinces(forecast_of, place, size, SMALLEST)


FAKE: Mapping[str, Callable[[Path, int], Played]] = {
    "batch": _batch,
    "calibration": _rounds,
    "fits": _fits,
    "forecast of all": _fake_of_all,
}
REAL: Mapping[str, Callable[[Path, int], Played]] = {"batch": _real_batch, "forecast of all": _real_of_all}


@contextmanager
def stage(place: Path, *, real: bool) -> Iterator[None]:
    """Make what is played possible in a folder: packs, small parts; rules are not looked through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "shaanxi_transfer.experiments.running.outcome_writer.RUNS_PER_PART", night.RUNS_PER_PART
        )
        if real:
            for province in PROVINCES:
                shutil.copytree(pack_folder(province), place / "packs" / province)
        else:
            for folder in (place / "pack", *(place / "packs" / name for name in PROVINCES)):
                folder.mkdir(parents=True)
                (folder / "series.csv").write_text("year,value\n2017,1\n", encoding="utf-8")
                (folder / "pack.yaml").write_text(f"name: {folder.name}\n", encoding="utf-8")
            _put_fakes(patch)
        yield


def _put_fakes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("shaanxi_transfer.experiments.running.progress.compiling_told", lambda tell: nullcontext())
    patch.setattr(manifest_module, "hash_of_code", lambda kind: "code")
    patch.setattr(door_to_model, "model", lambda own=None: fake.MODEL)
    patch.setattr(door_to_model, "scenario_of", fake.world_of)
    of_nothing = SimpleNamespace(
        years=SimpleNamespace(last=2017), has_series=lambda name: False, series_of=lambda *_: {}
    )
    patch.setattr(all_provinces, "load_pack", lambda folder: of_nothing)
    patch.setattr(all_provinces, "worlds_of", lambda asked: {})
    patch.setattr(all_provinces, "_of_judged", lambda folder, worlds: pd.DataFrame())
    patch.setattr(Settings, "check", lambda self, provinces: None)
    patch.setattr(posterior, "FEWEST_DRAWS", 1)
    patch.setattr("shaanxi_transfer.experiments.fitting_provinces.settings.FEWEST_DRAWS", 1)
    patch.setattr(fits_module, "FEWEST_DRAWS", 1)
