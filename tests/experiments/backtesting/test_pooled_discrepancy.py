"""The discrepancy of all provinces: found again where it is known, silent where nothing is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from shaanxi_transfer.experiments.backtesting.points import Point
from shaanxi_transfer.experiments.backtesting.pooled_discrepancy import (
    PlacedPoint,
    PooledShape,
    Prior,
    Volatility,
    discrepancy_of_province,
    pooled_shape,
    predicted,
    typical,
    volatility_of,
)
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES, Discrepancy

ERROR = dict.fromkeys(SERIES, 0.02)
TRUTH = PooledShape(
    factor=dict(zip(SERIES, (0.4, 1.2, 0.8, 1.0), strict=True)),
    carry=dict.fromkeys(SERIES, 0.5),
    growth_power=0.6,
    weight=3.0,
    degrees_of_freedom=6.0,
)


def made_up(provinces: int) -> list[PlacedPoint]:
    """Points that miss as `TRUTH` says, one origin each, forecasts without a spread of their own."""
    rng = np.random.default_rng(3)
    placed = []
    for number in range(provinces):
        volatility = Volatility(float(np.exp(rng.normal(-4.0, 1.0))), 5)
        for series in SERIES:
            for horizon in (1, 2, 3, 4):
                residual = rng.normal(0.0, 0.3)
                scale = TRUTH.scale(series, volatility, 0.02) * horizon**TRUTH.growth_power
                miss = math.hypot(scale, ERROR[series]) * rng.standard_t(TRUTH.degrees_of_freedom)
                point = Point(
                    series,
                    2013 + 10 * horizon,  # origins of their own, so that each weighs one
                    horizon,
                    np.zeros(4),
                    np.full(4, residual),
                    TRUTH.carry[series] ** horizon * residual + miss,
                )
                placed.append(PlacedPoint(f"p{number}", point, volatility, 0.02))
    return placed


def test_a_known_discrepancy_is_found_again() -> None:
    shape, _ = pooled_shape(made_up(150), observation_error=ERROR)
    for series in SERIES:
        assert shape.factor[series] == pytest.approx(TRUTH.factor[series], rel=0.15)
        assert shape.carry[series] == pytest.approx(0.5, abs=0.15)
    assert shape.growth_power == pytest.approx(0.6, abs=0.08)
    assert 0.7 < shape.weight / TRUTH.weight < 1.6
    assert 3.5 < shape.degrees_of_freedom < 12.0


def test_without_points_the_prior_is_all() -> None:
    shape, _ = pooled_shape([])
    prior = Prior()
    assert shape.factor == pytest.approx(prior.factor)
    assert (shape.growth_power, shape.weight) == (prior.growth_power, prior.weight)
    assert shape.degrees_of_freedom == 4.0


def test_forecasts_with_it_hold_what_came() -> None:
    """The same points: this is no proof of skill, only that scale and draws mean the same."""
    inside = []
    for placed in made_up(60):
        low, high = np.quantile(predicted(placed, TRUTH, 1, ERROR), [0.1, 0.9])
        inside.append(low <= placed.point.observed <= high)
    assert 0.75 < np.mean(inside) < 0.85


def test_an_unsteady_province_has_the_wider_band() -> None:
    steady, unsteady = ({name: (Volatility(v, 5), 0.02) for name in SERIES} for v in (0.001, 0.2))
    files = [
        discrepancy_of_province(TRUTH, one, points=9, source="a test of widths") for one in (steady, unsteady)
    ]
    assert all(isinstance(one, Discrepancy) for one in files)
    for name in SERIES:
        assert files[1].series[name].scale > 2.0 * files[0].series[name].scale
        expected = TRUTH.factor[name] * math.sqrt((5 * 0.2 + 3 * 0.02) / 8)
        assert files[1].series[name].scale == pytest.approx(expected)


def test_volatility_is_that_of_a_random_walk_whatever_years_are_missing() -> None:
    rng = np.random.default_rng(1)
    walk = np.exp(np.cumsum(rng.normal(0.1, 0.2, 4_000)))
    years = np.arange(4_000)
    every = volatility_of(dict(zip(years.tolist(), walk.tolist(), strict=True)), 4_000)
    some = sorted(rng.choice(years, 2_000, replace=False).tolist())
    gaps = volatility_of({year: float(walk[year]) for year in some}, 4_000)
    assert math.sqrt(every.variance) == pytest.approx(0.2, rel=0.05)
    assert math.sqrt(gaps.variance) == pytest.approx(0.2, rel=0.08)


def test_volatility_knows_nothing_later() -> None:
    series = {2010: 1.0, 2012: 1.3, 2013: 1.2, 2014: 1.9, 2015: 2.0}
    assert volatility_of(series, 2014) == volatility_of({**series, 2015: 99.0}, 2014)
    assert volatility_of(series, 2012).growths == 0
    assert Volatility(math.nan, 0).shrunk(0.04, 3.0) == 0.2
    assert typical([Volatility(math.nan, 0)]) == pytest.approx(0.0225)
