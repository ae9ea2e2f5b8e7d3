"""Owners of research: each kind has its rows, and its sector is its place in arrays."""

from __future__ import annotations

from typing import Any

from shaanxi_transfer.agents.owners import OWNERS, owners_of
from shaanxi_transfer.engine.books import SECTORS
from shaanxi_transfer.model.markets.demand import PRODUCERS


def test_sectors_of_owners_are_places_in_the_order_of_the_producers() -> None:
    assert OWNERS == (0, 1, 2) and tuple(SECTORS[sector] for sector in OWNERS) == PRODUCERS


def test_each_kind_has_its_rows(small: Any) -> None:
    for number, kind in enumerate(PRODUCERS):
        for _ in range(number + 1):
            small.add(small.producers[kind])
    universities, institutes, military_units = (small.producers[kind].rows for kind in PRODUCERS)
    found = [owners_of(sector, universities, institutes, military_units) for sector in OWNERS]
    assert [len(rows) for rows in found] == [1, 2, 3]
