"""Buying: how many contracts are wanted, what one may cost, and how long a need lasts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import buying
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR

FIRM = SECTOR["enterprise"]


def test_needs_are_counted_by_appetite_ten_to_a_row(small: Any) -> None:
    keys = [small.firm(appetite=appetite).key for appetite in (200.0, 0.0, 41.0)]
    numbers = np.full(3, 9)
    rows = buying.count_needs(small.enterprises.rows, 0.5, small.now, small.seed, numbers)
    draws = [small.draw(buying.NEEDS, key) for key in keys]
    found = [luck.poisson_quantile(draws[0], 100.0), 0, luck.poisson_quantile(draws[2], 20.5)]
    assert numbers.tolist() == found and rows == sum(-(-number // 10) for number in found)


@pytest.mark.parametrize(("u", "code"), [(0.0, 0), (0.19, 0), (0.2, 1), (0.69, 1), (0.7, 2), (0.999, 2)])
def test_a_code_is_drawn_from_cumulative_shares(u: float, code: int) -> None:
    assert buying.draw_code(u, np.array([0.2, 0.7, 1.0])) == code


def voice(small: Any, numbers: list[int], own_field: float = 1.0) -> Any:
    small.needs.close(0)
    small.needs.reserve(8)
    members = np.ascontiguousarray(small.enterprises.rows["members"])
    small.needs.close(
        buying.voice_needs(
            small.enterprises.rows, FIRM, np.array(numbers), members, own_field, np.array([0.0, 0.0, 1.0]),
            np.array([0.0, 0.0, 0.0, 1.0]), 4, 0.25, small.now, small.seed, small.needs.storage, 0,
        )
    )  # fmt: skip
    return small.needs.rows


def test_a_buyer_spends_half_of_what_one_member_has_on_a_contract(small: Any) -> None:
    one = small.firm(members=4, cash=1001, city=1, field=1, project_scale=2.5)
    small.firm()
    needs = voice(small, [23, 0])
    assert needs["units"].tolist() == needs["open"].tolist() == [10, 10, 3]
    assert needs["budget"].tolist() == [125] * 3 and needs["expires"].tolist() == [24] * 3
    for column, value in (
        ("buyer_row", 0),
        ("buyer_sector", FIRM),
        ("city", 1),
        ("scale", 2.5),
        ("type", 3),
        ("field", 1),
    ):
        assert (needs[column] == value).all()
    chances = small.stream(buying.NEED, one.key, small.step)
    assert needs["key"].tolist() == [luck.word(chances, 4 * k) for k in range(3)]
    # Each need belongs to one of the four members, whose skill stays.
    skills = [
        0.75 - 0.25 * math.log(small.draw(buying.SKILL, one.key, int(key) % 4, step=0))
        for key in needs["key"]
    ]
    assert needs["ease"] == pytest.approx(skills)
    assert buying.ease_of_search(one.key, 0, 0.0, small.seed) == 1.0, "all alike"
    for side in (-1, 1):
        needs = voice(small, [23, 0], luck.pick(chances, 4 + 2) * (1 + side * 1e-9))
        assert needs["field"][1] == (1 if side > 0 else 2), "its own field, or that of the needs"


def test_a_need_lasts_until_it_is_met_or_too_old(small: Any) -> None:
    for wanted, expires in ((1, 21), (1, 20), (0, 21)):
        small.add(small.needs, open=wanted, expires=expires)
    staying = np.zeros(3, dtype=np.bool_)
    assert buying.mark_lasting(small.needs.rows, 20, staying) == 1, "wanted by the one that is too old"
    assert staying.tolist() == [True, False, False]


def test_needs_follow_their_buyer_or_end_with_it(small: Any) -> None:
    for sector, row in ((FIRM, 1), (FIRM, 0), (SECTOR["government"], 0), (FIRM, -1)):
        small.add(small.needs, buyer_sector=sector, buyer_row=row, open=3)
    buying.follow_buyers(small.needs.rows, FIRM, np.array([-1, 0]))
    assert small.needs.rows["buyer_row"].tolist() == [0, -1, 0, -1]
    assert small.needs.rows["open"].tolist() == [3, 0, 3, 3]


def test_contracts_still_wanted_are_counted_over_all_needs(small: Any) -> None:
    assert buying.count_open(small.needs.rows) == 0
    small.needs.extend(3)["open"] = [4, 0, 7]
    assert buying.count_open(small.needs.rows) == 11
