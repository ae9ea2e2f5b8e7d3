"""The file of a frozen forecast: a zip that any program opens, with a checksum over every byte of it.

Members stand in it uncompressed, in a fixed order and without dates, so that equal contents are equal
bytes on every system. The archive's comment, its last 64 characters, is the checksum: the SHA-256 of
**all** bytes before them, headers of the archive included. `SUMS` holds the sum of each member besides,
in the form that ``sha256sum --check`` reads.

It notices accidents and careless changes. Whoever wants to deceive can compute it anew: what proves
that a file is the old one is its checksum written down elsewhere, in a commit or a letter.
"""

from __future__ import annotations

import hashlib
import io
import string
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ...engine.errors import InputError
from ..keeping.atomic_files import write_atomically
from ..planning.checks import check_new_file

SUFFIX: Final = ".zip"
SUMS: Final = "SHA256SUMS"
"""Member that holds the sums of the others."""

_CHECKSUM: Final = 64
"""Hexadecimal digits of a SHA-256."""

_FIRST_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold; a real one would make two equal forecasts unequal."""

_UNIX: Final = 3
_READABLE: Final = 0o644 << 16


def bytes_of_archive(members: Mapping[str, bytes]) -> bytes:
    """Put members, in their order, and `SUMS` into an archive: a function of the members alone."""
    sums = "".join(f"{_sum(contents)}  {name}\n" for name, contents in members.items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, contents in {**members, SUMS: sums.encode()}.items():
            entry = zipfile.ZipInfo(name, _FIRST_DATE)
            entry.create_system, entry.external_attr = _UNIX, _READABLE  # else those of this machine
            archive.writestr(entry, contents)
        # The archive gives the length of its comment before it, so that the checksum covers that too.
        archive.comment = b"0" * _CHECKSUM
    contents = buffer.getvalue()[:-_CHECKSUM]
    return contents + _sum(contents).encode()


def write_archive(file: Path, members: Mapping[str, bytes]) -> str:
    """Write members as an archive, whole or not at all, never over another file; give the checksum."""
    contents = bytes_of_archive(members)
    check_new_file(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, lambda path: path.write_bytes(contents))
    return checksum_in(contents)


def read_archive(file: Path) -> tuple[dict[str, bytes], str]:
    """Read members (without `SUMS`) and checksum, 64 hexadecimal digits, after it was compared.

    Refuses what is no frozen forecast, or of which any byte is not the one that was written.
    """
    try:
        contents = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{str(file)!r} cannot be read: {error.strerror or type(error).__name__}",
            key="FILE",
            allowed="a file that `shaanxi-transfer forecast --freeze FILE` wrote",
        ) from error
    checksum = checksum_in(contents)
    if not contents.startswith(b"PK") or len(checksum) < _CHECKSUM or set(checksum) - set(string.hexdigits):
        raise InputError(
            "this is no frozen forecast, or its beginning or end was lost",
            file=file,
            allowed="a file that `shaanxi-transfer forecast --freeze FILE` wrote, to the byte",
        )
    if _sum(contents[:-_CHECKSUM]) != checksum:
        raise InputError(
            "the file was changed after it was frozen: its contents do not fit the checksum at its end",
            file=file,
            allowed="the file to the byte as it was frozen; unpacking it is fine, packing it again is not",
        )
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != SUMS}
    return members, checksum


def checksum_in(contents: bytes) -> str:
    """Give the checksum at the end of an archive; it proves nothing until it is compared."""
    return contents[-_CHECKSUM:].decode("ascii", errors="replace")


def _sum(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
