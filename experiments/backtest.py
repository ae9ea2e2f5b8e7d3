"""Backtest: what the model would have forecast from each origin, against what came and against rivals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..engine import luck
from ..scenarios import load_pack
from .backtesting.all_provinces import all_provinces
from .backtesting.discrepancy_estimate import (
    DEGREES_OF_FREEDOM,
    OBSERVATION_ERROR,
    Shape,
    estimate,
    fitted_shape,
)
from .backtesting.model_half import forecast_points, world_of_origin
from .backtesting.options import BacktestOptions
from .backtesting.points import Point, points_of
from .backtesting.rivals_half import COLUMNS, DRAWS, backtest_rivals
from .backtesting.scores import score_sample, summary_of_scores
from .backtesting.stored_forecasts import kept_of, write_stored
from .calibrate import FitEstimate, calibrate_province, estimate_of_fit
from .calibrating.observed_figures import fitted as fitted_figures
from .calibrating.observed_figures import observed_table
from .calibrating.options import CalibrateOptions, FitOptions
from .forecasting.discrepancy import FILE, Discrepancy
from .keeping.atomic_files import make_folder
from .keeping.kept_facts import facts_in, write_facts
from .keeping.provenance import calibration_world
from .keeping.store import Store
from .planning import door_to_model
from .running.cluster import executor_for

__all__ = ["BACKTEST", "POINTS", "SCORES", "SUMMARY", "Backtest", "backtest", "kept_options"]

Numbers = npt.NDArray[np.float64]

POINTS: Final = "points.parquet"
SCORES: Final = "backtest.csv"
BACKTEST: Final = "backtest.json"
"""What was asked, so that the folder alone says how to go on."""
_ASKED: Final = ("province", "origins", "runs", "ensembles", "members", "assimilations", "scale", "seed")
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


def fit_of(options: BacktestOptions, origin: int) -> CalibrateOptions:
    """Give the options of the fit at an origin; its folder lies in that of the backtest."""
    shared = {name: getattr(options, name) for name in FitOptions.model_fields}
    here = {"until": origin, "out": options.folder / f"origin_{origin}", "announce": None}
    return CalibrateOptions(**{**shared, **here})


def estimate_of_backtest(options: BacktestOptions, model: door_to_model.Model) -> FitEstimate:
    """Work out what all fits and forecasts will take; the draws are those of the poorest fit."""
    fits = []
    for origin in options.origins:
        world = calibration_world(options.province, origin)
        figures = fitted_figures(observed_table(world.pack(), model.definitions), origin)
        fit = fit_of(options, origin)
        fits.append(estimate_of_fit(world, figures, fit, model, Path(fit.out or options.folder)))
    forecasts, last = 2 * options.runs * len(fits), fits[-1]  # from each origin with the fit, and from priors
    poorest = min(fits, key=lambda fit: fit.draws)
    return replace(
        last,
        rounds=sum(fit.rounds for fit in fits) + 2 * len(fits),
        planned=sum(fit.planned for fit in fits) + forecasts,
        runs=sum(fit.runs for fit in fits) + forecasts,
        seconds=sum(fit.seconds for fit in fits) + forecasts * last.seconds_per_run / last.workers,
        bytes=sum(fit.bytes for fit in fits),
        draws=poorest.draws,
        enough_members=poorest.enough_members,
    )


def kept_options(folder: Path, **how: Any) -> BacktestOptions:
    """Give the options with which the backtest in a folder was begun; ``how`` moves no number."""
    facts = facts_in(folder / BACKTEST)
    return BacktestOptions(**{**facts, "origins": tuple(facts["origins"])}, out=folder, **how)


@contextmanager
def _said_how_to_go_on() -> Iterator[None]:
    """A fit says how to go on with itself alone; a backtest is more than one fit."""
    try:
        yield
    except KeyboardInterrupt as error:
        error.__notes__ = ["the runs of the fits are kept; go on with `shaanxi-transfer resume FOLDER`"]
        raise


def backtest(options: BacktestOptions, model: door_to_model.Model | None = None) -> Backtest:
    """Fit and forecast from each origin, and score the model beside its rivals.

    Parameters
    ----------
    options : BacktestOptions
    model : door_to_model.Model, optional
        The door to the model.

    Raises
    ------
    InputError, RunError
        As for `calibrate.calibrate_province` and `model_half.forecast_points`.
    """
    model = door_to_model.model() if model is None else model
    folder, origins, province = options.folder, options.origins, options.province
    pack = load_pack(province)
    if options.announce is not None:
        options.announce(estimate_of_backtest(options, model))
    make_folder(folder)
    asked = {name: getattr(options, name) for name in _ASKED}
    write_facts(folder / BACKTEST, asked)
    fitted: list[pd.DataFrame] = []
    prior: list[pd.DataFrame] = []
    for origin in origins:
        with _said_how_to_go_on():
            here = calibrate_province(fit_of(options, origin), model).folder
        for belief, kept in ((str(here), fitted), ("prior", prior)):
            kept.append(
                forecast_points(
                    world_of_origin(province, origin, belief, pack.years.last),
                    model,
                    runs=options.runs,
                    scale=options.scale,
                    seed=options.seed,
                    executor=executor_for(options.cluster, model.warm),
                    workers=options.workers,
                )
            )
    points = pd.concat(fitted, ignore_index=True)
    points.to_parquet(folder / POINTS, index=False)
    found = estimate(points, source=f"backtest of {pack.name}, origins {min(origins)} to {max(origins)}")
    found.write(folder / FILE)
    tables = [
        _scored(points_of(pd.concat(prior, ignore_index=True)), PRIOR, None),
        _scored(points_of(points), FITTED, None),
        backtest_rivals(pack, origins=origins, seed=options.seed, everyone=all_provinces(pack)),
    ]
    if len(origins) > 1:  # from one origin alone nothing is known of its own discrepancy
        tables.insert(2, _scored(points_of(points), MODEL, options.seed))
    everything = pd.concat(tables, ignore_index=True)
    scores = everything[list(COLUMNS)]
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
    write_stored(folder, SCORES, everything, draws=False)
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
        rows.append({**head, "forecaster": forecaster, **score, **kept_of(draws)})
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
