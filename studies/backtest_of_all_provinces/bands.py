"""What the discrepancy of all provinces makes of the bands of one, beside what its own backtest shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ...experiments.backtesting.pooled_discrepancy import PooledShape, discrepancy_of_province
from ...experiments.forecasting.discrepancy import SERIES, Discrepancy
from ...experiments.planning.definitions import LAST_YEAR
from .scores import volatilities

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["HORIZONS", "Three", "bands_beside", "pooled_for", "shape_of"]

HORIZONS: Final = (1, 2, 3)
"""Years from the last observed one for which the bands are shown: those of the plan."""


class Three(NamedTuple):
    """Discrepancies of one province.

    Attributes
    ----------
    pooled : Discrepancy
        What the backtest across provinces makes of it.
    present : Discrepancy or None
        What forecasts read now.
    alone : Discrepancy or None
        What the province's own backtest shows.
    """

    pooled: Discrepancy
    present: Discrepancy | None = None
    alone: Discrepancy | None = None


def shape_of(table: pd.DataFrame) -> PooledShape:
    """Read the numbers of the pooled discrepancy from table `results.SHAPE`."""
    by_series, first = table.set_index("indicator"), table.iloc[0]
    return PooledShape(
        {str(name): float(value) for name, value in by_series["factor_of_volatility"].items()},
        {str(name): float(value) for name, value in by_series["carry"].items()},
        float(first["growth_power"]),
        float(first["weight_of_typical"]),
        float(first["degrees_of_freedom"]),
    )


def pooled_for(province: str, table: pd.DataFrame, packs: Mapping[str, Pack]) -> Discrepancy:
    """Give one of the packs the discrepancy that `across` writes for it, from table `results.SHAPE`.

    The typical volatility comes from all ``packs``: those of the backtest, and this province.
    """
    errors = dict(zip(table["indicator"], table["observation_error"].astype(float), strict=True))
    return discrepancy_of_province(
        shape_of(table),
        volatilities(packs, LAST_YEAR)[province],
        points=int(table["points"].iloc[0]),
        source=f"backtest across provinces, volatility up to {LAST_YEAR}",
        observation_error=errors,
    )


def bands_beside(alone: Discrepancy | None, pooled: Discrepancy) -> pd.DataFrame:
    """Set two discrepancies side by side; what there is not of the first is missing.

    Returns
    -------
    DataFrame
        ``indicator``; ``scale``, ``carry`` and ``sd_1`` to ``sd_3`` (standard deviation of the noise on the
        logarithm so many years ahead, observation error included), each with ``_alone`` and ``_pooled``.
    """
    rows = []
    for name in SERIES:
        row: dict[str, object] = {"indicator": name}
        for when, one in (("alone", alone), ("pooled", pooled)):
            there = None if one is None else one.series.get(name)
            row[f"scale_{when}"] = math.nan if there is None else there.scale
            row[f"carry_{when}"] = math.nan if there is None else there.carry
            for years in HORIZONS:
                known = one is not None and there is not None
                row[f"sd_{years}_{when}"] = (
                    math.sqrt(one.variance(name, years)) if one and known else math.nan
                )
        rows.append(row)
    return pd.DataFrame(rows)
