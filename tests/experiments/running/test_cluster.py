"""The same batch on a real scheduler with two worker processes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Failed, Finished, Job
from shaanxi_transfer.experiments.running import cluster as module
from shaanxi_transfer.experiments.running.cluster import Cluster, check_workers, task_length
from shaanxi_transfer.experiments.running.cluster_processes import ClusterProcesses
from shaanxi_transfer.experiments.running.cluster_worker import (
    OtherInstallation,
    code_and_installation,
    make_chunk,
)
from shaanxi_transfer.experiments.running.progress import Progress
from shaanxi_transfer.experiments.running.runner import run_batch
from shaanxi_transfer.experiments.sensitivity_analysis.carry_out import carry_out
from shaanxi_transfer.experiments.sensitivity_analysis.options import SensitivityOptions
from shaanxi_transfer.experiments.sensitivity_analysis.study import make_study

pytest.importorskip("distributed")

FAULTS = ((2, "exception"), (4, "exit"), (5, "hang"), (7, "nan"))
ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
    # a task is given up after it has cost one worker, so that the tests need not wait for many restarts
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterProcesses]:
    with ClusterProcesses(tmp_path_factory.mktemp("cluster"), 2, ENVIRONMENT) as started:
        yield started


def worlds(fake: Any, pack_folder: str, **changes: Any) -> dict[str, Any]:
    plan = fake.World("action_plan", growth=0.2, pack_folder=pack_folder, **changes)
    return {"action_plan": plan, "no_plan": fake.World("no_plan", pack_folder=pack_folder)}


def make(fake: Any, some: dict[str, Any], out: Path, address: str | None, progress: Any = None) -> Forecast:
    return make_forecast(
        some,
        fake.MODEL,
        ForecastOptions(runs=60, scale=0.1, seed=1, out=out, workers=0, cluster=address, progress=progress),
    )


def assert_equal_folders(one: Path, other: Path) -> None:
    pd.testing.assert_frame_equal(Store(one).read(), Store(other).read(), check_exact=True)
    for table in ("targets.csv", "indicators.csv"):
        assert (one / table).read_bytes() == (other / table).read_bytes(), table
    identities = [
        json.loads((folder / "manifest.json").read_text("utf-8"))["identity"] for folder in (one, other)
    ]
    assert identities[0] == identities[1]


@pytest.mark.soak
@pytest.mark.slow
def test_a_killed_worker_costs_nothing(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    some = worlds(fake, pack_folder, seconds=0.02)
    here = make(fake, some, tmp_path / "here", None)
    killed_at: list[int] = []
    with ClusterProcesses(tmp_path / "cluster", 2, ENVIRONMENT) as processes:

        def kill_one(progress: Progress) -> None:
            if progress.stage == "run" and not killed_at and progress.done >= 30:
                killed_at.append(progress.done)
                processes.kill_worker()

        there = make(fake, some, tmp_path / "there", processes.address, kill_one)
    assert killed_at and killed_at[0] < 120, "the worker has to be killed in the middle"
    assert there.failed == 0
    assert_equal_folders(here.folder, there.folder)


@pytest.mark.slow
def test_only_the_run_at_fault_fails_and_as_on_one_machine(
    fake: Any, pack_folder: str, cluster: ClusterProcesses
) -> None:
    plan = list(plan_runs(["action_plan", "no_plan"], 20, 1))
    job = Job(worlds(fake, pack_folder, faults=FAULTS), 0.1, fake.run, fake.run_together)
    outcomes = list(Cluster(cluster.address)(plan, job, time_limit=0.5))
    assert sorted(outcome.run for outcome in outcomes) == sorted(plan), "each run has exactly one outcome"
    failed = {one.run.run_id: one for one in outcomes if isinstance(one, Failed)}
    local = {
        one.run.run_id: one
        for one in run_batch([run for run in plan if run.future in (2, 7)], job, workers=0)
        if isinstance(one, Failed)
    }
    assert {name: one.kind for name, one in failed.items()} == {
        "action_plan-000002": "exception",
        "action_plan-000004": "killed",
        "action_plan-000005": "time limit",
        "action_plan-000007": "not finite",
    }
    assert local.items() <= failed.items()


def test_no_more_tasks_are_under_way_than_the_workers_need(
    fake: Any, pack_folder: str, cluster: ClusterProcesses
) -> None:
    drawn = []

    def plan() -> Iterator[Any]:
        for run in plan_runs(["action_plan", "no_plan"], 500, 1):
            drawn.append(run)
            yield run

    job = Job(worlds(fake, pack_folder), 0.1, fake.run)
    outcomes = Cluster(cluster.address)(plan(), job)
    assert isinstance(next(outcomes), Finished)
    # three tasks for each of two workers, what has just come back, and the run that ended the last chunk
    assert len(drawn) <= 2 * (3 * 2 + 1) * module.RUNS_PER_TASK
    outcomes.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://here", "here"])
def test_an_address_without_a_scheduler_is_refused_in_one_line(
    fake: Any, pack_folder: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS_TO_ANSWER", 1)
    plan = list(plan_runs(["action_plan"], 2, 1))
    with pytest.raises(
        InputError, match=rf"^cluster: no scheduler answers at '{address}'.*allowed"
    ) as refused:
        list(Cluster(address)(plan, Job(worlds(fake, pack_folder), 0.1, fake.run)))
    assert str(refused.value).count("\n") == 0


@dataclass
class Workers:
    """What a client tells of workers that this machine cannot have."""

    threads: dict[str, int]
    found: dict[str, Any]

    def wait_for_workers(self, number: int, timeout: float) -> None:
        if len(self.threads) < number:
            raise TimeoutError

    def nthreads(self) -> dict[str, int]:
        return self.threads

    def run(self, function: Any, on_error: str) -> dict[str, Any]:
        return self.found


OTHER_CODE = {**code_and_installation(), "code": "0" * 64}
REFUSED = [
    (Workers({}, {}), "the scheduler has no workers"),
    (Workers({"tcp://a:1": 1, "tcp://b:2": 4}, {}), "worker tcp://b:2 has 4 threads; allowed .*--nthreads 1"),
    (Workers({"tcp://a:1": 1}, {"tcp://a:1": OTHER_CODE}), "tcp://a:1 has code 000000000000 where"),
    (Workers({"tcp://a:1": 1}, {"tcp://a:1": {}}), "tcp://a:1 has code absent where"),
    (Workers({"tcp://a:1": 1}, {"tcp://a:1": ImportError("no\npackage")}), r"\(ImportError: no package\)"),
]


@pytest.mark.parametrize(("workers", "line"), REFUSED, ids=[line for _, line in REFUSED])
def test_workers_that_would_give_other_numbers_are_refused(workers: Any, line: str) -> None:
    with pytest.raises(InputError, match=line) as refused:
        check_workers(workers)
    assert str(refused.value).startswith("cluster: ") and str(refused.value).count("\n") == 0


def test_workers_like_this_process_are_taken() -> None:
    check_workers(Workers({"tcp://a:1": 1}, {"tcp://a:1": dict(code_and_installation())}))


def test_a_worker_that_joins_with_other_code_makes_no_run(fake: Any, pack_folder: str) -> None:
    with pytest.raises(OtherInstallation, match=r"numpy .* where 0.1 is wanted"):
        make_chunk(b"", [], {**code_and_installation(), "numpy": "0.1"}, 1.0)


@pytest.mark.soak
def test_a_lost_scheduler_ends_the_batch(fake: Any, pack_folder: str, tmp_path: Path) -> None:
    plan = list(plan_runs(["action_plan", "no_plan"], 100, 1))
    job = Job(worlds(fake, pack_folder, seconds=0.02), 0.1, fake.run)
    with ClusterProcesses(tmp_path / "cluster", 1, ENVIRONMENT) as processes:
        outcomes = Cluster(processes.address)(plan, job)
        next(outcomes)
        processes.kill_scheduler()
        with pytest.raises(RunError, match="scheduler"):
            list(outcomes)


def test_an_address_that_is_only_half_written_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    processes = ClusterProcesses(tmp_path, 0)
    processes._processes = [SimpleNamespace(poll=lambda: None)]  # type: ignore[list-item]
    file = tmp_path / "scheduler.json"
    contents = iter(["", '{"address"', '{"address": "tcp://10.0.0.1:8786"}'])
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: next(contents) if self == file else "")
    assert processes.address == "tcp://10.0.0.1:8786"


@pytest.mark.parametrize(("runs", "workers"), [(1, 1), (50, 3), (10**6, 64), (0, 2)])
def test_tasks_hold_at_least_one_run_and_at_most_twenty_five(runs: int, workers: int) -> None:
    assert 1 <= task_length(runs, workers) <= 25


@pytest.mark.soak
def test_a_sensitivity_analysis_gives_the_same_tables_on_a_cluster(
    functions: Any, pack_folder: str, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    study = make_study(
        functions.World("ishigami", pack_folder=pack_folder),
        functions.DEFINITIONS.targets,
        SensitivityOptions(
            method="morris",
            over="uncertainties",
            only=None,
            points=4,
            group_by="none",
            seeds=2,
            rest="central",
            scale=0.1,
            seed=1,
            workers=0,
        ),
    )
    for name, address in (("here", None), ("there", cluster.address)):
        options = study.options.but(out=tmp_path / name, cluster=address)
        carry_out(replace(study, options=options), functions.MODEL)
    here, there = ((tmp_path / name / "sensitivity.csv").read_bytes() for name in ("here", "there"))
    assert here == there
