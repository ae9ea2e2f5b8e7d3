from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaanxi_transfer.model.state.space import capital_of, cumulative, distances, reach, zone_places
from shaanxi_transfer.scenarios import load_pack


def test_distances_between_the_cities_of_shaanxi() -> None:
    pack = load_pack("shaanxi")
    kilometres = distances(pack)
    city = {name: row for row, name in enumerate(pack.cities["city"])}
    assert (kilometres == kilometres.T).all() and not kilometres.diagonal().any()
    # By the map: Xianyang is next door, Yulin lies in the far north.
    assert 15.0 < kilometres[city["xian"], city["xianyang"]] < 35.0
    assert 430.0 < kilometres[city["xian"], city["yulin"]] < 480.0


def test_no_way_is_shorter_over_a_third_city() -> None:
    kilometres = distances(load_pack("shaanxi"))
    over = (kilometres[:, :, None] + kilometres[None, :, :]).min(axis=1)
    assert (kilometres <= over + 1e-9).all()


@given(decay=st.floats(10.0, 1_000.0), floor=st.floats(0.0, 1.0))
def test_reach_falls_with_distance_from_one_to_the_floor(decay: float, floor: float) -> None:
    found = reach(np.array([[0.0, 1.0, 50.0, 200.0, 1e6]]), decay, floor)[0]
    assert found[0] == pytest.approx(1.0)
    assert found[-1] == pytest.approx(floor)
    assert (np.diff(found) <= 0.0).all()


@given(shares=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=20).filter(lambda x: sum(x) > 1e-3))
def test_cumulative_shares_rise_to_one(shares: list[float]) -> None:
    upto = cumulative(shares)
    assert upto[-1] == pytest.approx(1.0, abs=1e-12)
    assert (np.diff(upto) >= 0.0).all()
    assert np.diff(upto, prepend=0.0) * sum(shares) == pytest.approx(np.array(shares), abs=1e-6)


VALUES = {
    "zone_provincial_size": 0.5, "zone_share": 0.8, "technology_firms_2017": 1000.0, "large_firm_share": 0.1,
    "research_user_share_large": 0.55, "research_user_share_small": 0.05,
}  # fmt: skip
"""A hundred firms do research, eighty of them in zones if all cities have a national one."""


def pack_of(zones: list[tuple[str, str]]) -> Any:
    cities = pd.DataFrame({"city": ["a", "b", "c"], "firm_share": [0.5, 0.25, 0.25]})
    return SimpleNamespace(cities=cities, zones=pd.DataFrame(zones, columns=["city", "level"]))


@pytest.mark.parametrize(
    ("zones", "places"),
    [
        ([("a", "provincial"), ("a", "national"), ("b", "provincial")], [40, 10, 0]),
        ([("c", "national")], [0, 0, 20]),
        ([], [40, 20, 20]),
    ],
)
def test_zones_have_room_for_a_part_of_the_firms_that_do_research(
    zones: list[tuple[str, str]], places: list[int]
) -> None:
    assert zone_places(pack_of(zones), VALUES).tolist() == places


def test_the_region_of_a_pack_without_its_capital_stands_for_it() -> None:
    pack = pack_of([])
    for capital, code in (("b", 1), ("elsewhere", 0)):
        pack.manifest = SimpleNamespace(capital=capital)
        assert capital_of(pack) == code
