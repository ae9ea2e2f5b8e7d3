"""Ctrl-C and SIGTERM end a batch between two files, never within one, and say how to go on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, NamedTuple, Self

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Kept(NamedTuple):
    """Runs of a batch that have ended and are stored in its folder, and runs that were planned."""

    runs: int
    planned: int
    folder: Path


class Stopped(KeyboardInterrupt):
    """The user or the system asked the batch to end; what was finished is stored.

    Attributes
    ----------
    exit_code : int
        What a shell expects of a process that was ended so: 130 for Ctrl-C, 143 for SIGTERM.
    kept : Kept, optional
        What of a batch is stored, if it was one that was stopped.
    """

    kept: Kept | None = None

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.exit_code = 128 + number


class StoppingPolitely:
    """A context in which Ctrl-C and SIGTERM raise `Stopped`, but not inside a shelter.

    Outside of the main thread, where Python takes no signals, it changes nothing.
    """

    def __init__(self) -> None:
        self._usual: dict[int, Any] = {}
        self._shelters = 0
        self._asked: int | None = None
        self.account: Callable[[], Kept] | None = None

    def __enter__(self) -> Self:
        """Take the signals over; one that the caller handles already, or ignores, stays with the caller.

        From another context of this kind they are taken for as long as this one lasts, with its shelters.
        """
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                usual = signal.getsignal(number)
                ours = isinstance(getattr(usual, "__self__", None), StoppingPolitely)
                if ours or usual in (signal.SIG_DFL, signal.default_int_handler):
                    self._usual[number] = usual
                    signal.signal(number, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back; a stop is told what was kept, if somebody keeps an account."""
        if isinstance(error, Stopped) and error.kept is None and self.account is not None:
            error.kept = self.account()
        for number, usual in self._usual.items():
            signal.signal(number, usual)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._asked = number
        if not self._shelters:
            raise Stopped(number)

    @contextmanager
    def shelter(self) -> Iterator[None]:
        """Let nothing stop what is done inside; what was asked meanwhile is obeyed at the end."""
        self._shelters += 1
        before = self._asked
        try:
            yield
        finally:
            self._shelters -= 1
        if self._asked is not None and self._asked != before:
            raise Stopped(self._asked)
