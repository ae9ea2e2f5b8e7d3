"""Runs whose outcome is known already are not made again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Finished, Job, Outcome

if TYPE_CHECKING:
    from ...scenarios import Scenario

Executor = Callable[..., Iterator[Outcome]]

__all__ = ["RunsOfOneScenario", "with_known"]


def with_known(
    plan: Iterable[PlannedRun],
    known: Mapping[PlannedRun, Finished],
    make: Callable[[Iterator[PlannedRun]], Iterator[Outcome]],
) -> Iterator[Outcome]:
    """Yield what is known of a plan, and what is made of the rest, which is drawn as it is needed."""
    there: list[Outcome] = []

    def unknown() -> Iterator[PlannedRun]:
        for run in plan:
            if (outcome := known.get(run)) is None:
                yield run
            else:
                there.append(outcome)

    for outcome in make(unknown()):
        while there:
            yield there.pop(0)
        yield outcome
    yield from there


class RunsOfOneScenario:
    """An executor that makes no run of one scenario twice: of what question after question is held against.

    A run takes some hundred kilobytes; those of another scenario are made as ever.

    Parameters
    ----------
    executor : callable
        Makes what is not known; a `runner.RunBatch`.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._of: object = None
        self._known: dict[PlannedRun, Finished] = {}

    def remembering(self, name: str, scenario: Scenario, without: Collection[str] = ()) -> Executor:
        """Give the executor that remembers the runs of this scenario, and forgets those of any other.

        Without luck of their own runs are others, of which the scenario does not tell: none is remembered.
        """
        if "luck" in without:
            return self._executor

        def make(
            plan: Iterable[PlannedRun], job: Job, *, workers: int | None = None, time_limit: float = 600.0
        ) -> Iterator[Outcome]:
            if (of := (name, scenario.hash, job.indicators, job.years)) != self._of:
                self._of, self._known = of, {}
            how: dict[str, Any] = {"workers": workers, "time_limit": time_limit}
            for outcome in with_known(plan, self._known, lambda left: self._executor(left, job, **how)):
                if isinstance(outcome, Finished) and outcome.run.scenario == name:
                    self._known[outcome.run] = outcome
                yield outcome

        return make
