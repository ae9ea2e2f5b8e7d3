"""The runs of a plan that this process has to make: block by block, each claimed when it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .claims import Claims
from .futures import PlannedRun
from .runner import chunks_of
from .settled import Settled

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

    The blocks follow from the plan alone, so that every process that works on it cuts
    it in the same way.

    Parameters
    ----------
    plan : sequence of PlannedRun
        All runs of the experiment.
    settled : Settled
        Which of them need not be made.
    claims : Claims
        Of this process.

    Attributes
    ----------
    withheld : bool
        Whether, in the last pass, another process held a block with runs to be made.
    """

    def __init__(self, plan: Sequence[PlannedRun], settled: Settled, claims: Claims) -> None:
        self._plan = plan
        self._settled = settled
        self._claims = claims
        self._block_of: dict[str, int] = {}
        self._under_way: dict[int, int] = {}
        self.withheld = False

    def __length_hint__(self) -> int:
        """Give the number of runs that are left, for whoever chooses the length of chunks."""
        return sum(run.run_id not in self._settled for run in self._plan)

    def __iter__(self) -> Iterator[PlannedRun]:
        """Draw the runs that are left and can be claimed."""
        self.withheld = False
        for number, block in enumerate(chunks_of(self._plan, block_length(len(self._plan)))):
            if not self._left(block):
                continue
            if not self._claims.take(number):
                self.withheld = True
                continue
            self._settled.look()  # what its last holder stored before the claim became free
            left = self._left(block)
            if not left:
                self._claims.release(number)
                continue
            self._under_way[number] = len(left)
            self._block_of.update((run.run_id, number) for run in left)
            yield from left

    def _left(self, block: Iterable[PlannedRun]) -> list[PlannedRun]:
        return [run for run in block if run.run_id not in self._settled]

    def ours(self, run_id: str) -> bool:
        """Whether a run that this process has made is still its own to store."""
        return self._claims.holds(self._block_of[run_id])

    def stored(self, run_ids: Iterable[str]) -> None:
        """Give up the claim on each block whose last run has been stored."""
        for run_id in run_ids:
            number = self._block_of.pop(run_id)
            self._under_way[number] -= 1
            if not self._under_way[number]:
                del self._under_way[number]
                self._claims.release(number)
