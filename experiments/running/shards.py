"""What is left of a batch that several jobs share, each with its own `plan_of_runs.Shard`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...engine.errors import TransferError
from ..keeping.ended_runs import Settled
from ..keeping.store import Store
from ..planning.plan_of_runs import PlannedRun

_SHOWN: Final = 3


class Unfinished(TransferError):
    """One share is done, but runs of other shares are still missing, so there are no tables yet.

    Attributes
    ----------
    folder : Path
        The experiment's folder.
    missing : list of str
        run_id of what no share has made yet, in the order of the plan.
    planned : int
        Runs of the whole batch.
    failed : int
        Runs of this share that failed.
    """

    def __init__(self, folder: Path, missing: Sequence[str], planned: int, failed: int) -> None:
        self.folder = folder
        self.missing = list(missing)
        self.planned = planned
        self.failed = failed
        super().__init__(
            f"{len(missing)} of {planned} runs are still missing in {str(folder)!r}, {self.examples}; "
            "whichever share ends last writes the tables"
        )

    @property
    def examples(self) -> str:
        """Name the first missing runs."""
        more = ", ..." if len(self.missing) > _SHOWN else ""
        return ", ".join(self.missing[:_SHOWN]) + more


def missing_runs(store: Store, plan: Sequence[PlannedRun]) -> list[str]:
    """Give the run_id of every planned run that has neither ended well nor failed, in the plan's order."""
    settled = Settled(store)
    ended = settled.finished | {failed.run.run_id for failed in settled.failures()}
    return [run.run_id for run in plan if run.run_id not in ended]
