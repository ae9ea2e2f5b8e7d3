"""What sending and keeping a run costs: ``python benchmarks/measure_cluster.py`` prints a Markdown table.

Two workers on this machine make runs that only wait, so that what is lost is the way there and
back. The work of the process that hands out and stores runs is measured in processor time, which
a busy machine does not change much.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import short_runs

from shaanxi_transfer.experiments.forecasting.write_tables import write_tables
from shaanxi_transfer.experiments.keeping.parquet_parts import bytes_of, table_of
from shaanxi_transfer.experiments.keeping.store import open_store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun, plan_runs
from shaanxi_transfer.experiments.planning.runs import Finished, Job
from shaanxi_transfer.experiments.running import cluster
from shaanxi_transfer.experiments.running.batch import complete
from shaanxi_transfer.experiments.running.cluster_processes import ClusterProcesses
from shaanxi_transfer.experiments.running.worker import run_in_this_process

WORKERS = 2
SECONDS = 0.02
RUNS_PER_TASK = (1, 5, 25, 100)


def short(plan: list[PlannedRun], folder: Path) -> Iterator[tuple[str, float]]:
    """Yield the share of the workers' time that is spent on runs, for tasks of several lengths."""
    environment = {"PYTHONPATH": str(Path(__file__).parent)}
    with ClusterProcesses(folder, WORKERS, environment) as processes:
        job = Job({"one": SECONDS}, 0.1, short_runs.wait)
        batch = cluster.Cluster(processes.address)
        list(batch(plan[:50], job))  # both workers import what they need
        for length in RUNS_PER_TASK:
            cluster.RUNS_PER_TASK = length  # type: ignore[misc]
            cluster._TASKS_TO_THE_END = 1  # type: ignore[misc]
            began, processor, scheduler = time.perf_counter(), time.process_time(), _seconds_of(processes)
            list(batch(plan, job))
            lasted = time.perf_counter() - began
            yield (
                f"{length} runs a task: share of {WORKERS} workers' time",
                len(plan) * SECONDS / WORKERS / lasted,
            )
            yield (
                f"{length} runs a task: processor time of the batch, ms a run",
                1e3 * (time.process_time() - processor) / len(plan),
            )
            yield (
                f"{length} runs a task: processor time of the scheduler, ms a run",
                1e3 * (_seconds_of(processes) - scheduler) / len(plan),
            )


def _seconds_of(processes: ClusterProcesses) -> float:
    """Give the processor time of the scheduler so far."""
    spent = psutil.Process(processes.process_ids[0]).cpu_times()
    return float(spent.user + spent.system)


def stored(plan: list[PlannedRun], folder: Path) -> Iterator[tuple[str, float]]:
    """Yield what it takes to claim, write and close a batch whose runs cost nothing, and to make tables."""
    record = short_runs.wait(0.0, seed=1)

    def made(left: Any, job: Job, *, workers: int | None = None, time_limit: float = 0.0) -> Iterator[Any]:
        for run in left:
            yield Finished(run, record.indicators, record.quarters, record.values + run.future)

    store = open_store(folder / "store", {"kind": "nothing", "scenarios": {}})
    job = Job({"one": 0.0}, 0.1, short_runs.wait)
    began = time.process_time()
    complete(store, plan, job, BatchOptions(), warm=lambda: None, executor=made)
    yield "claiming and storing, ms a run", 1e3 * (time.process_time() - began) / len(plan)
    flows = {name: SimpleNamespace(unit="yuan", kind="flow") for name in record.indicators}
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write_tables(store, Definitions(flows, {}), ["one"])
    yield f"tables of {len(plan)} runs, ms a run", 1e3 * (time.process_time() - began) / len(plan)
    yield "memory that they add, MB", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def real() -> Iterator[tuple[str, float]]:
    """Yield processor time and disk of a run of the province, both scenarios of a future together."""
    worlds, model = door_to_model.worlds("action_plan", "no_plan"), door_to_model.model()
    model.warm()
    for scale, futures in ((0.1, 20), (1.0, 5)):
        job = Job(dict(worlds), scale, model.run_one, model.run_together)
        plan = list(plan_runs(list(worlds), futures + 1, 1))
        list(run_in_this_process(job, plan[:2]))  # loads the rules
        began = time.process_time()
        made = [done for done in run_in_this_process(job, plan[2:]) if isinstance(done, Finished)]
        yield f"a run at a scale of {scale:g}, processor seconds", (time.process_time() - began) / len(made)
        yield f"disk of a run at {scale:g}, two copies, kB", 2e-3 * len(bytes_of(table_of(made))) / len(made)


def planned(runs: int) -> float:
    """Give the bytes that one planned run takes in memory."""
    tracemalloc.start()
    plan = list(plan_runs(["action_plan", "no_plan"], runs // 2, 1))
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return size / len(plan)


def main() -> int:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    plan = list(plan_runs(["one"], runs, 1))
    print(f"{runs} runs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| what | measured |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        parts = (real(), short(plan, Path(folder) / "cluster"), stored(plan, Path(folder)))
        for what, figure in chain.from_iterable(parts):
            print(f"| {what} | {figure:.3g} |", flush=True)
    print(f"| the plan in memory, bytes a run | {planned(100_000):.0f} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
