"""An amount that units choose, moved by something that they do not: the effect of the part that is moved."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy.optimize import brentq

from ...engine.errors import InputError
from .checks import read
from .estimate import Estimate
from .two_way import two_way

__all__ = ["instrumented"]

_STEPS = 60
"""Doublings of the distance at which an end of the interval is looked for."""


def instrumented(
    table: pd.DataFrame, *, outcome: str, treatment: str, instrument: str, unit: str, period: str
) -> Estimate:
    """Give the effect of a unit of treatment, with unit and period held still.

    Parameters
    ----------
    table : DataFrame
        A row a unit and period.
    outcome, treatment : str
        Columns of numbers.
    instrument : str
        Column that moves the treatment and has no other way to the outcome, such as a date of joining that
        was drawn by lot.
    unit, period : str
        As in `two_way.two_way`.

    Returns
    -------
    Estimate
        Outcome per unit of treatment: what the instrument does to the outcome over what it does to the
        treatment.

    Raises
    ------
    InputError
        If the instrument is not seen to move the treatment; or as in `two_way.two_way`.

    Notes
    -----
    The interval is that of Anderson and Rubin (1949), Annals of Mathematical Statistics 20(1), 46-63: all
    effects b for which the outcome less b times the treatment is not seen to follow the instrument. It holds
    also where the instrument is weak. Errors are by unit, as in `two_way.two_way`.
    """
    rows = read(
        table,
        {"outcome": outcome, "treatment": treatment, "instrument": instrument, "period": period},
        {"unit": unit},
    )

    def of(values: pd.Series) -> Estimate:
        return two_way(
            rows.assign(left=values), outcome="left", treatment="instrument", unit="unit", period="period"
        )

    moved = of(rows["treatment"])
    if moved.covers(0.0):
        raise InputError(
            f"it moves the treatment by {moved.effect:.4g}, and luck may do that",
            key="instrument",
            allowed="one whose effect on the treatment has an interval without 0",
        )
    effect = of(rows["outcome"]).effect / moved.effect
    # The distance at which a unit of treatment is as much as what is not known of the outcome.
    step = max(abs(effect), 1e-6) if moved.effect else 1.0

    def left(beta: float) -> Estimate:
        return of(rows["outcome"] - beta * rows["treatment"])

    falls = moved.effect > 0.0
    lower = _zero(lambda beta: left(beta).low if falls else -left(beta).high, effect, -step)
    upper = _zero(lambda beta: left(beta).high if falls else -left(beta).low, effect, step)
    return Estimate(effect, lower, upper, moved.treated, moved.controls)


def _zero(function: Callable[[float], float], start: float, step: float) -> float:
    """Find where a function is zero, on one side of a place where it is not."""
    begin = function(start) > 0.0
    far = start + step
    for _ in range(_STEPS):
        if (function(far) > 0.0) != begin:
            return float(brentq(function, start, far, xtol=1e-4 * abs(far - start)))
        step *= 2.0
        far = start + step
    raise InputError("the interval has no end", key="instrument", allowed="one that moves the treatment more")
