"""What was asked and how far it is answered, and the limits within which it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...engine.errors import TransferError
    from ...scenarios import Scenario
    from ..tables.experiment_folder import Results

__all__ = ["Answer", "Key", "Limits", "stages_to"]


class Key(NamedTuple):
    """What kept futures are kept for: all users who ask the same share them."""

    province: str
    belief: str
    seed: int


@dataclass(frozen=True)
class Limits:
    """How much a dashboard takes.

    Attributes
    ----------
    stages : tuple of int
        Futures of the first answer, of those that sharpen it, and of the last.
    scale : float
        Share of the many small actors that is simulated.
    workers : int, optional
        Processes for each set of kept futures; one for each usable core by default.
    memory : int, optional
        Bytes that all kept futures may take together; what is free by default.
    sets : int
        Sets of kept futures at once.
    answers : int
        Answers that are kept; the one that was asked for longest ago goes first.
    users : int
        Pages that are open at once.
    """

    stages: tuple[int, ...] = (20, 60, 200)
    scale: float = 0.1
    workers: int | None = None
    memory: int | None = None
    sets: int = 2
    answers: int = 40
    users: int = 10


@dataclass(eq=False)
class Answer:
    """One question and how far it is answered; the same question of several users is one.

    Attributes
    ----------
    name : str
        Hexadecimal digits.
    world, base : Scenario
        What is asked, and what it is held against.
    key : Key
    askers : set of str
        Users who wait for it; without any it is left as it is.
    futures : int
        Of what `results` tells; 0 before the first answer.
    made : int
        Futures of the next stage that are there.
    lived : int
        Pasts of the futures that are there, before the first answer.
    results : Results, optional
    problem : TransferError, optional
        Why there is no answer; None if there is one, or will be.
    seconds : float, optional
        From the question to the first answer.
    turn : int
        Grows with each change.
    """

    name: str
    world: Scenario
    base: Scenario
    key: Key
    askers: set[str] = field(default_factory=set)
    futures: int = 0
    made: int = 0
    lived: int = 0
    results: Results | None = None
    problem: TransferError | None = None
    asked_at: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    turn: int = 0


def stages_to(futures: int) -> tuple[int, ...]:
    """Give the stages that lead to so many futures.

    Examples
    --------
    >>> stages_to(200), stages_to(20), stages_to(8)
    ((20, 60, 200), (20,), (8,))
    """
    return (*(stage for stage in Limits.stages if stage < futures), futures)
