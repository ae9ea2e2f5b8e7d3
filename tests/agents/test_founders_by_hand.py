"""Firms out of research without a result: how many come out of each owner."""

from __future__ import annotations

from typing import Any

import numpy as np

from shaanxi_transfer.agents import founders
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTORS


def test_firms_come_of_research_by_luck_of_the_owner(small: Any) -> None:
    keys = [small.add(small.producers["university"]).key for _ in range(3)]
    numbers = np.full(3, 9)
    means = np.array([40.0, 0.0, 2.5])
    rows = small.producers["university"].rows
    total = founders.draw_numbers(rows, means, founders.PEOPLE, small.now, small.seed, numbers)
    draws = [small.draw(founders.PEOPLE, key) for key in keys]
    expected = [luck.poisson_quantile(draws[0], 40.0), 0, luck.poisson_quantile(draws[2], 2.5)]
    assert numbers.tolist() == expected and total == sum(expected)


def test_firms_are_named_owner_by_owner_and_sit_where_these_do(small: Any) -> None:
    kinds = [small.producers[kind] for kind in SECTORS[:3]]
    owners = [small.add(kind, city=city, field=1 - city) for kind, city in ((kinds[0], 0), (kinds[2], 1))]
    by_kind = np.array([1, 0, 2] + [0] * (len(SECTORS) - 3))
    universities, institutes, military_units = (kind.rows for kind in kinds)
    found = founders.name_firms(
        universities, institutes, military_units, founders.OWN, np.array([1, 2]), by_kind, small.now
    )
    expected = [(owners[0], 0), (owners[1], 0), (owners[1], 1)]
    keys = [luck.child_key(owner.key, founders.OWN, small.step, k) for owner, k in expected]
    assert found.keys.tolist() == keys
    assert found.cities.tolist() == [0, 1, 1] and found.fields.tolist() == [1, 0, 0]
