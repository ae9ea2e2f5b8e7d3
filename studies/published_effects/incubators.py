"""D5: tenants of incubators against firms like them, as in five places of Germany.

Tenants are those who came in from 2010 to 2012. Each stands beside the firm of its field and city that was
in no incubator at the end of that year and is nearest in age and size; both are followed to the end of 2017:
who closes sooner?
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from .design import Measured, Tables, closings, followed, numbered, rows_at
from .estimate import Estimate, in_logarithms
from .hazard import hazard_ratio
from .matching import matched_sets

__all__ = ["hazard_of_tenants", "survival_of_tenants"]

_END: Final = "2017-Q4"
_YEARS: Final = (2010, 2011, 2012)


def survival_of_tenants(tables: Tables) -> dict[str, Callable[[], Measured]]:
    """Give what estimates the figure of D5 on tenants, from a history's table of firms."""
    firms = tables["firm"]

    return {"incubator_survival": lambda: Measured(hazard_of_tenants(_cohorts(firms)))}


def hazard_of_tenants(cohorts: pd.DataFrame) -> Estimate:
    """Compare how soon tenants close with firms like them, in logarithms of the hazard."""
    sets = matched_sets(cohorts, treated="tenant", near=["age", "size"], exact=["field", "city", "year"])
    return in_logarithms(
        hazard_ratio(sets, time="quarters", closed="closed", treated="tenant", cluster="key")
    )


def _cohorts(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the firms that are there at the end of each year, who became tenants in it, and how they ended."""
    number = numbered(firms, "2010-Q1").to_numpy()
    housed = firms["incubated"].to_numpy(dtype=bool)
    since = pd.Series(number[housed]).groupby(firms["key"].to_numpy()[housed]).min()
    closed = closings(firms)
    cohorts = []
    for year in _YEARS:
        there = rows_at(firms, f"{year}-Q4")
        there = there[~there["closed"].to_numpy(dtype=bool)]
        at = 4 * (year - 2010) + 3
        entered = since.reindex(there.index).to_numpy()
        # Who stood in an incubator in the first quarter of all came in before, nobody knows when.
        new = (entered > max(0, at - 4)) & (entered <= at)
        kept = new | ~(entered <= at)
        ends = followed(closed, there.index, f"{year}-Q4", _END)
        cohorts.append(
            there.assign(
                year=year,
                tenant=new.astype(np.int64),
                closed=ends["closed"],
                quarters=ends["quarters"],
                key=there.index,
            )[kept]
        )
    found: pd.DataFrame = pd.concat(cohorts, ignore_index=True)
    return found
