"""How far a batch has come: a bar on a terminal, a plain or a JSON line at a time elsewhere."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

from ...engine.errors import check_choice
from ..words.of_estimates import time_words
from ..words.phrases import Language, say
from ..words.translated import translated
from .options import JSON, TEXT

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from ...experiments.running.progress import Progress

NOTEBOOK: Final = "JPY_PARENT_PID"
"""Variable that Jupyter sets for its kernels, and so for every command that a cell of a notebook starts."""

SECONDS_BETWEEN_LINES: Final = 5.0
"""A log is read afterwards: a line now and then is enough, besides one for each new stage."""

ENOUGH_RUNS: Final = 2
"""From which on a pace is told: the first runs of worker processes end together, or late."""


def doing(progress: Progress, language: Language = "en") -> str:
    """Say what a stage does."""
    return say(f"progress.stage_{progress.stage}", language)


class Pace:
    """Runs per second since the first run ended: before, rules are compiled and worker processes start."""

    def __init__(self) -> None:
        self._there: int | None = None
        self._began: tuple[int, float] | None = None

    def of(self, progress: Progress) -> float | None:
        """Give runs per second, or None as long as hardly any run has ended."""
        if progress.stage != "run":
            return None
        if self._there is None:
            self._there = progress.done
        if self._began is None:
            if progress.done > self._there:
                self._began = (progress.done, progress.seconds)
            return None
        runs, seconds = progress.done - self._began[0], progress.seconds - self._began[1]
        enough = runs >= ENOUGH_RUNS or progress.done == progress.total
        return runs / seconds if runs > 0 and enough and seconds > 0 else None


def _left(progress: Progress, pace: float | None, language: Language) -> str:
    """Say how much time is left, or nothing as long as it is not known."""
    if pace is None or progress.done >= progress.total:
        return ""
    left = time_words((progress.total - progress.done) / pace, language)
    return say("progress.time_left", language, time=left)


def open_progress(
    language: Language = "en", log: str = TEXT, stream: TextIO | None = None
) -> ProgressBar | ProgressLines:
    """Give what suits the stream: a bar for a terminal, lines for anything else.

    A command in a cell of a notebook (``!shaanxi-transfer ...``) is handed something that calls itself a
    terminal and keeps what moves the bar as characters.

    Parameters
    ----------
    language : {'en', 'zh'}
        Of what is said; names of entries in JSON lines are the same in each.
    log : {'text', 'json'}
        Form of the lines.
    stream : text stream, optional
        Standard error by default, so that standard output holds results alone.

    Returns
    -------
    ProgressBar or ProgressLines
        A context manager; inside, call it with each ``experiments.running.progress.Progress``.
    """
    as_json = check_choice(log, "log", (TEXT, JSON)) == JSON
    stream = sys.stderr if stream is None else stream
    if stream.isatty() and NOTEBOOK not in os.environ and not as_json:
        return ProgressBar(stream, language)
    return ProgressLines(stream, language, as_json=as_json)


class ProgressLines:
    """Write one line at a time: stage, runs done, total, failed, rate, time left; plain or as JSON."""

    def __init__(self, stream: TextIO, language: Language = "en", *, as_json: bool = False) -> None:
        self._stream = stream
        self._language = language
        self._as_json = as_json
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
            note = translated(progress.note, self._language)
            self._write(json.dumps({"note": note}, ensure_ascii=False) if self._as_json else note)
            return
        rate = self._pace.of(progress)
        now = time.monotonic()
        ended = progress.stage == "run" and progress.done == progress.total
        if progress.stage == self._stage and not ended and now - self._written < SECONDS_BETWEEN_LINES:
            return
        self._stage, self._written = progress.stage, now
        self._write((self._json if self._as_json else self._plain)(progress, rate))

    def _plain(self, progress: Progress, rate: float | None) -> str:
        """Say in words how far the batch has come."""
        said = doing(progress, self._language)
        if progress.stage == "compile":
            told = {"done": progress.done, "total": progress.total}
            return say("progress.rules", self._language, doing=said, **told)
        if progress.stage != "run":
            return said
        parts = [say("progress.runs", self._language, doing=said, done=progress.done, total=progress.total)]
        if progress.failed:
            parts.append(say("progress.failed", self._language, count=progress.failed))
        if left := _left(progress, rate, self._language):
            parts.append(left)
        return say("amounts.comma", self._language).join(parts)

    def _json(self, progress: Progress, rate: float | None) -> str:
        """Give the same to a program, with numbers as they are."""
        line: dict[str, object] = {
            "stage": progress.stage,
            "doing": doing(progress, self._language),
            "done": progress.done,
            "total": progress.total,
            "failed": progress.failed,
            "seconds": round(progress.seconds, 1),
        }
        if rate is not None:
            line["runs_per_second"] = round(rate, 2)
            line["seconds_left"] = round((progress.total - progress.done) / rate, 1)
        return json.dumps(line, ensure_ascii=False)

    def _write(self, line: str) -> None:
        with suppress(BrokenPipeError):  # whoever looked on has gone; the batch goes on
            self._stream.write(f"{line}\n")
            self._stream.flush()


class ProgressBar:
    """Draw one bar with runs done, rate, time gone and time left."""

    def __init__(self, stream: TextIO, language: Language = "en") -> None:
        self._stream = stream
        self._language = language
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
        )

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
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
            note = translated(progress.note, self._language)
            self._bar.console.print(note, markup=False, highlight=False, soft_wrap=True)
            return
        pace = self._pace.of(progress)
        rate = "" if pace is None else f"{pace:.1f}/s"
        left = _left(progress, pace, self._language)
        failed = say("progress.failed", self._language, count=progress.failed) if progress.failed else ""
        said = doing(progress, self._language)
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task(said, total=progress.total, rate=rate, left=left, failed=failed)
        self._bar.update(
            self._task,
            description=said,
            completed=progress.done,
            total=progress.total,
            rate=rate,
            left=left,
            failed=failed,
        )
