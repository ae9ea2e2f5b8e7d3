"""The market: whom a need meets, through which channel, and what the contract is worth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import BOTH, BUYER
from shaanxi_transfer.agents.goods import (
    BROKERED,
    CONSULTING,
    PLATFORM,
    PROPOSED,
    SEARCH,
    TIE,
    TRANSFER,
)  # fmt: skip
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.engine.ordering import index_of
from shaanxi_transfer.model.markets import access, brokerage, market

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


def test_a_partner_is_asked_again_while_it_sells(small: Any) -> None:
    for role, partner in ((BUYER, 11), (BOTH, 0), (BUYER, 10), (BUYER, 99)):
        small.firm(key=10 + len(small.enterprises), role=role, partner=partner)
    keys = index_of(small.enterprises.rows["key"].copy())
    needs = []
    for sector, buyer in ((FIRM, 0), (FIRM, 1), (FIRM, 2), (FIRM, 3), (UNIVERSITY, 0)):
        needs.append(small.add(small.needs, buyer_sector=sector, buyer_row=buyer))
    partners = access.partners_of(small.enterprises.rows, keys)
    assert [access.partner_row(need, partners) for need in needs] == [1, -1, -1, -1, -1]
    needs[0].type = TRANSFER
    assert access.partner_row(needs[0], partners) == -1
    small.enterprises.rows["members"][1] = 0
    assert access.partners_of(small.enterprises.rows, keys).tolist() == [-1] * 4


def test_a_client_goes_to_a_broker_of_its_field_with_time(small: Any) -> None:
    for capacity, field in ((1, 0), (0, 1), (3, 1), (2, 0)):
        small.add(small.brokers, capacity=capacity, field=field, standing=1.0)
    brokers = small.brokers.rows
    parameters = small.set("trade", broker_success=0.5, broker_other_field=1.0, broker_learning_years=0.0)
    desk = brokerage.open_desk(brokers, 3, parameters, small.now)
    assert desk.hours.tolist() == [0, 3, 3, 2, 2, 2] and desk.first.tolist() == [0, 3, 6, 6]
    served = brokerage.brokers_for(np.array([0.34, 0.99, 0.4]), np.zeros(3, np.int64), desk, brokers)
    assert served.tolist() == [3, 3, 0], "passed on around the table, within the field"
    assert brokers["capacity"].tolist() == [0, 0, 3, 0] and desk.left.tolist() == [0, 3, 0]
    served = brokerage.brokers_for(np.array([0.1, 0.9]), np.array([0, 2]), desk, brokers)
    assert served.tolist() == [2, 2], "nobody of the one field is left, there is nobody of the other"


def test_the_line_is_served_in_its_own_order(small: Any) -> None:
    for capacity in (1, 1):
        small.add(small.brokers, capacity=capacity, field=0, standing=1.0)
    small.add(small.brokers, capacity=9, field=1, standing=1.0)
    for opened in (2, 0, 2):
        small.add(small.needs, field=0, open=opened)
    parameters = small.set("trade", broker_success=0.5, broker_other_field=1.0, broker_learning_years=0.0)
    desk = brokerage.open_desk(small.brokers.rows, 2, parameters, small.now)
    ways, streams = np.array([0.7, 4.0, 0.2, 0.5]), np.arange(3, dtype=np.uint64)
    needs, brokers = small.needs.rows, small.brokers.rows
    looks = access.who_looks(needs, ways, 0.7, 0.0)
    assert looks.need.tolist() == [0, 2, 2] and looks.way.tolist() == [0.7, 0.2, 0.5]
    helpers = brokerage.call_up(needs, streams, looks, 0.7, desk, brokers)
    assert sorted(helpers[1:]) == [0, 1] and helpers[0] == 2, "the last in the line goes to another field"
    assert brokers["capacity"].tolist() == [0, 0, 8]
    desk = brokerage.open_desk(small.brokers.rows, 2, parameters, small.now)
    ways[0] = access.BY_ITSELF
    looks = access.who_looks(needs, ways, 0.49, 0.0)
    assert brokerage.call_up(needs, streams, looks, 0.49, desk, brokers).tolist() == [-1, 2]
    assert len(access.who_looks(needs, ways, 0.49, 0.1).need) == 3, "partners abroad may help the last"


@pytest.mark.parametrize(
    ("experience", "learning", "skill"),
    [(8.0, 2.0, 2.0 / 3.0), (8.0, 0.0, 1.0), (0.0, 2.0, 0.0), (0.0, 0.0, 1.0)],
)
def test_brokers_learn(small: Any, experience: float, learning: float, skill: float) -> None:
    one = small.add(small.brokers, field=1, staff=2.0, experience=experience, capacity=5)
    parameters = small.set("trade", broker_success=0.4, broker_learning_years=learning)
    assert brokerage.skill_of(one, parameters) == pytest.approx(skill)
    by_field = np.full(2, 9.0)
    brokerage.buyers_from_outside(small.brokers.rows, parameters, small.now, by_field)
    assert by_field == pytest.approx([0.0, 5 * 0.4 * skill])


def test_brokers_of_a_field_know_it_together_and_other_fields_less(small: Any) -> None:
    for capacity, experience, field in ((1, 8.0, 1), (3, 0.0, 1), (2, 8.0, 0)):
        small.add(small.brokers, capacity=capacity, staff=2.0, experience=experience, field=field)
    parameters = small.set("trade", broker_success=0.4, broker_other_field=0.5, broker_learning_years=4.0)
    desk = brokerage.open_desk(small.brokers.rows, 3, parameters, small.now)
    # The first and the third know half of all; in the second field that is a quarter of the time.
    assert desk.chance == pytest.approx([0.2, 0.05, 0.0])
    assert desk.chance_elsewhere == pytest.approx([0.1, 0.025, 0.0])


@pytest.mark.parametrize(("standing", "asked"), [(0.0, 0), (1.0, 2), (1.0 / 3.0, 1), (1e9, 4)])
def test_more_clients_ask_a_broker_of_better_standing(small: Any, standing: float, asked: int) -> None:
    small.add(small.brokers, capacity=2, standing=1.0)
    small.add(small.brokers, capacity=2, standing=standing)
    parameters = small.set("trade", broker_success=0.5, broker_other_field=1.0, broker_learning_years=0.0)
    hours = brokerage.open_desk(small.brokers.rows, 1, parameters, small.now).hours.tolist()
    assert hours == [0] * (4 - asked) + [1] * asked


def test_a_producer_is_found_by_its_cumulative_chance() -> None:
    cumulative = np.array([[[0.25, 0.25, 1.0]]])
    guide = np.searchsorted(cumulative[0, 0], np.arange(4) / 4)[None, None]
    assert [market.producer_row(u, 0, 0, cumulative, guide) for u in (0.1, 0.25, 0.26, 0.99)] == [0, 0, 2, 2]


def meet(small: Any, way: float, destination: int, last: float = 1.0, **numbers: float) -> Any:
    """Let the open needs meet somebody of a destination; values are certain."""
    parameters = small.set(
        "trade",
        **{
            "import_brokerage": 0.0,
            "broker_success": 1.0,
            "broker_other_field": 0.0,
            "broker_learning_years": 0.0,
            "broker_bypass": 0.0,
            "commission_ln_sd": 0.0,
            "contract_value_ln_sd": 0.0,
            "contract_value_cap": 1e12,
            "platform_value_cap": 1e12,
            **numbers,
        },
    )
    needs = small.needs.rows
    streams = np.array([small.stream(access.SEARCHING, key, small.step) for key in needs["key"]])
    small.contracts.close(0)
    small.contracts.reserve(8)
    sellers = market.Sellers(
        small.enterprises.rows,
        index_of(np.ascontiguousarray(small.enterprises.rows["key"])),
        small.listing(),
        np.full((3, 2, 1), 1.0),
        np.zeros((3, 2, 128), dtype=np.int64),
        np.full((3, 1), 1),
        np.array([0.0] * destination + [1.0] * (5 - destination)),
        np.array([OUTSIDE, 0, 1, 2, FIRM]),
        np.array([1e4, 2e4, 3e4, 4e4, 5e4]),
        np.array([1.0, 1.1, 1.2, 1.3]),
    )
    small.contracts.close(
        market.meet_needs(
            needs,
            streams,
            np.full(int(needs["open"].sum()), way),
            last,
            sellers,
            small.brokers.rows,
            parameters,
            small.now,
            small.seed,
            small.contracts.storage,
            0,
        )
    )
    return small.contracts.rows


@pytest.fixture
def needy(small: Any) -> Any:
    """A firm that wants advice for 99 thousand at most, one that sells, and a broker with time."""
    small.firm(role=BUYER, key=1, partner=2)
    small.firm(role=BOTH, key=2, attraction=1.0, value_scale=1.5, city=1)
    small.add(small.brokers, capacity=2, standing=1.0)
    small.add(small.needs, buyer_sector=FIRM, buyer_row=0, type=CONSULTING, budget=99_000, scale=0.5, open=1)
    return small


# Mean of the destination, half of it for the buyer's projects, 1.2 for advice, and a yuan for rounding.
@pytest.mark.parametrize(
    ("destination", "sector", "row", "city", "value"),
    [
        (0, OUTSIDE, 0, -1, 6001),
        (1, 0, 0, 1, 12_001),
        (2, 1, 0, 1, 18_001),
        (3, 2, 0, 1, 24_001),
        (4, FIRM, 1, 1, 45_001),
    ],
)
def test_a_contract_is_worth_what_seller_buyer_and_type_make_it(
    needy: Any, destination: int, sector: int, row: int, city: int, value: int
) -> None:
    (one,) = meet(needy, access.BY_ITSELF, destination)
    assert (one.seller_sector, one.seller_row, one.seller_city, one.value) == (sector, row, city, value)
    assert (one.buyer_sector, one.buyer_row, one.type, one.channel, one.need) == (
        FIRM,
        0,
        CONSULTING,
        SEARCH,
        0,
    )
    assert (one.state, one.result, one.broker, one.inventor_part) == (PROPOSED, -1, -1, 0)
    (one,) = meet(needy, access.OVER_THE_PLATFORM, destination, platform_value_cap=5000.9)
    assert (one.value, one.channel) == (5000, PLATFORM)
    needy.needs.rows["budget"] = 4000
    assert meet(needy, access.OVER_THE_PLATFORM, destination, platform_value_cap=5000.9)[
        "value"
    ].tolist() == [4000]


def test_values_vary_by_the_kind_of_seller(needy: Any) -> None:
    needy.needs.rows["budget"] = 10**9
    stream = needy.stream(access.SEARCHING, needy.needs.rows["key"][0], needy.step)
    z = luck.quick_normal_quantile(luck.pick(stream, access.WORTH))
    for destination, sd in ((0, 0.5), (1, 0.25), (2, 0.25), (3, 0.25), (4, 0.5)):
        certain = int(meet(needy, access.BY_ITSELF, destination)["value"][0]) - 1
        (one,) = meet(needy, access.BY_ITSELF, destination, contract_value_ln_sd=0.5, commission_ln_sd=0.25)
        assert one.value == int(certain * math.exp(sd * z - 0.5 * sd * sd) + 0.5) + 1


def test_a_partner_is_the_seller_of_who_turns_to_it(needy: Any) -> None:
    (one,) = meet(needy, access.FROM_THE_PARTNER + 1, 4)
    assert (one.channel, one.seller_row) == (TIE, 1)
    for way, channel in ((access.BY_ITSELF, SEARCH), (access.OVER_THE_PLATFORM, PLATFORM), (0.5, BROKERED)):
        assert meet(needy, way, 4)["channel"].tolist() == [channel]


def test_a_broker_may_find_nobody_and_may_be_bypassed(needy: Any) -> None:
    stream = needy.stream(access.SEARCHING, needy.needs.rows["key"][0], needy.step)
    found, bypass = luck.pick(stream, access.FOUND_FOR), luck.pick(stream, access.BYPASS)
    needy.brokers.rows["capacity"] = 9
    assert len(meet(needy, 0.5, 4, broker_success=found * (1 - 1e-9))) == 0
    assert len(meet(needy, 0.5, 4, broker_success=found * (1 + 1e-9))) == 1
    assert needy.brokers.rows["capacity"].tolist() == [7], "it worked for both"
    for side, broker in ((-1, 0), (1, -1)):
        (one,) = meet(needy, 0.5, 4, broker_bypass=bypass * (1 + side * 1e-9))
        assert (one.channel, one.broker, one.seller_row) == (BROKERED, broker, 1)


def test_brokers_serve_as_long_as_they_have_time_then_partners_abroad_do(needy: Any) -> None:
    (one,) = meet(needy, 0.5, 4, last=0.5)
    assert (one.channel, one.broker, needy.brokers.rows["capacity"].tolist()) == (BROKERED, 0, [1])
    assert len(meet(needy, 0.5, 4, last=0.49)) == 0 and needy.brokers.rows["capacity"].tolist() == [1]
    stream = needy.stream(access.SEARCHING, needy.needs.rows["key"][0], needy.step)
    abroad = luck.pick(stream, access.ABROAD)
    (one,) = meet(needy, 0.5, 4, last=0.49, import_brokerage=abroad * (1 + 1e-9))
    assert (one.channel, one.broker, one.seller_sector) == (BROKERED, -1, OUTSIDE)
    assert len(meet(needy, 0.5, 4, last=0.49, import_brokerage=abroad * (1 - 1e-9))) == 0
    assert len(meet(needy, access.NOT_AT_ALL, 4)) == 0


def test_nobody_buys_from_himself_and_transfers_come_from_outside(needy: Any) -> None:
    needy.needs.rows["buyer_row"] = 1
    assert len(meet(needy, access.BY_ITSELF, 4)) == 0
    needy.needs.rows["buyer_sector"] = GOVERNMENT
    assert len(meet(needy, access.BY_ITSELF, 4)) == 1, "another sector's second row"
    needy.needs.rows["buyer_sector"], needy.needs.rows["buyer_row"] = SECTOR["military_unit"], 0
    assert [len(meet(needy, access.BY_ITSELF, destination)) for destination in (1, 2, 3)] == [1, 1, 0]
    needy.needs.rows["buyer_row"], needy.needs.rows["type"] = 1, TRANSFER
    assert [len(meet(needy, access.BY_ITSELF, destination)) for destination in range(5)] == [1, 0, 0, 0, 0]
