"""The plan of a batch: which future is run in which scenario, in which order.

A future is one draw of everything that the plan does not decide: the behavioural
parameters, the paths of the outside world, and luck. Every scenario meets the same
futures, so that two scenarios are compared future by future.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from ...engine.errors import InputError
from ...engine.luck import SEED_MASK, key_of

_SHARE: Final = re.compile(r"(?P<number>\d{1,6})/(?P<of>\d{1,6})")


class PlannedRun(NamedTuple):
    """One run of a batch.

    Attributes
    ----------
    run_id : str
        Unique over scenarios, for example ``action_plan-000012``.
    scenario : str
        Name of the scenario.
    future : int
        Number of the future, counted from 0; the key that pairs scenarios.
    seed : int
        The future's seed, the same in every scenario; fits a signed 64-bit column.
    """

    run_id: str
    scenario: str
    future: int
    seed: int


def future_seed(base_seed: int, future: int) -> int:
    """Give the seed of one future.

    Parameters
    ----------
    base_seed : int
        The seed that the user gave for the batch.
    future : int
        Number of the future, counted from 0.

    Returns
    -------
    int
        From 0 to 2**63 - 1. Future 7 has the same seed whether 10 or 10,000 are run.

    Examples
    --------
    >>> future_seed(1, 0) == future_seed(1, 0) != future_seed(1, 1)
    True
    """
    return key_of("future", base_seed, future) & SEED_MASK


def run_name(scenario: str, future: int) -> str:
    """Name a run.

    Examples
    --------
    >>> run_name("action_plan", 12)
    'action_plan-000012'
    """
    return f"{scenario}-{future:06d}"


def plan_runs(scenarios: Sequence[str], runs: int, base_seed: int) -> Iterator[PlannedRun]:
    """List the runs of a batch, future by future.

    The scenarios of one future stand next to each other, so that a batch which is
    stopped early holds (nearly) the same futures in every scenario.

    Parameters
    ----------
    scenarios : sequence of str
        Names of the scenarios, all different.
    runs : int
        Number of futures; each is run in every scenario.
    base_seed : int
        The seed of the batch.

    Yields
    ------
    PlannedRun
    """
    for future in range(runs):
        seed = future_seed(base_seed, future)
        for scenario in scenarios:
            yield PlannedRun(run_name(scenario, future), scenario, future, seed)


@dataclass(frozen=True, slots=True)
class Shard:
    """Share ``number`` of ``of``: every ``of``-th future, so that each share meets all scenarios.

    Attributes
    ----------
    number : int
        From 1 to ``of``.
    of : int
        Number of shares.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2/4``.

        Raises
        ------
        InputError
            If it is no share.

        Examples
        --------
        >>> Shard.parse("2/4")
        Shard(number=2, of=4)
        """
        match = _SHARE.fullmatch(text.strip())
        number, of = (int(match["number"]), int(match["of"])) if match else (0, 0)
        if not 1 <= number <= of:
            raise InputError(
                f"{text!r} is no share of a batch",
                key="shard",
                allowed="i/n with i from 1 to n, for example 1/4",
                suggestion=f"1/{of}" if number == 0 < of else f"{of}/{of}" if of else None,
            )
        return cls(number, of)

    def check(self, futures: int) -> Self:
        """Refuse more shares than futures: some would have nothing to do.

        Raises
        ------
        InputError
            If there are.
        """
        if self.of > futures:
            raise InputError(
                f"{futures} futures cannot be shared among {self.of}",
                key="shard",
                allowed=f"i/n with n up to {futures}",
            )
        return self

    def of_plan(self, plan: Sequence[PlannedRun]) -> list[PlannedRun]:
        """Give the runs of this share: future 0 belongs to share 1, future 1 to share 2, and round again."""
        return [run for run in plan if run.future % self.of == self.number - 1]
