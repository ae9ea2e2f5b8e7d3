"""Hazard ratio of closure: how much sooner the treated die than the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.duration.hazard_regression import PHReg

from ...engine.errors import InputError
from .checks import arms, read
from .estimate import LEVEL, Estimate

__all__ = ["hazard_ratio"]


def hazard_ratio(
    table: pd.DataFrame, *, time: str, closed: str, treated: str, cluster: str | None = None
) -> Estimate:
    """Compare how fast treated and untreated units close.

    Parameters
    ----------
    table : DataFrame
        A row a unit; a control that was matched with several treated has as many.
    time, closed, treated : str
        Columns: how long it was seen, above zero, such as quarters since admission; 1 if it closed then, 0 if
        it was still there; 1 for treated.
    cluster : str, optional
        Column within which rows go together: the key of the firm where controls come more than once.

    Returns
    -------
    Estimate
        Hazard of the treated over that of the untreated: 1 if they close alike, 0.5 if half as fast.

    Raises
    ------
    InputError
        Fewer than two of either, none of one side closed, a time not above zero; or as in `checks.read`.

    Notes
    -----
    Cox (1972), Journal of the Royal Statistical Society B 34(2), 187-220; closures in one quarter are ties,
    treated as by Efron (1977), Journal of the American Statistical Association 72, 557-565; errors by cluster
    as by Lin and Wei (1989), same journal 84, 1074-1078.
    """
    labels = {} if cluster is None else {"cluster": cluster}
    rows = read(table, {"time": time, "closed": closed, "treated": treated}, labels)
    number, others = arms(rows["treated"])
    if not (rows["time"] > 0.0).all():
        raise InputError(f"it is {rows['time'].min():g} in a row", key="time", allowed="above 0")
    if not rows["closed"].isin([0.0, 1.0]).all():
        raise InputError("it is neither 0 nor 1 in a row", key="closed", allowed="0 or 1")
    for value, who in ((1.0, "treated"), (0.0, "untreated")):
        if not rows.loc[rows["treated"] == value, "closed"].any():
            raise InputError(f"none of the {who} closed", key="closed", allowed="one at least")
    groups = None if cluster is None else pd.factorize(rows["cluster"])[0]
    fit = PHReg(
        rows["time"].to_numpy(), rows[["treated"]].to_numpy(), status=rows["closed"].to_numpy(), ties="efron"
    ).fit(groups=groups)
    low, high = np.exp(fit.conf_int(alpha=1.0 - LEVEL)[0])
    return Estimate(float(np.exp(fit.params[0])), float(low), float(high), number, others)
