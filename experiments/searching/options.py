"""What a person may ask of a search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import PlainValidator

from ...engine.errors import InputError
from ...engine.seed_and_scale import is_whole
from ..effects.options import PackageOptions

__all__ = ["SearchOptions"]

FEWEST_TRIED: Final = 10
MOST_TRIED: Final = 100_000


def _number(given: Any) -> float | None:
    if isinstance(given, bool):
        return None
    try:
        found = float(given)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _goals(given: Any) -> dict[str, float | None]:
    """Read ``T[=goal]``, with commas between or in a list, or a mapping."""
    if isinstance(given, Mapping):
        pairs = [(str(name).strip(), value) for name, value in given.items()]
    else:
        words = given.split(",") if isinstance(given, str) else given or ()
        cut = [str(word).partition("=") for one in words for word in str(one).split(",") if word.strip()]
        pairs = [(name.strip(), value.strip() if between else None) for name, between, value in cut]
    found: dict[str, float | None] = {}
    for name, value in pairs:
        goal = None if value is None else _number(value)
        if name in found or (value is not None and (goal is None or goal <= 0.0)):
            raise InputError(
                f"{name} is asked twice" if name in found else f"{value!r} is no goal of {name}",
                key="target",
                allowed="TARGET or TARGET=GOAL, each once, the goal a number above 0 in the target's unit",
            )
        found[name] = goal
    if not found:
        raise InputError("nothing is to be reached", key="target", allowed="TARGET or TARGET=GOAL")
    return found


def _chance(given: Any) -> float:
    found = _number(given)
    if found is None or not 0.0 < found < 1.0:
        percent = found is not None and 1.0 < found < 100.0
        raise InputError(
            f"{given!r} is no chance",
            key="chance",
            allowed="a number between 0 and 1",
            suggestion=f"{found / 100:g}" if percent and found is not None else None,
        )
    return found


def _budget(given: Any) -> float | None:
    if given is None:
        return None
    found = _number(given)
    if found is None or found < 0.0:
        raise InputError(
            f"a budget of {given!r} is below the cheapest package: to do nothing costs nothing",
            key="budget",
            allowed="yuan, 0 or more",
        )
    return found


def _levers(given: Any) -> tuple[str, ...]:
    words = given.split(",") if isinstance(given, str) else given
    found = tuple(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))
    if not found:
        raise InputError("no lever may be moved", key="levers", allowed="all, projects, tasks or levers")
    return found


def _tried(given: Any) -> int:
    if not is_whole(given) or not FEWEST_TRIED <= given <= MOST_TRIED:
        raise InputError(
            f"{given!r} packages cannot be tried",
            key="packages",
            allowed=f"a whole number from {FEWEST_TRIED} to {MOST_TRIED}",
        )
    return int(given)


class SearchOptions(PackageOptions):
    """What searches a package of levers, and how; see `search.search`.

    Attributes
    ----------
    goals : dict of str to float or None
        What is to be reached, all of it together: targets or indicators, each with its goal, or None for the
        goal that the plan asks of it.
    chance : float
        With which it is to be reached, between 0 and 1.
    budget : float, optional
        Most yuan of mean net public cost.
    levers : tuple of str
        What may be moved: ``all``, projects, tasks or levers.
    packages : int
        About how many are tried, each in few futures.
    """

    goals: Annotated[dict[str, float | None], PlainValidator(_goals)]
    chance: Annotated[float, PlainValidator(_chance)] = 0.9
    budget: Annotated[float | None, PlainValidator(_budget)] = None
    levers: Annotated[tuple[str, ...], PlainValidator(_levers)] = ("all",)
    packages: Annotated[int, PlainValidator(_tried)] = 800
