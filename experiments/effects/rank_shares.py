"""What share of the variance of figures each parameter moves, from one regression on ranks.

The share is the square of a parameter's standardised coefficient in one linear regression of a figure's
ranks on the ranks of all parameters (Saltelli et al. 2008, Global Sensitivity Analysis, section 1.2.5), less
what chance alone gives on average: the variance with which the coefficient is estimated.

Ranks see what rises or falls throughout, and little of a tail; what two parameters do only together is not
seen. Where parameters are drawn independently shares add up to at most the whole. Where they go together,
as in the draws of a posterior, a share is what the parameter moves with all others held still, and shares
can add up to more than the whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2, rankdata, zscore

from ...engine.errors import RunError


class RankShares(NamedTuple):
    """Shares of the variance of ranks, a row a parameter and a column a figure; at least 0.

    ``chance`` is what a parameter without effect would have on average, and has been taken off.
    """

    shares: pd.DataFrame
    chance: pd.DataFrame

    def beyond_chance(self, error: float = 0.05) -> pd.DataFrame:
        """Say which shares chance alone does not give.

        ``error`` is the probability that any share of the table at all is taken for an effect where none has
        one (Bonferroni).
        """
        bound = float(chi2.ppf(1.0 - error / max(1, self.shares.size), 1))
        return self.shares > self.chance * (bound - 1.0)


def rank_shares(parameters: pd.DataFrame, figures: pd.DataFrame) -> RankShares:
    """Say how much of each figure's variance each parameter moves, from tables with a row a run.

    Constant columns are left out. A `RunError` says that there are no more runs than parameters.
    """
    parameters = parameters.loc[:, parameters.nunique() > 1]
    figures = figures.loc[:, figures.nunique() > 1]
    ranks, seen = (
        np.asarray(zscore(rankdata(table.to_numpy(np.float64), axis=0))) for table in (parameters, figures)
    )
    freedom = len(ranks) - ranks.shape[1]
    if freedom < 1:
        raise RunError(f"{len(ranks)} runs cannot tell {ranks.shape[1]} parameters apart")
    coefficients = np.linalg.lstsq(ranks, seen, rcond=None)[0]
    left = seen - ranks @ coefficients
    inverse = np.diag(np.linalg.inv(ranks.T @ ranks))
    chance = inverse[:, None] * ((left**2).sum(axis=0) / freedom)[None, :]
    return RankShares(
        pd.DataFrame(np.maximum(coefficients**2 - chance, 0.0), parameters.columns, figures.columns),
        pd.DataFrame(chance, parameters.columns, figures.columns),
    )
