"""Backtest: what the model would have forecast from each origin, against what came and against rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engine import luck
from .backtesting.discrepancy_estimate import (
    DEGREES_OF_FREEDOM,
    OBSERVATION_ERROR,
    Shape,
    estimate,
    fitted_shape,
)
from .backtesting.model_half import forecast_points, world_of_origin
from .backtesting.points import Point, points_of
from .backtesting.rivals_half import COLUMNS, DRAWS, ORIGINS, backtest_rivals
from .backtesting.scores import score_sample, summary_of_scores
from .calibrate import calibrate_province
from .calibrating.ensemble_fit import Settings
from .forecasting.discrepancy import FILE, Discrepancy
from .keeping.atomic_files import make_folder
from .keeping.store import Store
from .planning import door_to_model
from .running.progress import ProgressFunction
from .running.runner import RunBatch, run_batch

__all__ = ["POINTS", "SCORES", "SETTINGS", "SUMMARY", "Backtest", "backtest"]

Numbers = npt.NDArray[np.float64]

SETTINGS: Final = Settings(ensembles=4, members=350, assimilations=2)
"""Of the fit at each origin: fewer steps than that of the forecast itself, for there are four of them."""

POINTS: Final = "points.parquet"
SCORES: Final = "backtest.csv"
SUMMARY: Final = "backtest_summary.csv"

PRIOR: Final = "model_prior"
FITTED: Final = "model_fitted"
MODEL: Final = "model"
"""The model drawn from priors alone; fitted; and fitted, with carry and discrepancy, as it forecasts."""


@dataclass(frozen=True)
class Backtest:
    """What a backtest found.

    Attributes
    ----------
    scores : DataFrame
        Columns of `rivals_half.COLUMNS`: one row a forecast of one figure, model and rivals.
    summary : DataFrame
        By forecaster, and by forecaster and series; see `scores.summary_of_scores`.
    discrepancy : Discrepancy
        Estimated from all origins.
    folder : Path
    """

    scores: pd.DataFrame
    summary: pd.DataFrame
    discrepancy: Discrepancy
    folder: Path


def backtest(
    province: str,
    folder: str | Path,
    *,
    origins: Sequence[int] = ORIGINS,
    runs: int = 300,
    settings: Settings = SETTINGS,
    model: door_to_model.Model | None = None,
    executor: RunBatch = run_batch,
    workers: int | None = None,
    progress: ProgressFunction | None = None,
) -> Backtest:
    """Fit and forecast from each origin, and score the model beside its rivals.

    Parameters
    ----------
    province : str
    folder : str or Path
        Where posteriors of the origins, points, scores and the discrepancy go.
    origins : sequence of int
        Last years that are known, each in its turn.
    runs : int
        Futures of each forecast.
    settings : Settings
        Of the fit at each origin, with scale and seed of the forecasts.
    model, executor, workers, progress
        As in `ensemble_fit.calibrate`.

    Raises
    ------
    InputError, RunError
        As for `calibrate.calibrate_province` and `model_half.forecast_points`.
    """
    model = door_to_model.model() if model is None else model
    folder = Path(folder)
    make_folder(folder)
    fitted: list[pd.DataFrame] = []
    prior: list[pd.DataFrame] = []
    for origin in origins:
        here = folder / f"origin_{origin}"
        calibrate_province(
            province,
            here,
            until=origin,
            settings=settings,
            model=model,
            executor=executor,
            workers=workers,
            progress=progress,
        )
        for belief, kept in ((str(here), fitted), ("prior", prior)):
            kept.append(
                forecast_points(
                    world_of_origin(province, origin, belief),
                    model,
                    runs=runs,
                    scale=settings.scale,
                    seed=settings.seed,
                    executor=executor,
                    workers=workers,
                )
            )
    points = pd.concat(fitted, ignore_index=True)
    points.to_parquet(folder / POINTS, index=False)
    found = estimate(points, source=f"backtest of {province}, origins {min(origins)} to {max(origins)}")
    found.write(folder / FILE)
    tables = [
        _scored(points_of(pd.concat(prior, ignore_index=True)), PRIOR, None),
        _scored(points_of(points), FITTED, None),
        backtest_rivals(province, origins=origins, seed=settings.seed),
    ]
    if len(origins) > 1:  # from one origin alone nothing is known of its own discrepancy
        tables.insert(2, _scored(points_of(points), MODEL, settings.seed))
    scores = pd.concat(tables, ignore_index=True)[list(COLUMNS)]
    summary = pd.concat(
        [
            summary_of_scores(scores).assign(indicator="all"),
            summary_of_scores(scores, by=("forecaster", "indicator")),
        ],
        ignore_index=True,
    )
    store = Store(folder)
    store.write_csv(SCORES, scores)
    store.write_csv(SUMMARY, summary)
    return Backtest(scores, summary, found, folder)


def _scored(points: Sequence[Point], forecaster: str, seed: int | None) -> pd.DataFrame:
    """Score each point; with a seed, as it is forecast with the discrepancy that the other origins show."""
    shapes: dict[int, Shape] = {}
    rows = []
    for point in points:
        draws = point.simulated
        if seed is not None:
            if point.origin not in shapes:
                shapes[point.origin] = fitted_shape([one for one in points if one.origin != point.origin])
            draws = _predicted(point, shapes[point.origin], seed)
        score = score_sample(np.exp(draws), float(np.exp(point.observed)))
        year = point.origin + point.horizon
        head = {"origin": point.origin, "indicator": point.series, "year": year, "horizon": point.horizon}
        rows.append({**head, "forecaster": forecaster, **score})
    return pd.DataFrame(rows)


def _predicted(point: Point, shape: Shape, seed: int) -> Numbers:
    """Draw forecasts of a point with carry, discrepancy and observation error: see `discrepancy`."""
    rng = np.random.default_rng(luck.key_of("backtest", seed, point.series, point.origin, point.horizon))
    draws = max(1, DRAWS // len(point.simulated)) * len(point.simulated)
    each = np.resize(point.simulated, draws), np.resize(point.residual, draws)
    scale = shape.scale[point.series] * point.horizon**shape.growth_power
    spread = np.hypot(scale, OBSERVATION_ERROR[point.series])
    carried = each[0] + shape.carry[point.series] ** point.horizon * each[1]
    return np.asarray(carried + spread * rng.standard_t(DEGREES_OF_FREEDOM, draws))
