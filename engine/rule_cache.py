"""Where compiled rules are kept, and for whom: never served to other code, another Numba or another machine.

Numba's own places go stale when a rule that is *called* lives in another file and is edited there, and are
Numba's choice wherever a folder cannot be made. So the place is ours: a folder named by a hash of every file
that holds rules, of versions, processor and compiler settings; where none can be written, rules are compiled
in memory. Nothing in it depends on where the package lies: two clones with the same rules share it.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final, NamedTuple

import numba
import numpy as np
import platformdirs
from llvmlite import __version__ as llvmlite_version
from llvmlite import binding
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

RULE_ROOMS: Final = ("engine", "agents", "model")
"""Folders whose files hold rules; their bytes name the cache."""

CACHE_VARIABLE: Final = "SHAANXI_TRANSFER_CACHE"
"""Environment variable that moves the cache, for example onto a local disk of a cluster node."""

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_KEPT_CACHES: Final = 12
"""Two clones, each with three Pythons, edited once."""

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


def hash_of_rules(root: Path | None = None) -> str:
    """Hash the bytes of every Python file that holds rules, in sub-folders as well, and what compiles them.

    Parameters
    ----------
    root : Path, optional
        Folder of the package; this package by default.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    root = _PACKAGE if root is None else root
    digest = hashlib.sha256(_compiler().encode())
    for room in RULE_ROOMS:
        for file in sorted((root / room).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _compiler() -> str:
    """Tell all besides the text of the rules that fixes what Numba makes of them."""
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
    """Find the place for the compiled rules of exactly this code, and make it.

    Returns
    -------
    Place
        In the folder that the user named, else in the user's cache, else in a folder of the user's own among
        temporary files, else nowhere.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    wished = chosen or platformdirs.user_cache_dir("shaanxi_transfer", appauthor=False)
    name = f"rules-{hash_of_rules()}"
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


def forget_old_caches() -> None:
    """Remove the caches of other code that were not used for longest, all but the newest few."""
    mine = place_of_rules().folder
    if mine is None:
        return
    os.utime(mine)
    caches = [entry for entry in mine.parent.glob("rules-*") if entry.is_dir() and entry != mine]
    caches.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for stale in caches[_KEPT_CACHES - 1 :]:
        shutil.rmtree(stale, ignore_errors=True)


class _Locator(_CacheLocator):  # type: ignore[misc]
    """Tell Numba the one place; it has no other to fall back to."""

    def __init__(self, folder: Path, function: Any) -> None:
        file = Path(function.__code__.co_filename)
        self._py_file = str(file)
        self._line = function.__code__.co_firstlineno
        resolved = file.resolve()
        inside = resolved.is_relative_to(_PACKAGE)
        room = "_".join(resolved.relative_to(_PACKAGE).parent.parts) if inside else None
        self._folder = folder / (room or self.get_suitable_cache_subpath(str(file)))
        self._stamp = hashlib.sha256(file.read_bytes()).hexdigest()

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return self._stamp

    def get_disambiguator(self) -> str:
        return str(self._line)


class _Implementation(CompileResultCacheImpl):  # type: ignore[misc]
    """What Numba's own does, without its search for a place."""

    def __init__(self, folder: Path, function: Any) -> None:
        self._lineno = function.__code__.co_firstlineno
        self._locator = _Locator(folder, function)
        name = f"{Path(function.__code__.co_filename).stem}.{function.__qualname__}"
        self._filename_base = self.get_filename_base(name, getattr(sys, "abiflags", ""))


class RuleCache(FunctionCache):  # type: ignore[misc]
    """Numba's cache of one function in a place of ours; a cache that fails costs time, never a run.

    Parameters
    ----------
    function : callable
        The plain function; it stands in a file.
    folder : Path
        Where compiled code goes.
    """

    def __init__(self, function: Any, folder: Path) -> None:
        self._impl_class = functools.partial(_Implementation, folder)
        super().__init__(function)

    def has_any(self) -> bool:
        """Whether something of this function was kept."""
        return Path(self._cache_file._index_path).is_file()

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

    def _index_key(self, signature: Any, codegen: Any) -> Any:
        return (*super()._index_key(signature, codegen), _built_in(self._py_func))


def _built_in(function: Any) -> str:
    """Hash the constants that Numba builds into a function and into all that it calls.

    They are no text of a rule where a file of rules computes them, from a library or a table.
    """
    digest = hashlib.sha256()
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        plain = waiting.pop()
        if id(plain) in seen:
            continue
        seen.add(id(plain))
        for name, value in _used(plain):
            if hasattr(value, "py_func"):
                waiting.append(value.py_func)
            elif isinstance(value, np.ndarray):
                digest.update(f"{name} {value.dtype.str} {value.shape}".encode() + value.tobytes())
            elif isinstance(value, bool | int | float | str | tuple | np.generic):
                digest.update(f"{name} {value!r}".encode())
    return digest.hexdigest()


def _used(function: Any) -> Iterator[tuple[str, Any]]:
    """Give name and value of the globals that a function names, also those of modules that it names."""
    known = function.__globals__
    for code in _codes(function.__code__):
        modules = [known[name] for name in code.co_names if inspect.ismodule(known.get(name))]
        for name in code.co_names:
            if name in known and not isinstance(known[name], ModuleType):
                yield name, known[name]
            for module in modules:
                if hasattr(module, name):
                    yield f"{module.__name__}.{name}", getattr(module, name)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Give the code of a function and of all that is defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


__all__ = [
    "CACHE_VARIABLE",
    "RULE_ROOMS",
    "Place",
    "RuleCache",
    "forget_old_caches",
    "hash_of_rules",
    "place_of_rules",
]
