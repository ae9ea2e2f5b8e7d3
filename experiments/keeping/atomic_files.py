"""Files that are whole or not there, also after a power cut, and names that prove what a file holds."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from ...engine.errors import InputError

_DIGITS: Final = 16
_CHECKED_NAME: Final = re.compile(rf"[a-z]+-(?P<number>\d{{6,}})-(?P<checksum>[0-9a-f]{{{_DIGITS}}})\.")
_TEMPORARY: Final = ".{name}.{mark}.writing"
_NOT_FOR_FOLDERS: Final = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems answer that cannot sync a folder."""

TEMPORARIES: Final = ".*.writing"
"""Pattern of the names under which files are written before they are moved into place."""


def write_atomically(file: Path, write: Callable[[Path], object]) -> None:
    """Write under a temporary name beside ``file``, then move into place over what is there.

    Contents and name are both on the disk when this returns: whoever looks sees the old file or the new one,
    never half of it. ``write`` writes the whole content to the path that it is given.
    """
    temporary = file.with_name(_TEMPORARY.format(name=file.name, mark=uuid.uuid4().hex[:8]))
    try:
        write(temporary)
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(temporary, file)
        sync_folder(file.parent)
    except OSError as error:
        if error.errno is not None:
            # A disk that is full does not say which, and the temporary name is ours.
            error.filename = str(file)
        raise
    finally:
        with suppress(OSError):  # what went wrong before says more
            temporary.unlink(missing_ok=True)
            # What a database puts beside.
            temporary.with_name(f"{temporary.name}.wal").unlink(missing_ok=True)
        shutil.rmtree(temporary.with_name(f"{temporary.name}.tmp"), ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system lets a folder be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows; there a move is on the disk when it returns
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def write_text(file: Path, text: str) -> None:
    """Write a text atomically, lines ended by a line feed alone."""
    write_atomically(file, lambda path: path.write_text(text, encoding="utf-8", newline="\n"))


def checked_name(stem: str, number: int, contents: bytes, suffix: str) -> str:
    """Name a file by its number and the checksum of its contents.

    Two processes that take the same number then still write two files, and a file that was
    damaged no longer fits its name.

    Examples
    --------
    >>> checked_name("part", 3, b"abc", ".parquet")
    'part-000003-ba7816bf8f01cfea.parquet'
    """
    return f"{stem}-{number:06d}-{checksum_of_bytes(contents)}{suffix}"


def number_in(file: Path) -> int:
    """Give the number in a checked name, 0 if it is none."""
    match = _CHECKED_NAME.match(file.name)
    return int(match["number"]) if match else 0


def write_checked(
    folder: Path, stem: str, contents: bytes, suffix: str = ".parquet", number: int | None = None
) -> Path:
    """Write contents under their checksum and a number, the next one by default; give the file."""
    if number is None:
        number = 1 + max(map(number_in, folder.glob(f"{stem}-*{suffix}")), default=0)
    file = folder / checked_name(stem, number, contents, suffix)
    write_atomically(file, lambda path: path.write_bytes(contents))
    return file


def fits_name(file: Path, contents: bytes) -> bool:
    """Whether contents are those that the name of their file promises."""
    return checksum_in(file) == checksum_of_bytes(contents)


def checksum_in(file: Path) -> str:
    """Give the checksum in a checked name, empty if it is none."""
    match = _CHECKED_NAME.match(file.name)
    return match["checksum"] if match else ""


def checksum_of_bytes(contents: bytes) -> str:
    """Give the checksum of contents, as names hold it: 16 hexadecimal digits."""
    # 64 bits of SHA-256: against accidents, of which one in 10^19 would go unseen, not against forgers
    return hashlib.sha256(contents).hexdigest()[:_DIGITS]


def make_folder(folder: Path) -> None:
    """Make the folder of a table, or refuse one that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{str(folder)!r} cannot be written: {error.strerror}",
            key="--out",
            allowed="a folder that can be written",
        ) from error
