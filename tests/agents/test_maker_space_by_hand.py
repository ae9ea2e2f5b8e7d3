"""Teams: who leaves a maker space, who founds a firm, and who takes the free places of a city."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import maker_space
from shaanxi_transfer.agents.incubator import INCUBATOR, MAKER_SPACE, STAR_SKY
from shaanxi_transfer.engine import luck


def leave(small: Any, **numbers: float) -> tuple[int, list[int]]:
    added = np.full(len(small.incubators), 9)
    given = {"team_years": 0.5, "team_founding": 0.4, "team_additional": 0.25, **numbers}
    parameters = small.set("people", **given)
    founded = maker_space.let_teams_leave(small.incubators.rows, parameters, small.now, small.seed, added)
    return founded, added.tolist()


def test_teams_that_leave_found_a_firm_or_dissolve(small: Any) -> None:
    one = small.add(small.incubators, kind=MAKER_SPACE, capacity=2000, tenants=1000)
    others = [small.add(small.incubators, kind=kind, tenants=40) for kind in (INCUBATOR, STAR_SKY)]
    going, founding = small.two(maker_space.LEAVING, one.key, small.step)
    left = luck.binomial_quantile(going, 1000, 1.0 - math.exp(-0.5))
    firms = luck.binomial_quantile(founding, left, 0.4)
    more = luck.binomial_quantile(small.draw(maker_space.FOUNDING, one.key), firms, 0.25)
    assert leave(small) == (firms, [more, 0, 0]) and 0 < more < firms < left
    assert one.tenants == 1000 - left and [other.tenants for other in others] == [40, 40]


@pytest.mark.parametrize(
    ("numbers", "some", "added"),
    [({"team_additional": 0.0}, True, False), ({"team_additional": 1.0}, True, True),
     ({"team_founding": 0.0}, False, False)],
)  # fmt: skip
def test_firms_that_would_be_there_anyway_are_not_added(
    small: Any, numbers: dict[str, float], some: bool, added: bool
) -> None:
    small.add(small.incubators, kind=MAKER_SPACE, tenants=1000)
    founded, more = leave(small, **numbers)
    assert (founded > 0) == some and more == [founded if added else 0]


def enter(small: Any, formed: float) -> list[int]:
    parameters = small.set("people", teams_formed=formed)
    maker_space.let_teams_enter(
        small.incubators.rows, np.array([0.25, 1.0]), parameters, small.now, small.seed
    )
    return [int(number) for number in small.incubators.rows["tenants"]]


@pytest.mark.parametrize(("formed", "chance"), [(0.0, 0.0), (8000.0, 0.5), (16_000.0, 1.0), (9e9, 1.0)])
def test_teams_of_a_city_divide_themselves_among_its_free_places(
    small: Any, formed: float, chance: float
) -> None:
    # A thousand free places in the first city, in which a quarter of the teams form.
    for capacity, tenants in ((900, 100), (200, 0), (50, 50)):
        small.add(small.incubators, kind=MAKER_SPACE, city=0, capacity=capacity, tenants=tenants)
    small.add(small.incubators, kind=INCUBATOR, city=0, capacity=500)
    draws = [small.draw(maker_space.ENTERING, key) for key in small.incubators.rows["key"]]
    entered = [luck.binomial_quantile(draws[i], free, chance) for i, free in enumerate((800, 200))]
    assert enter(small, formed) == [100 + entered[0], entered[1], 50, 0]
    assert sum(entered) == pytest.approx(1000 * chance, abs=60)


def test_another_maker_space_takes_teams_from_the_others(small: Any) -> None:
    small.add(small.incubators, kind=MAKER_SPACE, city=1, capacity=1000)
    alone = enter(small, 2000.0)[0]
    small.incubators.rows["tenants"] = 0
    small.add(small.incubators, kind=MAKER_SPACE, city=1, capacity=1000)
    first, second = enter(small, 2000.0)
    assert first < alone and first + second == pytest.approx(alone, abs=60)
