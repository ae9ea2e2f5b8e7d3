"""The process that keeps a batch together does not grow with the number of its runs."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.forecast import identity_of_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.store import open_store
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Finished, Job, Outcome
from shaanxi_transfer.experiments.running.batch import complete

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")

INDICATORS = tuple(f"indicator {number}" for number in range(50))
QUARTERS = tuple(Quarter(2010, 1).later(step) for step in range(44))


def out_of_thin_air(plan: Any, job: Job, **settings: Any) -> Iterator[Outcome]:
    """Give a record of the province's size for each run, without any model behind it."""
    for run in plan:
        yield Finished(run, INDICATORS, QUARTERS, np.random.default_rng(run.seed).random((44, 50)))


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


@pytest.mark.slow
@pytest.mark.battery("R24", "memory of the coordinator, in records of 44 quarters and 50 indicators")
def test_memory_stays_flat(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path, soak: bool, tell: Any
) -> None:
    settled, futures = (1_000, 5_000) if soak else (400, 600)
    worlds = night.worlds(pack_folder)
    store = open_store(
        tmp_path / "out",
        identity_of_forecast(
            worlds, fake.MODEL.definitions, ForecastOptions(runs=futures, scale=0.1, seed=1)
        ),
    )
    seen: dict[int, float] = {}
    traced: dict[int, float] = {}

    def look(progress: Any) -> None:
        if progress.done % 200 == 0:
            seen[progress.done] = megabytes()
            traced[progress.done] = tracemalloc.get_traced_memory()[0] / 1e6

    if not soak:
        tracemalloc.start()
    complete(
        store,
        list(plan_runs(list(worlds), futures, 1)),
        Job(worlds, 0.1, fake.run),
        BatchOptions(progress=look),
        warm=fake.nothing_to_compile,
        executor=out_of_thin_air,
    )
    tracemalloc.stop()
    if not soak:  # a few hundred runs are lost in the noise of the system's count, not in Python's own
        assert max(traced.values()) - traced[settled] < 3.0
    growth = max(seen.values()) - seen[settled]
    per_thousand = growth * 1_000 / (2 * futures - settled)
    assert not soak or per_thousand < 20.0
    tell(
        1,
        f"{growth:.1f} MB more after {2 * futures} runs than after {settled}, {per_thousand:.1f} per 1,000",
    )
