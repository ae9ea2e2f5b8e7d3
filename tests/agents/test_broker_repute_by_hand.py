"""What clients think of brokers: what is learnt from deals, what a certificate adds, who loses by it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from shaanxi_transfer.agents import broker_repute


def add(small: Any, room: int, left: int, closed: int, **columns: Any) -> Any:
    given = {"reputation": 1.0, "standing": 1.0, "places": 1, **columns}
    return small.add(small.brokers, room=room, capacity=left, closed=closed, **given)


def learn(small: Any, memory: float = 10.0) -> list[float]:
    parameters = small.set("people", reputation_memory=memory)
    broker_repute.learn_from_deals(small.brokers.rows, parameters)
    return [float(reputation) for reputation in small.brokers.rows["reputation"]]


def test_two_brokers_of_one_size_and_other_success_diverge(small: Any) -> None:
    # The average broker signs three deals with four clients; these sign two and four with as many.
    for closed in (2, 4):
        add(small, 6, 2, closed)
    idle = add(small, 5, 5, 0, reputation=1.3)
    weight = 1.0 - math.exp(-0.3)
    assert learn(small) == pytest.approx([1.0 - weight / 3.0, 1.0 + weight / 3.0, 1.3])
    assert idle.reputation == 1.3, "who served nobody keeps its name"


def test_what_is_usual_moves_no_reputation(small: Any) -> None:
    for served in (2, 8):
        add(small, 9, 9 - served, served // 2)
    assert learn(small) == [1.0, 1.0]


@pytest.mark.parametrize(("left", "closed"), [(4, 0), (1, 0)])
def test_without_clients_or_deals_nothing_is_learnt(small: Any, left: int, closed: int) -> None:
    add(small, 4, left, closed, reputation=0.7)
    assert learn(small) == [0.7]


def test_three_short_steps_teach_what_a_long_one_does(small: Any) -> None:
    for closed in (6, 12):
        add(small, 12, 0, closed)
    once = learn(small)
    small.brokers.rows["reputation"] = 1.0
    small.brokers.rows["room"], small.brokers.rows["closed"] = 4, (2, 4)
    for _ in range(3):
        thrice = learn(small)
    assert thrice == pytest.approx(once)


def compare(small: Any, heed: float, trust: float) -> list[float]:
    parameters = small.set("people", reputation_heed=heed, demonstration_trust=trust)
    broker_repute.compare(small.brokers.rows, parameters)
    return [float(standing) for standing in small.brokers.rows["standing"]]


def test_a_record_and_a_certificate_give_standing_at_the_cost_of_others(small: Any) -> None:
    add(small, 0, 0, 0, places=3, reputation=1.4)
    add(small, 0, 0, 0, places=1, reputation=0.6, certified=True)
    raw = (1.0 + 0.5 * 0.4, 1.0 - 0.5 * 0.4 + 0.1)
    mean = (3.0 * raw[0] + raw[1]) / 4.0
    assert compare(small, 0.5, 0.1) == pytest.approx([raw[0] / mean, raw[1] / mean])
    standing, places = small.brokers.rows["standing"], small.brokers.rows["places"]
    assert float((standing * places).sum()) == pytest.approx(4.0), "work moves; none is added"


def test_clients_who_heed_nothing_see_no_difference(small: Any) -> None:
    add(small, 0, 0, 0, places=3, reputation=1.4)
    add(small, 0, 0, 0, places=1, reputation=0.6, certified=True)
    assert compare(small, 0.0, 0.0) == [1.0, 1.0]


def test_where_all_are_certified_none_has_an_advantage(small: Any) -> None:
    for places in (3, 1):
        add(small, 0, 0, 0, places=places, certified=True)
    assert compare(small, 0.5, 0.2) == pytest.approx([1.0, 1.0])
