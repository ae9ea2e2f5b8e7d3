"""Which runs of a batch need not be made any more, as the store knows it, whoever made them."""

from __future__ import annotations

from pathlib import Path

from ..planning.runs import Failed
from .parquet_parts import runs_in
from .store import TRIED_AGAIN, Store, read_failed


class Settled:
    """Runs that ended, well or badly; looks at each file of the store once.

    The store's parts are whole; see `integrity.mend`. With ``again`` every run is tried again that failed
    before, otherwise only those that failed by the machine's fault (`store.TRIED_AGAIN`). ``finished`` has
    the run_id of those that ended well; ``twice`` says whether a run was seen in two parts.
    """

    def __init__(self, store: Store, again: bool = False) -> None:
        self._store = store
        self._seen: set[Path] = set()
        self._failed: dict[str, Failed] = {}
        self._tried_again: set[str] = set()
        self.finished: set[str] = set()
        self.twice = False
        self.look()
        self._tried_again = {
            name for name, failed in self._failed.items() if again or failed.kind in TRIED_AGAIN
        }

    def __contains__(self, run_id: str) -> bool:
        """Whether a run need not be made."""
        return run_id in self.finished or (run_id in self._failed and run_id not in self._tried_again)

    def look(self) -> None:
        """Take in what was written since the last look, by this process or another."""
        for part in self._store.parts():
            if part in self._seen:
                continue
            try:
                runs = runs_in(part)
            except FileNotFoundError:  # another process put it aside, or wrote it anew, meanwhile
                continue
            self._seen.add(part)
            self.twice = self.twice or not self.finished.isdisjoint(runs)
            self.finished |= runs
        for file in self._store.failed_files():
            if file not in self._seen:
                self._seen.add(file)
                for failed in read_failed(file):
                    self._failed[failed.run.run_id] = failed
                    self._tried_again.discard(failed.run.run_id)

    def failures(self) -> list[Failed]:
        """List the runs whose last trial failed, in the order of their names."""
        return [self._failed[name] for name in sorted(self._failed) if name not in self.finished]
