"""Carry out a sensitivity study: pilot, runs, guard, tables; and take one up again from its folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
import pyarrow as pa

from ..engine.errors import InputError
from . import doors
from .batch import complete
from .definitions import Definitions
from .design import DESIGN, point_name, read_design
from .forecast import RESULTS_FOLDER
from .futures import PlannedRun, future_seed
from .guard import Answers, DesignError, Expected, check_manifest, guarded
from .luck_share import LuckShare, futures_needed, luck_share
from .manifest import hash_of_identity
from .process_context import usable_cores
from .progress import ProgressFunction
from .sealed_store import SealedStore
from .sensitivity_results import CONVERGENCE, SENSITIVITY, Announce, Announcement, Sensitivity
from .sensitivity_study import KIND, MOST_FUTURES, Study
from .sensitivity_tables import convergence_table, index_table, is_constant
from .store import RUNS, open_store

__all__ = ["analyse", "carry_out", "estimated_seconds"]

MISSING: Final = "missing.csv"
"""Runs for which the guard refused the design; only there if it did."""

_FUTURES: Final = "futures"


def carry_out(
    study: Study,
    model: doors.Model,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    again: bool = False,
    progress: ProgressFunction | None = None,
    announce: Announce | None = None,
) -> Sensitivity:
    """Make the runs of a study that its folder lacks, then its tables; see `sensitivity.sensitivity`.

    Parameters
    ----------
    study : Study
    model : doors.Model
        The door to the model, its definitions and how to compile it.
    out, workers, progress, announce
        As in `sensitivity.sensitivity`.
    again : bool
        Try every run again that failed before; see `batch.complete`.
    """
    identity = study.identity()
    folder = _default_folder(study, identity) if out is None else Path(out)
    store = SealedStore(open_store(folder, identity).folder)
    if not (folder / DESIGN).exists():
        study.design.write(folder)

    def make(plan: Sequence[PlannedRun]) -> float:
        complete(
            store, plan, study.job(model), warm=model.warm, workers=workers, again=again, progress=progress
        )
        return float(store.manifest()["seconds_per_run"] or 0.0)

    def tell(
        stage: Literal["pilot", "start"],
        plan: Sequence[PlannedRun],
        futures: int,
        pace: float | None = None,
        luck: Mapping[str, float | None] | None = None,
        capped: bool = False,
    ) -> None:
        if announce is not None:
            finished = store.finished_runs()
            left = sum(run.run_id not in finished for run in plan)
            announce(
                Announcement(
                    stage,
                    factors=len(study.design.names),
                    points=study.design.points,
                    futures=futures,
                    runs=study.design.points * futures,
                    left=left,
                    seconds=None if pace is None else left * pace,
                    luck=luck or {},
                    capped=capped,
                )
            )

    tell("pilot", study.pilot, study.most_futures)
    # Since the pilot's runs are of the design, none is made in vain.
    seconds = make(study.pilot)
    pilot = _pilot_luck(study, store, model.definitions)
    futures, capped = _choose_futures(study, pilot)
    foreseen = {name: _foreseen(luck, futures) for name, luck in pilot.items()}
    store.write_manifest({**store.manifest(), _FUTURES: futures, "pilot_luck_share": foreseen})
    plan = study.plan(futures)
    if announce is not None and seconds > 0.0:
        # The pilot's own pace holds what runs share, and the start of the workers as well.
        seconds = min(seconds, estimated_seconds(study, model, 1, workers))
    tell("start", plan, futures, seconds, foreseen, capped)
    make(plan)
    return analyse(folder, study, model)


def estimated_seconds(study: Study, model: doors.Model, runs: int, workers: int | None = None) -> float:
    """Estimate the time of runs from one run made here and now (a second one, when all is loaded).

    Parameters
    ----------
    study, model, workers
        As in `carry_out`.
    runs : int
        Number of runs.
    """
    model.warm()
    scenario = study.job(model).scenarios[point_name(0)]
    for _ in range(2):
        began = time.perf_counter()
        model.run_one(scenario, seed=future_seed(study.seed, 0), scale=study.scale)
    return runs * (time.perf_counter() - began) / max(1, usable_cores() if workers is None else workers)


def analyse(folder: Path, study: Study, model: doors.Model) -> Sensitivity:
    """Guard the runs of a folder, and make its tables.

    Raises
    ------
    DesignError
        If the design cannot be analysed. Tables of an earlier analysis are removed then, and
        `MISSING` lists every run concerned.
    """
    store = SealedStore(folder)
    for file in (SENSITIVITY, CONVERGENCE, MISSING):
        (folder / file).unlink(missing_ok=True)
    try:
        answers = _answers(store, study, model.definitions)
    except InputError as error:  # a part that does not fit its checksum
        raise DesignError(str(error)) from error
    except DesignError as error:
        if error.runs:
            store.write_csv(MISSING, pd.DataFrame({"run_id": sorted(error.runs)}))
        raise
    indices = index_table(study.question, answers)
    store.write_csv(SENSITIVITY, indices)
    store.write_csv(CONVERGENCE, convergence_table(study.question, answers, indices))
    return Sensitivity.read(folder)


def _answers(store: SealedStore, study: Study, definitions: Definitions) -> Answers:
    manifest = store.manifest()
    design = read_design(store.folder)
    check_manifest(manifest, design)
    _check_seals(store)
    if _FUTURES not in manifest:
        raise DesignError("the pilot was never finished; resume the analysis")
    expected = Expected(store.folder, design, int(manifest[_FUTURES]), study.seed, study.question.targets)
    return guarded(store.frames(RUNS), expected, definitions)


def _check_seals(store: SealedStore) -> None:
    try:
        foreign = store.foreign_parts()
    except (OSError, pa.ArrowException) as error:
        raise DesignError(f"a part of the runs cannot be read ({type(error).__name__}: {error})") from error
    if foreign:
        names = ", ".join(part.name for part in foreign[:3])
        raise DesignError(
            f"{len(foreign)} parts were made by another version of code, data or scenario, or for another "
            f"design: {names}; remove them, then resume"
        )


def _pilot_luck(study: Study, store: SealedStore, definitions: Definitions) -> dict[str, LuckShare | None]:
    """Split the variance of each target in the pilot; None for one that does not vary at all."""
    _check_seals(store)
    points = tuple({int(run.scenario.rpartition("-")[2]) for run in study.pilot})
    futures = len({run.future for run in study.pilot})
    expected = Expected(store.folder, study.design, futures, study.seed, study.question.targets, points)
    answers = guarded(store.frames(RUNS), expected, definitions)
    return {
        name: None if is_constant(values) else luck_share(values, study.question.seed)
        for name, values in answers.values.items()
    }


def _choose_futures(study: Study, pilot: Mapping[str, LuckShare | None]) -> tuple[int, bool]:
    """Give the number of futures, and whether more would be needed.

    A target that no point moves beyond luck asks for none: no number would do.
    """
    needed = [futures_needed(luck) for luck in pilot.values() if luck is not None]
    wanted = max((one for one in needed if one is not None), default=2)
    futures = min(wanted, MOST_FUTURES) if study.seeds is None else study.seeds
    return futures, wanted > futures


def _foreseen(luck: LuckShare | None, futures: int) -> float | None:
    """Share of luck in the variance of the means over so many futures."""
    if luck is None:
        return None
    of_luck = luck.of_luck / futures
    return of_luck / (luck.of_points + of_luck) if of_luck else 0.0


def _default_folder(study: Study, identity: Mapping[str, Any]) -> Path:
    name = f"{KIND}_{study.question.method.name}_{study.base.name}_{hash_of_identity(identity)[:10]}"
    return Path(RESULTS_FOLDER) / "".join(
        letter if letter.isalnum() or letter in "-_" else "_" for letter in name
    )
