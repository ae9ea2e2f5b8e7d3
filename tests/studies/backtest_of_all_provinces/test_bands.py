"""What the discrepancy of all provinces makes of the bands of one."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES, Discrepancy, SeriesDiscrepancy
from shaanxi_transfer.studies.backtest_of_all_provinces.bands import bands_beside, pooled_for

SHAPE = pd.DataFrame(
    {
        "indicator": SERIES,
        "factor_of_volatility": [0.5, 1.0, 0.5, 0.5],
        "carry": [0.9, 0.8, 0.7, 0.6],
        "observation_error": 0.0,
        "growth_power": 0.5,
        "weight_of_typical": 2.0,
        "degrees_of_freedom": 4.0,
        "points": 120,
    }
)


def pack_of(step: float) -> Any:
    """Make a pack whose series go up by a step and down by it, year by year: variance step^2 n / (n - 1)."""
    series = {2013 + year: math.exp(step * (year % 2)) for year in range(5)}
    return SimpleNamespace(series_of=lambda name: series)


def test_a_province_gets_its_own_volatility_drawn_towards_that_of_the_others() -> None:
    packs = {"one": pack_of(0.3), "two": pack_of(0.1), "three": pack_of(0.1)}
    found = pooled_for("one", SHAPE, packs)
    own, typical = 0.3**2 * 4 / 3, 0.1**2 * 4 / 3  # three free growths, and two for the typical
    spread = math.sqrt((3 * own + 2 * typical) / 5)
    assert found.series[SERIES[0]].scale == pytest.approx(0.5 * spread)
    assert found.series[SERIES[1]].scale == pytest.approx(spread)
    assert found.series[SERIES[3]].carry == 0.6
    assert found.points == 120


def test_bands_stand_side_by_side() -> None:
    alone = Discrepancy(
        source="made up here",
        points=40,
        rules="0" * 16,
        degrees_of_freedom=6.0,
        growth_power=1.0,
        series={SERIES[0]: SeriesDiscrepancy(scale=0.3, carry=0.5, observation_error=0.4)},
    )
    pooled = pooled_for("one", SHAPE, {"one": pack_of(0.2), "two": pack_of(0.2)})
    table: dict[str, Any] = {row["indicator"]: row for row in bands_beside(alone, pooled).to_dict("records")}
    assert table[SERIES[0]]["sd_1_alone"] == pytest.approx(0.5 * math.sqrt(6 / 4))
    assert table[SERIES[0]]["sd_3_alone"] == pytest.approx(math.hypot(0.9, 0.4) * math.sqrt(6 / 4))
    assert table[SERIES[0]]["sd_3_pooled"] == pytest.approx(
        table[SERIES[0]]["scale_pooled"] * math.sqrt(3.0) * math.sqrt(2.0)
    )
    assert math.isnan(table[SERIES[1]]["sd_1_alone"])
    assert bands_beside(None, pooled)["scale_alone"].isna().all()
