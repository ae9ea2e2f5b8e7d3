"""Processes that stay from one job to the next."""

from __future__ import annotations

from typing import Any

from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Finished, Job
from shaanxi_transfer.experiments.running.runner import run_batch
from shaanxi_transfer.experiments.running.staying_workers import StayingWorkers


def test_jobs_one_after_the_other_are_made_by_the_same_process(fake: Any) -> None:
    jobs = [Job({name: fake.World(name)}, 1.0, fake.run) for name in ("one", "two")]
    with StayingWorkers(1) as executor:
        for job in jobs:
            (name,) = job.scenarios
            plan = list(plan_runs([name], 3, 1))
            made = list(executor(plan, job))
            expected = list(run_batch(plan, job, workers=0))
            assert all(isinstance(outcome, Finished) for outcome in made)
            values = {one.run: one.values.tolist() for one in made if isinstance(one, Finished)}
            assert values == {one.run: one.values.tolist() for one in expected if isinstance(one, Finished)}
            processes = executor._processes
            if job is jobs[0]:
                before = processes
        assert processes is before is not None
    assert executor._processes is None
