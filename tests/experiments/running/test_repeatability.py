"""The same seed gives the same tables, however and by whomever the runs are made."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

from shaanxi_transfer.engine import luck
from shaanxi_transfer.experiments.forecast import identity_of_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.forecasting.write_tables import write_tables
from shaanxi_transfer.experiments.keeping.store import Store, open_store
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed, plan_runs
from shaanxi_transfer.experiments.planning.runs import Job, Outcome
from shaanxi_transfer.experiments.running.batch import complete
from shaanxi_transfer.experiments.running.runner import run_batch

FUTURES = 12


def digest(store: Store) -> str:
    """Hash rows and tables, in the form in which results are compared."""
    found = hashlib.sha256(store.read().to_csv().encode())
    for name in ("targets.csv", "indicators.csv", "failures.csv"):
        found.update((store.folder / name).read_bytes())
    return found.hexdigest()


def backwards(plan: Any, job: Job, **settings: Any) -> Iterator[Outcome]:
    """Make the last runs first."""
    return run_batch(list(plan)[::-1], job, **settings)


def make(fake: Any, night: Any, pack_folder: str, out: Path, **settings: Any) -> str:
    worlds = night.worlds(pack_folder)
    store = open_store(
        out, identity_of_forecast(worlds, fake.DEFINITIONS, ForecastOptions(runs=FUTURES, scale=0.1, seed=1))
    )
    job = Job(worlds, 0.1, fake.run, fake.run_together)
    plan = list(plan_runs(list(worlds), FUTURES, 1))
    workers = settings.pop("workers", None)
    complete(store, plan, job, BatchOptions(workers=workers), warm=fake.nothing_to_compile, **settings)
    write_tables(store, fake.DEFINITIONS, {name: world.pack().name for name, world in worlds.items()})
    return digest(store)


@pytest.mark.slow
@pytest.mark.battery(
    "R6", "same seed: again, 0 to 8 workers, order reversed, fresh processes, PYTHONHASHSEED"
)
@pytest.mark.soak
def test_the_same_seed_gives_the_same_bytes(
    fake: Any, night: Any, pack_folder: str, tmp_path: Path, soak: bool, tell: Any
) -> None:
    first = make(fake, night, pack_folder, tmp_path / "first", workers=0)
    others: dict[str, dict[str, Any]] = {
        "again": {"workers": 0},
        "reversed": {"workers": 0, "executor": backwards},
    }
    others |= {f"{number} workers": {"workers": number} for number in ((1, 2, 4, 8) if soak else (2,))}
    if soak:
        others |= {"reversed, 2 workers": {"workers": 2, "executor": backwards}}
    for name, settings in others.items():
        assert make(fake, night, pack_folder, tmp_path / name, **settings) == first, name
    seeds = ("0", "1", "random", "4294967295") if soak else ("random",)
    for hash_seed in seeds:
        out = tmp_path / f"hash seed {hash_seed}"
        paths = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        subprocess.run(
            [sys.executable, "-m", "night", str(out), pack_folder, str(FUTURES), "1", "0"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths},
            check=True,
            capture_output=True,
        )
        assert digest(Store(out)) == first, hash_seed
    tell(len(others) + len(seeds), f"{2 * FUTURES} runs, rows and tables equal to the byte")


@pytest.mark.battery("R9", "1,000 derived seeds: no two equal, first draws uniform")
def test_derived_seeds_are_independent(tell: Any) -> None:
    worst = 1.0
    bases = (0, 1, 2, 2**63 - 1)
    for base in bases:
        seeds = [future_seed(base, future) for future in range(1_000)]
        assert len(set(seeds)) == 1_000
        draws = [
            luck.draw_uniform(seed, int(luck.mechanism("test")), luck.key_of("firm", 1)) for seed in seeds
        ]
        worst = min(worst, float(kstest(draws, "uniform").pvalue))
        lag = np.corrcoef(draws[:-1], draws[1:])[0, 1]
        assert abs(lag) < 4 / np.sqrt(1_000)
    assert worst > 0.001
    tell(len(bases), f"smallest p of the Kolmogorov-Smirnov test {worst:.3f}")
