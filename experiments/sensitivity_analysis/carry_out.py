"""Carry out a sensitivity study: pilot, runs, guard, tables; and take one up again from its folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from ...engine.errors import InputError
from ..forecast import RESULTS_FOLDER
from ..keeping.manifest import hash_of_identity
from ..keeping.parquet_parts import runs_in
from ..keeping.store import FAILURES, RUNS, open_store
from ..planning import door_to_model
from ..planning.definitions import Definitions
from ..planning.plan_of_runs import PlannedRun, future_seed
from ..running.batch import complete
from ..running.design_points import DESIGN, point_name, read_design
from ..running.process_context import usable_cores
from ..running.progress import ProgressFunction
from ..running.runner import RunBatch, run_batch
from .finished_analysis import CONVERGENCE, SENSITIVITY, Announce, Announcement, Sensitivity
from .guard import Answers, DesignError, Expected, check_manifest, guarded
from .index_tables import convergence_table, index_table
from .pilot import FUTURES, check_seals, look_at_pilot
from .sealed_store import SealedStore
from .study import KIND, Study

MISSING: Final = "missing.csv"
"""Runs for which the guard refused the design; only there if it did."""


def carry_out(
    study: Study,
    model: door_to_model.Model,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    executor: RunBatch = run_batch,
    again: bool = False,
    progress: ProgressFunction | None = None,
    announce: Announce | None = None,
) -> Sensitivity:
    """Make the runs of a study that its folder lacks, then its tables; see `sensitivity.sensitivity`.

    Options are those of `sensitivity.sensitivity` and `batch.complete`.
    """
    identity = study.identity(model.definitions)
    folder = _default_folder(study, identity) if out is None else Path(out)
    store = SealedStore(open_store(folder, identity).folder)
    if not (folder / DESIGN).exists():
        study.design.write(folder)

    def make(plan: Sequence[PlannedRun]) -> float:
        complete(
            store,
            plan,
            study.job(model),
            warm=model.warm,
            workers=workers,
            executor=executor,
            again=again,
            progress=progress,
        )
        return float(store.manifest()["seconds_per_run"] or 0.0)

    def announce_stage(
        stage: Literal["pilot", "start"],
        plan: Sequence[PlannedRun],
        futures: int,
        pace: float | None = None,
        luck: Mapping[str, float | None] | None = None,
        capped: bool = False,
    ) -> None:
        if announce is not None:
            finished = _finished(store)
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

    announce_stage("pilot", study.pilot, study.most_futures)
    # Since the pilot's runs are of the design, none is made in vain.
    seconds = make(study.pilot)
    pilot = look_at_pilot(study, store, model.definitions)
    plan = study.plan(pilot.futures)
    if announce is not None and seconds > 0.0:
        # The pilot's own pace holds what runs share, and the start of the workers as well.
        seconds = min(seconds, estimated_seconds(study, model, 1, workers))
    announce_stage("start", plan, pilot.futures, seconds, pilot.luck, pilot.capped)
    make(plan)
    return analyse(folder, study, model)


def estimated_seconds(
    study: Study, model: door_to_model.Model, runs: int, workers: int | None = None
) -> float:
    """Estimate the time of runs from one run made here and now (a second one, when all is loaded)."""
    model.warm()
    scenario = study.job(model).scenarios[point_name(0)]
    for _ in range(2):
        began = time.perf_counter()
        model.run_one(scenario, seed=future_seed(study.seed, 0), scale=study.scale)
    return runs * (time.perf_counter() - began) / max(1, usable_cores() if workers is None else workers)


def analyse(folder: Path, study: Study, model: door_to_model.Model) -> Sensitivity:
    """Guard the runs of a folder, and make its tables.

    A `DesignError` says that the design cannot be analysed. Tables of an earlier analysis are removed then,
    and `MISSING` lists every run concerned.
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
        raise _with_failures(store, error) from None
    indices = index_table(study.question, answers)
    store.write_csv(SENSITIVITY, indices)
    store.write_csv(CONVERGENCE, convergence_table(study.question, answers, indices))
    return Sensitivity.read(folder)


def _finished(store: SealedStore) -> set[str]:
    """Name the runs in whole parts; damaged ones are mended when the batch begins."""
    finished: set[str] = set()
    for part in store.parts():
        with suppress(InputError):
            finished |= runs_in(part)
    return finished


def _with_failures(store: SealedStore, error: DesignError) -> DesignError:
    """Say of runs that are missing which of them were tried and failed."""
    if not (store.folder / FAILURES).exists():
        return error
    failed = len(set(store.failures()["run_id"]).intersection(error.runs))
    if not failed:
        return error
    again = f"{failed} of them failed before, {FAILURES} says why; --again tries them again"
    return DesignError(f"{error} ({again})", error.runs)


def _answers(store: SealedStore, study: Study, definitions: Definitions) -> Answers:
    manifest = store.manifest()
    design = read_design(store.folder)
    check_manifest(manifest, design)
    check_seals(store)
    if FUTURES not in manifest:
        raise DesignError("the pilot was never finished; resume the analysis")
    expected = Expected(store.folder, design, int(manifest[FUTURES]), study.seed, study.question.targets)
    return guarded(store.frames(RUNS), expected, definitions)


def _default_folder(study: Study, identity: Mapping[str, Any]) -> Path:
    name = f"{KIND}_{study.question.method.name}_{study.base.name}_{hash_of_identity(identity)[:10]}"
    return Path(RESULTS_FOLDER) / "".join(
        letter if letter.isalnum() or letter in "-_" else "_" for letter in name
    )
