"""The high-technology certificate, which asks for a share of sales in R&D: what its notch moves.

Two evaluations of a history in which nothing is enacted. Bunching: all firms that did R&D in 2015, the last
year of the first rules, by what they report over what is asked of them. Discontinuity: firms that were not
certified yet in the first quarter of 2013, by the same ratio then, and what their R&D that is real became in
two years; who is there has not moved yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from ...agents.certificate import LARGE_SHARE, MIDDLE_SALES, MIDDLE_SHARE, SMALL_SALES, SMALL_SHARE
from .design import Measured, Tables, rows_at
from .discontinuity import discontinuity
from .notch import notch

__all__ = ["LOW", "over_what_is_asked", "research_at_the_notch"]

_REPORTED: Final = "2015-Q1"
_BEFORE: Final = "2013-Q1"
_AFTER: Final = "2015-Q1"

LOW: Final = 0.4
"""Nobody is taken to move up from below this part of what is asked."""


def over_what_is_asked(firms: pd.DataFrame, share: pd.Series | None = None) -> pd.Series:
    """Give what firms report over what a certificate asked of them until 2015.

    Parameters
    ----------
    firms : DataFrame
        Rows of one quarter of the table of firms.
    share : Series, optional
        R&D over sales; what they report by default.

    Returns
    -------
    Series
        1 at the notch. Shares are read in hundredths of a per cent of what is asked, as accounts are.
    """
    sales = firms["revenue"]
    asked = np.where(
        sales < SMALL_SALES, SMALL_SHARE, np.where(sales < MIDDLE_SALES, MIDDLE_SHARE, LARGE_SHARE)
    )
    ratio: pd.Series = ((firms["rd"] + firms["relabelled"]) / sales if share is None else share) / asked
    return ratio.round(4)


def research_at_the_notch(tables: Tables) -> dict[str, Callable[[], Measured]]:
    """Give what estimates the figures of the certificate, from a history's table of firms."""
    firms = tables["firm"]

    def reported() -> Measured:
        rows = _researching(firms, _REPORTED)
        found = notch(rows.assign(ratio=over_what_is_asked(rows)), ratio="ratio", low=LOW)
        moved = rows[rows["relabelled"] > 0]
        would = moved["intensity"] * moved["revenue"]
        return Measured(found, float(np.log((moved["rd"] + moved["relabelled"]) / would).mean()))

    def real_at_threshold() -> Measured:
        before, after = _researching(firms, _BEFORE), _researching(firms, _AFTER)
        before = before[~before["certified"].to_numpy(dtype=bool)]
        both = before.index.intersection(after.index)
        before, after = before.loc[both], after.loc[both]
        table = pd.DataFrame(
            {
                "score": np.log(over_what_is_asked(before)),
                "grown": np.log(after["rd"] / before["rd"]),
            }
        )
        # Who has what is asked changes nothing, and who lacks next to nothing next to nothing.
        return Measured(discontinuity(table, outcome="grown", score="score", threshold=0.0), 0.0)

    return {"certificate_reported": reported, "certificate_threshold": real_at_threshold}


def _researching(firms: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """Give the firms that do R&D in a quarter and report some, under their keys."""
    rows = rows_at(firms, quarter)
    return rows[(rows["rd"] > 0) & (rows["revenue"] > 0) & (over_what_is_asked(rows) > 0.0)]
