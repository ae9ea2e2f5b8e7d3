"""Carry out an emulator: make its runs, fit it, and write down what it misses at points it never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ..effects.kept_figures import Figures
from ..effects.packages import NONE
from ..keeping.integrity import open_finished
from ..keeping.provenance import basis_of
from ..keeping.store import EMULATOR, Store
from ..planning import door_to_model
from ..planning.definitions import Definitions
from ..planning.own_code import OwnCode
from ..searching.search_space import Axis
from .emulator import COVERED, Emulator, fitted
from .points import EmulatedPoints, Point, share_of
from .statistics import CHANCE, LEVEL, MOVED, Output, Statistics, statistics_of
from .study import KIND, EmulationStudy, study_again

__all__ = ["COLUMNS", "THIRD", "Emulation", "carry_out", "columns_of", "emulation_of"]

FloatArray = npt.NDArray[np.float64]

THIRD: Final = 1.0 / 3.0
"""Of the band from the first to the ninth decile: a larger error of the median is too large to be shown."""

COLUMNS: Final = (
    "province", "scenario", "id", "of", "year", "statistic", "unit", "error_q50", "error_q90", "band",
    "within_third", "stated", "covered", "points", "tests", "futures", "levers", "basis",
)  # fmt: skip
"""Columns of ``emulator.csv``: by output the median and the ninth decile of its error at unseen points, the
median band there, the share of points where the error is below a third of the band, the error stated for a
leverage of one, and the share of points at which the stated error was not exceeded."""


@dataclass(frozen=True)
class Emulation:
    """A finished emulator, and what it was made of.

    Attributes
    ----------
    study : EmulationStudy
        As it was run in the end.
    folder : Path
    emulator : Emulator
    statistics : Statistics
    definitions : Definitions
        By which targets are judged.
    failed : int
        Runs that failed.
    """

    study: EmulationStudy
    folder: Path
    emulator: Emulator
    statistics: Statistics
    definitions: Definitions
    failed: int

    @property
    def points(self) -> EmulatedPoints:
        """Its worlds."""
        worlds: Any = self.study.worlds
        found: EmulatedPoints = worlds
        return found

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What it speaks of."""
        return self.statistics.outputs

    @property
    def past(self) -> dict[tuple[str, int, str], float]:
        """Statistics of the years before the plan, which no lever touches."""
        found = self.statistics.of(NONE)
        start = int(self.study.scenario.plan_start[:4])
        return {
            (one.id, one.year, one.statistic): float(value)
            for one, value in zip(self.outputs, found, strict=True)
            if one.kind == LEVEL and one.year < start
        }

    @property
    def exit_code(self) -> int:
        """0 if every run ended well, 1 if some failed."""
        return 1 if self.failed else 0


def columns_of(axes: Sequence[Axis], plans: int, points: Sequence[Point]) -> FloatArray:
    """Give points as the emulator takes them: each lever from -1 to 1 between its bounds, then the plans."""
    low = np.array([share_of(axis, axis.low) for axis in axes])
    high = np.array([share_of(axis, axis.high) for axis in axes])
    shares = np.array([list(map(share_of, axes, point.levels)) for point in points])
    chosen = np.array([[1.0 if point.plan == plan else -1.0 for plan in range(1, plans)] for point in points])
    return np.hstack([2.0 * (shares - low) / (high - low) - 1.0, chosen])


def emulation_of(study: EmulationStudy, figures: Figures, folder: Path, failed: int = 0) -> Emulation:
    """Fit an emulator to what runs came to, and measure it at the points that were held back."""
    worlds: Any = study.worlds
    points: EmulatedPoints = worlds
    judged = study.definitions
    goals = {one.id: judged.targets[one.id].goal for one in study.asked} if has_own_goals(study) else {}
    statistics = statistics_of(figures, study.asked, goals, list(points), study.options.runs)
    plans = len(points.plans)

    def table(names: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        where = columns_of(points.axes, plans, [points.point(name) for name in names])
        return where, np.array([statistics.of(name) for name in names])

    emulator = fitted(len(points.axes), plans, *table(points.fitted), *table(points.held_back))
    return Emulation(study, folder, emulator, statistics, judged, failed)


def has_own_goals(study: EmulationStudy) -> bool:
    """Whether the goals are those of the province that is simulated: elsewhere no chance is given."""
    head = study.scenario.pack().manifest
    return study.definitions.declared or head.plan_written_for == head.name


def carry_out(study: EmulationStudy, model: door_to_model.Model) -> Emulation:
    """Make the runs that are missing, fit the emulator, and write the table of its errors."""
    last, store = study.made(model)
    done = _of_store(last, store)
    store.write_csv(EMULATOR, error_table(done))
    store.list_files()
    return done


def emulation_in(folder: Path) -> Emulation:
    """Put a finished emulator together again from its folder, without running anything.

    Raises
    ------
    InputError
        If the folder holds none, or one that is not finished.
    """
    store = open_finished(folder)
    identity = store.manifest()["identity"]
    if identity.get("kind") != KIND or not (folder / EMULATOR).is_file():
        raise InputError(
            f"{str(folder)!r} holds no finished simulator", key="folder", allowed=f"a folder with {EMULATOR}"
        )
    own = OwnCode.from_folder(folder, identity)
    study = study_again(identity, door_to_model.model(own), own=own, out=folder)
    return _of_store(study.last_stage(store), store)


def _of_store(study: EmulationStudy, store: Store) -> Emulation:
    return emulation_of(study, study.figures(store), store.folder, len(store.failures()))


def error_table(done: Emulation) -> pd.DataFrame:
    """Tell of each output what the emulator misses at the points that were held back."""
    return pd.DataFrame(list(_rows(done)), columns=list(COLUMNS))


def _rows(done: Emulation) -> Iterator[dict[str, Any]]:
    points, outputs, scenario = done.points, done.outputs, done.study.scenario
    names = points.held_back
    columns = columns_of(points.axes, len(points.plans), [points.point(name) for name in names])
    truth = np.array([done.statistics.of(name) for name in names])
    missed = np.abs(done.emulator.predict(columns) - truth)
    stated = done.emulator.stated(columns)
    start = int(scenario.plan_start[:4])
    for place, output in enumerate(outputs):
        if output.kind == LEVEL and output.year < start:
            continue  # the past, which no lever touches
        band = _band(outputs, output, truth)
        yield {
            "province": scenario.pack().name,
            "scenario": scenario.name,
            "id": output.id,
            "of": output.kind,
            "year": output.year,
            "statistic": output.statistic,
            "unit": output.unit,
            "error_q50": float(np.median(missed[:, place])),
            "error_q90": float(np.quantile(missed[:, place], COVERED)),
            "band": float(np.median(band)) if band is not None else np.nan,
            "within_third": float((missed[:, place] <= THIRD * band).mean()) if band is not None else np.nan,
            "stated": float(done.emulator.errors[place]),
            "covered": float((missed[:, place] <= stated[:, place]).mean()),
            "points": len(points.fitted),
            "tests": len(names),
            "futures": len(done.statistics.futures),
            "levers": ",".join(axis.lever for axis in points.axes),
            "basis": basis_of(scenario),
        }


def _band(outputs: Sequence[Output], output: Output, truth: FloatArray) -> FloatArray | None:
    """Give the band from the first to the ninth decile at each point, of what an output is a statistic of."""
    if output.kind not in (LEVEL, MOVED) or output.kind == CHANCE:
        return None
    low, high = (outputs.index(output._replace(statistic=word)) for word in ("q10", "q90"))
    found: FloatArray = truth[:, high] - truth[:, low]
    return found
