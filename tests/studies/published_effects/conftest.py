"""Made data with a known effect, and how often intervals hold it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.studies.published_effects.estimate import Estimate

Made = Callable[[np.random.Generator], Estimate]


@pytest.fixture
def recovers(soak: bool) -> Callable[..., list[Estimate]]:
    """Give ``recovers(made, truth, near)``: estimates of many seeds, held against the true effect.

    Their mean is within ``near`` of it. Of 2,000 intervals 0.92 to 0.98 hold it with `make soak`, six
    standard errors about 0.95; else 88 to 99 of 100.
    """

    def hold(made: Made, truth: float, near: float) -> list[Estimate]:
        found = [made(np.random.default_rng(seed)) for seed in range(2000 if soak else 100)]
        effects = np.array([one.effect for one in found])
        assert abs(effects.mean() - truth) < near + 3.0 * effects.std() / len(effects) ** 0.5
        covered = float(np.mean([one.covers(truth) for one in found]))
        print(f"true {truth:g}, mean {effects.mean():.3f}, covered {covered:.3f} of {len(found)}")
        assert (0.92 if soak else 0.88) <= covered <= (0.98 if soak else 0.99)
        return found

    return hold


@pytest.fixture
def panel() -> Callable[..., pd.DataFrame]:
    """Give ``panel(luck, treated, units, effect)``: eight periods, treated from the fifth on.

    Errors go together over time within a unit, as outcomes of cities do.
    """

    def made(luck: np.random.Generator, treated: int, units: int, effect: float = 0.0) -> pd.DataFrame:
        errors = luck.normal(size=(units, 8))
        for period in range(1, 8):
            errors[:, period] += 0.6 * errors[:, period - 1]
        is_treated = np.arange(units) < treated
        dose = np.outer(is_treated, np.arange(8) >= 4)
        outcome = 2.0 * luck.normal(size=(units, 1)) + luck.normal(size=8) + errors + effect * dose
        return pd.DataFrame(
            {
                "city": np.repeat([f"city {number}" for number in range(units)], 8),
                "quarter": np.tile(2013 + np.arange(8) / 4, units),
                "value": outcome.ravel(),
                "treated": np.repeat(is_treated, 8),
                "dose": dose.ravel(),
            }
        )

    return made


@pytest.fixture
def columns() -> dict[str, Any]:
    """What estimators of panels ask for."""
    return {"outcome": "value", "unit": "city", "period": "quarter", "treated": "treated", "start": 2014.0}
