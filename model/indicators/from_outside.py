"""Indicators from outside: recorded beside the model's own, as long as a run lasts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import numpy as np

from ...engine.errors import InputError, nearest
from ...engine.units import UNITS
from .definition import Indicator, Kind
from .every_indicator import INDICATORS

if TYPE_CHECKING:
    from ..province import Province

__all__ = ["OwnIndicator", "in_form", "own_indicators"]

KINDS: Final = get_args(Kind)

_FORM: Final = "(function, unit, kind, title_en, title_zh)"


class OwnIndicator(NamedTuple):
    """What is said of an indicator from outside; a plain tuple of the five will do.

    Attributes
    ----------
    function : callable
        ``function(province)`` gives the value after a step, a finite number.
    unit : str
        One of `engine.units.UNITS`.
    kind : {"flow", "stock", "ratio"}
        A flow is summed over the steps of a quarter.
    title_en, title_zh : str
    """

    function: Callable[[Province], object]
    unit: str
    kind: Kind
    title_en: str
    title_zh: str


def own_indicators(given: Mapping[str, object] | None) -> dict[str, Indicator]:
    """Give indicators from outside the form of the model's.

    Parameters
    ----------
    given : mapping
        `OwnIndicator`, or its five entries, by id.

    Returns
    -------
    dict of str to Indicator

    Raises
    ------
    InputError
        If an id is taken or is none, an entry is missing, or unit or kind are not known.
    """
    return {name: _indicator(name, entry) for name, entry in (given or {}).items()}


def in_form(name: str, entry: object) -> OwnIndicator:
    """Name the five entries of an indicator from outside.

    Raises
    ------
    InputError
        If they are not five.
    """
    if not isinstance(entry, tuple) or len(entry) != len(OwnIndicator._fields):
        raise InputError(f"{entry!r} is no indicator", key=name, allowed=_FORM)
    return OwnIndicator(*entry)


def _indicator(name: str, entry: object) -> Indicator:
    if not name.isidentifier():
        raise InputError(f"{name!r} is no name of an indicator", key=name, allowed="letters, digits and _")
    if name in INDICATORS:
        raise InputError(f"there is an indicator {name!r} already", key=name, allowed="another name")
    own = in_form(name, entry)
    if not callable(own.function):
        raise InputError(f"{own.function!r} is no function", key=name, allowed=_FORM)
    if own.unit not in UNITS:
        allowed, near = ", ".join(UNITS), nearest(str(own.unit), UNITS)
        raise InputError(f"the unit {own.unit!r} is not known", key=name, allowed=allowed, suggestion=near)
    if own.kind not in KINDS:
        allowed, near = ", ".join(KINDS), nearest(str(own.kind), KINDS)
        raise InputError(f"the kind {own.kind!r} is not known", key=name, allowed=allowed, suggestion=near)
    titles = (str(own.title_en), str(own.title_zh))
    called = getattr(own.function, "__name__", own.function)
    told = (f"an indicator from outside: {called}", f"自定义指标：{called}")
    return Indicator(name, own.unit, own.kind, *titles, *told, _checked(name, own.function))


def _checked(name: str, function: Callable[[Province], object]) -> Callable[[Province], float]:
    """Let a function give finite numbers only."""

    def read(province: Province) -> float:
        value = function(province)
        if not isinstance(value, int | float | np.number) or not math.isfinite(value):
            code = getattr(function, "__code__", None)
            raise InputError(
                f"{getattr(function, '__name__', function)} gives {value!r:.60}",
                key=name,
                file=None if code is None else Path(code.co_filename),
                line=None if code is None else code.co_firstlineno,
                allowed="one finite number for each step",
            )
        return float(value)

    return read
