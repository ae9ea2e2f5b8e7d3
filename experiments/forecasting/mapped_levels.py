"""The level of a forecast from another forecaster, the differences between its scenarios from the mechanism.

A pool forecasts how large the four series of `discrepancy.SERIES` will be; it knows no policy. In one world,
that which is held to happen, each future is therefore moved to where the pool has its probability p among
the mechanism's predictions of a year. In the same future another scenario has this level plus what the
mechanism says it adds, in yuan or contracts::

    ln level(base) = w ln model(p) + (1 - w) ln layer(p)
    level(scenario) = level(base) + simulated(scenario) - simulated(base)

so that differences of a year are those of the runs. A level that would fall below zero is zero. What belongs
to a series (`predictive.series_behind`) has the factor of its total in every quarter: parts still add up, and
differences of parts and quarters are the mechanism's only in proportion. Nothing else is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ...engine.errors import RunError
from ..keeping.parquet_parts import SCHEMA
from .predictive import QUARTERS_A_YEAR, Predictive, series_behind

__all__ = ["FittedLevels", "LevelMap", "fitted_levels", "mapped"]

FloatArray = npt.NDArray[np.float64]

_KEY: Final = ["scenario", "future", "indicator", "year"]


@dataclass(frozen=True)
class LevelMap:
    """Where levels come from.

    Attributes
    ----------
    base : str
        Scenario in which the map is fitted.
    until : int
        Last observed year; later ones are mapped.
    weights : mapping of str to float
        Of the mechanism's own prediction, by series; the rest is the layer's. A series that is left out stays
        the mechanism's.
    layer : mapping of str to ndarray of shape (draws, years)
        Draws of the years after the last observed one, in the series' unit.
    """

    base: str
    until: int
    weights: Mapping[str, float]
    layer: Mapping[str, FloatArray] = field(repr=False)


@dataclass(frozen=True)
class FittedLevels:
    """What the map makes of the runs of a store; made by `fitted_levels`.

    Attributes
    ----------
    predicted : DataFrame
        The mechanism's own predictions of the years that are mapped: ``scenario``, ``future``, ``indicator``,
        ``year``, ``value``.
    factors : Series
        By scenario, future, series and year: what a prediction is multiplied by.
    """

    predicted: pd.DataFrame
    factors: pd.Series[float]

    def of(self, predicted: pa.Table) -> pa.Table:
        """Give predicted rows their level: in the same order, with other values."""
        frame = predicted.to_pandas()
        behind = {name: series_behind(str(name)) or "" for name in frame["indicator"].cat.categories}
        of_series = frame["indicator"].astype("str").map(behind)
        keys = [frame["scenario"].astype("str"), frame["future"], of_series, frame["year"]]
        found = self.factors.reindex(pd.MultiIndex.from_arrays(keys)).to_numpy(np.float64)
        values = frame["value"].to_numpy(np.float64) * np.where(np.isnan(found), 1.0, found)
        return predicted.set_column(SCHEMA.get_field_index("value"), SCHEMA.field("value"), pa.array(values))


def mapped(model: FloatArray, layer: FloatArray, weight: float) -> FloatArray:
    """Move predictions to the pool's level, each to its own probability.

    Parameters
    ----------
    model : ndarray of shape (futures,)
        The mechanism's predictions of a figure.
    layer : ndarray of shape (draws,)
        The layer's draws, above zero.
    weight : float
        Of the mechanism.
    """
    from scipy.stats import rankdata  # which a forecast of the model alone does not need

    ranks = rankdata(model) / (len(model) + 1.0)
    others = np.quantile(np.log(layer), ranks, method="weibull")
    with np.errstate(divide="ignore"):
        own = weight * np.log(model) if weight > 0.0 else np.zeros(len(model))
    return np.asarray(np.exp(own + (1.0 - weight) * others), np.float64)


def fitted_levels(parts: Iterable[pa.Table], predictive: Predictive, level: LevelMap) -> FittedLevels:
    """Fit the map to the runs of a forecast, of all its parts together.

    Raises
    ------
    RunError
        If a future was lost in the base scenario alone: then the others have no level there.
    """
    found = [_years(part, predictive, level) for part in parts]
    years = pd.concat(found, ignore_index=True).sort_values(_KEY, ignore_index=True)
    base = years[years["scenario"] == level.base].drop(columns="scenario")
    levels: list[FloatArray] = []
    figures: Any = base.groupby(["indicator", "year"], sort=True)
    for (series, year), mine in figures:
        draws = level.layer[str(series)][:, int(year) - level.until - 1]
        levels.append(mapped(mine["predicted"].to_numpy(np.float64), draws, level.weights[str(series)]))
    base = base.sort_values(["indicator", "year", "future"], ignore_index=True)
    base = base.assign(level=np.concatenate(levels) if levels else np.empty(0))
    both = years.merge(base, on=_KEY[1:], how="left", suffixes=("", "_base"), validate="many_to_one")
    lost = both.loc[both["level"].isna(), "future"].unique()
    if len(lost):
        raise RunError(
            f"{len(lost)} futures were lost in {level.base}, whose level the others' is told from: make them "
            "with `shaanxi-transfer resume FOLDER --again`"
        )
    added = both["simulated"] - both["simulated_base"]
    total = np.maximum(0.0, (both["level"] + added).to_numpy(np.float64))
    predicted = both["predicted"].to_numpy(np.float64)
    factors = np.divide(total, predicted, out=np.ones(len(both)), where=predicted > 0.0)
    index = pd.MultiIndex.from_frame(both[_KEY])
    return FittedLevels(
        both[[*_KEY, "predicted"]].rename(columns={"predicted": "value"}), pd.Series(factors, index=index)
    )


def _years(runs: pa.Table, predictive: Predictive, level: LevelMap) -> pd.DataFrame:
    """Sum whole years after the last observed one up, as simulated and as predicted."""
    frame = runs.to_pandas().rename(columns={"value": "simulated"})
    frame["predicted"] = predictive.of(runs).column("value").to_numpy()
    kept = frame["indicator"].isin(list(level.weights)) & (frame["year"] > level.until)
    rows = frame[kept].astype({"scenario": "str", "indicator": "str"}).sort_values([*_KEY, "quarter"])
    groups: Any = rows.groupby(_KEY, sort=False, observed=True)
    sums: pd.DataFrame = groups[["simulated", "predicted"]].sum()
    whole: pd.DataFrame = sums[groups.size() == QUARTERS_A_YEAR].reset_index()
    return whole
