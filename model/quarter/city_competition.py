"""Cities that compete: new firms go where a city's treasury pays firms more, and are missing elsewhere.

How many firms enter the province is another matter (``firms.enter``), so that what one
city gains the others lose: the shift is recorded by city and sums to zero.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ...engine.books import CAUSE, Public
from ...engine.exact_sums import cumulate
from ...engine.rules import rule

if TYPE_CHECKING:
    from ..province import Province

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

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


@rule
def follow_money(
    city_firms: Floats, support: Floats, members: Integers, profit: float, response: float
) -> tuple[Floats, Floats]:
    """Let new firms choose their cities, given what these pay.

    Parameters
    ----------
    city_firms : ndarray of float64 of shape (cities,)
        Usual chances, cumulative.
    support : ndarray of float64 of shape (cities,)
        Yuan that each city's treasury pays firms in a year.
    members : ndarray of int64 of shape (cities,)
        Firms that are there.
    profit, response : float
        Yuan of a firm of mean size; how much firms heed money.

    Returns
    -------
    tuple of ndarray of float64 of shape (cities,)
        Chances, cumulative; by how much each city's chance differs from the usual one.
    """
    seats, moved = np.empty(len(city_firms)), np.empty(len(city_firms))
    before = 0.0
    for city in range(len(city_firms)):
        usual = city_firms[city] - before
        before = city_firms[city]
        moved[city] = -usual
        gain = support[city] / max(1.0, members[city]) / profit
        seats[city] = usual * (1.0 + response * gain)
    cumulate(seats)
    before = 0.0
    for city in range(len(seats)):
        moved[city] += seats[city] - before
        before = seats[city]
    return seats, moved


def seats_of_entrants(province: Province, entrants: float, members: Integers) -> Floats:
    """Give the cumulative chances of the cities in which firms enter, and record whom money moves.

    A city's chance is its usual share times one and ``location_response`` times what its
    treasury pays a firm over the profit of a firm of mean size.

    Parameters
    ----------
    entrants : float
        Firms that are expected to enter in the step.
    members : ndarray of int64 of shape (cities,)
        Firms that are there, from ``census.members_by_city``.
    """
    if not province.city_support.any():
        return province.city_firms
    values = province.values
    profit = values["firm_mean_revenue"] * province.now.output_index * values["firm_margin"]
    seats, moved = follow_money(
        province.city_firms, province.city_support, members, profit, values["location_response"]
    )
    province.counts.entries_shifted += entrants * moved
    return seats
