"""What a batch costs beside its runs: ``python benchmarks/measure_batch.py`` prints a table.

The runs of 50 ms sleep, so that another load on the machine moves them little; their records are
as large as the province's. The real ones are those of a forecast at a scale of 0.1.
"""

from __future__ import annotations

import importlib
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.keeping.store import open_store
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Job
from shaanxi_transfer.experiments.running.batch import complete
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.experiments.running.runner import run_batch

SECONDS = 0.05
QUARTERS = tuple(Quarter(2010, 1).later(step) for step in range(44))
INDICATORS = tuple(f"indicator {number}" for number in range(146))


@dataclass(frozen=True)
class Record:
    """A record of the province's size."""

    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: Any


def fifty_milliseconds(scenario: Any, *, seed: int, scale: float = 0.1) -> Record:
    """Make a run that takes 50 ms and draws its record."""
    end = time.perf_counter() + SECONDS
    values = np.random.default_rng(seed).random((len(QUARTERS), len(INDICATORS)))
    time.sleep(max(0.0, end - time.perf_counter()))
    return Record(INDICATORS, QUARTERS, values)


def no_time_at_all(scenario: Any, *, seed: int, scale: float = 0.1) -> Record:
    """Make a run that only draws its record: what is left is the batch's own."""
    return Record(INDICATORS, QUARTERS, np.random.default_rng(seed).random((len(QUARTERS), len(INDICATORS))))


def batch(run_one: Any, runs: int, workers: int) -> tuple[float, float, dict[int, float]]:
    """Store a batch of fake runs; give seconds from first outcome to last, seconds of this process, MB."""
    ends: list[float] = []
    own: list[float] = []
    megabytes: dict[int, float] = {}

    def look(progress: Progress) -> None:
        if progress.stage == "run" and progress.done:
            ends.append(time.perf_counter())
            own.append(time.process_time())
            if progress.done % 100 == 0:
                megabytes[progress.done] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "out", {"kind": "benchmark", "scenarios": {}})
        job = Job({"world": None}, 0.1, run_one)
        plan = list(plan_runs(["world"], runs, 1))
        complete(store, plan, job, BatchOptions(workers=workers, progress=look), warm=lambda: None)
    return ends[-1] - ends[0], own[-1] - own[0], megabytes


def real_runs(futures: int, workers: int) -> tuple[float, float]:
    """Make real runs; give runs per second, first chunk to last, and per CPU second of the workers.

    What the workers use to start is measured by a batch of two futures each, and taken off.
    """
    from shaanxi_transfer.experiments.planning import door_to_model

    model = door_to_model.model()
    model.warm()
    worlds = door_to_model.worlds("action_plan", "no_plan")
    job = Job(worlds, 0.1, model.run_one, model.run_together)

    def made(number: int) -> tuple[list[float], float]:
        before = cpu_of_workers()
        plan = list(plan_runs(list(worlds), number, 1))
        ends = [time.perf_counter() for _ in run_batch(plan, job, workers=workers)]
        return ends, cpu_of_workers() - before

    few, start = made(2 * workers)
    ends, whole = made(futures)
    first = sum(end < ends[0] + 0.02 for end in ends)  # what came in with the first chunk was made before
    return (len(ends) - first) / (ends[-1] - ends[0]), (len(ends) - len(few)) / (whole - start)


def cpu_of_workers() -> float:
    """Give the CPU seconds of every process that this one started and that has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    runs = max(1_000, int(arguments[0])) if arguments else 2_000
    here: Any = importlib.import_module("measure_batch")  # workers look for its functions by this name
    slept, own, megabytes = batch(here.fifty_milliseconds, runs, 2)
    slept_alone, _, _ = batch(here.fifty_milliseconds, runs // 2, 1)
    empty, empty_own, _ = batch(here.no_time_at_all, 2 * runs, 2)
    ideal = (runs - 1) * SECONDS
    settled, last = sorted(megabytes)[len(megabytes) // 2], max(megabytes)
    growth = (megabytes[last] - megabytes[settled]) * 1_000 / (last - settled)
    (single, single_cpu), (double, double_cpu) = (real_runs(40 * workers, workers) for workers in (1, 2))
    rows = [
        ("time of the coordinator, of the runs' 50 ms", f"{own / ideal:.1%}", "5 %"),
        ("two workers, 50 ms a run: seconds beside those of the runs", f"{2 * slept / ideal - 1:.1%}", ""),
        ("one worker, the same", f"{slept_alone / ((runs // 2 - 1) * SECONDS) - 1:.1%}", ""),
        (
            "two cores against twice one, 50 ms a run",
            f"{slept_alone * runs / (slept * 2 * (runs // 2)):.2f}",
            "0.88",
        ),
        ("runs that take no time, two workers, runs per second", f"{2 * runs / empty:.0f}", ""),
        ("the coordinator's time for one of them, ms", f"{1e3 * empty_own / (2 * runs):.2f}", "2.5"),
        (f"growth of its peak memory from {settled} to {last} runs, MB per 1,000", f"{growth:.1f}", "20"),
        ("real runs per second at scale 0.1, one worker", f"{single:.1f}", ""),
        ("real runs, two cores against twice one", f"{double / (2 * single):.2f}", "0.88"),
        ("real runs per CPU second of its workers, one worker", f"{single_cpu:.1f}", ""),
        ("the same, one of two workers against one alone", f"{double_cpu / single_cpu:.2f}", ""),
    ]
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}, {runs} runs of 50 ms\n"
    )
    print("| what | measured | demand |\n|---|---|---|")
    for what, measured, demand in rows:
        print(f"| {what} | {measured} | {demand} |")


if __name__ == "__main__":
    main(sys.argv[1:])
