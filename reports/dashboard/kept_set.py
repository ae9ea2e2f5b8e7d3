"""One set of kept futures at work: a thread that answers one question after the other from it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ...engine.errors import RunError, TransferError

if TYPE_CHECKING:
    from ...experiments.running.progress import Progress
    from ..tables.experiment_folder import Results
    from .answers import Answer, Key, Limits

__all__ = ["KeptSet"]


class AtDesk(Protocol):
    """What a set of kept futures asks of the desk at which it works; see `desk.Desk`."""

    folder: Path
    limits: Limits
    changed: threading.Condition
    keep: Callable[..., Any]
    read: Callable[[Path], Results]

    def next_of(self, key: Key) -> Answer | None:
        """Give what is to be answered next."""

    def told(self, answer: Answer, **news: Any) -> None:
        """Take down what is new of an answer."""

    def room(self) -> int | None:
        """Give the bytes that are left for kept futures."""


class _Left(Exception):
    """What is being made is not wanted any more, or something else goes first."""


class KeptSet(threading.Thread):
    """Answers from one set of kept futures, which it lives when it is first asked.

    Parameters
    ----------
    desk : AtDesk
        Whose questions are answered.
    key : Key
        What the futures are kept for.
    before : KeptSet, optional
        One that makes room, whose end is waited for.
    """

    def __init__(self, desk: AtDesk, key: Key, before: KeptSet | None = None) -> None:
        super().__init__(name=f"kept futures of {key.province}", daemon=True)
        self._desk, self._key = desk, key
        self._before = before
        self._kept: Any = None
        self._stopped = False

    @property
    def nbytes(self) -> int:
        """Bytes that the futures take."""
        return 0 if self._kept is None else int(self._kept.nbytes)

    def stop(self) -> None:
        """Let it end as soon as it can, and free its processes."""
        with self._desk.changed:
            self._stopped = True
            self._desk.changed.notify_all()

    def run(self) -> None:
        """Answer until it is stopped."""
        if self._before is not None:
            self._before.join()
            self._before = None
        try:
            while (answer := self._next()) is not None:
                self._advance(answer)
        finally:
            if self._kept is not None:
                self._kept.close()

    def _next(self) -> Answer | None:
        with self._desk.changed:
            while not self._stopped:
                if (answer := self._desk.next_of(self._key)) is not None:
                    return answer
                self._desk.changed.wait()
        return None

    def _advance(self, answer: Answer) -> None:
        """Bring an answer to its next stage."""
        stage = next(one for one in self._desk.limits.stages if one > answer.futures)
        try:
            self._live(answer, stage)
            folder = self._folder(answer, stage)
            worlds = len({answer.world.name, answer.base.name})

            def tell(progress: Progress) -> None:
                self._desk.told(answer, made=max(answer.futures, progress.done // worlds))
                self._check(answer)

            self._kept.forecast(answer.world, against=answer.base, runs=stage, out=folder, progress=tell)
            results = self._desk.read(folder)
        except _Left:
            return
        except TransferError as error:
            self._desk.told(answer, problem=error)
        except Exception as error:  # a defect: the page says so, and others are answered all the same
            logging.getLogger(__name__).exception("an answer could not be made")
            self._desk.told(answer, problem=RunError(f"{type(error).__name__}: {error}"))
        else:
            seconds = answer.seconds
            if seconds is None:
                seconds = time.monotonic() - answer.asked_at
            self._desk.told(answer, futures=stage, made=stage, results=results, seconds=seconds)

    def _live(self, answer: Answer, stage: int) -> None:
        """Have so many futures kept: the first ones whoever asks, further ones while they are wanted."""

        def tell(progress: Progress) -> None:
            self._desk.told(answer, lived=progress.done)
            if self._stopped:
                raise _Left

        def tell_of_more(progress: Progress) -> None:
            tell(progress)
            self._check(answer)

        if self._kept is None:
            key, limits = self._key, self._desk.limits
            self._kept = self._desk.keep(
                key.province,
                belief=key.belief,
                seed=key.seed,
                runs=stage,
                scale=limits.scale,
                workers=limits.workers,
                memory=self._desk.room(),
                progress=tell,
            )
        self._kept.grow(stage, progress=tell_of_more)

    def _folder(self, answer: Answer, stage: int) -> Path:
        """Give the folder of a stage, which begins with what the stage before made.

        A stage that is finished is read while the next one is made, so that each has a folder of its own.
        Files are replaced, never written into, so that one file may have a name in both.
        """
        above = self._desk.folder / answer.name
        folder, before = above / f"{stage}", above / f"{answer.futures}"
        if before.is_dir() and not folder.exists():
            shutil.copytree(before, folder, copy_function=_linked)
        return folder

    def _check(self, answer: Answer) -> None:
        """Leave what nobody waits for, and sharpening while somebody waits for a first answer."""
        with self._desk.changed:
            first = self._desk.next_of(self._key)
            urgent = first is not None and first is not answer and first.futures < answer.futures
            if self._stopped or not answer.askers or urgent:
                raise _Left


def _linked(file: str, name: str) -> None:
    """Give a file a further name, or copy it where the system has no such names."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)
