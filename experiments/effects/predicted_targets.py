"""The value of a target in one run, as it is predicted: with carried residual and discrepancy."""

from __future__ import annotations

import math

from ..forecasting.predictive import Prediction
from ..planning.definitions import Definitions, TargetLike
from ..planning.runs import Finished


def predicted_target(
    run: Finished | None,
    target: TargetLike,
    definitions: Definitions,
    prediction: Prediction | None,
    seed: int,
) -> float:
    """Give the predicted value of a target in its year, in its unit; not a number without a run.

    The run holds the quarters of that year and of the last observed one. Without a prediction the value is as
    simulated; ``seed`` is that of the discrepancy.
    """
    if run is None:
        return math.nan
    value = _year(run, target.indicator, target.year, definitions)
    if prediction is None or target.indicator not in prediction.discrepancy.series:
        return value
    until = prediction.observed_until
    if target.year <= until:
        return value
    simulated = _year(run, target.indicator, until, definitions)
    ln_factors = prediction.ln_factors(target.indicator, seed, simulated, target.year - until)
    return value * math.exp(ln_factors[-1])


def _year(run: Finished, indicator: str, year: int, definitions: Definitions) -> float:
    rows = [row for row, quarter in enumerate(run.quarters) if quarter.year == year]
    values = run.values[rows, run.indicators.index(indicator)]
    if not len(values):
        return math.nan
    return float(values.sum() if definitions.of(indicator).kind == "flow" else values[-1])
