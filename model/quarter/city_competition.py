"""Cities that compete: new firms go where a city's treasury pays firms more, and are missing elsewhere.

How many firms enter the province is another matter (``firms.enter``), so that what one
city gains the others lose: the shift is recorded by city and sums to zero.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...agents.census import members_by_city
from ...engine.books import CAUSE, Public
from ...engine.rules import rule
from ..state.space import cumulative, shares_of

if TYPE_CHECKING:
    from ..province import Province

Floats = npt.NDArray[np.float64]

SUPPORT: Final = tuple(CAUSE[name] for name in ("fund_capital", "grant", "subsidy", "voucher"))
"""What a treasury pays to firms, or to funds for them."""


@rule
def support_of_cities(public: Public) -> npt.NDArray[np.int64]:
    """Sum what each city's treasury paid firms in the step, whole yuan, shape (cities,)."""
    tasks, treasuries, _ = public.shape
    paid = np.zeros(treasuries - 1, dtype=np.int64)
    for task in range(tasks):
        for city in range(treasuries - 1):
            for cause in SUPPORT:
                paid[city] += public[task, 1 + city, cause]
    return paid


def remember_support(province: Province) -> None:
    """Keep in mind what each city's treasury paid firms, over about a year."""
    years = province.now.dt
    paid = support_of_cities(province.books.public) / years
    province.city_support += (1.0 - math.exp(-years)) * (paid - province.city_support)


def seats_of_entrants(province: Province, entrants: float) -> Floats:
    """Give the cumulative chances of the cities in which firms enter, and record whom money moves.

    A city's chance is its usual share times one and ``location_response`` times what its
    treasury pays a firm over the profit of a firm of mean size.

    Parameters
    ----------
    entrants : float
        Firms that are expected to enter in the step.
    """
    if not province.city_support.any():
        return province.city_firms
    usual = shares_of(province.city_firms)
    values = province.values
    firms = members_by_city(province.enterprises.rows, len(usual))
    profit = values["firm_mean_revenue"] * province.now.output_index * values["firm_margin"]
    gain = province.city_support / np.maximum(1.0, firms) / profit
    seats = cumulative(usual * (1.0 + values["location_response"] * gain))
    province.counts.entries_shifted += entrants * (shares_of(seats) - usual)
    return seats
