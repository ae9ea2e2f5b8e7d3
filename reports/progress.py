"""How far a batch has come: a bar on a terminal, one JSON line at a time elsewhere."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from ..experiments.runner import Progress

SECONDS_BETWEEN_LINES: Final = 5.0
"""A log is read afterwards: a line now and then is enough, besides one for each new stage."""

COMPILING: Final = "compiling the rules, about 40 s, once; later runs load them"
STAGES: Final = {"compile": COMPILING, "run": "running", "tables": "writing tables"}


def open_progress(stream: TextIO | None = None) -> ProgressBar | ProgressLines:
    """Give what suits the stream: a bar for a terminal, JSON lines for anything else.

    Parameters
    ----------
    stream : text stream, optional
        Standard error by default, so that standard output holds results alone.

    Returns
    -------
    ProgressBar or ProgressLines
        A context manager; inside, call it with each ``experiments.runner.Progress``.
    """
    stream = sys.stderr if stream is None else stream
    return ProgressBar(stream) if stream.isatty() else ProgressLines(stream)


def say_once(stage: str, stream: TextIO | None = None) -> None:
    """Say what is done now, as a sentence on a terminal and as a JSON line elsewhere."""
    stream = sys.stderr if stream is None else stream
    doing = STAGES[stage]
    stream.write(doing + "\n" if stream.isatty() else json.dumps({"stage": stage, "doing": doing}) + "\n")
    stream.flush()


class ProgressLines:
    """Write one JSON object a line: stage, runs done, total, failed, seconds, rate, seconds left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._written = -SECONDS_BETWEEN_LINES

    def __enter__(self) -> Self:
        """Begin; nothing is written yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; every line is already out."""

    def __call__(self, progress: Progress) -> None:
        """Write a line if the stage is new, the last run is done, or some seconds went by."""
        now = time.monotonic()
        ended = progress.stage == "run" and progress.done == progress.total
        if progress.stage == self._stage and not ended and now - self._written < SECONDS_BETWEEN_LINES:
            return
        self._stage, self._written = progress.stage, now
        line: dict[str, object] = {
            "stage": progress.stage,
            "doing": STAGES.get(progress.stage, progress.stage),
            "done": progress.done,
            "total": progress.total,
            "failed": progress.failed,
            "seconds": round(progress.seconds, 1),
        }
        if progress.done and progress.seconds > 0:
            rate = progress.done / progress.seconds
            line["runs_per_second"] = round(rate, 2)
            line["seconds_left"] = round((progress.total - progress.done) / rate, 1)
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()


class ProgressBar:
    """Draw one bar with runs done, rate, time gone and time left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Show the bar."""
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
        self._bar.start()
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
        rate = f"{progress.done / progress.seconds:.1f}/s" if progress.done and progress.seconds else ""
        failed = f"{progress.failed} failed" if progress.failed else ""
        doing = STAGES.get(progress.stage, progress.stage)
        if self._task is None:
            self._task = self._bar.add_task(doing, total=progress.total, rate=rate, failed=failed)
        self._bar.update(
            self._task,
            description=doing,
            completed=progress.done,
            total=progress.total,
            rate=rate,
            failed=failed,
        )
