"""How far a batch has come, reported while it goes on."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ...engine.compiling import compiling_told
from ..keeping.ended_runs import Settled
from ..planning.plan_of_runs import PlannedRun
from ..planning.runs import Finished, Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has come; handed to the caller's ``progress`` function.

    Attributes
    ----------
    stage : str
        ``compile``, ``run``, ``wait`` (for runs that another process makes) or ``tables``.
    done : int
        Runs that ended, failed ones included; in the stage ``compile``, rules that are ready.
    total : int
        Runs of the batch; in the stage ``compile``, rules of the model.
    failed : int
        Runs that failed.
    seconds : float
        Since the batch began.
    note : str
        A sentence that the user should read, for example that a damaged part was put aside.
    """

    stage: str
    done: int
    total: int
    failed: int
    seconds: float
    note: str = ""


ProgressFunction = Callable[[Progress], None]


class Ticker:
    """Count outcomes and call the caller's progress function after each run and at each new stage.

    Without one, only what the user should read is said, as a warning. ``done`` and ``failed`` include runs
    that were there before, ``made`` only what ended in this process.
    """

    def __init__(self, report: ProgressFunction | None, total: int) -> None:
        self._report = report
        self._began = time.monotonic()
        self._running = self._began
        self.total = total
        self.done = 0
        self.failed = 0
        self.made = 0

    @property
    def seconds(self) -> float:
        """Seconds since the batch began."""
        return time.monotonic() - self._began

    def see(self, plan: Iterable[PlannedRun], settled: Settled) -> None:
        """Count what the store holds of a plan, whoever made it."""
        failed = {one.run.run_id for one in settled.failures()}
        there = [run.run_id for run in plan if run.run_id in settled]
        self.done, self.failed = len(there), len(failed.intersection(there))

    def stage(self, stage: str, note: str = "") -> None:
        """Report that a stage begins, or something worth a sentence."""
        if stage == "run" and not self.made:
            self._running = time.monotonic()
        if self._report is not None:
            self._report(Progress(stage, self.done, self.total, self.failed, self.seconds, note))
        elif note:
            warnings.warn(note, stacklevel=2)

    def compile(self, warm: Callable[[], object]) -> None:
        """Have the rules compiled, or loaded, and tell how many are ready after each that was compiled."""

        def tell(ready: int, rules: int) -> None:
            if self._report is not None:
                self._report(Progress("compile", ready, rules, 0, self.seconds))

        with compiling_told(tell):
            warm()

    def count(self, outcome: Outcome) -> None:
        """Count one run and report it."""
        self.done += 1
        self.made += 1
        self.failed += not isinstance(outcome, Finished)
        self.stage("run")

    def as_dict(self) -> dict[str, Any]:
        """Give what this process reports in its beat; see `claims.Claims`."""
        return {"made": self.made, "seconds": round(time.monotonic() - self._running, 1)}
