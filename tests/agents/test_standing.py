"""Gazelles: the usual definition, and sizes that look alike read backwards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import enterprise, founding
from shaanxi_transfer.agents.census import CENSUS, count_firms
from shaanxi_transfer.agents.standing import grows_fast
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.columns import number_record, row_at
from shaanxi_transfer.engine.table import Table

TERMS = number_record(
    {
        "gazelle_least_years": 3.0,
        "gazelle_oldest": 5.0,
        "gazelle_growth": 0.2,
        "gazelle_base_revenue": 5e6,
        "firm_mean_revenue": 5e7,
        "firm_size_ln_sd": 1.6,
        "size_persistence": 0.95,
    }
)
NOW = number_record({"date": 2018.0, "output_index": 1.0, "output_growth": 0.0})


def firm(age: float = 4.0, yearly: float = 0.3, base: float = 1e7, growth: float = 0.0) -> Any:
    """Give a firm whose revenue grew by a share a year since its founding with a base."""
    row = Table("firms", enterprise.COLUMNS).extend(1)[0]
    row["members"], row["born"], row["growth"] = 3, 2018.0 - age, growth
    row["first_size"] = math.log(base / 5e7)
    row["ln_size"] = row["first_size"] + age * math.log1p(yearly) - growth
    return row


@pytest.mark.parametrize(
    ("told", "fast"),
    [
        ({}, True),
        ({"yearly": 0.21}, True),
        ({"yearly": 0.19}, False),
        ({"age": 2.9}, False),
        ({"age": 3.0}, True),
        ({"age": 5.1}, False),
        ({"base": 4.9e6}, False),
        ({"growth": 0.5}, True),
    ],
)
def test_a_gazelle_is_young_grew_fast_and_was_not_tiny(told: dict[str, float], fast: bool) -> None:
    assert grows_fast(firm(**told), TERMS, NOW) is fast


def test_growth_is_that_of_nominal_revenue() -> None:
    """A firm that keeps its place in an economy that doubles every three years is a gazelle."""
    assert not grows_fast(firm(yearly=0.0), TERMS, NOW)
    boom = number_record({"date": 2018.0, "output_index": 1.0, "output_growth": math.log(2.0) / 3.0})
    assert grows_fast(firm(yearly=0.0, base=5e7), TERMS, boom)
    assert not grows_fast(firm(yearly=0.0, base=6e6), TERMS, boom), "it was below the base at first"


def test_members_are_counted() -> None:
    rows = np.array([firm(), firm(yearly=0.0), firm()])
    census: Any = row_at(np.zeros(1, dtype=CENSUS), 0)
    count_firms(rows, TERMS, NOW, census)
    assert (census.firms, census.gazelles) == (9, 6)


def test_sizes_of_the_start_look_alike_read_backwards() -> None:
    keys = [luck.key_of("firm", i) for i in range(4000)]
    seed = np.uint64(5)
    spread = TERMS.firm_size_ln_sd
    mean = -0.5 * spread * spread
    now = np.random.default_rng(1).normal(mean, spread, len(keys))
    before = np.array(
        [founding.size_before(s, 4.0, np.uint64(k), TERMS, seed) for s, k in zip(now, keys, strict=True)]
    )
    assert before.mean() == pytest.approx(mean, abs=0.1) and before.std() == pytest.approx(spread, rel=0.05)
    assert np.corrcoef(now, before)[0, 1] == pytest.approx(0.95**4, abs=0.02)
    assert founding.size_before(1.3, 0.0, np.uint64(keys[0]), TERMS, seed) == pytest.approx(1.3)
