"""The model's half of a backtest: fit to the years up to an origin, and run on from there.

Nothing observed after the origin enters: the figures that are fitted, the outside paths and
their drift end with it. What does enter, as it would for any modeller today, are centres of priors that
were chosen by someone who had seen all years; forecasts from priors alone are therefore held against the
same figures, to show how much that gives away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...engine.errors import RunError
from ..calibrating.distances_from_observed import yearly_values
from ..forecasting.discrepancy import SERIES
from ..keeping.provenance import calibration_world
from ..planning.definitions import LAST_YEAR, Definitions
from ..planning.door_to_model import Model
from ..planning.plan_of_runs import plan_runs
from ..planning.runs import Finished, Job
from ..running.runner import RunBatch, run_batch
from .points import POINT_COLUMNS

if TYPE_CHECKING:
    from ...scenarios import Scenario

_AT_ONCE: Final = 64

_LEAST: Final = 0.02
"""A simulated figure below this share of the observed one at the origin, nothing at all for example, counts
as this share: it would else have no logarithm."""


def world_of_origin(province: str, origin: int, belief: str, last: int = LAST_YEAR) -> Scenario:
    """Give the world that is run on from an origin, the last year known, to the ``last`` observed year.

    ``belief`` is ``prior``, or the folder of a posterior that was fitted up to the origin.
    """
    world = calibration_world(province, origin)
    return world.set(end=f"{last}-Q4", belief=belief, name=f"origin_{origin}")


def forecast_points(
    world: Scenario,
    model: Model,
    *,
    runs: int,
    scale: float,
    seed: int,
    executor: RunBatch = run_batch,
    workers: int | None = None,
    observed: Mapping[str, Mapping[int, float]] | None = None,
) -> pd.DataFrame:
    """Run the futures of one origin and hold the contract series against what came.

    What came is ``observed``, year to figure by series, where the world's pack ends with the origin. Gives
    the columns of `points.POINT_COLUMNS`; a run that fails is a `RunError`, for a forecast with holes is not
    one.
    """
    origin = world.outside.observed_until
    job = Job({world.name: world}, scale, model.run_one, indicators=SERIES)
    outcomes = list(executor(list(plan_runs([world.name], runs, seed)), job, workers=workers))
    finished = [outcome for outcome in outcomes if isinstance(outcome, Finished)]
    if len(finished) < runs:
        failed = next(outcome for outcome in outcomes if not isinstance(outcome, Finished))
        raise RunError(f"{runs - len(finished)} of {runs} runs failed; {failed.kind}: {failed.message}")
    finished.sort(key=lambda done: done.run.future)
    if observed is None:
        observed = {name: world.pack().series_of(name) for name in SERIES}
    return pd.concat(
        [
            points_from(finished[start : start + _AT_ONCE], model.definitions, observed, origin)
            for start in range(0, runs, _AT_ONCE)
        ],
        ignore_index=True,
    ).sort_values(["origin", "indicator", "year", "draw"], ignore_index=True)


def points_from(
    finished: Sequence[Finished],
    definitions: Definitions,
    observed: Mapping[str, Mapping[int, float]],
    origin: int,
) -> pd.DataFrame:
    """Hold the years after an origin against what came, in the columns of `points.POINT_COLUMNS`.

    Runs are of different futures over the same quarters. ``observed`` gives year to figure by series; a
    series without a figure at the origin gives no point.
    """
    years = yearly_values(finished, definitions)
    rows = [pd.DataFrame(columns=list(POINT_COLUMNS))]
    for name, series in observed.items():
        if not series.get(origin, 0.0) > 0.0:
            continue
        values = years[name].clip(lower=_LEAST * series[origin]).apply(np.log)
        at_origin = values.xs(origin, level="year")
        for year in range(origin + 1, int(values.index.get_level_values("year").max()) + 1):
            if not series.get(year, 0.0) > 0.0:
                continue
            then = values.xs(year, level="year")
            rows.append(
                pd.DataFrame(
                    {
                        "origin": origin,
                        "indicator": name,
                        "year": year,
                        "draw": then.index,
                        "ln_simulated": then.to_numpy(),
                        "ln_simulated_at_origin": at_origin.to_numpy(),
                        "ln_observed": math.log(series[year]),
                        "ln_observed_at_origin": math.log(series[origin]),
                    }
                )
            )
    return pd.concat(rows[1:] or rows, ignore_index=True)[list(POINT_COLUMNS)]
