"""One share of a batch, for arrays of jobs that work into one folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from ...engine.errors import InputError, TransferError
from ..keeping.ended_runs import Settled
from ..keeping.store import Store
from ..planning.plan_of_runs import PlannedRun

_FORM: Final = re.compile(r"(?P<number>\d{1,6})/(?P<of>\d{1,6})")
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


@dataclass(frozen=True, slots=True)
class Shard:
    """Share ``number``, from 1, of ``of``: every ``of``-th future, so that each share meets all scenarios."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2/4``.

        Examples
        --------
        >>> Shard.parse("2/4")
        Shard(number=2, of=4)
        """
        match = _FORM.fullmatch(text.strip())
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
        """Refuse more shares than futures: some would have nothing to do."""
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


def missing_runs(store: Store, plan: Sequence[PlannedRun]) -> list[str]:
    """Give the run_id of every planned run that has neither ended well nor failed, in the plan's order."""
    settled = Settled(store)
    ended = settled.finished | {failed.run.run_id for failed in settled.failures()}
    return [run.run_id for run in plan if run.run_id not in ended]
