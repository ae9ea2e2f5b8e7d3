from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from shaanxi_transfer.agents.enterprise import BUYER
from shaanxi_transfer.model.markets.directory import CLASSES, Directory, choose_seller, size_class
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.start import new_province
from shaanxi_transfer.scenarios import load

NUMBER = 20_000


@pytest.fixture(scope="module")
def province() -> Province:
    return new_province(load("no_plan"), seed=4, scale=0.02)


def choices(province: Province, field: int, city: int, reach: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rows that many buyers of a field and city find."""
    firms, directory = province.enterprises.rows, province.directory
    directory.enter(firms)
    listing = directory.listing(reach)
    return np.array(
        [
            choose_seller((i + 0.5) / NUMBER, np.uint64(i) << np.uint64(32), 0, field, city, *listing)
            for i in range(NUMBER)
        ]
    )


def test_everybody_found_sells_in_the_field(province: Province) -> None:
    firms = province.enterprises.rows
    found = choices(province, 10, 0, np.ones_like(province.reach))
    assert (found >= 0).mean() > 0.999
    found = found[found >= 0]
    assert (firms["field"][found] == 10).all()
    assert (firms["role"][found] != BUYER).all()


def test_sellers_are_found_in_proportion_to_their_attraction(province: Province) -> None:
    """A place in a slot is drawn again when it is empty, so that nobody is favoured by where it stands."""
    firms = province.enterprises.rows
    found = choices(province, 10, 0, np.ones_like(province.reach))
    sellers = np.flatnonzero((firms["field"] == 10) & (firms["role"] != BUYER))
    weight = firms["attraction"][sellers]
    expected = NUMBER * weight / weight.sum()
    counted = np.bincount(found[found >= 0], minlength=len(firms))[sellers]
    often = expected >= 8.0
    assert often.sum() > 30
    rest = expected[~often].sum()
    seen = np.append(counted[often], [counted[~often].sum()] if rest > 0.0 else [])
    due = np.append(expected[often], [rest] if rest > 0.0 else [])
    assert stats.chisquare(seen, due * seen.sum() / due.sum()).pvalue > 1e-4


def test_the_nearer_is_found_more_often(province: Province) -> None:
    firms = province.enterprises.rows
    near = np.full_like(province.reach, 0.1)
    np.fill_diagonal(near, 1.0)
    home = [int((firms["city"][choices(province, 10, city, near)] == city).mean() * 1_000) for city in (0, 3)]
    anywhere = choices(province, 10, 0, np.ones_like(near))
    for city, share in zip((0, 3), home, strict=True):
        assert share > 1_000 * (firms["city"][anywhere] == city).mean()


def test_a_field_without_sellers_gives_nobody(province: Province) -> None:
    other = new_province(load("no_plan"), seed=4, scale=0.02)
    firms = other.enterprises.rows
    firms["role"][firms["field"] == 2] = BUYER
    assert (choices(other, 2, 0, other.reach) == -1).all()


@pytest.mark.parametrize("attraction", [0.0, 1e-9, 0.01, 0.5, 1.0, 3.0, 1e9])
def test_size_classes_are_doublings_within_bounds(attraction: float) -> None:
    found = size_class(attraction)
    assert 0 <= found < CLASSES
    if 0.1 < attraction < 100.0:
        assert size_class(2.0 * attraction) == found + 1


def test_slots_do_not_change_when_firms_come_and_go(province: Province) -> None:
    firms = province.enterprises.rows
    directory = Directory(len(province.names["field"]), firms)
    slots = directory.buckets["slots"].copy()
    directory.enter(firms[: len(firms) // 2])
    assert (directory.buckets["slots"] == slots).all()
    assert all(int(size).bit_count() == 1 for size in slots)


def test_every_seller_can_be_found_however_many_have_come(province: Province) -> None:
    """Slots get deeper with their sellers: nobody stands beyond the last place that a draw can hit."""
    many = np.repeat(province.enterprises.rows[:40], 50)
    many["key"] = np.sort(np.random.default_rng(1).integers(1, 2**63, len(many), dtype=np.uint64))
    directory = Directory(len(province.names["field"]), province.enterprises.rows)
    directory.enter(many)
    buckets, first, _, _ = directory.listing(province.reach)
    for bucket in buckets:
        slots = range(int(bucket["start"]), int(bucket["start"] + bucket["slots"]))
        assert max(first[slot + 1] - first[slot] for slot in slots) <= bucket["depth"]
    assert first[-1] == ((many["role"] != BUYER) & (many["members"] > 0)).sum()
