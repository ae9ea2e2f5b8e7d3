"""What all tests share: steady examples, figures without a screen, a province at work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from shaanxi_transfer.model.ecosystem import Ecosystem
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.scenarios import load

os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples on every machine and in every run, so that a red test stays red
# until it is mended; `make soak` goes looking for new ones.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    derandomize=False,
    deadline=None,
    max_examples=1_000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture
def begin_step() -> Iterator[Callable[..., Province]]:
    """Live through some steps of `no_plan` and begin the next, each treasury richer by some yuan."""

    def begun(steps: int, *, scale: float = 0.05, riches: int = 0) -> Province:
        ecosystem = Ecosystem(load("no_plan").set(draw_parameters=False), seed=3, scale=scale)
        for _ in range(steps):
            ecosystem.step()
        province = ecosystem.province
        province.begin()
        province.treasuries.rows["cash"] += riches
        province.books.holders["outside"].rows["cash"] -= riches * len(province.treasuries)
        province.books.open()
        return province

    with np.errstate(over="ignore"):
        yield begun
