"""What comes out of a batch goes to the disk: often enough to lose little, seldom enough to cost little."""

from __future__ import annotations

import time
from typing import Final

from ..keeping.store import Store
from ..planning.runs import Failed, Finished, Outcome
from .blocks import Blocks
from .stopping import Kept, StoppingPolitely

RUNS_PER_PART: Final = 100
"""A part of a hundred runs holds about half a million rows and 4 megabytes."""

SECONDS_PER_PART: Final = 30.0
"""A part is written after this time at the latest: so much work a power cut may cost."""

SECONDS_TO_FIRST_PART: Final = 3.0
"""The first part comes after this time, each further one after twice the time of the one before: who stops a
batch early has something to go on with."""


class Recorder:
    """Holds outcomes until they make a part, then stores them and gives up their claims.

    ``blocks`` knows which of them are still this process's own; ``signals`` are kept away while files are
    written.
    """

    def __init__(self, store: Store, blocks: Blocks, signals: StoppingPolitely) -> None:
        self._store = store
        self._blocks = blocks
        self._signals = signals
        self._held: list[Outcome] = []
        self._since = time.monotonic()
        self._patience = SECONDS_TO_FIRST_PART
        signals.account = self._kept

    def _kept(self) -> Kept:
        return Kept(*self._blocks.ended(), self._store.folder)

    def add(self, outcome: Outcome) -> None:
        """Take one outcome; store what is held if it is enough, or has waited long enough."""
        self._held.append(outcome)
        if len(self._held) >= RUNS_PER_PART or time.monotonic() - self._since >= self._patience:
            self._patience = min(2 * self._patience, SECONDS_PER_PART)
            self.write()

    def write(self) -> None:
        """Store what is held."""
        with self._signals.shelter():
            held, self._held = self._held, []
            self._since = time.monotonic()
            # a run whose claim has passed on while this process stood still is another's to store
            still_ours = self._blocks.still_ours(outcome.run.run_id for outcome in held)
            ours = [outcome for outcome in held if outcome.run.run_id in still_ours]
            self._store.add([outcome for outcome in ours if isinstance(outcome, Finished)])
            self._store.add_failed([outcome for outcome in ours if isinstance(outcome, Failed)])
            self._blocks.stored(outcome.run.run_id for outcome in held)
