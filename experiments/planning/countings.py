"""Which way of counting a target stands first: ``--counting contract_value_output=technology_part``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...engine.errors import InputError, nearest
from .definitions import Definitions


def check_countings(given: str | Mapping[str, str] | None) -> dict[str, str]:
    """Give the way of counting by target; a text has ``TARGET=COUNTING``, with commas between.

    Examples
    --------
    >>> check_countings("trained_people=attendances, incubation_platforms=new_since_2018")
    {'trained_people': 'attendances', 'incubation_platforms': 'new_since_2018'}
    """
    if isinstance(given, Mapping):
        return {str(target): str(counting) for target, counting in given.items()}
    chosen: dict[str, str] = {}
    for word in (given or "").split(","):
        target, between, counting = (part.strip() for part in word.partition("="))
        if not word.strip():
            continue
        if not between or not target or not counting or target in chosen:
            problem = f"{word.strip()!r} names no way of counting one target, or names it again"
            raise InputError(problem, key="counting", allowed="TARGET=COUNTING, with commas between")
        chosen[target] = counting
    return chosen


def counted_as(definitions: Definitions, chosen: Mapping[str, str]) -> Definitions:
    """Put the chosen ways of counting first, so that they are meant where one number is asked for.

    Raises
    ------
    InputError
        If there is no such target, or it has no such way of counting.
    """
    targets = dict(definitions.targets)
    for name, counting in chosen.items():
        if name not in targets:
            raise InputError(
                f"no target is called {name!r}",
                key="counting",
                allowed=", ".join(targets),
                suggestion=nearest(name, targets),
            )
        ways = targets[name].countings
        if counting not in ways:
            raise InputError(
                f"{name} is not counted as {counting!r}",
                key="counting",
                allowed=", ".join(ways),
                suggestion=nearest(counting, ways),
            )
        target: Any = targets[name]  # a record, of the model or of a test
        targets[name] = replace(target, countings={counting: ways[counting], **ways})
    return replace(definitions, targets=targets)
