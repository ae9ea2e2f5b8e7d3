"""Who is at the page, and that no more than so many are at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from ...engine.errors import TransferError

__all__ = ["Full", "Users"]

PATIENCE_SECONDS: Final = 60.0
"""A page asks every few seconds; one that was not heard for so long was closed."""


class Full(TransferError):
    """As many are at the page as may be."""


class Users:
    """Pages that are open, each by a name of its own.

    Parameters
    ----------
    most : int
        So many at once.
    patience : float
        Seconds after which a page that says nothing is taken to be closed.
    clock : callable
        Gives seconds.
    """

    def __init__(
        self, most: int, patience: float = PATIENCE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._patience = patience
        self._clock = clock
        self._heard: dict[str, float] = {}
        self._lock = threading.Lock()

    def hear(self, user: str) -> list[str]:
        """Take down that a page is there; give those that were closed meanwhile.

        Raises
        ------
        Full
            If it is a new one, and one too many.
        """
        with self._lock:
            gone = [one for one in self._silent() if one != user]
            for one in gone:
                del self._heard[one]
            if user not in self._heard:
                self._check()
            self._heard[user] = self._clock()
            return gone

    def look(self) -> None:
        """See whether there is room for one more page, which says itself when it is there.

        Raises
        ------
        Full
            If there is none.
        """
        with self._lock:
            self._check(len(self._silent()))

    def _silent(self) -> list[str]:
        now = self._clock()
        return [one for one, heard in self._heard.items() if now - heard > self._patience]

    def _check(self, silent: int = 0) -> None:
        if len(self._heard) - silent >= self.most:
            raise Full(f"{self.most} pages are open")

    def forget(self, user: str) -> None:
        """Let a page go that says that it is closed."""
        with self._lock:
            self._heard.pop(user, None)

    def __len__(self) -> int:
        """Count the pages that are open."""
        return len(self._heard)
