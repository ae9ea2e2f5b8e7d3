"""The ``rule`` decorator: a loop over rows that reads like its sentence and runs at C speed.

A rule is plain Python over structured arrays, compiled by Numba and kept on disk (`rule_cache`), so that
only the first run after an install or an edit compiles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba import types

from .compiling import is_rule
from .rule_cache import RuleCache, place_of_rules

_Function = TypeVar("_Function", bound=Callable[..., Any])


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
    compiled = compiled_apart(function)
    is_rule(compiled)
    return compiled


def compiled_apart(function: _Function) -> _Function:
    """Compile a rule that stands in another's place, or calls one that does: none of the package's own.

    Parameters
    ----------
    function : callable
        As for `rule`.

    Returns
    -------
    callable
        As for `rule`.
    """
    compiled = numba.njit(nogil=True, error_model="numpy")(function)
    if numba.config.DISABLE_JIT:
        return cast(_Function, compiled)
    _share_between_callers(compiled)
    folder = place_of_rules().folder
    if folder is not None:
        compiled._cache = RuleCache(function, folder)
    return cast(_Function, compiled)


__all__ = ["compiled_apart", "rule"]
