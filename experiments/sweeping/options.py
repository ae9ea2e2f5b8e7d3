"""What a person may ask of a sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, PlainValidator

from ...engine.errors import InputError
from ...engine.seed_and_scale import is_whole
from ..effects.options import PackageOptions
from .design import Levels

__all__ = ["SweepOptions"]

MOST_POINTS: Final = 10_000
_FORM: Final = "LEVER=LEVEL,LEVEL,... for a grid; with points LEVER=LOW,HIGH, or LEVER between its bounds"


def _levels(given: Any) -> Levels:
    """Read levers with their levels: words of a command line, or a mapping; a lever alone has none yet."""
    if isinstance(given, str):
        given = [given]
    if isinstance(given, Mapping):
        pairs = [(str(name), values) for name, values in given.items()]
    else:
        pairs = [_parted(one) if isinstance(one, str) else (str(one[0]), one[1]) for one in given or ()]
    found: dict[str, tuple[float, ...]] = {}
    for word, values in pairs:
        name = _lever(word)
        if name in found:
            raise InputError(f"{name!r} is named twice", key="lever", allowed="each lever once")
        several = values.split(",") if isinstance(values, str) else values
        if isinstance(several, int | float):
            several = [several]
        found[name] = tuple(dict.fromkeys(_level(name, one) for one in several))
    if not found:
        raise InputError("no lever is named", key="lever", allowed=_FORM)
    return tuple(found.items())


def _parted(written: str) -> tuple[str, str | tuple[()]]:
    name, equals, values = (part.strip() for part in written.partition("="))
    if equals and not values:
        raise InputError(f"{written!r} names no level", key="lever", allowed=_FORM)
    return name, values if equals else ()


def _lever(word: str) -> str:
    from ...scenarios import lever_catalogue
    from ...scenarios.choosing.catalogue import find_selector

    levers = lever_catalogue()
    name = word if word in levers else find_selector(word)
    if name not in levers:
        inside = [lever.id for lever in levers.values() if lever.selector == name]
        raise InputError(
            f"{name!r} holds {len(inside)} levers, and a level is of one",
            key="lever",
            allowed=", ".join(inside) or "a lever of `shaanxi-transfer levers`",
        )
    return name


def _level(name: str, given: Any) -> float:
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = math.nan
    if isinstance(given, bool) or not math.isfinite(value):
        raise InputError(
            f"{str(given).strip()!r} is no level of {name}",
            key="lever",
            allowed="numbers with commas between",
        )
    return value


def _points(given: Any) -> int | None:
    if given is None:
        return None
    if not is_whole(given) or not 2 <= given <= MOST_POINTS:
        raise InputError(
            f"{given!r} points cannot be spread",
            key="points",
            allowed=f"a whole number from 2 to {MOST_POINTS}",
        )
    return int(given)


class SweepOptions(PackageOptions):
    """What is swept, and how; see `sweep.sweep`.

    Attributes
    ----------
    lever : tuple of (str, tuple of float)
        By lever the levels of a grid, or the bounds of a hypercube.
    points : int, optional
        Points of a Latin hypercube; a grid by default.
    """

    lever: Annotated[Levels, PlainValidator(_levels), Field(validate_default=True)] = ()
    points: Annotated[int | None, PlainValidator(_points)] = None

    @property
    def levels(self) -> Levels:
        """Give levers and levels as the design needs them; a lever alone goes between its bounds.

        Raises
        ------
        InputError
            If a lever of a grid has no level, one of a hypercube has not two, or there are too many points.
        """
        from ...scenarios import lever_catalogue

        found = []
        for name, values in self.lever:
            lever = lever_catalogue()[name]
            if self.points is None:
                if not values:
                    raise InputError(f"{name} has no level", key="lever", allowed=_FORM)
            else:
                values = values or (lever.low, lever.high)
                if len(values) != 2 or not values[0] < values[1]:
                    raise InputError(
                        f"{name} has no two bounds, the lower first: {', '.join(map('{:g}'.format, values))}",
                        key="lever",
                        allowed=_FORM,
                    )
                if lever.unit == "switch":
                    raise InputError(
                        f"{name} is a switch, and nothing lies between its levels",
                        key="lever",
                        allowed="a lever with levels between, or a grid (without points)",
                    )
            found.append((name, values))
        if self.points is None and (count := math.prod(len(values) for _, values in found)) > MOST_POINTS:
            raise InputError(
                f"{count} combinations of levels are too many",
                key="lever",
                allowed=f"{MOST_POINTS} at most, or a hypercube (points)",
            )
        return tuple(found)
