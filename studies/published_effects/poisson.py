"""Difference in differences of counts: Poisson with an effect for each unit and each period."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import expit
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from ...engine.errors import InputError
from .checks import arms, clusters_of, collapse, read
from .estimate import Estimate, effective_number, with_t
from .two_way import require_clusters

__all__ = ["poisson_difference"]


def poisson_difference(
    table: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    treated: str,
    start: float,
    cluster: str | None = None,
) -> Estimate:
    """Tell by which share a treatment raises counts.

    Parameters
    ----------
    table : DataFrame
        A row a unit and period, every unit in every period.
    outcome, unit, period, treated : str
        Columns: a count, a key, a number for the time, and 1 in all rows of a treated unit, else 0.
    start : float
        First period of the treatment.
    cluster : str, optional
        Column of the clusters within which errors go together, one for each unit. The default is the unit.

    Returns
    -------
    Estimate
        Share by which the treated count more: 0.2 for a fifth. ``left_out`` counts units without a single
        count, which tell nothing; the others are clusters.

    Raises
    ------
    InputError
        A negative count, no count at all of the treated or the others on one side of ``start``, a unit that
        lacks a period or is in two clusters, too few clusters as in `two_way.two_way`; or as in
        `checks.read`.

    Notes
    -----
    Given the total of each unit, the part of it that falls after ``start`` is binomial, and its log odds
    differ between treated and others by the coefficient b of the Poisson regression with unit and period
    effects: estimate and sandwich by cluster are the same, with two coefficients in place of hundreds
    (Hausman, Hall, Griliches 1984, Econometrica 52(4), 909-938; Wooldridge 1999, Journal of Econometrics
    90(1), 77-97, for counts that are not Poisson). The effect is exp(b) - 1. Degrees of freedom are those of
    the effective number of clusters, as in `two_way.two_way`.
    """
    labels = {"unit": unit, **({} if cluster is None else {"cluster": cluster})}
    rows = read(table, {"outcome": outcome, "period": period, "treated": treated}, labels)
    if (rows["outcome"] < 0.0).any():
        raise InputError(f"it is {rows['outcome'].min():g} in a row", key="outcome", allowed="0 or more")
    units = collapse(rows, start)
    arms(units["treated"])
    lacking = units["periods_before"] + units["periods_after"] < rows["period"].nunique()
    if lacking.any():
        raise InputError(f"unit {lacking.idxmax()} lacks a period", key="unit", allowed="a row in each")
    for side in ("before", "after"):
        for number, who in ((1.0, "treated"), (0.0, "untreated")):
            if not units.loc[units["treated"] == number, side].any():
                raise InputError(
                    f"the {who} have none {side} {start:g}", key="outcome", allowed="one at least"
                )
    units["cluster"] = rows.assign(cluster=clusters_of(rows)).groupby("unit")["cluster"].first()
    counts = np.column_stack(
        [units["after"] * units["periods_after"], units["before"] * units["periods_before"]]
    )
    seen = counts.sum(axis=1) > 0.0
    counts, units = counts[seen], units[seen]
    is_treated = units["treated"].to_numpy()
    groups = pd.factorize(units["cluster"])[0]
    design = np.column_stack([is_treated, np.ones(len(units))])
    fit = GLM(counts, design, family=Binomial()).fit(cov_type="cluster", cov_kwds={"groups": groups})
    odds, error = float(fit.params[0]), float(fit.bse[0])
    # What each cluster adds to the information on the treatment, the intercept taken out.
    share = expit(design @ fit.params)
    information = counts.sum(axis=1) * share * (1.0 - share)
    alone = is_treated - (information @ is_treated) / information.sum()
    effective = effective_number(np.bincount(groups, information * alone**2).astype(np.float64))
    ever = np.bincount(groups, is_treated) > 0.0
    number, others = int(ever.sum()), int((~ever).sum())
    require_clusters(effective, number, number + others, "treated")
    found = with_t(odds, error, effective - 1.0, number, others)
    effect, low, high = (math.expm1(end) for end in (found.effect, found.low, found.high))
    return Estimate(effect, low, high, number, others, int((~seen).sum()))
