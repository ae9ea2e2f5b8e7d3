"""Runners in threads, of which one works at a time: who goes on is drawn from a seed.

A runner that is killed here does nothing more to the disk, as a process that is killed does not; whatever its
clean-up would do is refused.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence


class Killed(BaseException):
    """Stands for a signal that ends a process at once. No handler of errors takes it for its own."""


class Turns:
    """Gives the turn from runner to runner, by ``luck``."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._me = threading.local()
        self._at_work: dict[int, threading.Semaphore] = {}
        self.dead: set[int] = set()

    @property
    def runner(self) -> int | None:
        """Number of the runner that asks; None for whoever is none, as the thread that keeps a beat."""
        number: int | None = getattr(self._me, "number", None)
        return number

    def play(self, jobs: Sequence[Callable[[], object]]) -> list[BaseException | None]:
        """Let each job be done by a runner of its own; give what each ended with, None for well."""
        ends: list[BaseException | None] = [None] * len(jobs)
        self._at_work = {number: threading.Semaphore(0) for number in range(len(jobs))}
        self.dead.clear()

        def work(number: int) -> None:
            self._me.number = number
            self._at_work[number].acquire()
            try:
                jobs[number]()
            except BaseException as error:
                ends[number] = error
            del self._at_work[number]
            if self._at_work:
                self._at_work[self._luck.choice(sorted(self._at_work))].release()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(len(jobs))]
        for thread in threads:
            thread.start()
        self._at_work[self._luck.choice(range(len(jobs)))].release()
        for thread in threads:
            thread.join()
        return ends

    def pass_on(self, *, waits: bool = False) -> None:
        """Let another go on, perhaps, or surely if this one ``waits``; who was killed meanwhile ends here."""
        me = self.runner
        others = sorted(set(self._at_work) - {me})
        if me is not None and others and (waits or self._luck.random() < 0.3):
            self._at_work[self._luck.choice(others)].release()
            self._at_work[me].acquire()
        if me in self.dead:
            raise Killed
