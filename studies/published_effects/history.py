"""Evaluations of what happened anyway: one history of the province, in which nothing is enacted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ...model.watch import Watch
from .certificate import research_at_the_notch
from .design import Design, Measured, Tables, base_world
from .guarantees import loans_under_the_programme
from .incubators import survival_of_tenants
from .stakes import growth_after_stakes

__all__ = ["HISTORY"]

_END: Final = "2017-Q4"
_WORLD: Final = "without"


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    tables = worlds[_WORLD]
    return {
        **loans_under_the_programme(tables),
        **growth_after_stakes(tables),
        **survival_of_tenants(tables),
        **research_at_the_notch(tables),
    }


HISTORY: Final = Design(
    "history",
    lambda province: {_WORLD: base_world(province, since=_END, end=_END)},
    Watch(units=("firm",), programmes=("loan_compensation",)),
    _measure,
)
