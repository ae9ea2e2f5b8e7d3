"""Hold a batch on a cluster, one of whose workers is killed, against the same batch on one machine.

``python -m shaanxi_transfer.studies.upkeep.cluster_trial --runs 500`` starts a scheduler and two
workers as processes of their own, kills a worker when a third of the runs have ended, makes the
same forecast without the cluster, and writes what came of it to ``results/reference``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ...experiments.forecast import forecast
from ...experiments.keeping.store import INDICATORS, RUNS, TARGETS, Store
from ...experiments.planning.options import FuturesOptions
from ...experiments.running.cluster_processes import ClusterProcesses
from ...experiments.running.progress import Progress
from ...experiments.running.table_command import errors_in_one_line

REFERENCE: Final = Path("results") / "reference" / "cluster_trial.csv"
_WORKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a trial.

    Attributes
    ----------
    futures, runs : int
        Futures, and runs of all scenarios.
    scale : float
        Share of the many small actors that was simulated.
    workers : int
        Workers at the start; a local batch has as many processes.
    killed_after : int
        Runs that had ended when a worker was killed.
    failed_on_cluster, failed_here : int
        Runs that failed.
    seconds_on_cluster, seconds_here : float
        From the start to the tables.
    equal_rows, equal_tables : bool
        Whether all rows, sorted, and the bytes of both tables are the same.
    """

    futures: int
    runs: int
    scale: float
    workers: int
    killed_after: int
    failed_on_cluster: int
    failed_here: int
    seconds_on_cluster: float
    seconds_here: float
    equal_rows: bool
    equal_tables: bool


def trial(runs: int, scale: float, seed: int, folder: Path) -> Trial:
    """Make a forecast on a cluster that loses a worker, and again without one, below a folder."""
    killed: list[Progress] = []
    with ClusterProcesses(folder / "processes", _WORKERS) as processes:

        def kill_one(progress: Progress) -> None:
            if not killed and progress.stage == "run" and 3 * progress.done >= progress.total:
                killed.append(progress)
                processes.kill_worker()

        began = time.perf_counter()
        there = forecast(
            runs=runs,
            scale=scale,
            seed=seed,
            out=folder / "there",
            cluster=processes.address,
            progress=kill_one,
        )
        seconds_there = time.perf_counter() - began
    began = time.perf_counter()
    here = forecast(runs=runs, scale=scale, seed=seed, out=folder / "here", workers=_WORKERS)
    seconds_here = time.perf_counter() - began
    rows, tables = _equal(there.folder, here.folder)
    manifest = Store(here.folder).manifest()
    return Trial(
        futures=runs,
        runs=int(manifest["runs_planned"]),
        scale=scale,
        workers=_WORKERS,
        killed_after=killed[0].done,
        failed_on_cluster=there.failed,
        failed_here=here.failed,
        seconds_on_cluster=round(seconds_there, 1),
        seconds_here=round(seconds_here, 1),
        equal_rows=rows,
        equal_tables=tables,
    )


def _equal(one: Path, other: Path) -> tuple[bool, bool]:
    """Compare all rows, sorted, and the bytes of both tables."""
    rows = Store(one).read(RUNS).equals(Store(other).read(RUNS))
    tables = all((one / name).read_bytes() == (other / name).read_bytes() for name in (TARGETS, INDICATORS))
    return rows, tables


@errors_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Make the trial, print it, and write it down; 1 if the two differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=REFERENCE)
    given = parser.parse_args(arguments)
    FuturesOptions(runs=given.runs, scale=given.scale, seed=given.seed, workers=None)
    with tempfile.TemporaryDirectory() as folder:
        done = trial(given.runs, given.scale, given.seed, Path(folder))
    print(json.dumps(asdict(done), indent=1))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([asdict(done)]).to_csv(given.out, index=False, lineterminator="\n")
    return 0 if done.equal_rows and done.equal_tables else 1


if __name__ == "__main__":
    raise SystemExit(main())
