"""Faults of the machine, said so that somebody can mend them: which step, which place, how much is needed.

An ``OSError`` says what the system refused and not what for; none is passed on bare.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from .errors import SurroundingsError

_ADVICE: Final = {
    errno.ENOSPC: "free some space there, or choose another place",
    errno.EDQUOT: "free some of your quota, or choose another place",
    errno.EROFS: "choose a place that can be written",
    errno.EACCES: "choose a place that is yours",
    errno.EPERM: "choose a place that is yours",
    errno.EMFILE: "allow more open files (`ulimit -n`), or use fewer workers",
    errno.ENFILE: "close other programs, or use fewer workers",
    errno.ENOMEM: "close other programs, or use fewer workers",
    errno.EAGAIN: "allow more processes (`ulimit -u`), or use fewer workers",
    errno.ELOOP: "mend the link, which leads back to itself",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EIO: "look after the disk: it cannot read or write",
}


_NOWHERE: Final = "the system does not say where: see what output goes to, and what `doctor` finds"


def advice(error: OSError, otherwise: str = "see whether the place is there and yours") -> str:
    """Say what to do about what the system refused."""
    return _ADVICE.get(error.errno or 0, otherwise)


def free_bytes(place: str | Path) -> int | None:
    """Give the bytes that are free where a place is or would be; None if the system does not say."""
    with suppress(OSError, ValueError):
        path = Path(place).absolute()
        while not path.exists() and path != path.parent:
            path = path.parent
        return shutil.disk_usage(path).free
    return None


def said(error: OSError, step: str, place: str | Path = "", needed: float = 0, mend: str = "") -> str:
    """Put into one line what the system refused.

    Parameters
    ----------
    error : OSError
    step : str
        What was being done.
    place : path-like
        Where, if that is known; a place that the error names itself counts more.
    needed : float
        Bytes that the step needs, if that is known.
    mend : str
        What to do; by default what suits the error.
    """
    where = error.filename if isinstance(error.filename, str | Path) and str(error.filename) else place
    reason = error.strerror or str(error) or type(error).__name__
    if not where:
        return f"{step}: {reason}; {_NOWHERE}"
    room = ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = free_bytes(where)
        told = [f"{_size(needed)} needed"] * (needed > 0) + [f"{_size(free or 0)} free"] * (free is not None)
        room = f"; {', '.join(told)}" if told else ""
    return f"{step}: {where}: {reason}{room}; {mend or advice(error)}"


def _size(amount: float) -> str:
    """Put bytes into words.

    Examples
    --------
    >>> _size(4096), _size(83.4e9), _size(0)
    ('4 kB', '83 GB', '0 kB')
    """
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6)):
        if amount >= bytes_:
            return f"{amount / bytes_:.{0 if amount >= 10 * bytes_ else 1}f} {unit}"
    return f"{amount / 1e3:.0f} kB"


@contextmanager
def during(step: str, place: str | Path, needed: float = 0, mend: str = "") -> Iterator[None]:
    """Turn what the system refuses in this block into one line; see `said`.

    Raises
    ------
    SurroundingsError
        In place of an OSError.
    """
    try:
        yield
    except BrokenPipeError:  # whoever read has gone, which is no fault
        raise
    except OSError as error:
        raise SurroundingsError(said(error, step, place, needed, mend)) from error


def stand_in_for_streams() -> None:
    """Put the null device where standard input, output or error is closed.

    Otherwise the next file that is opened takes its number, and whoever prints writes into that file.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
        setattr(sys, name, open(os.devnull, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115


__all__ = ["advice", "during", "free_bytes", "said", "stand_in_for_streams"]
