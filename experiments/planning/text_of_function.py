"""The text of a function that stands in a script, a notebook or a session, with all that it uses."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

from ...engine.errors import InputError
from ...model.own_rules import behind

__all__ = ["text_of"]

_PLAIN_VALUES: Final = (bool, int, float, str, bytes, tuple, frozenset, type(None))


def text_of(function: Any) -> str:
    """Give text that defines a function wherever it is loaded.

    Parameters
    ----------
    function : callable
        Of a file that is imported by its name: then the whole file. Of a script or a notebook: its own
        lines, the functions beside it that it calls, the modules and numbers that it uses.

    Returns
    -------
    str
        Python.

    Raises
    ------
    InputError
        If the text is not to be had, or something that it uses cannot be written down.
    """
    found = behind(function)
    if not isinstance(found, FunctionType):
        raise InputError(f"{function!r} is no function", allowed="a Python function, or FILE.py:FUNCTION")
    file = Path(found.__code__.co_filename)
    if found.__module__ != "__main__" and found.__qualname__ == found.__name__ and file.is_file():
        return file.read_text(encoding="utf-8")
    needs: dict[str, str] = {}
    _collect(found, found, needs)
    return "\n\n".join(needs.values()) + "\n"


def _collect(function: FunctionType, asked: FunctionType, needs: dict[str, str]) -> None:
    """Write down a function behind what it uses."""
    try:
        own = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise InputError(
            f"the text of {function.__name__} is not to be had",
            allowed="a function written in a file, a script or a notebook",
        ) from error
    if function.__name__ == "<lambda>" or function.__closure__:
        raise InputError(
            f"{function.__qualname__} has no text that can be loaded elsewhere",
            allowed="a function with a name, defined outside of any other",
        )
    needs.setdefault(function.__name__, "")
    for name in dict.fromkeys([*_decorators(own), *_names(function.__code__)]):
        if name not in needs and name in function.__globals__:
            value = function.__globals__[name]
            inner: object = behind(value)
            if isinstance(inner, FunctionType) and inner.__module__ == function.__module__:
                _collect(inner, asked, needs)
            else:
                needs[name] = _written(name, value, asked)
    needs[function.__name__] = needs.pop(function.__name__) or own


def _decorators(text: str) -> list[str]:
    """Name what stands above a function."""
    (statement,) = ast.parse(text).body
    lines = getattr(statement, "decorator_list", ())
    return [node.id for line in lines for node in ast.walk(line) if isinstance(node, ast.Name)]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _written(name: str, value: Any, asked: FunctionType) -> str:
    """Write down what gives a name its meaning."""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}"
    if isinstance(value, _PLAIN_VALUES):
        return f"{name} = {value!r}"
    module, own = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if module not in (None, "__main__") and own is not None:
        return f"from {module} import {own} as {name}"
    raise InputError(
        f"{asked.__name__} uses {name}, a {type(value).__name__}",
        allowed="functions, modules and plain numbers and texts; or a file of its own, FILE.py:FUNCTION",
    )
