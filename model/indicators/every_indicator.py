"""Every reported number, in one list.

Definitions: "What exactly is counted" of the model's specification.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from .definition import Indicator
from .of_contracts import contract_indicators
from .of_cost import cost_indicators
from .of_enterprises import enterprise_indicators
from .of_finance import finance_indicators
from .of_people import people_indicators
from .of_results import result_indicators
from .of_support import support_indicators
from .of_ventures import venture_indicators

if TYPE_CHECKING:
    import pandas as pd


INDICATORS: Final[dict[str, Indicator]] = {
    indicator.id: indicator
    for indicator in (
        *contract_indicators(),
        *enterprise_indicators(),
        *result_indicators(),
        *venture_indicators(),
        *people_indicators(),
        *finance_indicators(),
        *support_indicators(),
        *cost_indicators(),
    )
}
"""Every indicator by name."""


def _of_the_model(name: str) -> Indicator:
    return INDICATORS[name]


def _as_pickled(indicator: Indicator) -> tuple[Callable[..., Indicator], tuple[Any, ...]]:
    """Name one of the model's own: how it is read stands in the code."""
    if INDICATORS.get(indicator.id) is indicator:
        return _of_the_model, (indicator.id,)
    return Indicator, tuple(getattr(indicator, field.name) for field in fields(indicator))


copyreg.pickle(Indicator, _as_pickled)

BY_CITY: Final = {
    name: indicator.read_by_city
    for name, indicator in INDICATORS.items()
    if indicator.read_by_city is not None
}
"""Indicators that are also given by city, with the city's name behind a dot: how the cities are read."""


def indicators() -> pd.DataFrame:
    """List what is reported.

    Returns
    -------
    pandas.DataFrame
        One row an indicator that is modelled: id, unit, kind (flow, stock or ratio), title_en,
        title_zh, definition, definition_zh.
    """
    import pandas as pd

    columns = ["id", "unit", "kind", "title_en", "title_zh", "definition", "definition_zh"]
    return pd.DataFrame(
        [[getattr(entry, column) for column in columns] for entry in INDICATORS.values() if entry.modelled],
        columns=columns,
    )


__all__ = ["BY_CITY", "INDICATORS", "Indicator", "indicators"]
