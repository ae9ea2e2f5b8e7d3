"""Carry out a sensitivity study: pilot, runs, guard, tables; and take one up again from its folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from ...engine.errors import InputError
from ..keeping.integrity import damaged_parts
from ..keeping.manifest import default_folder
from ..keeping.parquet_parts import runs_in
from ..keeping.store import FAILURES, RUNS, Store, open_store
from ..planning import door_to_model
from ..planning.definitions import Definitions
from ..planning.plan_of_runs import PlannedRun, future_seed
from ..running.batch import complete, resume_command
from ..running.design_points import DESIGN, point_name, read_design
from ..running.process_context import usable_cores
from .finished_analysis import CONVERGENCE, SENSITIVITY, Announcement, Sensitivity
from .guard import Answers, DesignError, Expected, check_manifest, guarded
from .index_tables import convergence_table, index_table
from .pilot import FUTURES, look_at_pilot
from .study import KIND, Study, job_of

MISSING: Final = "missing.csv"
"""Runs for which the guard refused the design; only there if it did."""


def carry_out(study: Study, model: door_to_model.Model) -> Sensitivity:
    """Make the runs of a study that its folder lacks, then its tables; see `sensitivity.sensitivity`.

    Parameters
    ----------
    study : Study
        With the options that say where and how.
    model : door_to_model.Model
        The door to the model, its definitions and how to compile it.
    """
    identity, options = study.identity(model.definitions), study.options
    words = [KIND, options.method, study.base.name]
    folder = options.out or default_folder(words, identity)
    store = open_store(folder, identity)
    options.own.keep(folder)
    if not (folder / DESIGN).exists():
        study.design.write(folder)

    def make(plan: Sequence[PlannedRun]) -> float:
        complete(store, plan, job_of(study, model), options, warm=model.warm)
        return float(store.manifest()["seconds_per_run"] or 0.0)

    def announce_stage(
        stage: Literal["pilot", "start"],
        plan: Sequence[PlannedRun],
        futures: int,
        pace: float | None = None,
        luck: Mapping[str, float | None] | None = None,
        capped: bool = False,
    ) -> None:
        if options.announce is not None:
            finished = _finished(store)
            left = sum(run.run_id not in finished for run in plan)
            options.announce(
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
    if options.announce is not None and seconds > 0.0:
        # The pilot's own pace holds what runs share, and the start of the workers as well.
        seconds = min(seconds, estimated_seconds(study, model, 1))
    announce_stage("start", plan, pilot.futures, seconds, pilot.luck, pilot.capped)
    make(plan)
    return analyse(folder, study, model)


def estimated_seconds(study: Study, model: door_to_model.Model, runs: int) -> float:
    """Estimate the time of runs from one run made here and now (a second one, when all is loaded).

    Parameters
    ----------
    study, model
        As in `carry_out`.
    runs : int
        Number of runs.
    """
    model.warm()
    options = study.options
    scenario = job_of(study, model).scenarios[point_name(0)]
    for _ in range(2):
        began = time.perf_counter()
        model.run_one(scenario, seed=future_seed(options.seed, 0), scale=options.scale)
    return (
        runs
        * (time.perf_counter() - began)
        / max(1, usable_cores() if options.workers is None else options.workers)
    )


def analyse(folder: Path, study: Study, model: door_to_model.Model) -> Sensitivity:
    """Guard the runs of a folder, and make its tables.

    A `DesignError` says that the design cannot be analysed. Tables of an earlier analysis are removed then,
    and `MISSING` lists every run concerned.
    """
    store = Store(folder)
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
    store.list_files()
    return Sensitivity.read(folder)


def _finished(store: Store) -> set[str]:
    """Name the runs in whole parts; damaged ones are mended when the batch begins."""
    finished: set[str] = set()
    for part in store.parts():
        with suppress(InputError):
            finished |= runs_in(part)
    return finished


def _with_failures(store: Store, error: DesignError) -> DesignError:
    """Say of runs that are missing which of them were tried and failed."""
    if not (store.folder / FAILURES).exists():
        return error
    failed = len(set(store.failures()["run_id"]).intersection(error.runs))
    if not failed:
        return error
    again = f"{failed} of them failed before, {FAILURES} says why; --again tries them again"
    return DesignError(f"{error} ({again})", error.runs)


def _answers(store: Store, study: Study, definitions: Definitions) -> Answers:
    manifest = store.manifest()
    design = read_design(store.folder)
    check_manifest(manifest, design)
    for part in damaged_parts(store):
        if part.lost:
            raise DesignError(f"{part.file.name} {part.reason}; go on with: {resume_command(store.folder)}")
    if FUTURES not in manifest:
        raise DesignError("the pilot was never finished; resume the analysis")
    expected = Expected(
        store.folder, design, int(manifest[FUTURES]), study.options.seed, study.question.targets
    )
    return guarded(store.frames(RUNS), expected, definitions)
