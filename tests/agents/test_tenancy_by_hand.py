"""Tenants: who is taken, who goes, and what a place does for a firm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import tenancy
from shaanxi_transfer.engine import luck


@pytest.mark.parametrize(
    ("columns", "applicants"),
    [({"born": 2012.01}, 7), ({"born": 2012.0}, 0), ({"born": 2012.01, "large": True}, 0)],
)
def test_incubators_take_the_young_and_small(small: Any, columns: dict[str, Any], applicants: int) -> None:
    parameters = small.set("people", incubation_admission_age=3.0)
    assert (
        tenancy.applicants_of(small.firm(members=10, incubated=3, **columns), parameters, small.now)
        == applicants
    )


def move(small: Any, places: list[int], interest: float) -> list[int]:
    tenants = np.full(2, 9)
    parameters = small.set(
        "people", incubation_admission_age=3.0, incubation_years=4.0, incubation_growth=0.08
    )
    tenancy.move_tenants(
        small.enterprises.rows, np.array(places), tenants, interest, parameters, small.now, small.seed
    )
    return [int(number) for number in tenants]


def test_tenants_leave_after_some_years_and_grow_meanwhile(small: Any) -> None:
    one = small.firm(members=1000, incubated=400, born=2000.0)
    u = small.draw(tenancy.STAY, one.key)
    left = luck.binomial_quantile(u, 400, 1.0 - math.exp(-0.25 / 4.0))
    assert move(small, [1000, 0], math.inf) == [400 - left, 0] == [one.incubated, 0]
    assert one.growth == pytest.approx(0.08 * 0.25 * (400 - left) / 1000)


def test_tenants_of_a_closed_incubator_go_at_once(small: Any) -> None:
    for _ in range(2):
        small.firm(members=1000, incubated=400, born=2000.0, city=1)
    assert move(small, [0, 500], 0.0) == [0, 500]
    first, second = small.enterprises.rows["incubated"]
    assert first + second == 500 and first < 400
    assert move(small, [0, 0], 0.0) == [0, 0] == small.enterprises.rows["incubated"].tolist()


@pytest.mark.parametrize(
    ("places", "interest", "chance"),
    [(10_000, 2.0, 1.0 - math.exp(-0.5)), (300, math.inf, 300 / 1200), (0, math.inf, 0.0)],
)
def test_free_places_of_a_city_are_drawn_among_those_who_ask(
    small: Any, places: int, interest: float, chance: float
) -> None:
    for city in (0, 0, 1):
        small.firm(members=600, born=2014.0, city=city)
    draws = [small.draw(tenancy.ADMISSION, key) for key in small.enterprises.rows["key"]]
    first = min(places, luck.binomial_quantile(draws[0], 600, chance))
    second = min(places - first, luck.binomial_quantile(draws[1], 600, chance))
    assert move(small, [places, 0], interest) == [first + second, 0]
    assert small.enterprises.rows["incubated"].tolist() == [first, second, 0]


def test_tenants_are_seated_in_proportion_to_places(small: Any) -> None:
    for city, capacity in ((0, 10), (1, 0), (0, 30), (0, 20)):
        small.add(small.incubators, city=city, capacity=capacity, tenants=99)
    tenancy.seat_tenants(small.incubators.rows, np.array([25, 0]))
    assert small.incubators.rows["tenants"].tolist() == [4, 0, 12, 9]
