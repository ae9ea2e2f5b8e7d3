"""Zones: which firms take places, and what happens when there are none left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import zone
from shaanxi_transfer.engine import luck


@pytest.mark.parametrize(
    ("columns", "would"),
    [
        ({"research_user": True, "born": 2015.0}, True),
        ({"research_user": True, "born": 2014.99}, False),
        ({"research_user": False, "born": 2015.0}, False),
    ],
)
def test_new_firms_with_research_look_for_a_place(small: Any, columns: dict[str, Any], would: bool) -> None:
    assert zone.would_enter(small.firm(**columns), 2015.0) == would


def enter(small: Any, places: list[int], interest: float = 0.5, since: float = 2015.0) -> list[int]:
    tenants = np.full(2, 9)
    parameters = small.set("firms", zone_interest=interest)
    zone.enter(small.enterprises.rows, np.array(places), since, parameters, small.seed, tenants)
    return [int(number) for number in tenants]


@pytest.mark.parametrize(
    ("places", "chance"), [(10_000, 0.5), (1300, 0.5), (1299, 0.4995), (500, 0.1), (300, 0.0), (100, 0.0)]
)
def test_a_zone_takes_those_who_ask_until_it_is_full(small: Any, places: int, chance: float) -> None:
    new = {"members": 1000, "research_user": True, "born": 2015.0}
    first, second = small.firm(**new), small.firm(**new)
    small.firm(members=400, in_zone=300, research_user=True, born=2010.0)
    small.firm(**{**new, "research_user": False})
    draws = [small.draw(zone.ENTRY, key, step=0) for key in (first.key, second.key)]
    free = max(0, places - 300)
    one = min(free, luck.binomial_quantile(draws[0], 1000, chance))
    two = min(free - one, luck.binomial_quantile(draws[1], 1000, chance))
    assert enter(small, [places, 0]) == [300 + one + two, 0]
    assert small.enterprises.rows["in_zone"].tolist() == [one, two, 300, 0]


def test_everybody_may_ask_at_the_start(small: Any) -> None:
    small.firm(members=1000, research_user=True, born=1990.0, city=1)
    assert enter(small, [0, 0], 1.0, -math.inf) == [0, 0]
    assert enter(small, [0, 1000], 1.0, -math.inf) == [0, 1000]
