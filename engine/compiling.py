"""How many rules are still to be compiled, said before the first of them is."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from numba.core import event

from .rule_cache import place_of_rules

_SECONDS_A_RULE: Final = 0.25
"""On the slow side of common machines, measured over all rules of the model."""

_rules: Final[dict[int, Any]] = {}
"""Every compiled rule of this process, by its identity; own rules from outside are none."""

_watchers: Final[list[Callable[[Any], None]]] = []


def is_rule(compiled: Any) -> None:
    """Count a rule of the package among those that are compiled before a run."""
    if hasattr(compiled, "signatures"):  # not where the compiler is switched off
        _rules[id(compiled)] = compiled


def is_known_rule(value: object) -> bool:
    """Whether something is a compiled rule of the package."""
    return id(value) in _rules


def rules_known() -> int:
    """Count the rules that this process has imported."""
    return len(_rules)


def rules_to_compile() -> int:
    """Count those of them that are neither compiled here nor kept for exactly this code and machine.

    It may be too few: a rule that is kept for rows of another layout is compiled anew when it is called.
    """
    return sum(not rule.signatures and not _is_kept(rule) for rule in _rules.values())


def seconds_to_compile(rules: int) -> int:
    """Estimate how long some rules take, at least a second."""
    return max(1, round(rules * _SECONDS_A_RULE))


def _is_kept(rule: Any) -> bool:
    has_any = getattr(rule._cache, "has_any", None)
    return has_any is not None and bool(has_any())


@contextmanager
def compiling_told(tell: Callable[[int, int], object]) -> Iterator[None]:
    """Tell how many rules are ready, and of how many, after each that is compiled; nothing if all are kept.

    Parameters
    ----------
    tell : callable
        Called with both numbers inside this context.
    """
    every = rules_known()
    left = rules_to_compile()
    compiled: set[int] = set()

    def count(rule: Any) -> None:
        compiled.add(id(rule))
        tell(min(every, every - left + len(compiled)), every)

    _watchers.append(count)
    try:
        yield
    finally:
        _watchers.remove(count)


class _Compiling(event.Listener):  # type: ignore[misc]
    """Hear of every compilation; say the first one of a process that somebody looks at."""

    def __init__(self) -> None:
        self._said = False

    def on_start(self, happening: Any) -> None:
        """Say what takes the time, before it is taken."""
        if self._said or id(happening.data["dispatcher"]) not in _rules:
            return
        self._said = True
        if multiprocessing.parent_process() is None and sys.stderr is not None:
            left, place = rules_to_compile(), place_of_rules()
            again = place.remark or "later runs load them"
            print(
                f"compiling {max(1, left)} or more of {rules_known()} rules of the model,"
                f" {seconds_to_compile(left)} s or more, once; {again}",
                file=sys.stderr,
                flush=True,
            )

    def on_end(self, happening: Any) -> None:
        """Tell whoever counts."""
        if id(happening.data["dispatcher"]) in _rules:
            for watcher in _watchers:
                watcher(happening.data["dispatcher"])


event.register("numba:compile", _Compiling())

__all__ = [
    "compiling_told",
    "is_known_rule",
    "is_rule",
    "rules_known",
    "rules_to_compile",
    "seconds_to_compile",
]
