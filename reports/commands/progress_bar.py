"""How far a batch has come: a bar on a terminal, one JSON line at a time elsewhere."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from ...experiments.running.progress import Progress

SECONDS_BETWEEN_LINES: Final = 5.0
"""A log is read afterwards: a line now and then is enough, besides one for each new stage."""

COMPILING: Final = "compiling the rules, once; later runs load them"
LOADING: Final = "loading the compiled rules"
STAGES: Final = {
    "run": "running",
    "wait": "waiting for runs that another process makes",
    "tables": "writing tables",
}


def doing(progress: Progress) -> str:
    """Say what a stage does; rules that were compiled before are only loaded."""
    if progress.stage == "compile":
        return LOADING if progress.done == progress.total else COMPILING
    return STAGES.get(progress.stage, progress.stage)


class Pace:
    """Runs per second since the first run began: compiling, and runs found on disk, do not count."""

    def __init__(self) -> None:
        self._began: tuple[int, float] | None = None

    def of(self, progress: Progress) -> float | None:
        """Give runs per second, or None as long as no run has ended."""
        if progress.stage != "run":
            return None
        if self._began is None:
            self._began = (progress.done, progress.seconds)
        runs, seconds = progress.done - self._began[0], progress.seconds - self._began[1]
        return runs / seconds if runs > 0 and seconds > 0 else None


def open_progress(stream: TextIO | None = None) -> ProgressBar | ProgressLines:
    """Give what suits the stream: a bar for a terminal, JSON lines for anything else.

    Parameters
    ----------
    stream : text stream, optional
        Standard error by default, so that standard output holds results alone.

    Returns
    -------
    ProgressBar or ProgressLines
        A context manager; inside, call it with each ``experiments.running.progress.Progress``.
    """
    stream = sys.stderr if stream is None else stream
    return ProgressBar(stream) if stream.isatty() else ProgressLines(stream)


class ProgressLines:
    """Write one JSON object a line: stage, runs done, total, failed, seconds, rate, seconds left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._written = -SECONDS_BETWEEN_LINES
        self._pace = Pace()

    def __enter__(self) -> Self:
        """Begin; nothing is written yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; every line is already out."""

    def __call__(self, progress: Progress) -> None:
        """Write a line if the stage is new, the last run is done, or some seconds went by; a note at once."""
        if progress.note:
            self._write({"note": progress.note})
            return
        rate = self._pace.of(progress)
        now = time.monotonic()
        ended = progress.stage == "run" and progress.done == progress.total
        if progress.stage == self._stage and not ended and now - self._written < SECONDS_BETWEEN_LINES:
            return
        self._stage, self._written = progress.stage, now
        line: dict[str, object] = {
            "stage": progress.stage,
            "doing": doing(progress),
            "done": progress.done,
            "total": progress.total,
            "failed": progress.failed,
            "seconds": round(progress.seconds, 1),
        }
        if rate is not None:
            line["runs_per_second"] = round(rate, 2)
            line["seconds_left"] = round((progress.total - progress.done) / rate, 1)
        self._write(line)

    def _write(self, line: dict[str, object]) -> None:
        with suppress(BrokenPipeError):  # whoever looked on has gone; the batch goes on
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._stream.flush()


class ProgressBar:
    """Draw one bar with runs done, rate, time gone and time left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._pace = Pace()

    def __enter__(self) -> Self:
        """Get ready; the bar appears with the first news, so that a refusal stands alone."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failed]}", style="red"),
            console=Console(file=self._stream),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bar as it stands, also when the batch was stopped."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Move the bar."""
        if self._bar is None:
            return
        if progress.note:
            self._bar.console.print(progress.note, markup=False, highlight=False, soft_wrap=True)
            return
        pace = self._pace.of(progress)
        rate = "" if pace is None else f"{pace:.1f}/s"
        failed = f"{progress.failed} failed" if progress.failed else ""
        said = doing(progress)
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task(said, total=progress.total, rate=rate, failed=failed)
        self._bar.update(
            self._task,
            description=said,
            completed=progress.done,
            total=progress.total,
            rate=rate,
            failed=failed,
        )
