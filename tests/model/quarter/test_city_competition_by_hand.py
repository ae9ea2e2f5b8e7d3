"""Cities that compete: what is remembered of their money, who comes for it, who is missing elsewhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import census
from shaanxi_transfer.engine.books import CAUSE
from shaanxi_transfer.model.quarter import city_competition


@pytest.fixture
def rivals(step: Any) -> Any:
    """Two cities with three and one of four firms of a profit of 10 yuan; 40 enter in the step."""
    step.city_firms = np.array([0.75, 1.0])
    step.firm(city=0, members=3)
    step.firm(city=1, members=1)
    step.values.update(firm_mean_revenue=50.0, firm_margin=0.1, location_response=0.5)
    step.now.output_index = 2.0
    return step


def there(rivals: Any) -> Any:
    """Firms of each city."""
    return census.members_by_city(rivals.enterprises.rows, 2)


def test_money_without_which_nobody_moves(rivals: Any) -> None:
    assert city_competition.seats_of_entrants(rivals, 40.0, there(rivals)) is rivals.city_firms
    assert rivals.counts.entries_shifted.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("support", "share"), [(4.0, 1.2 / 4.2), (8.0, 1.4 / 4.4)])
def test_money_doubled_in_one_city_lowers_entries_in_the_other(
    rivals: Any, support: float, share: float
) -> None:
    rivals.city_support[1] = support
    seats = city_competition.seats_of_entrants(rivals, 40.0, there(rivals))
    assert seats == pytest.approx([1.0 - share, 1.0])
    moved = 40.0 * (share - 0.25)
    assert rivals.counts.entries_shifted == pytest.approx([-moved, moved])


@pytest.mark.parametrize("equal", [True, False])
def test_equal_money_for_each_firm_moves_nobody_and_shifts_sum_to_zero(rivals: Any, equal: bool) -> None:
    rivals.city_support[:] = (6.0, 2.0) if equal else (6.0, 9.0)
    city_competition.seats_of_entrants(rivals, 40.0, there(rivals))
    shifted = rivals.counts.entries_shifted
    assert math.fsum(shifted) == pytest.approx(0.0, abs=1e-12)
    assert (abs(shifted) < 1e-12).all() == equal


def test_who_does_not_heed_money_stays(rivals: Any) -> None:
    rivals.values["location_response"], rivals.city_support[1] = 0.0, 1e9
    assert city_competition.seats_of_entrants(rivals, 40.0, there(rivals)) == pytest.approx([0.75, 1.0])


def test_a_year_of_payments_to_firms_is_remembered(rivals: Any) -> None:
    rivals.city_support[:] = (100.0, 100.0)
    rivals.public[22, 1, CAUSE["voucher"]] = 10
    rivals.public[21, 1, CAUSE["fund_capital"]] = 20
    rivals.public[21, 2, CAUSE["administration"]] = 99
    rivals.public[22, 0, CAUSE["voucher"]] = 99
    city_competition.remember_support(rivals)
    fresh = 1.0 - math.exp(-0.25)
    # Thirty in a quarter are 120 a year; the province's money and administration count for nothing.
    assert rivals.city_support == pytest.approx([100.0 + 20.0 * fresh, 100.0 * (1.0 - fresh)])
