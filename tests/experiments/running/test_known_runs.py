from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.experiments.planning.plan_of_runs import plan_runs
from shaanxi_transfer.experiments.planning.runs import Failed, Finished, Job
from shaanxi_transfer.experiments.running.known_runs import RunsOfOneScenario


class Scenario:
    def __init__(self, digits: str) -> None:
        self.hash = digits


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def executor(made: list[str]) -> RunsOfOneScenario:
    def make(plan: Any, job: Any, **_: Any) -> Iterator[Any]:
        for run in plan:
            made.append(run.run_id)
            if run.future == 1:
                yield Failed(run, "exception", "made to fail")
            else:
                yield Finished(run, ("a",), (), np.full((1, 1), len(made)))

    return RunsOfOneScenario(make)


def asked(
    executor: RunsOfOneScenario, world: str, base: Any, indicators: Any = None, **how: Any
) -> list[str]:
    job = Job({}, 0.1, None, None, indicators=indicators)  # type: ignore[arg-type]
    plan = list(plan_runs([world, "base"], 3, 7))
    outcomes = list(executor.remembering("base", base, **how)(plan, job))
    assert {outcome.run for outcome in outcomes} == {*plan} and len(outcomes) == len(plan)
    return [str(outcome.run.run_id) for outcome in outcomes]


def test_the_base_of_one_question_after_the_other_is_run_once_and_what_failed_again(
    executor: RunsOfOneScenario, made: list[str]
) -> None:
    base = Scenario("b")
    asked(executor, "one", base)
    assert len(made) == 6
    asked(executor, "two", base)
    assert made[6:] == ["two-000000", "two-000001", "base-000001", "two-000002"]


@pytest.mark.parametrize(
    "another", [{"base": Scenario("c")}, {"indicators": ("a",)}, {"without": ("luck",)}], ids=str
)
def test_another_base_record_or_luck_is_run_anew(
    executor: RunsOfOneScenario, made: list[str], another: dict[str, Any]
) -> None:
    asked(executor, "one", Scenario("b"))
    asked(executor, "two", **{"base": Scenario("b"), **another})
    assert len(made) == 12
