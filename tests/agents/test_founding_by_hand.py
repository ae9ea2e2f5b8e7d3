"""Founding: what a firm is for life, how old and how large those of the start are, who founds one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import founding
from shaanxi_transfer.agents.enterprise import BOTH, BUYER, SELLER
from shaanxi_transfer.engine import luck

CITIES, FIELDS = np.array([0.0, 1.0]), np.array([0.0, 0.0, 1.0])


@pytest.fixture
def parameters(small: Any) -> Any:
    return small.set(
        "firms", capital_pull=0.0, firm_size_ln_sd=2.0, large_firm_share=0.1, pure_seller_share=0.25,
        registered_share_2010=0.3, research_intensity_ln_sd=0.5,
        research_user_share_large=1.0, research_user_share_small=0.0,
        seller_share=0.4, size_persistence=0.5,
    )  # fmt: skip


def size_of(rank: float) -> float:
    return 2.0 * luck.normal_quantile(rank) - 2.0


def test_traits_are_drawn_at_birth(small: Any, parameters: Any) -> None:
    one = small.firm()
    role, research = small.two(founding.TRAIT, one.key, 0, 1)
    rank = 0.2 + 0.6 * small.draw(founding.BIRTH_SIZE, one.key, step=0)

    def traits(**numbers: float) -> Any:
        small.set("firms", **numbers)
        founding.give_traits(one, 0.2, 0.8, 1, CITIES, FIELDS, parameters, small.seed)
        return one

    assert traits().ln_size == pytest.approx(size_of(rank)) == one.first_size
    assert (one.city, one.field, one.reputation) == (1, 2, 1.0)
    below, above = role * (1 - 1e-9), role * (1 + 1e-9)
    assert traits(seller_share=below).role == BUYER
    assert traits(seller_share=above, pure_seller_share=1.0 - 3e-9).role == BOTH
    assert traits(seller_share=2.0 * role, pure_seller_share=0.5 + 1e-9).role == SELLER
    assert traits(research_user_share_small=research * (1 + 1e-9)).research_user
    assert not traits(research_user_share_small=research * (1 - 1e-9)).research_user
    one.large = True
    assert one.large and traits().research_user


THREE = np.array([0.1, 0.7, 1.0])
"""Cities of a tenth, six tenths (the capital) and three tenths of the firms."""


@pytest.mark.parametrize(
    ("rank", "pull", "elsewhere"),
    [(0.75, 0.0, 0.4), (0.75, 1.0, 0.2), (0.25, 1.0, 0.6), (0.0, 99.0, 1.0), (1.0, 1.0, 0.0)],
)
def test_great_sellers_sit_in_the_capital(rank: float, pull: float, elsewhere: float) -> None:
    def seat(place: float) -> int:
        return int(founding.seat_of(place, rank, pull, 1, THREE))

    # A quarter of the others sit in the first city, three quarters in the last.
    bounds = [(elsewhere, 2, 1), (0.25 * elsewhere, 0, 2)] if elsewhere > 0.0 else []
    for bound, below, above in bounds:
        assert seat(bound * (1 - 1e-9)) == below
        assert bound == 1.0 or seat(bound * (1 + 1e-9)) == above
    assert elsewhere > 0.0 or seat(0.0) == 1


@pytest.mark.parametrize("capital", [0, 1, 2])
def test_the_pull_of_the_capital_moves_no_number_of_firms(capital: int) -> None:
    places, ranks = (np.arange(200) + 0.5) / 200, (np.arange(200) + 0.5) / 200
    seats = [founding.seat_of(place, rank, 0.5, capital, THREE) for place in places for rank in ranks]
    assert np.bincount(seats) / len(seats) == pytest.approx([0.1, 0.6, 0.3], abs=0.004)


def test_where_there_is_one_region_everybody_sits_in_it() -> None:
    assert founding.seat_of(0.9, 0.1, 0.5, 0, np.array([1.0])) == 0


def test_buyers_sit_where_they_sit_whatever_their_size(small: Any, parameters: Any) -> None:
    small.set("firms", capital_pull=9.0)
    one = small.firm()
    place = small.two(founding.TRAIT, one.key, 0)[0]
    cities = np.array([min(0.9, place + 0.05), 1.0])
    for seller_share, city in ((0.0, 0), (1.0, 1)):
        small.set("firms", seller_share=seller_share)
        founding.give_traits(one, 0.999999, 1.0, 1, cities, FIELDS, parameters, small.seed)
        assert one.city == city


def test_a_size_is_read_backwards(small: Any, parameters: Any) -> None:
    z = luck.normal_quantile(small.draw(founding.FIRST_SIZE, 9, step=0))
    before = founding.size_before(1.0, 2.0, np.uint64(9), parameters, small.seed)
    # After two years a quarter of the distance from the mean of -2 remains.
    assert before == pytest.approx(-2.0 + 0.25 * 3.0 + math.sqrt(1.0 - 0.0625) * 2.0 * z)


def test_the_firms_of_the_start_share_out_the_ranks(small: Any, parameters: Any) -> None:
    parameters.seller_share, parameters.pure_seller_share = 1.0, 0.0
    rows = small.enterprises.extend(4)
    founding.found_first_firms(
        rows,
        1000,
        2,
        small.key,
        1,
        CITIES,
        FIELDS,
        np.array([0.0, 0.0, 1.0]),
        np.array([0.0, 1.0]),
        0.25,
        2010.0,
        parameters,
        small.seed,
    )
    assert rows["members"].tolist() == [1, 1, 499, 499] and rows["large"].tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert rows["key"].tolist() == [luck.child_key(small.key, founding.FOUNDER, 0, k) for k in (0, 1, 2, 501)]
    ranks = ((0.999, 1.0), (0.998, 0.999), (0.499, 0.998), (0.0, 0.499))
    for row, (low, high) in zip(rows, ranks, strict=True):
        rank = low + (high - low) * small.draw(founding.BIRTH_SIZE, row["key"], step=0)
        assert row["ln_size"] == pytest.approx(size_of(rank))
        cells = 1 if row["large"] else 2
        age = (cells + small.two(founding.AGE, row["key"], 0)[1]) * 0.25
        assert row["born"] == pytest.approx(2010.0 - age)
        first = founding.size_before(row["ln_size"], age, row["key"], parameters, small.seed)
        assert row["first_size"] == pytest.approx(first)
        u = small.draw(founding.FIRST_REGISTRATION, row["key"], step=0)
        assert row["registered"] == luck.binomial_quantile(u, row["members"], 0.3)
        z = luck.normal_quantile(small.draw(founding.BENT, row["key"], step=0))
        assert row["bent"] == pytest.approx(math.exp(0.5 * z - 0.125))
        assert row["certified"] == 0, "it is not known yet for whom that pays"


@pytest.mark.parametrize(("large", "low", "high"), [(True, 0.9, 1.0), (False, 0.0, 0.9)])
def test_those_who_enter_are_born_on_their_side_of_the_threshold(
    small: Any, parameters: Any, large: bool, low: float, high: float
) -> None:
    small.set("firms", **small.MEASURES | {"firm_size_ln_sd": 2.0})
    rows = small.enterprises.extend(2)
    founding.found_entrants(
        rows, large, 7, small.key, 1, CITIES, FIELDS, parameters, small.now, small.seed
    )  # fmt: skip
    keys = [luck.child_key(small.key, founding.ENTRANT, small.step, 2 * k + large) for k in range(2)]
    assert rows["key"].tolist() == keys and rows["members"].tolist() == [7, 7]
    ranks = [low + (high - low) * small.draw(founding.BIRTH_SIZE, key, step=0) for key in keys]
    assert rows["ln_size"] == pytest.approx([size_of(rank) for rank in ranks])
    assert rows["born"].tolist() == [2015.0, 2015.0] and rows["large"].tolist() == [large, large]
    assert (rows["appetite"] > 0.0).all(), "measured"


def test_a_firm_on_a_result_begins_in_the_smaller_half(small: Any, parameters: Any) -> None:
    small.set("firms", **small.MEASURES | {"firm_size_ln_sd": 2.0})
    firms, keys = small.enterprises.extend(2), np.array([8, 9], np.uint64)
    cities, fields = np.array([0, 1], np.int16), np.array([3, 2], np.int16)
    founding.found_spin_offs(firms, keys, cities, fields, parameters, small.now, small.seed)
    one = firms[1]
    rank = 0.5 * small.draw(founding.BIRTH_SIZE, 9, step=0)
    assert one.ln_size == pytest.approx(size_of(rank)) == one.first_size
    assert (one.key, one.members, one.city, one.field, one.role, one.born) == (9, 1, 1, 2, BOTH, 2015.0)
    assert one.research_user and one.reputation == 1.0 and one.appetite > 0.0, "measured"
