"""Score the forecasts of a backtest across provinces, with carry and discrepancy of the other provinces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.all_provinces import AllProvinces
from ...experiments.backtesting.points import points_of
from ...experiments.backtesting.pooled_discrepancy import (
    PlacedPoint,
    PooledShape,
    Volatility,
    pooled_shape,
    predicted,
    typical,
    volatility_of,
)
from ...experiments.backtesting.rivals_half import COLUMNS, rival_scores
from ...experiments.backtesting.scores import score_sample
from ...experiments.backtesting.stored_forecasts import STORED, kept_of
from ...experiments.forecasting.discrepancy import SERIES
from .tables import FITTED, MODEL, PAST_ONLY

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = ["Scored", "Volatilities", "placed_points", "rivals_of_pack", "score_provinces", "volatilities"]

Volatilities = dict[str, tuple[Volatility, float]]


class Scored(NamedTuple):
    """What a backtest across provinces shows.

    Attributes
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS` and `stored_forecasts.STORED`: the model's, in
        three forms.
    shape : PooledShape
        Of the discrepancy, from all points.
    points : int
    """

    scores: pd.DataFrame
    shape: PooledShape
    points: int


def volatilities(packs: Mapping[str, Pack], until: int) -> dict[str, Volatilities]:
    """Measure by province and series what is known up to a year, with what is typical of the others."""
    own = {
        province: {name: volatility_of(pack.series_of(name), until) for name in SERIES}
        for province, pack in packs.items()
    }
    return {
        province: {
            name: (mine[name], typical(other[name] for who, other in own.items() if who != province))
            for name in SERIES
        }
        for province, mine in own.items()
    }


def score_provinces(points: Mapping[str, pd.DataFrame], packs: Mapping[str, Pack], seed: int) -> Scored:
    """Score every forecast: fitted alone, with the discrepancy of the others, with that of the past.

    ``points`` holds for each province columns of `points.POINT_COLUMNS`.

    Notes
    -----
    The discrepancy of ``model`` is learnt from the other provinces, whose later years it sees: these are
    held out in space, not in time. That of ``model_past_only`` is learnt from what all provinces had
    missed up to the origin, and is a forecast that could have been made.
    """
    placed = placed_points(points, packs)
    shape, found = pooled_shape(placed)
    left_out = {
        province: pooled_shape([one for one in placed if one.province != province], start=found)[0]
        for province in points
        if len(points) > 1
    }
    origins = sorted({one.point.origin for one in placed})
    earlier = {
        origin: pooled_shape([one for one in placed if one.point.origin + one.point.horizon <= origin])[0]
        for origin in origins
    }
    rows = []
    for one in placed:
        forecasts = {FITTED: one.point.simulated}
        if one.province in left_out:
            forecasts[MODEL] = predicted(one, left_out[one.province], seed)
        forecasts[PAST_ONLY] = predicted(one, earlier[one.point.origin], seed)
        for forecaster, draws in forecasts.items():
            rows.append(
                {
                    "province": one.province,
                    "origin": one.point.origin,
                    "indicator": one.point.series,
                    "year": one.point.origin + one.point.horizon,
                    "horizon": one.point.horizon,
                    "forecaster": forecaster,
                    **score_sample(np.exp(draws), float(np.exp(one.point.observed))),
                    **kept_of(draws, one.point.futures),
                }
            )
    return Scored(pd.DataFrame(rows), shape, len(placed))


def placed_points(points: Mapping[str, pd.DataFrame], packs: Mapping[str, Pack]) -> list[PlacedPoint]:
    """Give the points of all provinces, each with what its series' growth was like up to the origin."""
    known: dict[int, dict[str, Volatilities]] = {}
    placed = []
    for province, table in points.items():
        for point in points_of(table):
            if point.origin not in known:
                known[point.origin] = volatilities(packs, point.origin)
            placed.append(PlacedPoint(province, point, *known[point.origin][province][point.series]))
    return placed


def rivals_of_pack(
    pack: Pack, origins: Sequence[int], seed: int, draws: int, everyone: AllProvinces
) -> tuple[pd.DataFrame, list[str]]:
    """Score the rivals in one province.

    Returns
    -------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS` and `stored_forecasts.STORED`.
    left_out : list of str
        A line for each series and origin at which too little is known for the rivals.
    """
    tables, left_out = [pd.DataFrame(columns=[*COLUMNS, *STORED])], []
    for name in SERIES:
        own, national = pack.series_of(name, "province"), pack.series_of(name, "china")
        own = {year: value for year, value in own.items() if value > 0.0}
        for origin in origins:
            try:
                tables.append(
                    rival_scores(
                        own,
                        national,
                        name,
                        origins=(origin,),
                        draws=draws,
                        seed=seed,
                        province=pack.name,
                        everyone=everyone,
                    )
                )
            except InputError as error:
                left_out.append(f"{pack.name} {name} from {origin}: {error}")
    scores = pd.concat(tables[1:] or tables, ignore_index=True)
    scores.insert(0, "province", pack.name)
    return scores, left_out
