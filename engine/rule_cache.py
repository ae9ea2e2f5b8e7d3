"""Where compiled rules are kept, and for whom: never served to other code, another Numba or another machine.

Numba's own places go stale when a rule that is *called* lives in another file and is edited there, and are
Numba's choice wherever a folder cannot be made. So the place is ours: a folder named by a hash of versions,
processor and compiler settings, and in it files named by a hash of all that is built into a rule. An edit
compiles what it reaches and nothing else; where no folder can be written, rules are compiled in memory.
Nothing depends on where the package lies: two clones with the same rules share what is kept.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import platformdirs
from llvmlite import __version__ as llvmlite_version
from llvmlite import binding
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, _CacheLocator

from .rule_contents import hash_of_contents

RULE_ROOMS: Final = ("engine", "agents", "model")
"""Folders whose files hold rules."""

CACHE_VARIABLE: Final = "SHAANXI_TRANSFER_CACHE"
"""Environment variable that moves the cache, for example onto a local disk of a cluster node."""

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_DAYS_KEPT: Final = 60
"""How long compiled rules stay that nothing uses."""

_SETTINGS: Final = (
    "BOUNDSCHECK",
    "CPU_FEATURES",
    "CPU_NAME",
    "DEBUGINFO_DEFAULT",
    "ENABLE_AVX",
    "EXTEND_VARIABLE_LIFETIMES",
    "LLVM_REFPRUNE_FLAGS",
    "LLVM_REFPRUNE_PASS",
    "LOOP_VECTORIZE",
    "OPT",
    "SLP_VECTORIZE",
    "USING_SVML",
)
"""Settings of Numba that change what it compiles."""


class Place(NamedTuple):
    """Where compiled rules are kept.

    Attributes
    ----------
    folder : Path or None
        None if they are compiled in memory, by every process anew.
    remark : str
        What the user should know about it: which wished place cannot be written, and why.
    """

    folder: Path | None
    remark: str = ""


def hash_of_compiler() -> str:
    """Hash all besides a rule itself that fixes what Numba makes of it.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    return hashlib.sha256(_compiler().encode()).hexdigest()[:16]


def _compiler() -> str:
    """Tell versions, processor and settings."""
    versions = (sys.implementation.cache_tag, numba.__version__, llvmlite_version, np.__version__)
    processor = (binding.get_process_triple(), binding.get_host_cpu_name(), _features())
    settings = [f"{name}={getattr(numba.config, name, None)}" for name in _SETTINGS]
    return "\n".join(map(str, (*versions, *processor, *settings)))


def _features() -> str:
    try:
        return str(binding.get_host_cpu_features().flatten())
    except RuntimeError:  # LLVM does not know them on every system
        return ""


@functools.cache
def place_of_rules() -> Place:
    """Find the place for the compiled rules of this compiler and machine, and make it.

    Returns
    -------
    Place
        In the folder that the user named, else in the user's cache, else in a folder of the user's own among
        temporary files, else nowhere.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    wished = chosen or platformdirs.user_cache_dir("shaanxi_transfer", appauthor=False)
    name = f"rules-{hash_of_compiler()}"
    try:
        if not chosen and not Path(wished).is_absolute():  # a ~ that stands for no home
            raise FileNotFoundError(2, "there is no home folder", wished)
        return Place(_made(Path(wished).absolute() / name))
    except OSError as error:
        cannot = f"compiled rules cannot be kept in {wished} ({error.strerror or error})"
    mend = f"set {CACHE_VARIABLE} to a folder that can be written"
    try:
        folder = _made(_own_temporary_folder() / name)
    except OSError:
        return Place(None, f"{cannot}, nor among temporary files: every process compiles them anew; {mend}")
    return Place(folder, f"{cannot}, but in {folder.parent}, until temporary files are cleared; {mend}")


def _made(folder: Path) -> Path:
    """Make a folder and write in it, for being allowed to is not the same."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"0" * 4096)
    return folder


def _own_temporary_folder() -> Path:
    """Give a folder among temporary files that nobody else can have filled: what is in it is executed."""
    user = os.getuid() if hasattr(os, "getuid") else None
    folder = Path(tempfile.gettempdir()) / f"shaanxi_transfer-{'rules' if user is None else user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if user is not None and (
        not stat.S_ISDIR(found.st_mode)
        or found.st_uid != user
        or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ):
        raise PermissionError(13, "the folder is not this user's own", str(folder))
    return folder


def forget_old_rules() -> None:
    """Remove compiled rules that were not used for long: of other compilers, and of code before an edit."""
    mine = place_of_rules().folder
    if mine is None:
        return
    os.utime(mine)
    caches = [entry for entry in mine.parent.glob("rules-*") if entry.is_dir() and entry != mine]
    long_ago = time.time() - _DAYS_KEPT * 86_400
    for entry in (*caches, *mine.glob("*/*/")):
        with suppress(OSError):
            if entry.stat().st_mtime < long_ago:
                shutil.rmtree(entry, ignore_errors=True)


class _Locator(_CacheLocator):  # type: ignore[misc]
    """What Numba asks about a place; it has no other to fall back to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return ""  # what was kept is named by its contents, so that none of it goes stale

    def get_disambiguator(self) -> str:
        return ""


class _Implementation(CompileResultCacheImpl):  # type: ignore[misc]
    """What Numba's own does, without its search for a place."""

    def __init__(self, folder: Path, function: Any) -> None:
        self._lineno = function.__code__.co_firstlineno
        self._locator = _Locator(folder)
        self._filename_base = ""


class _Files:
    """One file for each signature of a rule as it stands, so that two versions never share an index.

    Parameters
    ----------
    folder : Path
        Of the room in which the rule stands.
    function : callable
        The plain function.
    """

    def __init__(self, folder: Path, function: Any) -> None:
        self._room = folder
        self._function = function

    @property
    def folder(self) -> Path:
        """Folder of the rule as it stands: asked for late, for a rule may name what is defined below it."""
        code = self._function.__code__
        name = f"{Path(code.co_filename).stem}.{self._function.__qualname__}"
        plain = "".join(letter for letter in name if letter.isalnum() or letter in "._")
        return self._room / f"{plain}-{hash_of_contents(self._function)}"

    def load(self, key: Any) -> Any:
        """Give what was kept under a key, or None."""
        folder = self.folder
        found = self._of(folder, key).load(key)
        if found is not None:
            with suppress(OSError):  # another user's cache may be read and not be touched
                os.utime(folder)
        return found

    def save(self, key: Any, data: Any) -> None:
        """Keep what was compiled."""
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True)
        self._of(folder, key).save(key, data)

    def flush(self) -> None:
        """Forget what was kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _of(folder: Path, key: Any) -> IndexDataCacheFile:
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        return IndexDataCacheFile(str(folder), name, "")


class RuleCache(FunctionCache):  # type: ignore[misc]
    """Numba's cache of one function in a place of ours; a cache that fails costs time, never a run.

    Parameters
    ----------
    function : callable
        The plain function.
    folder : Path
        Where compiled code goes.
    """

    def __init__(self, function: Any, folder: Path) -> None:
        room = folder / _room_of(function)
        self._impl_class = functools.partial(_Implementation, room)
        super().__init__(function)
        self._cache_file = _Files(room, function)

    def has_any(self) -> bool:
        """Whether something of this function as it stands was kept."""
        return self._cache_file.folder.is_dir()

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """Give what was kept for a signature, or None: a file that is damaged is compiled again."""
        try:
            return super().load_overload(signature, target_context)
        except OSError:
            return None
        except Exception:  # bytes that are no pickle raise whatever they like
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, signature: Any, data: Any) -> None:
        """Keep what was compiled; a disk that is full is none of the run's business."""
        try:
            super().save_overload(signature, data)
        except OSError:
            self.disable()


def _room_of(function: Any) -> str:
    """Name the folder for the rules of a room; those from outside share one."""
    file = Path(function.__code__.co_filename).resolve()
    return "_".join(file.relative_to(_PACKAGE).parent.parts) if file.is_relative_to(_PACKAGE) else "own"


__all__ = [
    "CACHE_VARIABLE",
    "RULE_ROOMS",
    "Place",
    "RuleCache",
    "forget_old_rules",
    "hash_of_compiler",
    "place_of_rules",
]
