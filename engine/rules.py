"""The ``rule`` decorator: a loop over rows that reads like its sentence and runs at C speed.

A rule is plain Python over structured arrays. It is compiled by Numba and kept in
a cache on disk, so that only the first run after an install or an edit compiles.
Numba's own cache goes stale when a rule that is *called* lives in another file
and is edited there; therefore the cache folder is named by a hash of every file
that holds rules, and an edit anywhere starts a fresh folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import platformdirs
from numba import types

_Function = TypeVar("_Function", bound=Callable[..., Any])

RULE_ROOMS: Final = ("engine", "agents", "model")
"""Folders whose files hold rules; their bytes name the cache."""

CACHE_VARIABLE: Final = "SHAANXI_TRANSFER_CACHE"
"""Environment variable that moves the cache, for example onto a local disk of a cluster node."""

_KEPT_CACHES: Final = 6


def hash_of_rules(root: Path | None = None) -> str:
    """Hash the bytes of every Python file that holds rules, in sub-folders as well.

    Parameters
    ----------
    root : Path, optional
        Folder of the package; this package by default.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    root = Path(__file__).resolve().parent.parent if root is None else root
    digest = hashlib.sha256(f"numba {numba.__version__}".encode())
    for room in RULE_ROOMS:
        for file in sorted((root / room).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Folder of the compiled rules of exactly this code; made when first used."""
    chosen = os.environ.get(CACHE_VARIABLE)
    parent = (
        Path(chosen) if chosen else Path(platformdirs.user_cache_dir("shaanxi_transfer", appauthor=False))
    )
    return parent / f"rules-{hash_of_rules()}"


_CACHE: Final = cache_folder()


def compiled_already() -> bool:
    """Say whether a cache for exactly this code exists, that is, whether a first run will be quick."""
    return any(_CACHE.rglob("*.nbi"))


def forget_old_caches() -> None:
    """Remove the caches of earlier versions of the code, all but the newest few."""
    caches = [entry for entry in _CACHE.parent.glob("rules-*") if entry.is_dir() and entry != _CACHE]
    caches.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for stale in caches[_KEPT_CACHES - 1 :]:
        shutil.rmtree(stale, ignore_errors=True)


def _widest(kind: Any) -> Any:
    """Type under which a called rule is compiled: whole numbers with a sign, and constants, are all int64."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) and kind.signed else kind


def _share_between_callers(compiled: Any) -> None:
    """Let all rules that call this one share what was compiled of it.

    Numba compiles a callee again for every constant and every width of whole number
    that a caller passes: forty times for the one rule that moves money.
    """
    resolve = compiled.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        return resolve(
            tuple(_widest(kind) for kind in args), {name: _widest(kind) for name, kind in kws.items()}
        )

    compiled.get_call_template = get_call_template


def rule(function: _Function) -> _Function:
    """Compile a rule, with a cache that notices an edit in any rule file.

    Parameters
    ----------
    function : callable
        A function over structured arrays and plain numbers. It may call other
        rules. Powers, logarithms and exponentials come from ``math`` and sums are
        taken in a fixed order, so that compiled and plain results agree to the bit.

    Returns
    -------
    callable
        The compiled rule with the same signature; the function itself when
        ``NUMBA_DISABLE_JIT=1``.
    """
    return _compiled(function, _CACHE)


def rule_with_cache(function: _Function, named: str | None) -> _Function:
    """Compile a rule that stands in another's place, or calls one that does.

    Parameters
    ----------
    function : callable
        As for `rule`.
    named : str or None
        Names the cache, by all of one's own code that may be built in; None for no cache.

    Returns
    -------
    callable
        As for `rule`.
    """
    # Numba has no place for the cache of a function that stands in no file.
    in_a_file = Path(cast(Any, function).__code__.co_filename).is_file()
    return _compiled(function, _CACHE / f"own-{named}" if named and in_a_file else None)


def _compiled(function: _Function, cache: Path | None) -> _Function:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(cache or before)
    try:
        compiled = numba.njit(cache=cache is not None, nogil=True, error_model="numpy")(function)
    finally:
        numba.config.CACHE_DIR = before
    if not numba.config.DISABLE_JIT:
        _share_between_callers(compiled)
    return cast(_Function, compiled)


__all__ = [
    "CACHE_VARIABLE",
    "cache_folder",
    "compiled_already",
    "forget_old_caches",
    "hash_of_rules",
    "rule",
    "rule_with_cache",
]
