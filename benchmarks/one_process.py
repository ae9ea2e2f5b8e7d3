"""What runs and kept futures take in one process, and how whole runs grow with the number of firms."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Final

import numpy as np
from rows import Row, best_of, cpu_seconds, exponent

from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed
from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.running import run
from shaanxi_transfer.model.shared_past import KeptFuture, steps_in_common
from shaanxi_transfer.scenarios import Scenario, load

POLICIES: Final = 15
TIMES_THE_FIRMS: Final = (0.02, 0.1, 0.3, 1, 3, 10, 32)
FIRMS_AT_FULL_SIZE: Final = 15_000
IMPORTS: Final = "from shaanxi_transfer import run, load, forecast"
_COLD: Final = "from shaanxi_transfer.model import run; run('action_plan', seed=1, scale=0.1)"
_MEMORY: Final = """
import resource, tracemalloc
from shaanxi_transfer.model import run
from shaanxi_transfer.scenarios import load
scenario = load("action_plan")
for seed in range(1, 121):
    run(scenario, seed=seed, scale=0.1)
    if seed == 20:
        settled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
later = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
tracemalloc.start()
run(scenario, seed=1, scale=1.0)
print(tracemalloc.get_traced_memory()[1] / 2**20, 10 * (later - settled) / 1024)
"""


def kept_futures() -> Iterator[Row]:
    """A policy from a future kept at the eve of the plan, in turns with a whole run of it."""
    none = load("no_plan")
    plans: list[Scenario] = [
        load("action_plan").set(scaled={"money": 0.5 + 0.05 * number}, name=f"money_{number:02d}")
        for number in range(POLICIES)
    ]
    steps = steps_in_common(none, plans[0])
    run(plans[0], seed=1, scale=0.1)
    whole, kept, size = [], [], []
    for number, plan in enumerate(plans):
        seed = future_seed(1, number)
        future = KeptFuture(none, steps, seed=seed, scale=0.1)
        size.append(future.nbytes / 1e6)
        whole.append(cpu_seconds(lambda plan=plan, seed=seed: run(plan, seed=seed, scale=0.1)))
        kept.append(cpu_seconds(lambda plan=plan, future=future: future.run([plan])))
    ratio = statistics.median(one / other for one, other in zip(kept, whole, strict=True))
    yield Row("a policy's answer from a kept future / a whole run", ratio, "ratio", 0.40, 0.33)
    yield Row("policy answers at 0.1", 1 / statistics.median(kept), "per second and core", 10, 40)
    yield Row("a kept future at 0.1, two remembered records included", statistics.mean(size), "MB", 5, 2)


def full_size() -> Iterator[Row]:
    """One run at 1:1."""
    plan = load("action_plan")
    yield Row("one run at 1:1", best_of(5, lambda: run(plan, seed=2, scale=1.0)), "s", 0.5, 0.35)


def fresh_processes() -> Iterator[Row]:
    """What a process pays before its first run, and what memory runs take and leave."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def python(code: str, **more: str) -> str:
        words = [sys.executable, "-c", code]
        return subprocess.run(
            words, check=True, env=environment | more, stdout=subprocess.PIPE, text=True
        ).stdout

    def cpu(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python(code)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    yield Row("import shaanxi_transfer", min(cpu("import shaanxi_transfer") for _ in range(5)), "CPU s")
    yield Row(IMPORTS, min(cpu(IMPORTS) for _ in range(6)), "CPU s", 1.0, 0.6)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        python(_COLD, SHAANXI_TRANSFER_CACHE=folder)
        yield Row("the first run ever, rules compiled", time.perf_counter() - start, "s", 40, 20)
    above, growth = map(float, python(_MEMORY).split())
    yield Row("a run at 1:1, memory above the imports", above, "MB", 250, 100)
    yield Row("growth of memory in one process, 1,000 runs (of 100)", growth, "MB", 20, 5)


def growth_with_firms() -> Iterator[Row]:
    """Whole runs with fewer and more firms than there are; what they demand stays as it is."""
    plan = load("action_plan").set(draw_parameters=False, belief="prior")
    plainly = Province.firms_at
    firms, times, peaks, most = [], [], [], []
    try:
        for factor in TIMES_THE_FIRMS:
            Province.firms_at = lambda self, date, factor=factor: factor * plainly(self, date)
            counted: list[int] = []
            times.append(best_of(3 if factor <= 1 else 1, lambda counted=counted: _count(plan, counted)))
            firms.append(statistics.mean(counted))
            most.append(max(counted))
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
            yield Row(f"a whole run with {firms[-1]:,.0f} firms", times[-1], "s")
    finally:
        Province.firms_at = plainly
    yield Row("growth of a whole run with firms", exponent(firms, times), "exponent")
    large = [place for place, number in enumerate(firms) if number > FIRMS_AT_FULL_SIZE]
    slope = exponent([firms[place] for place in large], [times[place] for place in large])
    yield Row("the same from the real number on", slope, "exponent")
    grown = (peaks[-1] - peaks[-2]) / (most[-1] - most[-2])
    yield Row("memory of a firm more", grown, "B", 400, 200)


def _count(plan: Scenario, firms: list[int]) -> None:
    with np.errstate(over="ignore"):
        ecosystem = Ecosystem(plan, 2, 1.0)
        while ecosystem.running:
            ecosystem.step()
            firms.append(len(ecosystem.province.enterprises))
        ecosystem.record()


def rows() -> Iterator[Row]:
    """Yield all of them."""
    for some in (kept_futures, full_size, fresh_processes, growth_with_firms):
        yield from some()
