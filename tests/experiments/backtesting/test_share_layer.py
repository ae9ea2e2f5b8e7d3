"""The share layer: a province's share of the nation on top of the national forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.luck import SEED_MASK, key_of
from shaanxi_transfer.experiments.backtesting.share_layer import (
    NAME,
    Design,
    ShareLayer,
    Strengths,
    share_layer,
)
from shaanxi_transfer.experiments.backtesting.share_past import CAPACITY, Figures, capacity_odds, share_odds
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.model.state.national_forecast import NationalForecast, national_forecast

YEARS = (2000, 2005, 2010, *range(2012, 2018))
PROVINCES = tuple(f"p{place:02}" for place in range(12))
VALUE = "contract_value_output"
WALK_ALONE = Design(momentum=False, pull=False, whole="nation")


def _figures(seed: int = 1, pull: float = 0.0) -> Figures:
    """Make provinces whose shares walk, pulled towards their capacity."""
    rng = np.random.default_rng(seed)
    capacity = rng.normal(0.0, 1.0, len(PROVINCES))
    own: dict[str, dict[str, dict[int, float]]] = {
        name: {
            who: {year: float(np.exp(10.0 + ability + rng.normal(0.0, 0.02))) for year in range(2010, 2018)}
            for who, ability in zip(PROVINCES, capacity, strict=True)
        }
        for name in CAPACITY
    }
    nation: dict[str, dict[int, float]] = {}
    for name in SERIES:
        x = capacity + rng.normal(0.0, 0.8, len(PROVINCES))
        shares = {}
        for year in range(2000, 2018):
            x = x + pull * (capacity - x) + rng.normal(0.0, 0.1, len(PROVINCES))
            shares[year] = np.exp(x) / (1.3 * np.exp(x).sum())
        nation[name] = {year: 1e6 * 1.12 ** (year - 2000) * (1 + 0.03 * (year % 3)) for year in YEARS}
        own[name] = {
            who: {year: float(nation[name][year] * shares[year][place]) for year in YEARS}
            for place, who in enumerate(PROVINCES)
        }
    return Figures(own, nation)


def _nation(figures: Figures, origin: int) -> NationalForecast:
    return national_forecast(
        figures.nation["contract_count_output"], figures.nation[VALUE], origin, particles=300
    )


def _layer(figures: Figures, origin: int, design: Design | None = None) -> ShareLayer:
    levels = figures.nation["contract_count_output"][origin], figures.nation[VALUE][origin]
    return share_layer(figures, _nation(figures, origin), levels, design)


def _altered(figures: Figures, after: int) -> Figures:
    return Figures(
        {
            name: {
                who: {year: one * (3.0 if year > after else 1.0) for year, one in series.items()}
                for who, series in provinces.items()
            }
            for name, provinces in figures.own.items()
        },
        {
            name: {y: one * (5.0 if y > after else 1.0) for y, one in series.items()}
            for name, series in figures.nation.items()
        },
    )


@pytest.mark.parametrize("origin", [2013, 2015])
def test_later_years_move_no_byte(origin: int) -> None:
    figures = _figures()
    before, after = _layer(figures, origin), _layer(_altered(figures, origin), origin)
    assert before.strengths == after.strengths
    for name in SERIES:
        one, other = (
            layer.sample("p03", name, horizon=4, draws=50, seed=1).tobytes() for layer in (before, after)
        )
        assert one == other


def test_earlier_years_do_move_it() -> None:
    figures = _figures()
    one, other = (
        _layer(each, 2015).sample("p03", VALUE, horizon=2, draws=50, seed=1)
        for each in (figures, _altered(figures, 2014))
    )
    assert one.tobytes() != other.tobytes()


def test_without_pull_and_momentum_it_is_the_walk_of_the_share() -> None:
    figures = _figures()
    layer = _layer(figures, 2015, WALK_ALONE)
    # With the growth of a walk, and a spread of one: nation times a share whose log odds walk, by hand.
    layer = replace(layer, strengths={VALUE: Strengths(0.0, 0.0, 1.0, 0.5)})
    found = layer.sample("p03", VALUE, horizon=2, draws=400, seed=7)
    generator = np.random.default_rng(key_of(NAME, "p03", VALUE, 2015, 7) & SEED_MASK)
    shocks = generator.standard_normal((400, 2))
    tails = np.sqrt(5.0 / generator.chisquare(5.0, 400))
    spread = layer._starts[VALUE]["p03"][1].spread
    odds = share_odds(figures, VALUE)["p03"][2015] + np.cumsum(spread * tails[:, np.newaxis] * shocks, axis=1)
    nation = _nation(figures, 2015).paths(2, 400, 7).value
    np.testing.assert_allclose(found, nation / (1.0 + np.exp(-odds)), rtol=1e-12)


def test_a_planted_pull_is_found_and_none_is_not() -> None:
    pulled, free = (_layer(_figures(2, pull), 2017).strengths for pull in (0.3, 0.0))
    assert np.mean([one.pull for one in pulled.values()]) > 0.15
    assert np.mean([one.pull for one in free.values()]) < 0.08


def test_quantiles_are_ordered_and_bands_widen() -> None:
    sample = np.log(_layer(_figures(), 2013).sample("p03", VALUE, horizon=4, draws=2000, seed=1))
    quantiles = np.quantile(sample, [0.025, 0.25, 0.5, 0.75, 0.975], axis=0)
    assert (np.diff(quantiles, axis=0) > 0.0).all()
    assert (np.diff(quantiles[-1] - quantiles[0]) > 0.0).all()


def test_all_provinces_have_the_nation_s_future() -> None:
    layer = _layer(_figures(), 2016, WALK_ALONE)
    quiet = replace(layer, strengths={name: Strengths(0.0, 0.0, 1e-9, 0.5) for name in SERIES})
    one, other = (
        np.log(quiet.sample(who, VALUE, horizon=1, draws=200, seed=1)[:, 0]) for who in ("p01", "p02")
    )
    assert np.corrcoef(one, other)[0, 1] > 0.999


def test_capacity_without_penalty_is_least_squares() -> None:
    figures = _figures()
    odds = share_odds(figures, VALUE)
    implied = capacity_odds(figures, odds, CAPACITY, 0.0, 2015)
    design = np.array(
        [[share_odds(figures, name, "provinces")[who][2015] for name in CAPACITY] for who in PROVINCES]
    )
    design = np.column_stack((np.ones(len(PROVINCES)), design))
    response = np.array([odds[who][2015] for who in PROVINCES])
    fitted = design @ np.linalg.lstsq(design, response, rcond=None)[0]
    np.testing.assert_allclose([implied[who] for who in PROVINCES], fitted, rtol=1e-6)
    drawn = capacity_odds(figures, odds, CAPACITY, 1e9, 2015)
    np.testing.assert_allclose(list(drawn.values()), response.mean(), atol=1e-6)


@pytest.mark.parametrize(
    ("province", "name", "horizon", "problem"),
    [
        ("p99", VALUE, 1, "too few figures"),
        ("p03", "contract_value_outptu", 1, "there is no series"),
        ("p03", VALUE, 0, "one year or more"),
    ],
)
def test_what_cannot_be_forecast_is_named(province: str, name: str, horizon: int, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        _layer(_figures(), 2016, WALK_ALONE).sample(province, name, horizon=horizon, draws=10, seed=1)


def test_a_share_of_more_than_all_is_refused() -> None:
    figures = _figures()
    too_much = {**figures.own[VALUE], "p03": {**figures.own[VALUE]["p03"], 2012: 1e12}}
    figures = Figures({**figures.own, VALUE: too_much}, figures.nation)
    with pytest.raises(InputError, match="p03 has 1e\\+12"):
        _layer(figures, 2016, WALK_ALONE)
