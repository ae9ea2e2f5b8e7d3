"""Every parameter and every lever of a scenario as a row: its number, its source, who assumed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..planning.fitted_parameters import CARRIED, FREE
from .kinds import assumed_by, weakness

if TYPE_CHECKING:
    from ...scenarios import Scenario

ENTRY_COLUMNS: Final = (
    "name", "what", "title_en", "title_zh", "unit", "value", "low", "high", "distribution", "kind",
    "source", "vintage", "assumed_by", "weakness", "drawn_from", "role",
)  # fmt: skip
"""Columns of `entries`."""

_TAKEN: Final = ENTRY_COLUMNS[2:12]  # those that a parameter has under the same name


def entries(world: Scenario) -> pd.DataFrame:
    """List every parameter and every lever once, in `ENTRY_COLUMNS`.

    ``value``, ``low``, ``high`` are in ``unit``: of a parameter its prior (see `schema.Parameter`), whatever
    is drawn from, of a lever its value under the plan and the bounds of what may be chosen. ``drawn_from`` is
    ``posterior``, ``prior`` or ``fixed``, empty for a lever. ``role`` is ``free`` or ``carried`` (see
    `fitted_parameters`) where the calibration moves the parameter, else empty.
    """
    from ...scenarios import lever_catalogue

    rows = [*_parameters(world), *(_lever(lever) for lever in lever_catalogue().values())]
    return pd.DataFrame(rows, columns=list(ENTRY_COLUMNS)).astype({"vintage": "Int64"})


def _parameters(world: Scenario) -> Iterator[dict[str, Any]]:
    from ...scenarios import lever_catalogue

    levers = lever_catalogue()
    posterior = world.posterior()
    learnt = set() if posterior is None else set(posterior.names)
    for name, parameter in world.parameter_table().items():
        if name in learnt and name not in world.parameters:
            drawn_from = "posterior"
        else:
            drawn_from = "fixed" if parameter.distribution == "fixed" else "prior"
        yield {
            "name": name,
            "what": "parameter",
            **parameter.model_dump(include=set(_TAKEN)),
            "assumed_by": assumed_by(parameter.kind, parameter.source, levers),
            "weakness": weakness(parameter.kind, parameter.vintage),
            "drawn_from": drawn_from,
            "role": "free" if name in FREE else "carried" if name in CARRIED else "",
        }


def _lever(lever: Any) -> dict[str, Any]:
    return {
        "name": lever.id,
        "what": "lever",
        **lever.model_dump(include={"title_en", "title_zh", "unit", "low", "high", "kind"}),
        "value": lever.plan,
        "distribution": "",
        "source": lever.reference,
        "vintage": None,
        "assumed_by": assumed_by(lever.kind, lever.reference, {}),
        "weakness": weakness(lever.kind, None),
        "drawn_from": "",
        "role": "",
    }
