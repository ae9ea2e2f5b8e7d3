"""Forecasts of the past by the very code that writes a forecast: residual carried on, discrepancy, error.

What is frozen and what was tried differ in nothing but the year from which they start: each draw has the
factor that `predictive.Prediction` gives to a run with its seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..forecasting.discrepancy import Discrepancy
from ..forecasting.predictive import Prediction
from ..planning.plan_of_runs import future_seed
from .scores import score_sample

__all__ = ["predicted_points", "scores_of_predicted"]


def predicted_points(
    points: pd.DataFrame, discrepancies: Mapping[int, Discrepancy], seed: int
) -> pd.DataFrame:
    """Predict each draw of the forecasts of a province.

    Parameters
    ----------
    points : DataFrame
        Of one province, columns of `points.POINT_COLUMNS`; ``draw`` is the number of the future.
    discrepancies : mapping of int to Discrepancy
        That of a forecast from each origin.
    seed : int
        Of the experiment by whose futures the points were made.

    Returns
    -------
    DataFrame
        The points with a column ``ln_predicted``; those of a series without a discrepancy are left out.
    """
    return pd.concat([points.iloc[:0].assign(ln_predicted=0.0), *_by_draw(points, discrepancies, seed)])


def _by_draw(
    points: pd.DataFrame, discrepancies: Mapping[int, Discrepancy], seed: int
) -> Iterator[pd.DataFrame]:
    for _, rows in points.groupby(["origin", "indicator", "draw"], sort=True):
        first = rows.iloc[0]
        origin, name, draw = int(first["origin"]), str(first["indicator"]), int(first["draw"])
        if name not in discrepancies[origin].series:
            continue
        ahead = rows["year"].to_numpy(np.int64) - origin
        prediction = Prediction(discrepancies[origin], origin, {name: first["ln_observed_at_origin"]})
        simulated = math.exp(first["ln_simulated_at_origin"])
        factors = prediction.ln_factors(name, future_seed(seed, draw), simulated, int(ahead.max()))
        yield rows.assign(ln_predicted=rows["ln_simulated"] + factors[ahead - 1])


def scores_of_predicted(predicted: pd.DataFrame, forecaster: str) -> pd.DataFrame:
    """Score predictions of a province: the columns of `rivals_half.COLUMNS`, one row a figure.

    Parameters
    ----------
    predicted : DataFrame
        Of `predicted_points`.
    forecaster : str
        What they are called in the table.
    """
    rows = []
    for _, mine in predicted.groupby(["indicator", "origin", "year"], sort=True):
        name, origin, year = (mine[column].iloc[0] for column in ("indicator", "origin", "year"))
        head = {"origin": origin, "indicator": name, "year": year, "horizon": int(year) - int(origin)}
        draws = np.exp(mine["ln_predicted"].to_numpy(np.float64))
        score = score_sample(draws, float(np.exp(mine["ln_observed"].iloc[0])))
        rows.append({**head, "forecaster": forecaster, **score})
    return pd.DataFrame(rows)
