"""Workers that hold futures make the runs of a batch, to the bit, whatever becomes of them meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.experiments.planning.door_to_model import model
from shaanxi_transfer.experiments.planning.kept_past import KeptPast
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun, plan_runs
from shaanxi_transfer.experiments.planning.runs import Finished, Job
from shaanxi_transfer.experiments.running.kept_workers import KeptWorkers
from shaanxi_transfer.experiments.running.runner import run_batch
from shaanxi_transfer.scenarios import Scenario, load

FUTURES = 3
START = {"plan_start": "2011-Q1", "end": "2011-Q3"}


def worlds() -> dict[str, Scenario]:
    """Two that are served, one that orders something else before, one of another world."""
    none = load("no_plan").set(**START, name="none")
    return {
        "none": none,
        "half": load("half_budget").set(**START, name="half"),
        "early": load("action_plan").set(**{**START, "plan_start": "2010-Q4"}, name="early"),
        "fewer": none.set(name="fewer", technology_firms_2017=9_000.0),
    }


def plan(*names: str, futures: int = FUTURES) -> list[PlannedRun]:
    return list(plan_runs(names or tuple(worlds()), futures, 7))


@pytest.fixture(scope="module")
def whole() -> dict[str, Finished]:
    job = Job(worlds(), 0.02, model().run_one, model().run_together)
    return by_name(run_batch(plan(), job, workers=0))


def by_name(outcomes: Any) -> dict[str, Finished]:
    found = {outcome.run.run_id: outcome for outcome in outcomes}
    assert all(isinstance(outcome, Finished) for outcome in found.values()), found
    return found


def kept(workers: int) -> KeptWorkers:
    past = KeptPast(f"kept by {workers}", worlds()["none"], 4, 0.02)
    made = KeptWorkers(past, workers)
    assert len(list(made.keep([(run.future, run.seed) for run in plan("none")]))) == FUTURES
    return made


@pytest.fixture(scope="module")
def two() -> Iterator[KeptWorkers]:
    made = kept(2)
    yield made
    made.close()


def answer(of: KeptWorkers, *names: str) -> dict[str, Finished]:
    run_one, run_together = of.past.doors()
    job = Job(worlds(), of.past.scale, run_one, run_together)
    return by_name(of(plan(*names), job))


def same(found: Mapping[str, Finished], whole: Mapping[str, Finished]) -> None:
    for name, outcome in found.items():
        assert outcome.quarters == whole[name].quarters and outcome.indicators == whole[name].indicators
        assert outcome.values.tobytes() == whole[name].values.tobytes(), name


def processes(of: KeptWorkers) -> list[int]:
    """Numbers of the worker processes."""
    return [number for share in of._shares for number in share._pool._pool_manager.worker_manager.workers]


def memory(process: int) -> int:
    """Bytes of a process that lie in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("workers", [0, 1])
def test_answers_are_the_whole_runs(workers: int, whole: dict[str, Finished]) -> None:
    made = kept(workers)
    try:
        found = answer(made)
        assert found.keys() == whole.keys()
        same(found, whole)
    finally:
        made.close()
    assert not processes(made)


def test_a_future_is_asked_where_it_is_held(two: KeptWorkers, whole: dict[str, Finished]) -> None:
    before = processes(two)
    assert len(before) == 2
    found = answer(two)
    assert found.keys() == whole.keys()
    same(found, whole)
    assert processes(two) == before


def test_two_pasts_in_one_process_do_not_mix(whole: dict[str, Finished]) -> None:
    one = kept(0)
    other = KeptWorkers(KeptPast("larger", worlds()["none"], 4, 0.05), 0)
    try:
        larger = answer(other, "half")
        same(answer(one, "half"), whole)
        assert larger["half-000000"].values.tobytes() != whole["half-000000"].values.tobytes()
    finally:
        one.close()
        other.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signal ends a process for certain here")
def test_the_share_of_a_dead_worker_is_made_again(two: KeptWorkers, whole: dict[str, Finished]) -> None:
    first, second = processes(two)
    os.kill(first, signal.SIGKILL)
    found = answer(two, "none", "half")
    assert len(found) == 2 * FUTURES
    same(found, whole)
    assert second in processes(two) and first not in processes(two)
    same(answer(two, "half"), whole)


def test_an_answer_that_nobody_waits_for_leaves_the_futures_there(
    two: KeptWorkers, whole: dict[str, Finished]
) -> None:
    before = processes(two)
    run_one, run_together = two.past.doors()
    begun = iter(two(plan("none", "half"), Job(worlds(), 0.02, run_one, run_together)))
    next(begun)
    begun.close()  # type: ignore[attr-defined]
    same(answer(two), whole)
    assert processes(two) == before


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no memory is told here")
def test_memory_does_not_grow_with_two_hundred_answers(two: KeptWorkers) -> None:
    some = {f"{share:g}": worlds()["half"].set(name=f"{share:g}", scaled=share) for share in (0.1, 0.3, 0.7)}
    run_one, run_together = two.past.doors()

    def ask(name: str) -> None:
        job = Job({name: some[name], "none": worlds()["none"]}, 0.02, run_one, run_together)
        assert len(by_name(two(plan(name, "none"), job))) == 2 * FUTURES

    for name in some:
        ask(name)
    before = list(map(memory, processes(two)))
    for number in range(200):
        ask([*some][number % len(some)])
    for now, then in zip(map(memory, processes(two)), before, strict=True):
        assert now - then < 20e6  # a future takes 0.6 MB here: one in each answer would be 120 MB
