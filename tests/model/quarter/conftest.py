"""What the tests of a step's parts share: the first quarter of 2015 with hand-made rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.books import SECTORS
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.model.state.calendar import Calendar

KINDS = SECTORS[:3]


@pytest.fixture
def step(small: Any) -> Any:
    """The first quarter of 2015: R&D of 8000 a year, of which producers perform 0.5, 0.2 and 0.1."""
    small.calendar = Calendar(Quarter(2010, 1), Quarter(2020, 4), 4)
    levels = {("rd", 2015): 8000.0, ("fiscal_science", 2015): 4004.0}
    small.outside = SimpleNamespace(level=lambda name, year: levels[name, year])
    small.values = {"rd_share_university": 0.5, "rd_share_institute": 0.2, "rd_share_military": 0.1}
    small.steered = small.values
    small.counts = SimpleNamespace(research_by_city=np.zeros(2, dtype=np.int64), entries_shifted=np.zeros(2))
    small.city_support = np.zeros(2)
    small.pack = SimpleNamespace(name="shaanxi")
    small.city_firms = small.city_research = np.array([0.0, 1.0])
    small.field_needs = small.field_sellers = np.array([0.0, 1.0])
    small.names = {"city": ("a", "b"), "field": ("a", "b")}
    return small
