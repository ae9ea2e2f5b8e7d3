"""The same runs by the code of before and by that of now, in turns: each in a process of its own.

What the machine does beside hits both alike. The tree of before comes out of the history of git.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from rows import Row

ROOT: Final = Path(__file__).resolve().parent.parent

BEFORE: Final = "cd77e64b6d9cc2d511ddfa88ea88033fee141dd4"
"""The last commit before quarter and batch were made quicker: the parent of the first that was for that."""

PAIRS: Final = 15

_RUNS: Final = """
import hashlib, json, sys, time
from shaanxi_transfer.model import run
from shaanxi_transfer.scenarios import load
world = load("action_plan").set(belief="prior")  # a posterior may have been fitted anew since
run(world, seed=1, scale=0.1)
print(flush=True)
for line in sys.stdin:
    start = time.process_time()
    record = run(world, seed=int(line), scale=0.1)
    spent = time.process_time() - start
    columns = zip(record.indicators, record.values.T, strict=True)
    hashes = {name: hashlib.sha256(column.tobytes()).hexdigest() for name, column in columns}
    print(json.dumps([spent, hashes]), flush=True)
"""


def tree_of(commit: str, folder: Path) -> bool:
    """Put the package as it was at a commit into a folder; False where there is no such history."""
    try:
        made = subprocess.run(
            ["git", "-C", str(ROOT), "archive", commit], check=True, capture_output=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    with tarfile.open(fileobj=io.BytesIO(made)) as tree:
        tree.extractall(folder / "shaanxi_transfer", filter="data")
    return True


@contextmanager
def runner(tree: Path | None) -> Iterator[subprocess.Popen[str]]:
    """Start a process that makes the run of each seed that it is told."""
    environment = os.environ if tree is None else os.environ | {"PYTHONPATH": str(tree)}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _RUNS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()  # the rules are loaded
        yield process
        process.kill()


def one_run(process: subprocess.Popen[str], seed: int) -> tuple[float, dict[str, str]]:
    """Processor seconds of a run, and a hash of each indicator."""
    assert process.stdin is not None and process.stdout is not None
    print(seed, file=process.stdin, flush=True)
    spent, hashes = json.loads(process.stdout.readline())
    return spent, hashes


def rows() -> Iterator[Row]:
    """Yield the ratio, how many records are the same, and what a run takes now."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        there = tree_of(BEFORE, Path(folder))
        now = stack.enter_context(runner(None))
        before = stack.enter_context(runner(Path(folder))) if there else None
        times: list[float] = []
        ratios: list[float] = []
        equal = 0
        for seed in range(2, 2 + PAIRS):
            then = one_run(before, seed) if before and seed % 2 else None
            spent, hashes = one_run(now, seed)
            then = one_run(before, seed) if before and then is None else then
            times.append(spent)
            if then is not None:
                ratios.append(spent / then[0])
                equal += all(hashes[name] == then[1][name] for name in hashes.keys() & then[1].keys())
    said = BEFORE[:7] if there else "its commit is not in the history of git here"
    yield Row(
        f"a run at 0.1 / the same before ({said})",
        statistics.median(ratios) if ratios else None,
        "ratio",
        0.62,
        0.5,
    )
    yield Row(
        "records that are the same as before, in all indicators of both",
        equal / PAIRS if there else None,
        "share",
    )
    yield Row("runs at 0.1, warm, none thinned (0043)", 1 / statistics.median(times), "per second and core", 6, 14)
