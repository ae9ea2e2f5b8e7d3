"""Access: who finds a seller by himself, on the platform, or stands in the line for a broker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.goods import (
    SERVICE,
    TRANSFER,
)  # fmt: skip
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.markets import access

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


@pytest.mark.parametrize(("dt", "chance"), [(0.25, 0.3), (1.0 / 12.0, 1.0 - 0.7 ** (1.0 / 3.0))])
def test_a_chance_of_a_quarter_holds_for_any_step(small: Any, dt: float, chance: float) -> None:
    small.now.dt = dt
    assert access.chance_of_step(0.3, small.now) == pytest.approx(chance)


def test_sub_centres_help_outside_the_capital(small: Any) -> None:
    parameters = small.set("trade", contact_probability=0.4, subcentre_contact=0.0)
    assert access.contact_chances(3, 1, parameters, small.now) == pytest.approx([0.4] * 3)
    parameters.subcentre_contact = 0.25
    assert access.contact_chances(3, 1, parameters, small.now) == pytest.approx([0.55, 0.4, 0.55])


def ways_of(
    small: Any, contact: float, platform: float = 0.0
) -> tuple[tuple[int, int], list[float], list[float]]:
    parameters = small.set("trade", platform_chance=platform)
    needs = small.needs.rows
    wanted = int(needs["open"].sum())
    streams, ways, line = np.zeros(len(needs), np.uint64), np.zeros(wanted), np.zeros(wanted)
    arguments = (parameters, small.now, small.seed, streams, ways, line)
    found, waiting = access.find_ways(needs, np.array([contact, 0.0]), *arguments)
    return (found, waiting), ways.tolist(), line[:waiting].tolist()


def test_a_need_finds_a_seller_the_platform_or_a_place_in_the_line(small: Any) -> None:
    one = small.add(small.needs, open=1, budget=1000, type=SERVICE)
    stream = small.stream(access.SEARCHING, one.key, small.step)
    contact, claim, platform = (
        luck.pick(stream, k) for k in (access.CONTACT, access.CLAIM, access.ON_PLATFORM)
    )
    above, below = 1 + 1e-9, 1 - 1e-9
    assert ways_of(small, contact * above) == ((1, 0), [access.BY_ITSELF], [])
    assert ways_of(small, contact * below) == ((0, 1), [claim], [claim])
    assert ways_of(small, 0.0, platform * above) == ((1, 0), [access.OVER_THE_PLATFORM], [])
    assert ways_of(small, 0.0, platform * below) == ((0, 1), [claim], [claim])
    one.city = 1
    assert ways_of(small, 1.0)[0] == (0, 1), "another city, another chance"
    one.type, one.city = TRANSFER, 0
    assert ways_of(small, 0.0, 0.999999) == ((0, 0), [access.NOT_AT_ALL], [])
    assert ways_of(small, 0.999999999)[0] == (1, 0)
    one.type, one.budget = SERVICE, 999
    assert ways_of(small, 1.0, 0.999999) == ((0, 0), [access.NOT_AT_ALL], [])
    one.budget, one.open = 1000, 2
    second = luck.pick(stream, access.ALL_DRAWS + access.CLAIM)
    assert ways_of(small, 0.0) == ((0, 2), [claim, second], [claim, second])


@pytest.mark.parametrize(("capacity", "last"), [(0, 0.0), (1, 0.2), (2, 0.5), (3, 1.0), (9, 1.0)])
def test_brokers_serve_the_front_of_the_line(small: Any, capacity: int, last: float) -> None:
    for part in (capacity // 2, capacity - capacity // 2):
        small.add(small.brokers, capacity=part)
    assert access.last_served(np.array([0.5, 0.9, 0.2]), small.brokers.rows) == last
