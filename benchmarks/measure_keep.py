"""What an answer from kept futures costs: ``python benchmarks/measure_keep.py [FUTURES] [POLICIES]``.

First futures alone in this process, in turns with whole runs, in CPU seconds; then `keep` with worker
processes by the clock, each policy against the absence of the plan, with store and tables.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from shaanxi_transfer import forecast, keep, load, run
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed
from shaanxi_transfer.model.shared_past import KeptFuture, steps_in_common
from shaanxi_transfer.scenarios import Scenario

SCALE = 0.1
PAIRS = 12


def policy(number: int) -> Scenario:
    """Give one of many plans that differ by money."""
    return load("action_plan").set(scaled={"money": 0.5 + 0.05 * number}, name=f"money_{number:02d}")


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def in_memory(process: int | str = "self") -> float:
    """Megabytes of a process that lie in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def alone() -> None:
    none, plans = load("no_plan"), [policy(number) for number in range(PAIRS)]
    steps = steps_in_common(none, plans[0])
    run(plans[0], seed=1, scale=SCALE)  # compiled rules are loaded
    KeptFuture(none, steps, seed=1, scale=SCALE).run([plans[0]])
    whole, kept, branches, futures = [], [], [], []
    before = in_memory()
    for number, plan in enumerate(plans):
        seed = future_seed(1, number)
        future = KeptFuture(none, steps, seed=seed, scale=SCALE)
        futures.append(future)
        whole.append(cpu_seconds(lambda plan=plan, seed=seed: run(plan, seed=seed, scale=SCALE)))
        kept.append(cpu_seconds(lambda plan=plan, future=future: future.run([plan])))
        branches.append(cpu_seconds(future._past.thaw))
    ratios = [one / other for one, other in zip(kept, whole, strict=True)]
    each = statistics.mean(future.nbytes for future in futures) / 1e6
    print(f"a whole run, CPU ms, median of {PAIRS}: {1e3 * statistics.median(whole):.0f}")
    print(f"a policy from a kept future: {1e3 * statistics.median(kept):.0f}")
    print(f"of which giving the past back: {1e3 * statistics.median(branches):.1f}")
    print(f"ratio, median: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
    print(
        f"a kept future, MB: {each:.2f} by its own count, {(in_memory() - before) / PAIRS:.2f} by the system"
    )


def together(futures: int, policies: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with keep("shaanxi", runs=futures, scale=SCALE) as kept:
            print(f"keep {futures} futures: {time.perf_counter() - began:.1f} s; {kept!r}")
            spent = []
            for number in range(policies):
                began = time.perf_counter()
                answer = kept.forecast(policy(number), out=Path(folder) / f"{number}")
                spent.append(time.perf_counter() - began)
            print(f"{policies} policies, s each: {' '.join(f'{one:.2f}' for one in spent)}")
            median = statistics.median(spent)
            print(f"median {median:.2f}, {futures / median:.1f} futures a second")
        began = time.perf_counter()
        whole = forecast(policy(policies - 1), runs=futures, scale=SCALE, out=Path(folder) / "whole")
        print(f"the last of them by forecast: {time.perf_counter() - began:.2f} s")
        same = Store(whole.folder).read().equals(Store(answer.folder).read())
        print(f"rows equal: {same}; tables equal: {whole.indicators.equals(answer.indicators)}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    given = [int(word) for word in sys.argv[1:]]
    alone()
    together(*(given + [40, 20][len(given) :]))
