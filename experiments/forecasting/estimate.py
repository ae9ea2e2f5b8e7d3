"""What a batch will cost and how precise it will be, before it starts: time, disk, precision."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from ...engine.errors import InputError, RunError
from ..keeping.parquet_parts import bytes_of, table_of
from ..keeping.store import MANIFEST, Store
from ..planning.door_to_model import Model
from ..planning.options import BatchOptions
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Finished, Job
from ..running.cluster import Cluster
from ..running.progress import Ticker
from ..running.runner import Crew, RunBatch, default_workers, run_batch
from ..running.shards import missing_runs
from .precision import expected_half_width

FUTURES_MEASURED: Final = 4
"""For each worker; the first waits for it to start, the others are timed."""

WORKERS_MEASURED: Final = 4

COPIES: Final = 2
"""Every run is stored as the mechanisms gave it, and once more with observation error."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a batch is expected to take.

    Attributes
    ----------
    futures : int
        Futures of this batch or share, those that are there already included.
    scenarios : int
        Scenarios in which each is run.
    runs : int
        Runs that are still to be made.
    workers : int
        Processes that make them.
    seconds_per_run : float
        Measured on this machine on a few futures; 0 if no run is left.
    seconds : float
        Until the last run has ended.
    bytes_per_run : float
        Measured on the same runs, for all copies; 0 if no run is left.
    bytes : float
        Disk for the runs that are still to be made.
    free : int
        Bytes free where the folder lies.
    half_width : float
        Half of the 95 % interval of a probability of one half, when all futures are made.
    """

    futures: int
    scenarios: int
    runs: int
    workers: int
    seconds_per_run: float
    seconds: float
    bytes_per_run: float
    bytes: float
    free: int
    half_width: float


def estimate_of(
    folder: Path,
    plan: Sequence[PlannedRun],
    job: Job,
    model: Model,
    options: BatchOptions,
    crew: Crew | None = None,
) -> Estimate:
    """Run a few futures of a plan on this machine and work out what the rest will take.

    Parameters
    ----------
    folder : Path
        Where the batch will write; need not exist.
    plan : sequence of PlannedRun
        All runs of the batch or share.
    job : Job
        Scenarios, scale and the door to the model.
    model : Model
        How to compile the rules, so that compiling is not measured.
    options : BatchOptions
        Workers, or the cluster, which is asked how many it has.
    crew : Crew, optional
        Who makes the rest, too: its processes and the runs that it makes here stay. Otherwise they go.

    An `InputError` says that the disk has no room for the runs, a `RunError` that none of the measured runs
    ended well.
    """
    left = list(plan)
    if (folder / MANIFEST).is_file():
        missing = set(missing_runs(Store(folder), plan))
        left = [run for run in plan if run.run_id in missing]
    workers = options.workers
    if options.cluster is not None:
        crew = None  # who makes the rest is elsewhere
        processes = Cluster(options.cluster, model.warm).workers()
    else:
        processes = default_workers(len(plan)) if workers is None else max(1, min(workers, len(plan)))
    measured = _Measured(0.0, 0.0, 0.0, 0)
    if left:  # a folder that holds all has nothing to wait for
        Ticker(options.progress, len(plan)).compile(model.warm)
        here = 1 if options.cluster is not None else 0 if workers == 0 else processes
        measured = _measure(left, job, here, run_batch if crew is None else crew.try_out)
    still, start = len(left), measured.start
    if crew is not None:
        still -= measured.made
        start = 0.0 if processes <= WORKERS_MEASURED else measured.start  # they have started
    scenarios = _width(plan)
    free = shutil.disk_usage(_existing(folder)).free
    made = Estimate(
        futures=len(plan) // scenarios,
        scenarios=scenarios,
        runs=len(left),
        workers=processes,
        seconds_per_run=measured.per_run,
        seconds=still * measured.per_run / processes + start,
        bytes_per_run=measured.bytes_per_run,
        bytes=len(left) * measured.bytes_per_run,
        free=free,
        half_width=expected_half_width(len(plan) // scenarios),
    )
    if made.bytes > made.free:
        raise InputError(
            f"{len(left)} runs need about {made.bytes / 1e9:.3g} GB, {made.free / 1e9:.3g} GB are free",
            key="out",
            allowed="a folder on a disk with room, or fewer runs",
        )
    return made


@dataclass(frozen=True, slots=True)
class _Measured:
    start: float
    per_run: float
    bytes_per_run: float
    made: int


def _measure(plan: Sequence[PlannedRun], job: Job, workers: int, make: RunBatch) -> _Measured:
    """Run the first futures as the batch will, so that one that hangs or kills its process ends nothing.

    As many workers run as will later, up to a few, since they slow each other down on a busy machine.
    The first future of each has to wait for its start; the time of a run is that of the others.
    """
    width, at_once = _width(plan), max(1, min(workers, WORKERS_MEASURED))
    sample = plan[: FUTURES_MEASURED * at_once * width]
    began = time.perf_counter()
    arrivals: list[float] = []
    finished: list[Finished] = []
    for outcome in make(sample, job, workers=min(workers, WORKERS_MEASURED)):
        arrivals.append(time.perf_counter() - began)
        if isinstance(outcome, Finished):
            finished.append(outcome)
    if not finished:
        raise RunError("not one of the runs that were to be measured ended well")
    first = at_once * width
    later = len(sample) - first
    spent = arrivals[-1] - arrivals[first - 1] if later > 0 else arrivals[-1]
    per_run = at_once * spent / (later if later > 0 else len(sample))
    size = COPIES * len(bytes_of(table_of(finished))) / len(finished)
    return _Measured(max(0.0, arrivals[0] - width * per_run), per_run, size, len(finished))


def _width(plan: Sequence[PlannedRun]) -> int:
    """Count the runs of the first future: the scenarios of a plan."""
    return sum(1 for _ in takewhile(lambda run: run.future == plan[0].future, plan))


def _existing(folder: Path) -> Path:
    """Give the nearest folder that is there."""
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return folder
