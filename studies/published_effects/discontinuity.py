"""Regression discontinuity: units just above a threshold beside those just below."""

from __future__ import annotations

from typing import Final

import pandas as pd
from rdrobust import rdrobust

from ...engine.errors import InputError
from .checks import differing, read, within
from .estimate import LEVEL, Estimate

__all__ = ["FEWEST_VALUES", "discontinuity"]

FEWEST_VALUES: Final = 10
"""Different scores needed on each side, within the bandwidth where one is given."""


def discontinuity(
    table: pd.DataFrame,
    *,
    outcome: str,
    score: str,
    threshold: float,
    bandwidth: float | None = None,
    treated: str | None = None,
) -> Estimate:
    """Tell how far an outcome jumps where a score reaches a threshold.

    Parameters
    ----------
    table : DataFrame
        A row an applicant, the refused among them.
    outcome, score : str
        Columns of numbers.
    threshold : float
        Scores at or above it are treated.
    bandwidth : float, optional
        How far from the threshold a score may be, in its unit. By default the one with the smallest mean
        squared error, estimated from the data.
    treated : str, optional
        Column, 1 for those who were treated, where the threshold does not decide alone (fuzzy design). The
        effect is then that on those whom the threshold moves.

    Returns
    -------
    Estimate
        In the unit of the outcome. ``treated`` and ``controls`` count those above and below the threshold
        within the bandwidth, ``left_out`` those beyond it.

    Raises
    ------
    InputError
        A threshold outside the scores, fewer than `FEWEST_VALUES` different scores on one side, a bandwidth
        not above zero or one that cannot be found, an outcome that is the same for all, a share of treated
        that does not jump; or as in `checks.read`.

    Notes
    -----
    The effect is local linear with a triangular kernel; the interval is the robust one, about the effect less
    its estimated bias, with errors from nearest neighbours (Calonico, Cattaneo, Titiunik 2014, Econometrica
    82(6), 2295-2326).
    """
    columns = {"outcome": outcome, "score": score, **({} if treated is None else {"treated": treated})}
    rows = read(table, columns)
    within(threshold, rows["score"], "threshold")
    if bandwidth is not None and not bandwidth > 0.0:
        raise InputError(f"it is {bandwidth:g}", key="bandwidth", allowed="above 0")
    near = rows if bandwidth is None else rows[(rows["score"] - threshold).abs() < bandwidth]
    above = near["score"] >= threshold
    for side, part in (("at or above", near[above]), ("below", near[~above])):
        if part["score"].nunique() < FEWEST_VALUES:
            raise InputError(
                f"{part['score'].nunique()} different scores {side} {threshold:g}",
                key="score" if bandwidth is None else "bandwidth",
                allowed=f"{FEWEST_VALUES} or more",
            )
    differing(near["outcome"], "outcome")
    if treated is not None and near["treated"].nunique() < 2:
        who = "all" if near["treated"].iloc[0] else "none"
        raise InputError(f"{who} near the threshold are treated", key="treated", allowed="some")
    try:
        fit = rdrobust(
            rows["outcome"].to_numpy(),
            rows["score"].to_numpy(),
            c=threshold,
            h=bandwidth,
            fuzzy=None if treated is None else rows["treated"].to_numpy(),
            level=100.0 * LEVEL,
            # Scores in hundredths repeat themselves; the library would print so, and cover as often.
            masspoints="off",
        )
    except Exception as error:  # the library knows no other
        raise InputError(
            "none can be found, because score or outcome hardly differ near the threshold",
            key="bandwidth",
            allowed="one given by hand, or more varied data",
        ) from error
    if treated is not None and fit.ci_T.loc["Robust"].prod() <= 0.0:
        raise InputError(
            f"the share of treated jumps by {fit.tau_T.loc['Conventional'].item():.2f} at {threshold:g}, and"
            " luck may do that",
            key="treated",
            allowed="a jump whose interval does not hold 0",
        )
    low, high = (float(end) for end in fit.ci.loc["Robust"])
    below, over = (int(number) for number in fit.N_h)
    effect = float(fit.coef.loc["Conventional"].item())
    return Estimate(effect, low, high, over, below, len(rows) - below - over)
