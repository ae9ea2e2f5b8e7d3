"""Difference in differences with an effect for each unit and each period, and intervals by cluster."""

from __future__ import annotations

from typing import Final

import pandas as pd
from linearmodels.panel import PanelOLS
from linearmodels.panel.data import PanelData

from ...engine.errors import InputError
from .checks import read
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
        One period; a treatment that never differs beyond unit and period; a unit twice in a period; too few
        clusters; or as in `checks.read`.

    Notes
    -----
    Standard errors by cluster are right when clusters are many, and the treated ones among them: with one
    treated city of eleven the usual interval covers the truth in half of the cases. Hence the degrees of
    freedom of Student's t are those of the effective number of clusters (`estimate.effective_number`), less
    one, and below `FEWEST` of them the interval is refused.
    """
    labels = {"unit": unit, **({} if cluster is None else {"cluster": cluster})}
    rows = read(table, {"outcome": outcome, "treatment": treatment, "period": period}, labels)
    rows["cluster"] = pd.factorize(rows["unit" if cluster is None else "cluster"])[0]
    if rows["period"].nunique() < 2:
        raise InputError("all rows are of one period", key="period", allowed="two or more")
    twice = rows.duplicated(["unit", "period"])
    if twice.any():
        raise InputError(
            f"unit {rows.loc[twice, 'unit'].iloc[0]} has two rows in a period", key="unit", allowed="one"
        )
    panel = rows.assign(unit=pd.factorize(rows["unit"])[0]).set_index(["unit", "period"]).sort_index()
    alone = PanelData(panel[["treatment"]]).demean("both").values2d[:, 0] ** 2
    if alone.sum() <= 1e-12 * (panel["treatment"] ** 2).sum():
        raise InputError(
            f"{treatment!r} is the same for all, or differs only between units or between periods",
            key="treatment",
            allowed="a treatment that some units get at some time and others do not",
        )
    ever = panel["treatment"].ne(0.0).groupby(panel["cluster"]).any()
    weights = pd.Series(alone, panel.index).groupby(panel["cluster"]).sum()
    treated, controls = int(ever.sum()), int((~ever).sum())
    effective = effective_number(weights.to_numpy())
    require_clusters(effective, treated, treated + controls)
    fit = PanelOLS(panel["outcome"], panel[["treatment"]], entity_effects=True, time_effects=True).fit(
        cov_type="clustered", clusters=panel[["cluster"]], group_debias=True
    )
    error = float(fit.std_errors.iloc[0])
    return with_t(float(fit.params.iloc[0]), error, effective - 1.0, treated, controls)


def require_clusters(effective: float, treated: int, clusters: int) -> None:
    """Refuse an interval by cluster where clusters, or treated ones among them, are too few."""
    if effective < FEWEST:
        raise InputError(
            f"{treated} treated of {clusters} clusters tell as much as {effective:.1f} of equal weight, too"
            " few for an interval by cluster",
            key="treated",
            allowed=f"an effective number of {FEWEST:g} or more",
            suggestion="collapsed_t, or randomised",
        )
