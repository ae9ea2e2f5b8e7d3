"""What was worked out from the package's files, kept until one of them is another.

To read some hundred files as syntax trees takes a command longer than to import what it needs, and the answer
is the same in every process. It lies beside the compiled rules, under a hash of the bytes of all files: an
edit of any of them, if only of a comment, works it out anew.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["kept_by_contents", "stamp_of"]

_KINDS: Final = ("*.py", "*.yaml")
"""Files of a room that fix what its code does, or how long the rows are on which it works."""

_FOLDER: Final = "worked_out"
"""Beside the folders of compiled rules, and as deep: what is old goes with them."""


def stamp_of(root: Path) -> int:
    """Tell the state of a package's files: what was read of them holds as long as it is the same."""
    stats = ((file, file.stat()) for file in _files(root))
    return hash(tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats))


def kept_by_contents(root: Path, question: object, work_out: Callable[[], Sequence[str]]) -> list[str]:
    """Give what a package's files say to a question, worked out once for files of the same contents.

    Parameters
    ----------
    root : Path
        Folder of the package.
    question : object
        Told apart from others by its ``repr``.
    work_out : callable
        Gives the answer, lines of text. What it does beside that is done the first time alone.

    Returns
    -------
    list of str
    """
    from .rule_cache import place_of_rules  # and with it the compiler

    place = place_of_rules().folder
    if place is None:
        return [*work_out()]
    folder = place / _FOLDER / _contents(root, stamp_of(root))
    file = folder / hashlib.sha256(repr(question).encode()).hexdigest()[:16]
    with suppress(OSError, UnicodeDecodeError):
        answer = file.read_text(encoding="utf-8").splitlines()
        with suppress(OSError):  # another user's cache may be read and not be touched
            os.utime(folder)
        return answer
    answer = [*work_out()]
    with suppress(OSError):  # a disk that is full costs time, never an answer
        folder.mkdir(parents=True, exist_ok=True)
        written = file.with_name(f"{file.name}.{os.getpid()}")
        written.write_text("".join(f"{line}\n" for line in answer), encoding="utf-8")
        os.replace(written, file)
    return answer


def _files(root: Path) -> Iterator[Path]:
    """Give the files of the rooms, and the face of the package."""
    yield from sorted(root.glob("*.py"))
    for room in sorted(root.iterdir()):
        if (room / "__init__.py").is_file():
            for kind in _KINDS:
                yield from sorted(room.rglob(kind))


@functools.lru_cache(maxsize=4)
def _contents(root: Path, stamp: int) -> str:
    """Hash the files of a package, and those by which they are read: theirs may be another package."""
    digest = hashlib.sha256()
    readers = (Path(__file__).with_name(name) for name in ("reached_code.py", "syntax_trees.py"))
    for file in (*_files(root), *readers):
        content = file.read_bytes()
        name = file.relative_to(root) if file.is_relative_to(root) else Path(file.name)
        digest.update(f"{name.as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]
