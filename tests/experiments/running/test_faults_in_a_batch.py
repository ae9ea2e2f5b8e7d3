"""One bad run costs that run alone, and its row tells how to see it again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import RunError
from shaanxi_transfer.experiments.keeping.store import Store, open_store
from shaanxi_transfer.experiments.planning.options import BatchOptions
from shaanxi_transfer.experiments.planning.plan_of_runs import future_seed, plan_runs
from shaanxi_transfer.experiments.planning.runs import Failed, Finished, Job
from shaanxi_transfer.experiments.replay import replayed
from shaanxi_transfer.experiments.running.batch import complete
from shaanxi_transfer.experiments.running.runner import run_batch

KINDS = {
    "exception": "exception",
    "hang": "time limit",
    "kill": "killed",
    "memory": "memory",
    "nan": "not finite",
}
FEW = {"exception": 2, "hang": 1, "kill": 1, "memory": 1, "nan": 1}
MANY = {"exception": 10, "hang": 5, "kill": 5, "memory": 3, "nan": 2}
LIMIT = 1.5


def batch(
    fake: Any,
    folder: Path,
    futures: int,
    faults: Any = (),
    workers: int = 2,
    again: bool = False,
    **more: Any,
) -> tuple[Store, list[Failed]]:
    worlds = {"plan": fake.World("plan", 0.1, tuple(faults), seconds=0.01), "none": fake.World("none")}
    identity = {
        "kind": "forecast", "runs": futures, "scale": 0.1, "seed": 1, "code": "",
        "scenarios": {name: {"hash": name, "contents": world.model_dump()} for name, world in worlds.items()},
    }  # fmt: skip
    store = open_store(folder, json.loads(json.dumps(identity)))
    job = Job(worlds, 0.1, fake.run, fake.run_together)
    plan = list(plan_runs(list(worlds), futures, 1))
    more = {"warm": fake.nothing_to_compile, "time_limit": LIMIT, **more}
    return store, complete(store, plan, job, BatchOptions(workers=workers, again=again), **more)


@pytest.mark.slow
@pytest.mark.battery("R10", "exceptions, hangs, kills, greed and NaN in one batch: each costs its own run")
def test_each_fault_costs_its_own_run_and_gets_a_row(
    fake: Any, tmp_path: Path, soak: bool, tell: Any
) -> None:
    number, futures = (MANY, 100) if soak else (FEW, 20)
    wanted = [fault for fault, times in number.items() for _ in range(times)]
    faults = [(3 * place + 1, fault) for place, fault in enumerate(wanted)]
    began = time.monotonic()
    batch(fake, tmp_path / "clean", futures)
    clean = time.monotonic() - began
    began = time.monotonic()
    store, failed = batch(fake, tmp_path / "faulty", futures, faults)
    faulty = time.monotonic() - began
    assert len(store.finished_runs()) == 2 * futures - len(faults)
    expected = {f"plan-{future:06d}": KINDS[fault] for future, fault in faults}
    assert {one.run.run_id: one.kind for one in failed} == expected
    rows = store.failures().set_index("run_id")
    assert dict(rows["kind"]) == expected
    for future, fault in faults:
        row = rows.loc[f"plan-{future:06d}"]
        assert row["seed"] == future_seed(1, future)
        assert row["replay"].startswith(f"shaanxi-transfer replay plan-{future:06d} --in ")
        if fault in ("exception", "hang", "memory"):
            assert "fake_province.py:" in row["message"], row["message"]
    again = replayed(store.folder, next(iter(expected)))
    with pytest.raises(ValueError, match="no money"):
        again.make(fake.run)
    # a call of the model for both worlds overruns once, then the run alone
    limits = 2 * LIMIT * number["hang"]
    tell(
        2 * futures,
        f"{len(faults)} faults, {len(store.finished_runs())} runs ended well; {clean:.1f} s without faults, "
        f"{faulty:.1f} s with them, of which time limits {limits:g} s on two workers",
    )


def test_the_message_of_a_hang_names_where_it_stood(fake: Any) -> None:
    job = Job({"plan": fake.World("plan", faults=((0, "hang"),))}, 0.1, fake.run)
    (failed,) = run_batch(list(plan_runs(["plan"], 1, 1)), job, workers=1, time_limit=0.5)
    assert isinstance(failed, Failed)
    assert failed.kind == "time limit"
    assert "did not end within 0.5 seconds (in fail, fake_province.py:" in failed.message
    assert "; from run, fake_province.py:" in failed.message


def test_runs_that_overrun_their_time_together_are_made_alone(fake: Any) -> None:
    worlds = {name: fake.World(name, seconds=0.4) for name in "abcd"}
    plan = list(plan_runs(list(worlds), 1, 1))
    job = Job(worlds, 0.1, fake.run, fake.run_together)
    outcomes = list(run_batch(plan, job, workers=1, time_limit=1.2))
    assert sorted(one.run.scenario for one in outcomes if isinstance(one, Finished)) == list("abcd")


def test_a_worker_that_was_killed_once_costs_nothing(fake: Any, tmp_path: Path) -> None:
    marker = tmp_path / "killed"
    store, failed = batch(fake, tmp_path / "out", 3, [(1, f"killed once {marker}")])
    assert marker.exists() and failed == []
    assert len(store.finished_runs()) == 6
    assert len(store.failures()) == 0


def made(fake: Any, folder: Path, again: bool) -> int:
    """Complete a batch of 5 futures, of which two failed before; give the number of runs that were made."""
    asked: list[Any] = []

    def counting(plan: Any, job: Any, **settings: Any) -> Any:
        for outcome in run_batch(plan, job, **settings):
            asked.append(outcome.run)
            yield outcome

    batch(fake, folder, 5, [(1, "exception"), (3, "kill")], executor=counting, again=again)
    return len(asked)


def test_a_resumed_batch_tries_again_what_the_machine_did(fake: Any, tmp_path: Path) -> None:
    assert made(fake, tmp_path, again=False) == 10
    assert made(fake, tmp_path, again=False) == 1  # the one whose worker was killed
    assert made(fake, tmp_path, again=True) == 2
    assert list(Store(tmp_path).failures()["kind"]) == ["exception", "killed"]


def test_workers_that_never_start_end_the_batch(fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shaanxi_transfer.experiments.running.pool.receive_job", fake.refuse_to_start)
    job = Job({"plan": fake.World("plan")}, 0.1, fake.run)
    with pytest.raises(RunError, match="end before they make a run"):
        list(run_batch(list(plan_runs(["plan"], 3, 1)), job, workers=2))
