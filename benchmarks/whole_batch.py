"""What a batch costs beside its runs, and what two cores make of twice one."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import short_runs
from rows import Row
from timed_runs import FOLDER, seconds_of_runs

from shaanxi_transfer.experiments.keeping.store import open_store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Job
from shaanxi_transfer.experiments.running.batch import complete
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.experiments.running.runner import run_batch

FUTURES: Final = 100
EMPTY_RUNS: Final = 2_000


def forecast() -> Iterator[Row]:
    """The command as a person types it, from its imports to its figures, all processes together."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        words = [sys.executable, "timed_runs.py", "forecast", "--runs", str(FUTURES), "--workers", "2"]
        before, start = _cpu_of_children(), time.perf_counter()
        subprocess.run(
            [*words, "--out", str(Path(folder) / "out")],
            check=True,
            cwd=Path(__file__).parent,
            env=os.environ | {FOLDER: str(notes), "PYTHONPATH": str(Path(__file__).parent)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        all_in, lasted = _cpu_of_children() - before, time.perf_counter() - start
        runs, alone = seconds_of_runs(notes)
    name = f"forecast of {FUTURES} x 2 on 2 cores, all in / its runs alone"
    yield Row(name, all_in / alone, "CPU ratio", 1.15, 1.08)
    yield Row("runs that it made", runs, "count")
    yield Row("the same forecast, all processes together", all_in, "CPU s")
    yield Row("the same forecast by the clock", lasted, "s")


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def two_cores() -> Iterator[Row]:
    """Runs a second of one worker and of two, from the first outcome to the last."""
    model, worlds = door_to_model.model(), door_to_model.worlds("action_plan", "no_plan")
    model.warm()
    job = Job(worlds, 0.1, model.run_one, model.run_together)
    rates = {}
    for workers in (1, 2):
        plan = list(plan_runs(list(worlds), 30 * workers, 1))
        ends = [time.perf_counter() for _ in run_batch(plan, job, workers=workers)]
        first = sum(end < ends[0] + 0.02 for end in ends)  # what came in with the first chunk was made before
        rates[workers] = (len(ends) - first) / (ends[-1] - ends[0])
    yield Row("a batch on 2 cores / twice one core", rates[2] / (2 * rates[1]), "ratio", 0.88, 0.97)


def empty_runs() -> Iterator[Row]:
    """Claiming, sending, checking and storing runs that take no time themselves."""
    own: list[float] = []

    def look(progress: Progress) -> None:
        if progress.stage == "run" and progress.done:
            own.append(time.process_time())

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "out", {"kind": "benchmark", "scenarios": {}})
        job = Job({"world": 0.0}, 0.1, short_runs.wait)
        plan = list(plan_runs(["world"], EMPTY_RUNS, 1))
        complete(store, plan, job, BatchOptions(workers=2, progress=look), warm=lambda: None)
    yield Row("the batch's own time for a run", 1e3 * (own[-1] - own[0]) / EMPTY_RUNS, "CPU ms", 2.5)


def rows() -> Iterator[Row]:
    """Yield all of them."""
    for some in (forecast, two_cores, empty_runs):
        yield from some()
