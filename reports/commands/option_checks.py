"""What the command line refuses by itself: words that are no choice, and places that cannot be written.

Numbers of a batch are refused by ``experiments.checks``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from ...engine.errors import InputError, nearest
from ..words.phrases import LANGUAGES, Language


def check_choice(value: str, key: str, options: Iterable[str]) -> str:
    """Give ``value`` back if it is one of the options.

    Raises
    ------
    InputError
        Otherwise, with the nearest option.

    Examples
    --------
    >>> check_choice("zh", "--lang", ("zh", "en"))
    'zh'
    """
    allowed = list(options)
    if value not in allowed:
        raise InputError(
            f"{value!r} is not one of the choices",
            key=key,
            allowed=", ".join(allowed),
            suggestion=nearest(value, allowed),
        )
    return value


def check_language(value: str, key: str = "--lang") -> Language:
    """Give a language back if there are words for it; ``key`` is what the user called it."""
    return cast(Language, check_choice(value, key, LANGUAGES))


def check_folder(folder: Path, key: str = "--out") -> Path:
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


def check_freeze(file: Path) -> None:
    """Refuse a file into which no forecast can be frozen; see `sealed_zip.check_new_file`."""
    from ...experiments.freezing.sealed_zip import check_new_file

    check_new_file(file)
    check_folder(file.parent, "--freeze")
