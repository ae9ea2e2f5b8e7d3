"""Which of several possible causes goes together with how well the model forecasts a province.

Rank correlations over provinces: they see what rises or falls throughout, and no form is assumed. They prove
no cause, and causes go together among themselves; hence each is shown again with the strongest held still.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control, rankdata, spearmanr, t

__all__ = ["CAUSES", "FEWEST", "LEVEL", "OUTCOMES", "correlations", "smallest_seen"]

Numbers = npt.NDArray[np.float64]

OUTCOMES: Final = ("crps_log", "model_less")
"""How hard the province is, and how much worse the model is there than the best rival."""

CAUSES: Final = (
    *("luck_of_a_year", "volatility_before", "bought_over_sold", "misfit_fitted"),
    *("effective_sample_size", "volatility", "turn"),
)
"""Possible causes: columns of `causes.COLUMNS`. The bias is none: it is a part of the miss itself."""

LEVEL: Final = 0.05
"""Share of false alarms among the correlations that are called seen."""

FEWEST: Final = 8
"""With fewer provinces no correlation is computed: even a perfect order could be chance."""

AGAIN: Final = 2000
"""Draws of the bootstrap."""


def correlations(table: pd.DataFrame, causes: Sequence[str] = CAUSES, *, seed: int = 1) -> pd.DataFrame:
    """Correlate ranks of `OUTCOMES` with ranks of causes over provinces.

    Parameters
    ----------
    table : DataFrame
        A row a province: `OUTCOMES` and the causes, missing where not known.
    causes : sequence of str
        Columns.
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        ``outcome``, ``cause``, ``provinces`` (in which both are known), ``rho`` (Spearman) with its 95 %
        interval ``low`` to ``high`` from drawing provinces again, ``p`` (Student's t), ``p_adjusted`` for
        the number of causes, ``seen`` (p adjusted below `LEVEL`), ``rho_beside`` and ``p_beside``: with the
        strongest cause of this outcome held still, missing for itself. The strongest first. All missing
        where there are fewer than `FEWEST` provinces, or all are alike.

    Notes
    -----
    Adjusted so that of those called seen a share of `LEVEL` is false on average (Benjamini and Hochberg
    1995, Journal of the Royal Statistical Society B 57(1), 289-300). With z held still: the partial
    correlation of the ranks::

        (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2) (1 - r_yz^2))
    """
    parts = [_of_outcome(table, outcome, list(causes), seed) for outcome in OUTCOMES]
    return pd.concat(parts, ignore_index=True)


def _of_outcome(table: pd.DataFrame, outcome: str, causes: list[str], seed: int) -> pd.DataFrame:
    rows = [{"outcome": outcome, "cause": cause, **_pair(table[[cause, outcome]], seed)} for cause in causes]
    found = pd.DataFrame(rows)
    known = found["p"].notna()
    found["p_adjusted"] = math.nan
    if known.any():
        found.loc[known, "p_adjusted"] = false_discovery_control(found.loc[known, "p"].to_numpy())
    found["seen"] = found["p_adjusted"] < LEVEL
    order = found["rho"].abs().sort_values(ascending=False, kind="stable").index
    found = found.loc[order].reset_index(drop=True)
    strongest = str(found["cause"].iloc[0])
    beside = [_beside(table, outcome, str(cause), strongest) for cause in found["cause"]]
    return found.assign(rho_beside=[rho for rho, _ in beside], p_beside=[p for _, p in beside])


def _pair(pair: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Correlate two columns where both are known, with an interval."""
    values = pair.dropna().to_numpy(np.float64)
    number = len(values)
    row: dict[str, Any] = {"provinces": number, **dict.fromkeys(("rho", "low", "high", "p"), math.nan)}
    if not _comparable(values):
        return row
    found = spearmanr(values[:, 0], values[:, 1])
    chosen = np.random.default_rng(seed).integers(number, size=(AGAIN, number))
    one, other = (np.asarray(rankdata(values[chosen, column], axis=1)) for column in (0, 1))
    one, other = (ranks - ranks.mean(axis=1, keepdims=True) for ranks in (one, other))
    norm = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    again = (one * other).sum(axis=1)[norm > 0.0] / norm[norm > 0.0]
    low, high = np.quantile(again, [0.025, 0.975])
    rho, p = float(found.statistic), float(found.pvalue)
    return {**row, "rho": rho, "low": float(low), "high": float(high), "p": p}


def _comparable(values: Numbers) -> bool:
    return len(values) >= FEWEST and all(len(np.unique(column)) > 1 for column in values.T)


def _beside(table: pd.DataFrame, outcome: str, cause: str, strongest: str) -> tuple[float, float]:
    """Correlate ranks with the strongest cause held still; give the correlation and its p."""
    if cause == strongest:
        return math.nan, math.nan
    values = table[[cause, outcome, strongest]].dropna().to_numpy(np.float64)
    if not _comparable(values):
        return math.nan, math.nan
    both: Numbers = np.asarray(np.corrcoef(rankdata(values, axis=0), rowvar=False), np.float64)
    left = (1.0 - both[0, 2] ** 2) * (1.0 - both[1, 2] ** 2)
    if left < 1e-12:  # one of them is the strongest cause itself, in ranks
        return math.nan, math.nan
    rho = float(np.clip((both[0, 1] - both[0, 2] * both[1, 2]) / math.sqrt(left), -1.0, 1.0))
    freedom = len(values) - 3
    if abs(rho) == 1.0:
        return rho, 0.0
    return rho, float(2.0 * t.sf(abs(rho) * math.sqrt(freedom / (1.0 - rho**2)), freedom))


def smallest_seen(provinces: int) -> float:
    """Give the rank correlation below which one by itself is lost among so many provinces, three or more.

    Examples
    --------
    >>> round(smallest_seen(30), 2)
    0.36
    """
    freedom = provinces - 2
    bound = float(t.isf(LEVEL / 2.0, freedom))
    return bound / math.sqrt(freedom + bound**2)
