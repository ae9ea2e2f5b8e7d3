"""D5, zones: cities whose high-technology zones get industrial bases, beside cities whose zones do not.

From 2013 on bases serve all firms in the zones of the five ordinary cities that have a national zone of
industry, and in another world those of the capital alone. Ordinary cities stand beside ordinary cities
without bases, the capital beside all of them. 2010 to 2012 are before, 2014 to 2017 after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...model.orders import Cities, Order
from ...model.watch import Watch
from .collapsed import collapsed_t
from .design import Design, Measured, Tables, base_world

if TYPE_CHECKING:
    from ...scenarios import Scenario

__all__ = ["CAPITAL", "COLLAPSED", "ZONES", "revenue_of_cities"]

_START: Final = "2010-Q2"
_CHANGE: Final = "2013-Q1"
_END: Final = "2017-Q4"
_AFTER: Final = 2014

CAPITAL: Final = "xian"
_FIVE: Final = ("baoji", "xianyang", "weinan", "yulin", "ankang")
"""Yangling's zone is one of agriculture; the zones of the other four are provincial."""

_ALL: Final = 1.0
"""Share of the firms in zones that bases serve."""

COLLAPSED: Final[dict[str, Any]] = {
    "outcome": "ln_revenue",
    "unit": "city",
    "period": "year",
    "treated": "treated",
}
"""Columns of `revenue_of_cities`, by the arguments of the estimators."""


def _worlds(province: str) -> dict[str, Scenario]:
    base = base_world(province, since=_START, end=_END)
    return {name: base.set(name=name) for name in ("ordinary", "capital", "without")}


def revenue_of_cities(cities: pd.DataFrame, treated: Sequence[str], without: int) -> pd.DataFrame:
    """Give the revenue of each city's firms by year.

    Parameters
    ----------
    cities : DataFrame
        As a `Watch` takes them down.
    treated : sequence of str
        Names of the treated cities.
    without : int
        Year that is left out: in that of a change both rules hold.

    Returns
    -------
    DataFrame
        Columns city, year, ln_revenue and treated (1 or 0).
    """
    kept = cities[cities["year"] != without].astype({"city": str})
    years = kept.groupby(["city", "year"], as_index=False)["revenue"].mean()
    return pd.DataFrame(
        {
            "city": years["city"],
            "year": years["year"],
            "ln_revenue": np.log(years["revenue"]),
            "treated": years["city"].isin(list(treated)).astype(np.float64),
        }
    )


def _measure(worlds: Mapping[str, Tables], seed: int) -> dict[str, Callable[[], Measured]]:
    def measure(world: str, treated: Sequence[str], left_out: Sequence[str]) -> Measured:
        here, there = (
            revenue_of_cities(worlds[name]["city"], treated, _AFTER - 1) for name in (world, "without")
        )
        found = collapsed_t(here[~here["city"].isin(list(left_out))], start=_AFTER, **COLLAPSED)
        gained = here["ln_revenue"] - there["ln_revenue"]
        return Measured(found, float(gained[(here["treated"] == 1.0) & (here["year"] >= _AFTER)].mean()))

    return {
        "zones_ordinary": partial(measure, "ordinary", _FIVE, [CAPITAL]),
        "zones_capital": partial(measure, "capital", [CAPITAL], []),
    }


ZONES: Final = Design(
    "zones",
    _worlds,
    Watch(units=("city",), programmes=()),
    _measure,
    lambda province, seed: {
        "ordinary": [Order("base_coverage", _ALL, Cities(_FIVE), _CHANGE)],
        "capital": [Order("base_coverage", _ALL, Cities((CAPITAL,)), _CHANGE)],
    },
)
