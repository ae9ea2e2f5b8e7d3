"""The province: the Mesa model, its calendar and space, the markets that clear, indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

# First of all: while it loads, Mesa looks through all modules that are there, once for each caller above it.
import mesa  # noqa: F401

if TYPE_CHECKING:
    from .ecosystem import Ecosystem
    from .indicators import INDICATORS, Indicator
    from .orders import Cities, Keys, Lot, Order
    from .record import Record
    from .running import run
    from .targets import TARGETS, Target
    from .watch import Watch, watched_columns

__all__ = [
    "INDICATORS",
    "TARGETS",
    "Cities",
    "Ecosystem",
    "Indicator",
    "Keys",
    "Lot",
    "Order",
    "Record",
    "Target",
    "Watch",
    "run",
    "watched_columns",
]

_HOME = {
    "INDICATORS": "indicators",
    "TARGETS": "targets",
    "Cities": "orders",
    "Ecosystem": "ecosystem",
    "Indicator": "indicators",
    "Keys": "orders",
    "Lot": "orders",
    "Order": "orders",
    "Record": "record",
    "Target": "targets",
    "Watch": "watch",
    "watched_columns": "watch",
    "run": "running",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: the compiled rules are slow to load."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
