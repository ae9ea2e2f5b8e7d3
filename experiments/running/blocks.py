"""The runs of a plan that this process has to make: block by block, each claimed when it is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from operator import length_hint
from typing import Final

from ..keeping.ended_runs import Settled
from ..planning.plan_of_runs import PlannedRun
from .claims import Claims
from .runner import chunks_of

_LONGEST_BLOCK: Final = 20
_BLOCKS_OF_A_BATCH: Final = 32


def block_length(runs: int) -> int:
    """Choose how many runs are claimed together: long blocks cost fewer files, short ones share better.

    Examples
    --------
    >>> block_length(10_000), block_length(200), block_length(3)
    (20, 6, 1)
    """
    return max(1, min(_LONGEST_BLOCK, runs // _BLOCKS_OF_A_BATCH))


class Blocks:
    """Draws runs from a plan, and claims them block by block.

    The blocks and their names follow from the plan alone, so that every process that works on it cuts it in
    the same way; processes with different plans (shares of one) do not meet.
    """

    def __init__(self, plan: Sequence[PlannedRun], settled: Settled, claims: Claims) -> None:
        self._plan = plan
        self._settled = settled
        self._claims = claims
        self._block_of: dict[str, str] = {}
        self._under_way: dict[str, int] = {}

    def __length_hint__(self) -> int:
        """Give the number of runs that are left, for whoever chooses the length of chunks."""
        return sum(run.run_id not in self._settled for run in self._plan)

    def __iter__(self) -> Iterator[PlannedRun]:
        """Draw the runs that are left and can be claimed."""
        for block in self._cut():
            name = _name(block)
            if not self._left(block) or not self._claims.take(name):
                continue
            self._settled.look()  # what its last holder stored before the claim became free
            left = self._left(block)
            if not left:
                self._claims.release(name)
                continue
            self._under_way[name] = len(left)
            self._block_of.update((run.run_id, name) for run in left)
            yield from left

    def ended(self) -> tuple[int, int]:
        """Count the runs of the plan that have ended and are stored, and all its runs."""
        return len(self._plan) - length_hint(self), len(self._plan)

    def names(self) -> Iterator[str]:
        """Name every block of the plan."""
        return map(_name, self._cut())

    def _cut(self) -> Iterator[tuple[PlannedRun, ...]]:
        return chunks_of(self._plan, block_length(len(self._plan)))

    def _left(self, block: Iterable[PlannedRun]) -> list[PlannedRun]:
        return [run for run in block if run.run_id not in self._settled]

    def still_ours(self, run_ids: Iterable[str]) -> set[str]:
        """Give those runs that this process has made and may store: their claims have not passed on."""
        made = {run_id: self._block_of[run_id] for run_id in run_ids}
        held = {name for name in set(made.values()) if self._claims.holds(name)}
        return {run_id for run_id, name in made.items() if name in held}

    def stored(self, run_ids: Iterable[str]) -> None:
        """Give up the claim on each block whose last run has been stored."""
        for run_id in run_ids:
            name = self._block_of.pop(run_id)
            self._under_way[name] -= 1
            if not self._under_way[name]:
                del self._under_way[name]
                self._claims.release(name)


def _name(block: Sequence[PlannedRun]) -> str:
    return hashlib.sha256(f"{block[0].run_id} {len(block)}".encode()).hexdigest()[:16]
