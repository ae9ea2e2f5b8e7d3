"""Difference of means with Welch's interval: what a lottery is evaluated with."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from ...engine.errors import InputError
from .checks import arms, read
from .estimate import LEVEL, Estimate

__all__ = ["difference_of_means", "event_study"]


def difference_of_means(
    table: pd.DataFrame, *, outcome: str, treated: str, winsorised: float = 0.0
) -> Estimate:
    """Compare winners of a lottery with losers.

    Parameters
    ----------
    table : DataFrame
        A row an applicant.
    outcome, treated : str
        Columns: what came of it, and 1 for winners, 0 for losers.
    winsorised : float
        Share of all applicants, from 0 to below 0.5, whose outcomes count as the smallest of theirs, so that
        a heavy tail does not decide; 0.01 for counts of contracts. The effect is then on the capped outcome.

    Returns
    -------
    Estimate
        In the unit of the outcome.

    Raises
    ------
    InputError
        Fewer than two winners or losers, an outcome that is the same for all, or as in `checks.read`.

    Notes
    -----
    Welch (1947), Biometrika 34, 28-35.

    Examples
    --------
    >>> table = pd.DataFrame({"contracts": [1, 2, 3, 0, 1, 2], "won": [1, 1, 1, 0, 0, 0]})
    >>> found = difference_of_means(table, outcome="contracts", treated="won")
    >>> round(found.effect, 2), round(found.low, 2), round(found.high, 2)
    (1.0, -1.27, 3.27)
    """
    return _welch(read(table, {"outcome": outcome, "treated": treated}), winsorised)


def _welch(rows: pd.DataFrame, winsorised: float) -> Estimate:
    if not 0.0 <= winsorised < 0.5:
        raise InputError(f"{winsorised} is no share of a tail", key="winsorised", allowed="0 to below 0.5")
    won, lost = arms(rows["treated"])
    values = rows["outcome"].to_numpy()
    values = np.minimum(values, np.quantile(values, 1.0 - winsorised))
    is_won = rows["treated"].to_numpy() == 1.0
    one, other = values[is_won], values[~is_won]
    if np.ptp(one) == 0.0 and np.ptp(other) == 0.0:
        raise InputError(
            f"it is {one[0]:g} for all treated and {other[0]:g} for all untreated, so that nothing is known"
            " of luck",
            key="outcome",
            allowed="values that differ within one of the two",
        )
    interval = ttest_ind(one, other, equal_var=False).confidence_interval(LEVEL)
    return Estimate(float(one.mean() - other.mean()), float(interval.low), float(interval.high), won, lost)


def event_study(
    table: pd.DataFrame, *, outcome: str, treated: str, period: str, winsorised: float = 0.0
) -> dict[float, Estimate]:
    """Compare winners with losers in each period by itself.

    Parameters
    ----------
    table : DataFrame
        A row an applicant and period.
    outcome, treated, winsorised
        As in `difference_of_means`; the share is one of the period's applicants.
    period : str
        Column of numbers, such as quarters since the call.

    Returns
    -------
    dict of float to Estimate
        By period, in order.

    Raises
    ------
    InputError
        Only one period, or as in `difference_of_means` for one of them.
    """
    rows = read(table, {"outcome": outcome, "treated": treated, "period": period})
    if rows["period"].nunique() < 2:
        raise InputError("all rows are of one period", key="period", allowed="two or more")
    parts = (part for _, part in rows.groupby("period"))
    return {float(part["period"].iloc[0]): _welch(part, winsorised) for part in parts}
