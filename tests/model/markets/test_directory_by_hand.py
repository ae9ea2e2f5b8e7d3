"""The directory: which seller a buyer finds, by field, size and place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents.enterprise import BOTH, BUYER
from shaanxi_transfer.engine.books import SECTOR
from shaanxi_transfer.model.markets import directory

FIRM, OUTSIDE, UNIVERSITY = SECTOR["enterprise"], SECTOR["outside"], SECTOR["university"]
GOVERNMENT = SECTOR["government"]


@pytest.mark.parametrize(
    ("attraction", "size"),
    [(0.0, 0), (1.0, 4), (0.99, 3), (2.0, 5), (127.0, 10), (128.0, 11), (1e9, 11), (1e-9, 0)],
)
def test_classes_span_a_factor_of_two(attraction: float, size: int) -> None:
    assert directory.size_class(attraction) == size


def test_sellers_are_found_by_field_size_and_place(small: Any) -> None:
    for field, attraction, city, role in (
        (0, 1.0, 0, BOTH),
        (0, 3.0, 1, BOTH),
        (1, 1.0, 0, BUYER),
        (1, 5.0, 0, BOTH),
    ):
        small.firm(field=field, attraction=attraction, city=city, role=role)
    found = small.listing()

    def choose(u: float, field: int, where: directory.Listing = found) -> int:
        return directory.choose_seller(u, np.uint64(3), 0, field, 0, *where)

    # A quarter of the attraction of the first field is the small one's.
    assert [choose(u, 0) for u in (0.249, 0.251, 0.999)] == [0, 1, 1] and choose(0.5, 1) == 3
    assert found.buckets["upto"][[11, 23]].tolist() == [4.0, 5.0]
    away = small.listing(np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert choose(0.251, 0, away) == -1, "out of reach"
    small.enterprises.rows["role"] = BUYER
    assert choose(0.5, 0, small.listing()) == -1
