"""Difference in differences on one change a unit: right with few units, and with one treated."""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from ...engine.errors import InputError
from .checks import arms, collapse, read
from .estimate import LEVEL, Estimate, with_t

__all__ = ["FEW", "changes", "collapsed_t"]

FEW: Final = 5
"""With fewer treated or untreated units than this both are taken to have one spread."""


def changes(
    table: pd.DataFrame, *, outcome: str, unit: str, period: str, treated: str, start: float
) -> pd.DataFrame:
    """Give for each unit, in order, ``treated`` and ``change``: its mean from ``start`` on less before."""
    columns = {"outcome": outcome, "period": period, "treated": treated}
    units = collapse(read(table, columns, {"unit": unit}), start)
    units = units[["treated"]].assign(change=units["after"] - units["before"])
    _, others = arms(units["treated"], fewest=1)
    if others < 3:
        raise InputError(f"{others} untreated units", key="treated", allowed="three or more")
    if np.ptp(units.loc[units["treated"] == 0.0, "change"].to_numpy()) == 0.0:
        raise InputError("all untreated units change alike", key="outcome", allowed="changes that differ")
    return units


def collapsed_t(
    table: pd.DataFrame, *, outcome: str, unit: str, period: str, treated: str, start: float
) -> Estimate:
    """Compare the changes of treated units with those of the others.

    Parameters
    ----------
    table : DataFrame
        A row a unit and period.
    outcome, unit, period, treated : str
        Columns: a number, a key, a number for the time, and 1 in all rows of a treated unit, else 0.
    start : float
        First period of the treatment.

    Returns
    -------
    Estimate
        In the unit of the outcome.

    Raises
    ------
    InputError
        Nobody treated, fewer than three untreated, changes all alike, ``start`` outside the periods, a unit
        that lacks one side of it, or as in `checks.read`.

    Notes
    -----
    One change a unit, so that errors that go together over time do no harm (Bertrand, Duflo, Mullainathan
    2004, Quarterly Journal of Economics 119(1), 249-275). With `FEW` or more of both the interval is Welch's.
    With fewer, whose spread Welch would have to learn from two or three changes, it is Student's with one
    spread s for both; with one treated that is the spread of the n controls::

        (change - mean) / (s sqrt(1 + 1 / n))  is Student's t with n - 1 degrees of freedom

    (Donald and Lang 2007, Review of Economics and Statistics 89(2), 221-233; in the spirit of Conley and
    Taber 2011, same journal 93(1), 113-125). It holds if the treated are like the others; a capital among
    ordinary cities is not.
    """
    units = changes(table, outcome=outcome, unit=unit, period=period, treated=treated, start=start)
    is_treated = units["treated"].to_numpy() == 1.0
    change = units["change"].to_numpy()
    one, other = change[is_treated], change[~is_treated]
    number, others = len(one), len(other)
    effect = float(one.mean() - other.mean())
    if min(number, others) < FEW:
        degrees = number + others - 2
        squares = float(one.var() * number + other.var() * others)
        return with_t(
            effect, sqrt(squares / degrees * (1.0 / number + 1.0 / others)), degrees, number, others
        )
    interval = ttest_ind(one, other, equal_var=False).confidence_interval(LEVEL)
    return Estimate(effect, float(interval.low), float(interval.high), number, others)
