"""All that is built into a compiled rule, as one hash: its code, its constants, and those of what it calls.

Numba looks at the text of a rule alone and builds in whatever its names mean when it is compiled: rules of
other files, constants from a library or a table. So the text of a file says too little and that of all files
too much: an edit of a page's words would compile every rule anew.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

import numpy as np

__all__ = ["hash_of_contents"]


def hash_of_contents(function: Any) -> str:
    """Hash what Numba builds into a function, as the names that it reads stand now.

    Parameters
    ----------
    function : callable
        The plain function of a rule.

    Returns
    -------
    str
        Sixteen hexadecimal digits, the same in every process; a value that can only be told by its place
        in memory makes it another one in each, so that nothing is served wrongly.
    """
    digest = hashlib.sha256()
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        plain = waiting.pop()
        if id(plain) in seen:
            continue
        seen.add(id(plain))
        for code in _codes(plain.__code__):
            digest.update(_written(code, plain.__doc__))
        digest.update(repr(plain.__defaults__).encode())
        for name, value in (*_used(plain), *_closed_over(plain)):
            if hasattr(value, "py_func"):
                digest.update(f"{name} is a rule".encode())
                waiting.append(value.py_func)
            elif isinstance(value, np.ndarray):
                digest.update(f"{name} {value.dtype.str} {value.shape}".encode() + value.tobytes())
            else:
                digest.update(f"{name} {_told(value)}".encode())
    return digest.hexdigest()[:16]


def _written(code: CodeType, doc: str | None) -> bytes:
    """Give what a function does, without the place of its lines and without its docstring."""
    constants = [
        # A set in a constant has no order of its own.
        sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant
        for constant in code.co_consts
        if not isinstance(constant, CodeType) and (constant is None or constant != doc)
    ]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_code + repr((constants, names, code.co_argcount, code.co_kwonlyargcount)).encode()


def _told(value: Any) -> str:
    """Tell a value: a function or class of a library by its name, for its versions are told elsewhere."""
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__} {getattr(value, '_fields', '')}"
    return repr(value)


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
                    yield f"{module.__name__.rpartition('.')[2]}.{name}", getattr(module, name)


def _closed_over(function: Any) -> Iterator[tuple[str, Any]]:
    """Give name and value of what a function has of the function around it."""
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield name, cell.cell_contents


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Give the code of a function and of all that is defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
