"""Score the forecasts of a backtest across provinces, with carry and discrepancy of the other provinces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...engine.errors import InputError
from ...experiments.backtesting.all_provinces import AllProvinces
from ...experiments.backtesting.points import futures_of, points_of
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
from ...experiments.fitting_provinces.provinces_in_turn import seed_of_futures
from ...experiments.forecasting.discrepancy import SERIES
from ...experiments.forecasting.predictive import BY_PLACE
from .reconciled_points import reconciled_points
from .tables import FITTED, MODEL, PAST_ONLY, RECONCILED

if TYPE_CHECKING:
    from ...scenarios import Pack

__all__ = [
    *("JOINT", "Scored", "Volatilities", "placed_points", "rivals_of_pack", "score_provinces"),
    "volatilities",
]

FloatArray = npt.NDArray[np.float64]

Volatilities = dict[str, tuple[Volatility, float]]


class Scored(NamedTuple):
    """What a backtest across provinces shows.

    Attributes
    ----------
    scores : DataFrame
        ``province`` and the columns of `rivals_half.COLUMNS` and `stored_forecasts.STORED`: the model's, in
        four forms.
    shape : PooledShape
        Of the discrepancy, from all points.
    points : int
    coherence : DataFrame
        `reconciled_points.COHERENCE`.
    joint : DataFrame
        Rows as of ``scores``: the reconciled forecasts with noise of each form of `JOINT`, told apart by
        the energy score alone.
    """

    scores: pd.DataFrame
    shape: PooledShape
    points: int
    coherence: pd.DataFrame
    joint: pd.DataFrame


JOINT: Final = {False: f"{RECONCILED}_noise_of_all", True: f"{RECONCILED}_noise_by_place"}
"""Names of the reconciled forecasts by `predictive.BY_PLACE`."""


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
    """Score every forecast: fitted alone, with the discrepancy of the others, of the past, and reconciled.

    ``points`` holds for each province columns of `points.POINT_COLUMNS`.

    Notes
    -----
    The discrepancy of ``model`` is learnt from the other provinces, whose later years it sees: these are
    held out in space, not in time. That of ``model_past_only`` is learnt from what all provinces had
    missed up to the origin, and is a forecast that could have been made; so is ``model_reconciled``.
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
    seeds = {origin: seed_of_futures(seed, origin) for origin in origins}
    runs = {origin: _runs(placed, origin) for origin in origins}

    def drawn(one: PlacedPoint, of: PooledShape, by_place: bool = BY_PLACE) -> FloatArray:
        origin = one.point.origin
        return predicted(one, of, seeds[origin], runs=runs[origin], by_place=by_place)

    past = {
        by_place: reconciled_points(
            [(one, drawn(one, earlier[one.point.origin], by_place)) for one in placed], packs, seeds, runs
        )
        for by_place in JOINT
    }
    rows, joint = [], []
    for place, one in enumerate(placed):
        forecasts = {FITTED: _by_number(one, runs[one.point.origin])}
        if one.province in left_out:
            forecasts[MODEL] = drawn(one, left_out[one.province])
        forecasts[PAST_ONLY] = drawn(one, earlier[one.point.origin])
        forecasts[RECONCILED] = past[BY_PLACE].draws[place]
        rows += [_scored(one, name, draws) for name, draws in forecasts.items()]
        joint += [_scored(one, JOINT[by_place], past[by_place].draws[place]) for by_place in JOINT]
    coherence = past[BY_PLACE].coherence
    return Scored(pd.DataFrame(rows), shape, len(placed), coherence, pd.DataFrame(joint))


def _runs(placed: Sequence[PlacedPoint], origin: int) -> int:
    """Count the futures of an origin, those that failed somewhere included."""
    return 1 + max(int(futures_of(one.point).max()) for one in placed if one.point.origin == origin)


def _by_number(one: PlacedPoint, runs: int) -> FloatArray:
    draws = np.full(runs, np.nan)
    draws[futures_of(one.point)] = one.point.simulated
    return draws


def _scored(one: PlacedPoint, forecaster: str, draws: FloatArray) -> dict[str, Any]:
    """Score draws by number of the future, nan where it failed; each run is once among the joint draws."""
    point, there = one.point, np.flatnonzero(np.isfinite(draws))
    return {
        "province": one.province,
        "origin": point.origin,
        "indicator": point.series,
        "year": point.origin + point.horizon,
        "horizon": point.horizon,
        "forecaster": forecaster,
        **score_sample(np.exp(draws[there]), float(np.exp(point.observed))),
        **kept_of(draws[there], there[: len(point.simulated)]),
    }


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
