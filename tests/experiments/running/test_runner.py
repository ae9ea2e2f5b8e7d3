from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.plan_of_runs import PlannedRun, plan_runs
from shaanxi_transfer.experiments.planning.runs import Failed, Finished, Job
from shaanxi_transfer.experiments.running import runner
from shaanxi_transfer.experiments.running.process_context import ONE_THREAD
from shaanxi_transfer.experiments.running.runner import (
    LONGEST_SHARED_CHUNK,
    chunk_length,
    chunks_of,
    run_batch,
)

FAULTS = ((2, "exception"), (4, "exit"), (5, "hang"), (7, "nan"))


def batch(
    fake: Any, futures: int, workers: int, faults: Any = (), run_one: Any = None
) -> tuple[list[Any], list[Any]]:
    worlds = {"plan": fake.World("plan", 0.1, faults), "none": fake.World("none")}
    job = Job(worlds, 0.1, run_one or fake.run)
    plan = list(plan_runs(list(worlds), futures, 1))
    outcomes = list(run_batch(plan, job, workers=workers, time_limit=2.0))
    assert sorted(outcome.run for outcome in outcomes) == sorted(plan), "each run has exactly one outcome"
    ended = sorted((one for one in outcomes if isinstance(one, Finished)), key=lambda one: one.run)
    return ended, sorted((one for one in outcomes if isinstance(one, Failed)), key=lambda one: one.run)


def test_a_bad_run_costs_that_run_alone(fake: Any) -> None:
    ended, failed = batch(fake, 20, workers=2, faults=FAULTS)
    assert [(one.run.run_id, one.kind) for one in failed] == [
        ("plan-000002", "exception"),
        ("plan-000004", "killed"),
        ("plan-000005", "time limit"),
        ("plan-000007", "not finite"),
    ]
    assert failed[0].message.startswith("ValueError: no money left (in fail, fake_province.py:")
    assert "exit code 9" in failed[1].message
    assert failed[3].message == "platforms is nan in 2019-Q2 (1 such values)"
    assert len(ended) == 36


def test_workers_and_this_process_give_the_same_numbers(fake: Any) -> None:
    here, _ = batch(fake, 6, workers=0)
    one, _ = batch(fake, 6, workers=1)
    two, _ = batch(fake, 6, workers=2)
    for mine, first, second in zip(here, one, two, strict=True):
        assert mine.run == first.run == second.run
        assert mine.values.tobytes() == first.values.tobytes() == second.values.tobytes()


def test_a_worker_runs_one_thread_and_the_caller_keeps_its_environment(fake: Any) -> None:
    before = dict(os.environ)
    ended, _ = batch(fake, 2, workers=1, run_one=fake.threads_allowed)
    assert {float(one.values[0, 0]) for one in ended} == {1.0}
    assert set(ONE_THREAD) & set(os.environ) == set(ONE_THREAD) & set(before)


def test_a_record_of_the_wrong_shape_is_a_failure(fake: Any) -> None:
    _, failed = batch(fake, 1, workers=0, run_one=fake.run_without_a_column)
    assert {one.kind for one in failed} == {"malformed"}


def test_a_function_that_workers_cannot_import_is_refused_at_once(fake: Any) -> None:
    def inner(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
        return fake.run(scenario, seed=seed, scale=scale)

    with pytest.raises(InputError, match="run_one"):
        batch(fake, 1, workers=1, run_one=inner)


@pytest.mark.parametrize("runs", [1, 2, 7, 100, 10_000])
@pytest.mark.parametrize("workers", [1, 2, 64])
def test_chunks_are_never_empty_nor_longer_than_ten(runs: int, workers: int) -> None:
    assert 1 <= chunk_length(runs, workers) <= 10


@pytest.mark.parametrize("length", [1, 2, 3, 4, 10, 100])
def test_a_future_of_a_few_scenarios_stays_in_one_chunk(length: int) -> None:
    plan = list(plan_runs(["a", "b", "c"], 7, 1))
    chunks = list(chunks_of(plan, length))
    assert [run for chunk in chunks for run in chunk] == plan
    futures = [{run.future for run in chunk} for chunk in chunks]
    assert sum(map(len, futures)) == 7 and all(chunks)


def test_the_first_chunks_are_short_so_that_something_is_kept_early() -> None:
    plan = list(plan_runs(["a", "b"], 40, 1))
    chunks = list(chunks_of(plan, 10, short=4))
    assert [len(chunk) for chunk in chunks[:6]] == [2, 2, 2, 2, 10, 10]
    assert [run for chunk in chunks for run in chunk] == plan


def test_a_future_of_thousands_of_design_points_is_cut_and_its_runs_stay_side_by_side() -> None:
    plan = list(plan_runs([f"point {number:04d}" for number in range(1000)], 2, 1))
    chunks = list(chunks_of(plan, 10))
    assert [run for chunk in chunks for run in chunk] == plan
    assert max(len(chunk) for chunk in chunks) == LONGEST_SHARED_CHUNK
    assert len(chunks) == 2 * -(-1000 // LONGEST_SHARED_CHUNK)
    assert all(len({run.future for run in chunk}) == 1 for chunk in chunks)


def test_a_plan_is_drawn_only_as_far_ahead_as_the_workers_need(fake: Any) -> None:
    drawn = 0

    def claimed() -> Iterator[PlannedRun]:
        nonlocal drawn
        for run in plan_runs(["plan"], 200, 1):
            drawn += 1
            yield run

    outcomes = run_batch(claimed(), Job({"plan": fake.World("plan")}, 0.1, fake.run), workers=1)
    next(outcomes)
    assert 0 < drawn <= 60
    assert len(list(outcomes)) == 199


@pytest.mark.parametrize("workers", [0, 2])
def test_scenarios_may_be_built_in_the_worker(fake: Any, workers: int) -> None:
    names = [f"point {number}" for number in range(5)]
    plan = list(plan_runs(names, 2, 1))
    worlds = fake.PointByPoint()
    outcomes = list(run_batch(plan, Job(worlds, 0.1, fake.run, fake.run_together), workers=workers))
    assert {outcome.run.run_id for outcome in outcomes} == {run.run_id for run in plan}
    assert all(isinstance(outcome, Finished) for outcome in outcomes)


@pytest.mark.parametrize("workers", [0, 1])
def test_only_what_is_wanted_of_a_record_is_sent_back(fake: Any, workers: int) -> None:
    plan = list(plan_runs(["plan"], 2, 1))
    worlds = {"plan": fake.World("plan")}
    whole = {one.run: one for one in run_batch(plan, Job(worlds, 0.1, fake.run), workers=0)}
    wanted = ("coverage", "turnover")
    cut = Job(worlds, 0.1, fake.run, indicators=wanted, years=(2018, 2020))
    for some in run_batch(plan, cut, workers=workers):
        other = whole[some.run]
        assert isinstance(some, Finished) and isinstance(other, Finished)
        assert some.indicators == wanted
        assert [quarter.year for quarter in some.quarters] == [2018] * 4 + [2020] * 4
        rows = [*range(4), *range(8, 12)]
        assert (some.values == other.values[rows][:, [3, 0]]).all()


def test_an_indicator_that_no_record_has_is_a_failure(fake: Any) -> None:
    job = Job({"plan": fake.World("plan")}, 0.1, fake.run, indicators=("turnovr",))
    (failed,) = run_batch(list(plan_runs(["plan"], 1, 1)), job, workers=0)
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.message) == ("malformed", "the record has no indicator 'turnovr'")


@pytest.mark.parametrize("workers", [0, 2])
def test_runs_made_together_are_those_made_alone(fake: Any, workers: int) -> None:
    plan = list(plan_runs(["plan", "none"], 3, 1))
    worlds = {name: fake.World(name) for name in ("plan", "none")}
    alone, together = (
        {outcome.run.run_id: outcome for outcome in run_batch(plan, job, workers=workers)}
        for job in (Job(worlds, 0.1, fake.run), Job(worlds, 0.1, fake.run, fake.run_together))
    )
    assert alone.keys() == together.keys() == {run.run_id for run in plan}
    for run_id, outcome in alone.items():
        other = together[run_id]
        assert isinstance(outcome, Finished) and isinstance(other, Finished)
        assert (outcome.values == other.values).all()


def test_what_fails_together_is_made_alone(fake: Any) -> None:
    plan = list(plan_runs(["plan", "none"], 2, 1))
    worlds = {name: fake.World(name) for name in ("plan", "none")}
    outcomes = list(run_batch(plan, Job(worlds, 0.1, fake.run, fake.fail_together), workers=0))
    assert all(isinstance(outcome, Finished) for outcome in outcomes) and len(outcomes) == 4


@pytest.mark.parametrize(
    ("together", "lengths"),
    [(LONGEST_SHARED_CHUNK, [30, 30, 30, 10]), (70, [70, 30]), (300, [100])],
)
def test_so_many_runs_of_a_future_travel_together_as_are_asked(
    fake: Any, monkeypatch: pytest.MonkeyPatch, together: int, lengths: list[int]
) -> None:
    seen: list[int] = []

    class Seen:
        """Takes chunks instead of a pool, and makes nothing."""

        number = 2

        def __init__(self, *given: object) -> None:
            pass

        def run(self, chunks: Iterator[Any]) -> Iterator[Any]:
            seen.extend(len(chunk.runs) for chunk in chunks)
            return iter(())

        def stop(self) -> None:
            pass

    monkeypatch.setattr(runner, "Pool", Seen)
    monkeypatch.setattr(runner, "Workers", Seen)
    worlds = [f"world-{number}" for number in range(100)]
    plan = list(plan_runs(worlds, 3, 1))
    assert list(run_batch(plan, Job({}, 0.1, fake.run), workers=2, together=together)) == []
    assert seen == lengths * 3
