"""The desk that takes questions and hands out answers: who asked what, what is kept, what goes first.

One thread answers from one set of kept futures (`kept_set`). A first answer goes before the sharpening of
another; whoever asks again leaves the old question, and one that nobody waits for is left as it is.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine.errors import InputError
from ...experiments.keep import keep
from ..tables.experiment_folder import read_results
from .answers import Answer, Key, Limits
from .kept_set import KeptSet

if TYPE_CHECKING:
    from ...scenarios import Scenario
    from ..tables.experiment_folder import Results

__all__ = ["Desk"]


class Desk:
    """Takes questions, and lets them be answered from kept futures.

    Parameters
    ----------
    folder : Path
        Everything is written below it, and nothing elsewhere.
    limits : Limits
    keep : callable
        What keeps futures: `experiments.keep.keep`, or what a test puts in its place.
    read : callable
        What reads a finished forecast from its folder.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        *,
        keep: Callable[..., Any] = keep,
        read: Callable[[Path], Results] = read_results,
    ) -> None:
        self.folder = folder
        self.limits = limits
        self.keep, self.read = keep, read
        self.changed = threading.Condition()
        self._sets: OrderedDict[Key, KeptSet] = OrderedDict()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._closed = False

    # ---- what users do -----------------------------------------------------------

    def ask(self, user: str, world: Scenario, base: Scenario, key: Key) -> Answer:
        """Take a question of a user, who leaves the one before.

        Returns
        -------
        Answer
            That may be there already, or be made for others as well.

        Raises
        ------
        InputError
            If all sets of kept futures are at work for others, and there is no room for one more.
        """
        digits = hashlib.sha256(f"{world.hash} {base.hash} {key.seed}".encode()).hexdigest()[:16]
        with self.changed:
            self._set_for(key)
            self._leave(user, but=digits)
            answer = self._answers.setdefault(digits, Answer(digits, world, base, key))
            self._answers.move_to_end(digits)
            if answer.problem or not (answer.askers or answer.futures):
                answer.asked_at, answer.problem = time.monotonic(), None
            answer.askers.add(user)
            self._forget()
            self.changed.notify_all()
            return answer

    def stay(self, user: str, answer: Answer) -> None:
        """Let a user wait for an answer again who was taken to be gone, and asked for nothing else since."""
        with self.changed:
            if not any(user in one.askers for one in self._answers.values()):
                answer.askers.add(user)
                self.changed.notify_all()

    def leave(self, user: str) -> None:
        """Let a user go."""
        with self.changed:
            self._leave(user)
            self.changed.notify_all()

    def answer(self, name: str) -> Answer:
        """Find an answer by its name.

        Raises
        ------
        InputError
            If there is none, or no longer.
        """
        with self.changed:
            if name not in self._answers:
                raise InputError("this answer is not kept any more", key="answer", allowed="asking again")
            return self._answers[name]

    def wait(self, answer: Answer, turn: int, seconds: float) -> Answer:
        """Wait until an answer changed since a turn, or so many seconds passed; give it as it is then."""
        with self.changed:
            self.changed.wait_for(lambda: answer.turn != turn or self._closed, timeout=seconds)
            return replace(answer)

    def close(self) -> None:
        """End all that is at work; what was written stays."""
        with self.changed:
            self._closed = True
            sets = list(self._sets.values())
            self._sets.clear()
            self.changed.notify_all()
        for one in sets:
            one.stop()
        for one in sets:
            one.join()

    # ---- what a set of kept futures asks ------------------------------------------

    def next_of(self, key: Key) -> Answer | None:
        """Give what is to be answered next, or None if a look has to be taken later; called with the lock."""
        last = self.limits.stages[-1]
        open_ones = [
            one
            for one in self._answers.values()
            if one.key == key and one.askers and not one.problem and one.futures < last
        ]
        return min(open_ones, key=lambda one: (one.futures, one.asked_at), default=None)

    def told(self, answer: Answer, **news: Any) -> None:
        """Take down what is new of an answer, and tell those who wait."""
        with self.changed:
            for name, value in news.items():
                setattr(answer, name, value)
            answer.turn += 1
            self.changed.notify_all()

    # ---- within ---------------------------------------------------------------------

    def _leave(self, user: str, but: str = "") -> None:
        for answer in self._answers.values():
            if answer.name != but:
                answer.askers.discard(user)

    def _set_for(self, key: Key) -> None:
        """Have a set of kept futures for a key; the one that was used longest ago makes room."""
        if self._closed:
            raise InputError("the dashboard is closing", key="dashboard")
        if key not in self._sets:
            before = None
            if len(self._sets) >= self.limits.sets:
                before = self._evicted()
            self._sets[key] = KeptSet(self, key, before)
            self._sets[key].start()
        self._sets.move_to_end(key)

    def _evicted(self) -> KeptSet:
        idle = next((key for key in self._sets if self.next_of(key) is None), None)
        if idle is None:
            raise InputError(
                f"{len(self._sets)} provinces, beliefs or seeds are at work for others",
                key="dashboard",
                allowed="one of theirs, or another time",
            )
        gone = self._sets.pop(idle)
        gone.stop()
        return gone

    def _forget(self) -> None:
        """Forget the answers that were asked for longest ago, with their folders."""
        idle = [name for name, one in self._answers.items() if not one.askers]
        for name in idle[: max(0, len(self._answers) - self.limits.answers)]:
            del self._answers[name]
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def room(self) -> int | None:
        """Give the bytes that are left for kept futures; None if nobody set a bound."""
        if self.limits.memory is None:
            return None
        with self.changed:
            return max(1, self.limits.memory - sum(one.nbytes for one in self._sets.values()))
