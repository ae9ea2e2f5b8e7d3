"""What a command says, taken down for ``--json`` in place of being printed: tables, folder, refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["TakenDown", "take_down", "taken_down", "written_to"]


@dataclass
class TakenDown:
    """What a command said.

    Attributes
    ----------
    tables : list of list of dict
        Rows by heading, as they would have been printed.
    folder : Path, optional
        Where all is that the command made.
    problem : str
        Why it ended early, in one line; empty if it did not.
    """

    tables: list[list[Mapping[str, str]]] = field(default_factory=list)
    folder: Path | None = None
    problem: str = ""

    def add(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Take a table down."""
        self.tables.append([dict(zip(heads, row, strict=True)) for row in rows])


_now: ContextVar[TakenDown | None] = ContextVar("taken_down", default=None)


def taken_down() -> TakenDown | None:
    """Give what is being taken down; None where a person reads."""
    return _now.get()


@contextmanager
def take_down() -> Iterator[TakenDown]:
    """Take down what is said in this block."""
    told = TakenDown()
    token = _now.set(told)
    try:
        yield told
    finally:
        _now.reset(token)


def written_to(folder: Path) -> Path:
    """Note where all is that the command made, and give it back."""
    if (told := _now.get()) is not None:
        told.folder = folder
    return folder
