"""Measure what the design asks for: ``python benchmarks/measure.py`` prints a Markdown table.

Speeds are of this machine at this moment; run it on a quiet one. The cold start is
measured in a fresh process with an empty cache.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from shaanxi_transfer.engine.rule_cache import RULE_ROOMS

ROOT = Path(__file__).resolve().parent.parent

_COLD = "from shaanxi_transfer.model import run; run('action_plan', seed=1, scale=0.1)"
_MEMORY = """
import resource, sys, tracemalloc
from shaanxi_transfer.model import run
from shaanxi_transfer.scenarios import load
scenario = load('action_plan')
for seed in range(1, 21):
    run(scenario, seed=seed, scale=0.1)
settled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for seed in range(21, 21 + int(sys.argv[1])):
    run(scenario, seed=seed, scale=0.1)
later = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
tracemalloc.start()
run(scenario, seed=1, scale=1.0)
print(tracemalloc.get_traced_memory()[1] / 2**20, (later - settled) / 1024)
"""


def seconds(action: Callable[[], object], times: int) -> float:
    """Best of several times, in seconds of this process."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        action()
        best = min(best, time.process_time() - start)
    return best


def rules() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Give every compiled function with its file."""
    for room in RULE_ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and any(
                    getattr(mark, "id", "") == "rule" for mark in node.decorator_list
                ):
                    yield file, node


def compiled_lines() -> tuple[int, int]:
    """Count the rules and the lines of code in them (no blank lines, comments or docstrings)."""
    count = lines = 0
    for _, node in rules():
        body = node.body[1:] if ast.get_docstring(node) else node.body
        count += 1
        lines += len({inner.lineno for part in body for inner in ast.walk(part) if hasattr(inner, "lineno")})
    return count, lines


def cold_start() -> float:
    """Seconds from an empty cache to the first result, in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SHAANXI_TRANSFER_CACHE": folder}
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", _COLD], check=True, env=environment)
        return time.perf_counter() - start


def integer_loop() -> Callable[[], object]:
    """Give a compiled loop of ten million dependent integer steps, to tell machines apart."""
    import numba
    import numpy as np

    @numba.njit
    def loop(steps: int) -> np.uint64:
        word = np.uint64(1)
        for _ in range(steps):
            word = (word ^ (word >> np.uint64(13))) * np.uint64(0x9E3779B97F4A7C15)
        return word

    loop(10)
    return lambda: loop(10_000_000)


def main() -> None:
    """Measure and print."""
    from shaanxi_transfer.model import run
    from shaanxi_transfer.model.running import run_together
    from shaanxi_transfer.scenarios import TASKS, load

    plan = load("action_plan")
    run(plan, seed=1, scale=0.1)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _COLD], check=True)
    warm = time.perf_counter() - start
    loop = seconds(integer_loop(), 5)
    tenth = seconds(lambda: run(plan, seed=2, scale=0.1), 5)
    none = load("no_plan")
    pair = seconds(lambda: run_together([none, plan], seed=2, scale=0.1), 5) / 2
    worlds = [none, *(none.set(**{task: "plan"}) for task in TASKS)]
    table = seconds(lambda: run_together(worlds, seed=2, scale=0.1), 2) / len(worlds)
    full = seconds(lambda: run(plan, seed=2, scale=1.0), 3)
    above, growth = (
        float(part)
        for part in subprocess.run(
            [sys.executable, "-c", _MEMORY, "100"], check=True, capture_output=True, text=True
        ).stdout.split()
    )
    count, lines = compiled_lines()
    rows = [
        ("runs per second and core at scale 0.1, warm", f"{1 / tenth:.1f}", "8"),
        ("the same for the two worlds of a forecast, whose history is lived once", f"{1 / pair:.1f}", ""),
        (f"the same for {len(worlds)} worlds of one future", f"{1 / table:.1f}", ""),
        ("one run at 1:1, s", f"{full:.2f}", "3"),
        ("first run ever (cold), s", f"{cold_start():.1f}", "60"),
        ("later first result in a new process, s", f"{warm:.1f}", ""),
        ("peak memory of a run at 1:1, MB", f"{above:.0f}", "250"),
        ("growth of memory over 100 more runs at 0.1, MB", f"{growth:.1f}", "2"),
        ("this machine: ten million steps of an integer loop, ms", f"{1e3 * loop:.1f}", ""),
        ("compiled rules / lines", f"{count} / {lines}", "- / 600"),
    ]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| what | measured | demand |\n|---|---|---|")
    for what, measured, demand in rows:
        print(f"| {what} | {measured} | {demand} |")


if __name__ == "__main__":
    main()
