"""D4, firms: what became of firms in which a fund took a stake, by who leads the fund.

All first stakes of 2011 to 2014. Each firm stands beside the five of its field that no fund held, nearest in
age and size at the end of the year before. What is compared is ln revenue at the end of the third year after,
less that of before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from .design import Measured, Tables, rows_at
from .matching import matched_difference

__all__ = ["LIKENESS", "growth_after_stakes", "held_and_free"]

_END: Final = "2017-Q4"
_YEARS: Final = (2011, 2012, 2013, 2014)
_AFTER: Final = 3
LIKENESS: Final[dict[str, Any]] = {
    "before": "before", "after": "after", "near": ["age", "size"], "exact": ["field", "year"],
    "neighbours": 5,
}  # fmt: skip
"""Who stands beside a firm with a stake, and what is compared."""

_PUBLIC: Final = ["stake_guidance_public", "stake_other_public"]
_PRIVATE: Final = ["stake_guidance_private", "stake_other_private"]


def growth_after_stakes(tables: Tables) -> dict[str, Callable[[], Measured]]:
    """Give what estimates the figures of D4 on firms, from a history's table of firms."""
    firms = tables["firm"]
    cohorts = _cohorts(firms)

    def growth(led: str) -> Measured:
        other = "private" if led == "public" else "public"
        compared = cohorts[cohorts[other] == 0.0]
        return Measured(matched_difference(compared, treated=led, **LIKENESS))

    return {"stake_public": lambda: growth("public"), "stake_private": lambda: growth("private")}


def held_and_free(firms: pd.DataFrame, year: int, end: str) -> pd.DataFrame:
    """Give small firms that no fund held at the end of the year before: who got a stake in it, who never.

    By key: age, size, field and revenue as they were then, ``year``, and ``public`` and ``private``, 1 or 0.
    Of the others only those are there that no fund held until ``end`` (``YYYY-Qn``).
    """
    then, last = rows_at(firms, f"{year - 1}-Q4"), rows_at(firms, end)
    both = then.index.intersection(last.index)
    then, last = then.loc[both], last.loc[both]
    of_year = firms[firms["year"].to_numpy() == year]
    held = of_year.groupby("key")[[*_PUBLIC, *_PRIVATE]].sum().reindex(both).fillna(0)
    public, private = (held[side].sum(axis=1).to_numpy() > 0 for side in (_PUBLIC, _PRIVATE))
    never = last["equity"].to_numpy() == 0
    free = (then["equity"].to_numpy() == 0) & (then["revenue"].to_numpy() > 0)
    kept = free & (public | private | never) & ~then["large"].to_numpy(dtype=bool)
    found = then[["age", "size", "field", "revenue"]]
    cohort: pd.DataFrame = found.assign(
        year=year, public=public.astype(np.float64), private=private.astype(np.float64)
    )[kept]
    return cohort


def _cohorts(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the firms of each year with what they earned before and three years after it."""
    cohorts = []
    for year in _YEARS:
        end = f"{year + _AFTER}-Q4"
        cohort = held_and_free(firms, year, end)
        revenue = rows_at(firms, end)["revenue"].reindex(cohort.index).to_numpy()
        cohorts.append(
            cohort.assign(before=np.log(cohort["revenue"].to_numpy()), after=np.log(np.maximum(revenue, 1)))[
                revenue > 0
            ]
        )
    found: pd.DataFrame = pd.concat(cohorts, ignore_index=True)
    return found
