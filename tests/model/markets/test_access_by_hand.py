"""Access: who finds a seller by himself, on the platform, or stands in the line for a broker."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import BOTH, BUYER
from shaanxi_transfer.agents.goods import (
    SERVICE,
    TRANSFER,
)  # fmt: skip
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.engine.ordering import index_of
from shaanxi_transfer.model.markets import access

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


@pytest.mark.parametrize(("dt", "chance"), [(0.25, 0.3), (1.0 / 12.0, 1.0 - 0.7 ** (1.0 / 3.0))])
def test_a_chance_of_a_quarter_holds_for_any_step(small: Any, dt: float, chance: float) -> None:
    small.now.dt = dt
    assert access.chance_of_step(0.3, small.now) == pytest.approx(chance)


def test_sub_centres_help_outside_the_capital(small: Any) -> None:
    parameters = small.set("trade", subcentre_contact=0.0)
    assert access.help_of_subcentres(3, 1, parameters) == pytest.approx([0.0] * 3)
    parameters.subcentre_contact = 0.25
    helped = -4.0 * math.log(0.75)
    assert access.help_of_subcentres(3, 1, parameters) == pytest.approx([helped, 0.0, helped])


def test_what_is_certain_takes_a_moment() -> None:
    assert access.yearly_hazard(0.25) == pytest.approx(-4.0 * math.log(0.75))
    assert math.isfinite(access.yearly_hazard(1.0))


def ways_of(
    small: Any, first: float, platform: float = 0.0, repeat: float = 0.0, to_firms: float = 1.0
) -> tuple[tuple[int, int], list[float], list[float]]:
    parameters = small.set(
        "trade", first_contact=first, platform_chance=platform, repeat_contact=repeat, tie_probability=0.4
    )
    needs, firms = small.needs.rows, small.enterprises.rows
    wanted = int(needs["open"].sum())
    streams, ways, line = np.zeros(len(needs), np.uint64), np.zeros(wanted), np.zeros(wanted)
    shares = np.array([0.0, 0.0, 0.0, 1.0 - to_firms, 1.0])
    arguments = (parameters, small.now, small.seed, streams, ways, line)
    keys = index_of(np.ascontiguousarray(firms["key"]))
    found, waiting = access.find_ways(needs, firms, keys, shares, np.array([0.0, 3.0]), *arguments)
    return (found, waiting), ways.tolist(), line[:waiting].tolist()


def test_a_need_finds_a_seller_the_platform_or_a_place_in_the_line(small: Any) -> None:
    one = small.add(small.needs, buyer_sector=GOVERNMENT, open=1, budget=1000, type=SERVICE, ease=0.5)
    stream = small.stream(access.SEARCHING, one.key, small.step)
    contact, claim, platform = (
        luck.pick(stream, k) for k in (access.CONTACT, access.CLAIM, access.ON_PLATFORM)
    )
    above, below = 1 + 1e-9, 1 - 1e-9
    # The buyer finds half as fast as the average; in the second city the sub-centre adds three a year.
    hazard = small.hazard(contact)
    assert ways_of(small, 2.0 * hazard * above) == ((1, 0), [access.BY_ITSELF], [])
    assert ways_of(small, 2.0 * hazard * below) == ((0, 1), [claim], [claim])
    assert ways_of(small, 0.0, platform * above) == ((1, 0), [access.OVER_THE_PLATFORM], [])
    assert ways_of(small, 0.0, platform * below) == ((0, 1), [claim], [claim])
    one.city = 1
    assert ways_of(small, 0.0)[0] == (int(hazard < 3.0), int(hazard > 3.0)), "another city, another chance"
    one.type, one.city = TRANSFER, 0
    assert ways_of(small, 0.0, 0.999999) == ((0, 0), [access.NOT_AT_ALL], [])
    assert ways_of(small, 1e9)[0] == (1, 0)
    one.type, one.budget = SERVICE, 999
    assert ways_of(small, 1e9, 0.999999) == ((0, 0), [access.NOT_AT_ALL], [])
    one.budget, one.open = 1000, 2
    second = luck.pick(stream, access.ALL_DRAWS + access.CLAIM)
    assert ways_of(small, 0.0) == ((0, 2), [claim, second], [claim, second])


def test_a_partner_is_turned_to_again_at_its_own_pace(small: Any) -> None:
    small.firm(key=1, role=BUYER, partner=2)
    seller = small.firm(key=2, role=BOTH)
    one = small.add(small.needs, buyer_sector=FIRM, open=1, budget=1000, type=SERVICE, ease=1.0)
    stream = small.stream(access.SEARCHING, one.key, small.step)
    contact = luck.pick(stream, access.CONTACT)
    # Four in ten turn to the partner, the others look for a new one.
    repeat = [1.0 - math.exp(-small.hazard(contact) * (1 + side * 1e-9) / 0.4 / 4.0) for side in (-1, 1)]
    assert [ways_of(small, 0.0, repeat=each)[1][0] for each in repeat] == [
        luck.pick(stream, access.CLAIM),
        access.FROM_THE_PARTNER + 1,
    ]
    first = [small.hazard(contact) * (1 + side * 1e-9) / 0.6 for side in (-1, 1)]
    assert [ways_of(small, each)[0][0] for each in first] == [0, 1]
    # Where both are possible, each has its part of the chance by its pace: here the partner 0.9 of it.
    pace = small.hazard(contact / 0.9)
    both = {"repeat": 1.0 - math.exp(-pace * 0.9 / 0.4 / 4.0)}
    for side, way in ((-1, access.BY_ITSELF), (1, access.FROM_THE_PARTNER + 1)):
        shifted = pace * 0.1 / 0.6 * (1 - side * 1e-6)
        assert ways_of(small, shifted, **both)[1] == [way]
    certain = {"repeat": 1.0}
    where = luck.pick(stream, access.WHERE)
    assert ways_of(small, 0.0, to_firms=1.0 - where * (1 + 1e-9), **certain)[0] == (0, 1), "not from a firm"
    assert ways_of(small, 0.0, to_firms=1.0 - where * (1 - 1e-9), **certain)[0] == (1, 0)
    for spoiled in ({"partner": 99}, {"partner": 0}):
        small.enterprises.rows["partner"][0] = spoiled["partner"]
        assert ways_of(small, 0.0, **certain)[0] == (0, 1)
    small.enterprises.rows["partner"][0] = 2
    seller.role = BUYER
    assert ways_of(small, 0.0, **certain)[0] == (0, 1), "it no longer sells"
    seller.role, one.type = BOTH, TRANSFER
    assert ways_of(small, 0.0, **certain)[0] == (0, 0)


@pytest.mark.parametrize(("capacity", "last"), [(0, 0.0), (1, 0.2), (2, 0.5), (3, 1.0), (9, 1.0)])
def test_brokers_serve_the_front_of_the_line(small: Any, capacity: int, last: float) -> None:
    for part in (capacity // 2, capacity - capacity // 2):
        small.add(small.brokers, capacity=part)
    line = np.array([0.5, 0.9, 0.2])
    assert access.last_served(line, 0.0, small.brokers.rows) == last
    small.brokers.rows["capacity"] *= 3
    assert access.last_served(line, 6.0, small.brokers.rows) == last, "two of three are from outside"
    assert access.last_served(line[:0], 6.0, small.brokers.rows) == 1.0
