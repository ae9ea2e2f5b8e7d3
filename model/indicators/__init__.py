"""Every reported number, by family, and the five targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .definition import Indicator
    from .every_indicator import BY_CITY, INDICATORS, indicators

__all__ = ["BY_CITY", "INDICATORS", "Indicator", "indicators"]

_HOME = {
    "BY_CITY": "every_indicator",
    "INDICATORS": "every_indicator",
    "Indicator": "definition",
    "indicators": "every_indicator",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: a family may be read without all the others."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
