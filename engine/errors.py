"""Errors with names and one root.

An error of input says in one line where it is, what is wrong, what is allowed
and what was probably meant, because the reader is a policy researcher and not
the author of this package.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

Word = TypeVar("Word", bound=str)


class TransferError(Exception):
    """Root of every error that this package raises on purpose."""

    def __reduce__(self) -> tuple[object, ...]:
        """Keep every field when the error is copied, or travels from a worker process."""
        return (_rebuilt, (type(self), self.args, self.__dict__))

    def _render_traceback_(self) -> list[str]:
        """Give what IPython prints: the line alone, because the way through this package helps nobody."""
        return [f"{type(self).__name__}: {self}"]


def _rebuilt(kind: type[TransferError], args: tuple[object, ...], fields: dict[str, object]) -> TransferError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


class InputError(TransferError):
    """Something the user wrote is refused, before any step runs.

    Parameters
    ----------
    problem : str
        What is wrong, in plain words, with the value that was found.
    key : str, optional
        Dotted path of the entry, for example ``levers.fund_size.plan``, or the
        name of the command-line option, for example ``--runs``.
    file : path-like, optional
        File in which it stands.
    line, column : int, optional
        Position, counted from 1. A column without a line is not shown.
    allowed : str, optional
        What is allowed there.
    suggestion : str, optional
        The nearest allowed spelling or the mend, for example ``0.8``.

    Notes
    -----
    ``str(error)`` is exactly one line,
    ``FILE:LINE:COL: key: what is wrong; allowed ...; did you mean ...?``.
    """

    def __init__(
        self,
        problem: str,
        *,
        key: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
        column: int | None = None,
        allowed: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.problem = problem
        self.key = key
        self.file = None if file is None else str(file)
        self.line = line
        self.column = column
        self.allowed = allowed
        self.suggestion = suggestion
        super().__init__(str(self))

    def __str__(self) -> str:
        """One line: place, key, problem, what is allowed, the nearest spelling."""
        place = ""
        if self.file is not None:
            place = self.file
            if self.line is not None:
                place += f":{self.line}"
                if self.column is not None:
                    place += f":{self.column}"
            place += ": "
        key = f"{self.key}: " if self.key else ""
        allowed = f"; allowed {self.allowed}" if self.allowed else ""
        suggestion = f"; did you mean {self.suggestion}?" if self.suggestion else ""
        return " ".join(f"{place}{key}{self.problem}{allowed}{suggestion}".split())


class BooksError(TransferError):
    """The books do not balance: a defect of the model, never of the input."""


class LastStepError(TransferError):
    """The work is done and kept; what was to be made of it at the end is not there.

    Parameters
    ----------
    what : str
        For example ``the figures``.
    error : Exception
        Why not.
    again : str
        The command that makes it again.
    """

    def __init__(self, what: str, error: Exception, again: str) -> None:
        super().__init__(what, error, again)
        self.what, self.error, self.again = what, error, again

    def __str__(self) -> str:
        """One line."""
        name = "" if isinstance(self.error, TransferError) else f"{type(self.error).__name__}: "
        line = f"{self.what} could not be made: {name}{self.error}; the work is kept; again: {self.again}"
        return " ".join(line.split())


class RunError(TransferError):
    """A run ended without a usable record (a non-finite indicator, a full table)."""


class SurroundingsError(RunError):
    """The machine refused a step: no room, no leave, no lock. One line; see `engine.surroundings`."""


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Give the option spelt most like ``word``, or None if none is near.

    Parameters
    ----------
    word : str
        What the user wrote.
    options : iterable of str
        What would have been accepted.

    Returns
    -------
    str or None
        The nearest option, compared without regard to case, hyphens or spaces.

    Examples
    --------
    >>> nearest("voucher-budgt", ["fund_size", "voucher_budget"])
    'voucher_budget'
    """

    def plain(text: str) -> str:
        return text.lower().replace("-", "_").replace(" ", "_")

    by_plain = {plain(option): option for option in options}
    found = difflib.get_close_matches(plain(word), by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def check_choice(
    value: str, key: str, options: Iterable[Word], problem: str | None = None, *, allowed: str | None = None
) -> Word:
    """Give ``value`` back if it is one of the options.

    Parameters
    ----------
    value : str
        What the user wrote.
    key : str
        Entry or option that holds it.
    options : iterable of str
        What is accepted.
    problem : str, optional
        What is wrong otherwise, where "is not one of the choices" says too little.
    allowed : str, optional
        Where the options are listed, if they are too many for one line; by default they are named.

    Raises
    ------
    InputError
        If it is none of them, with the nearest.

    Examples
    --------
    >>> check_choice("zh", "--lang", ("zh", "en"))
    'zh'
    """
    known = list(options)
    if value in known:
        return known[known.index(value)]
    raise InputError(
        problem or f"{value!r} is not one of the choices",
        key=key,
        allowed=allowed or ", ".join(known),
        suggestion=nearest(str(value), known),
    )
