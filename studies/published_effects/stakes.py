"""D4, firms: what became of firms in which a fund took a stake, by who leads the fund.

All first stakes of 2011 to 2014. Each firm stands beside the five of its field that no fund held, nearest in
age and size at the end of the year before. What is compared is ln revenue at the end of the third year after,
less that of before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from .design import Measured, Tables, rows_at
from .matching import matched_difference

__all__ = ["growth_after_stakes"]

_END: Final = "2017-Q4"
_YEARS: Final = (2011, 2012, 2013, 2014)
_AFTER: Final = 3
_NEIGHBOURS: Final = 5
_PUBLIC: Final = ["stake_guidance_public", "stake_other_public"]
_PRIVATE: Final = ["stake_guidance_private", "stake_other_private"]


def growth_after_stakes(tables: Tables) -> dict[str, Callable[[], Measured]]:
    """Give what estimates the figures of D4 on firms, from a history's table of firms."""
    firms = tables["firm"]
    cohorts = _cohorts(firms)

    def growth(led: str) -> Measured:
        other = "private" if led == "public" else "public"
        compared = cohorts[cohorts[other] == 0.0]
        return Measured(
            matched_difference(
                compared,
                before="before",
                after="after",
                treated=led,
                near=["age", "size"],
                exact=["field", "year"],
                neighbours=_NEIGHBOURS,
            )
        )

    return {"stake_public": lambda: growth("public"), "stake_private": lambda: growth("private")}


def _cohorts(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the firms that no fund held at the end of the year before, and who got a first stake."""
    year = firms["year"].to_numpy()
    cohorts = []
    for each in _YEARS:
        before, after = rows_at(firms, f"{each - 1}-Q4"), rows_at(firms, f"{each + _AFTER}-Q4")
        both = before.index.intersection(after.index)
        free = before.loc[both, "equity"].to_numpy() == 0
        held = firms[year == each].groupby("key")[[*_PUBLIC, *_PRIVATE]].sum().reindex(both).fillna(0)
        public, private = (held[side].sum(axis=1).to_numpy() > 0 for side in (_PUBLIC, _PRIVATE))
        # Of the others only those that no fund ever held until the end.
        never = after.loc[both, "equity"].to_numpy() == 0
        kept = free & (public | private | never)
        revenue = before.loc[both, "revenue"].to_numpy(), after.loc[both, "revenue"].to_numpy()
        kept &= (revenue[0] > 0) & (revenue[1] > 0)
        cohorts.append(
            before.loc[both, ["age", "size", "field"]].assign(
                year=each,
                before=np.log(np.maximum(revenue[0], 1)),
                after=np.log(np.maximum(revenue[1], 1)),
                public=public.astype(np.float64),
                private=private.astype(np.float64),
            )[kept]
        )
    found: pd.DataFrame = pd.concat(cohorts, ignore_index=True)
    return found
