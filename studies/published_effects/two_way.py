"""Difference in differences with an effect for each unit and each period, and intervals by cluster."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyhdfe
from statsmodels.regression.linear_model import OLS

from ...engine.errors import InputError
from .checks import clusters_of, differing, read
from .estimate import Estimate, effective_number, with_t

__all__ = ["FEWEST", "require_clusters", "two_way"]

FEWEST: Final = 5.0
"""With an effective number of clusters below this no interval by cluster is given."""


def two_way(
    table: pd.DataFrame, *, outcome: str, treatment: str, unit: str, period: str, cluster: str | None = None
) -> Estimate:
    """Regress an outcome on a treatment with unit and period held still.

    Parameters
    ----------
    table : DataFrame
        A row a unit and period. Units may come and go.
    outcome, treatment : str
        Columns of numbers. The treatment may be 0 or 1, or an amount such as guaranteed loans.
    unit, period : str
        Columns: key, and a number for the time.
    cluster : str, optional
        Column of the clusters within which errors go together. The default is the unit.

    Returns
    -------
    Estimate
        Outcome per unit of treatment. ``treated`` counts clusters that ever have a treatment.

    Raises
    ------
    InputError
        One period; a treatment that never differs beyond unit and period; a unit twice in a period, or in two
        clusters; an outcome that is the same for all; too few clusters; or as in `checks.read`.

    Notes
    -----
    Standard errors by cluster are right when clusters are many, and the treated ones among them: with one
    treated city of eleven the usual interval covers the truth in half of the cases. Hence the degrees of
    freedom of Student's t are those of the effective number of clusters (`estimate.effective_number`), less
    one, and below `FEWEST` of them the interval is refused.

    Cameron and Miller (2015), Journal of Human Resources 50(2), 317-372.
    """
    labels = {"unit": unit, **({} if cluster is None else {"cluster": cluster})}
    rows = read(table, {"outcome": outcome, "treatment": treatment, "period": period}, labels)
    if rows["period"].nunique() < 2:
        raise InputError("all rows are of one period", key="period", allowed="two or more")
    twice = rows.duplicated(["unit", "period"])
    if twice.any():
        raise InputError(
            f"unit {rows.loc[twice, 'unit'].iloc[0]} has two rows in a period", key="unit", allowed="one"
        )
    differing(rows["outcome"], "outcome")
    clusters = clusters_of(rows)
    effects = np.column_stack([pd.factorize(rows[name])[0] for name in ("unit", "period")])
    # Effects of units cost no degrees of freedom: units lie in clusters (Cameron and Miller 2015).
    absorbed = pyhdfe.create(effects, drop_singletons=False, compute_degrees=False)
    # What is left is looked for until it moves by less than a fixed amount, which yuan never do.
    both = rows[["treatment", "outcome"]].to_numpy()
    size = np.maximum(np.abs(both).max(axis=0), np.finfo(np.float64).tiny)
    alone, left = (absorbed.residualize(both / size) * size).T
    if (alone**2).sum() <= 1e-12 * (rows["treatment"] ** 2).sum():
        raise InputError(
            f"{treatment!r} is the same for all, or differs only between units or between periods",
            key="treatment",
            allowed="a treatment that some units get at some time and others do not",
        )
    ever = np.bincount(clusters, rows["treatment"] != 0.0) > 0.0
    treated, controls = int(ever.sum()), int((~ever).sum())
    effective = effective_number(np.bincount(clusters, alone**2).astype(np.float64))
    require_clusters(effective, treated, treated + controls, "treatment")
    fit = OLS(left, alone[:, np.newaxis]).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    return with_t(float(fit.params[0]), float(fit.bse[0]), effective - 1.0, treated, controls)


def require_clusters(effective: float, treated: int, clusters: int, key: str) -> None:
    """Refuse an interval by cluster where clusters, or treated ones among them, are too few."""
    if effective < FEWEST:
        raise InputError(
            f"{treated} treated of {clusters} clusters tell as much as {effective:.1f} of equal weight, too"
            " few for an interval by cluster",
            key=key,
            allowed=f"an effective number of {FEWEST:g} or more",
            suggestion="collapsed_t, or randomised",
        )
