"""What is refused before any run is made: provinces without a pack, odd places."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from ...engine.errors import InputError

__all__ = [
    "FROZEN_SUFFIX",
    "check_file",
    "check_folder",
    "check_new_file",
    "check_province",
    "check_provinces",
    "files_of",
    "frozen_files_of",
    "packs_in",
]

FROZEN_SUFFIX: Final = ".zip"
"""How the name of a frozen forecast ends."""


def files_of(path: Path, suffixes: Sequence[str], what: str, *, below: bool = False) -> list[Path]:
    """Give a file, or those of a folder whose names end so, sorted: not every shell writes ``*.zip`` out.

    Parameters
    ----------
    path : Path
        A file, which is given back whatever it is, or a folder.
    suffixes : sequence of str
        How the names of the files end.
    what : str
        What the files are, for the error.
    below : bool
        Whether folders in the folder are looked into as well.

    Raises
    ------
    InputError
        If it is a folder without any.
    """
    if not path.is_dir():
        return [path]
    inside = path.rglob("*") if below else path.glob("*")
    found = sorted(file for file in inside if file.suffix in suffixes)
    if not found:
        raise InputError(f"the folder holds no {what}", file=path, allowed=f"files *{' or *'.join(suffixes)}")
    return found


def packs_in(folder: Path) -> dict[str, Path]:
    """Give the folders of the packs in a folder by name.

    Raises
    ------
    InputError
        If there is none.
    """
    from ...scenarios.provinces.pack_head import HEAD_FILE

    found = {file.parent.name: file.parent for file in sorted(folder.glob(f"*/{HEAD_FILE}"))}
    if not found:
        raise InputError(
            "the folder holds no pack", key="all", file=folder, allowed="a folder that `packs` has written"
        )
    return found


def frozen_files_of(path: Path) -> list[Path]:
    """Give a file, or the frozen forecasts in a folder; those in folders below are of another version."""
    return files_of(path, (FROZEN_SUFFIX,), "frozen forecast")


def check_provinces(text: str, known: Sequence[str]) -> list[str]:
    """Give the packs of provinces that are named with commas between; none for an empty text.

    Raises
    ------
    InputError
        As `check_province`, for the first that has no pack.
    """
    return [check_province(name.strip(), known) for name in text.split(",") if name.strip()]


def check_province(province: str, known: Sequence[str]) -> str:
    """Give the name of the pack of a province, or refuse a province for which there is none.

    Parameters
    ----------
    province : str
        Name of the pack, a Chinese name, or the name in the panel.
    known : sequence of str
        Names of packs.

    Raises
    ------
    InputError
        With the nearest names, each in both languages.
    """
    from ...scenarios.provinces.names import find_province, unknown_province

    found = find_province(province, known)
    if found is None:
        raise unknown_province(province, known)
    return found


def check_folder(folder: Path, key: str = "out") -> Path:
    """Refuse a folder that cannot be written, without leaving anything behind.

    Parameters
    ----------
    folder : Path
        May not exist yet; then the nearest folder above it must be writable.
    key : str
        Option to name in the message.

    Raises
    ------
    InputError
        If something on the way is a file, or nothing can be made there.
    """
    above = folder
    while not above.exists():
        if above.is_symlink():
            raise InputError(
                f"{folder} cannot be made: {above} is a link that leads nowhere, or back to itself",
                key=key,
                allowed="a folder that can be made and written",
            )
        if above == above.parent:
            raise InputError(
                f"{folder} lies nowhere", key=key, allowed="a folder that can be made and written"
            )
        above = above.parent
    if not above.is_dir():
        raise InputError(
            f"{folder} cannot be made: {above} is a file",
            key=key,
            allowed="a folder that can be made and written",
        )
    try:
        # Asking the system for leave is not enough: full disks, quotas and odd file systems say yes first.
        with tempfile.TemporaryDirectory(dir=above, prefix=".write-test-"):
            pass
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written: {error.strerror or error}",
            key=key,
            allowed="a folder that can be made and written",
        ) from error
    return folder


def check_file(file: Path, suffixes: Iterable[str], key: str = "--out") -> Path:
    """Refuse a file of an unknown kind, or one that cannot be written."""
    if file.suffix not in (allowed := list(suffixes)):
        raise InputError(
            f"{file.name!r} has no known kind of file",
            key=key,
            allowed=f"a name that ends in {' or '.join(allowed)}",
            suggestion=file.with_suffix(allowed[0]).name,
        )
    if file.is_dir():
        raise InputError(f"{file} is a folder", key=key, allowed="a file")
    check_folder(file.parent, key)
    return file


def check_new_file(file: Path) -> None:
    """Refuse a name that is taken, or that does not end as a frozen forecast does.

    Raises
    ------
    InputError
        With the way out.
    """
    if file.suffix != FROZEN_SUFFIX:
        raise InputError(
            f"{file.name!r} is no name of a frozen forecast",
            key="freeze",
            allowed=f"a name that ends in {FROZEN_SUFFIX}",
            suggestion=file.with_suffix(FROZEN_SUFFIX).name if file.name else None,
        )
    if file.exists():
        raise InputError(
            f"{str(file)!r} is there already, and a frozen forecast is never overwritten",
            key="freeze",
            allowed="a new name; or remove the file yourself",
        )
