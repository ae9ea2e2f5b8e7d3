"""The nation's number and value: a dynamic linear model, filtered up to an origin."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.model.state.national_forecast import (
    NationalForecast,
    NationalPrior,
    national_forecast,
)

Numbers = npt.NDArray[np.float64]
FEW = 500
NORMAL = 1e6
"""Degrees of freedom with which the scale of a year is one within some thousandths."""


def _planted(
    years: int, shock: float, walk: float, seed: int, drift: float = 0.12
) -> tuple[dict[int, float], ...]:
    """Make two series of the model itself, without correlation."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(2):
        drifts = drift + np.cumsum(walk * rng.standard_normal(years))
        logs = 10.0 + np.cumsum(drifts + shock * rng.standard_normal(years))
        found.append({1998 + year: float(np.exp(x)) for year, x in enumerate(logs)})
    return tuple(found)


def _series() -> tuple[dict[int, float], dict[int, float]]:
    number, value = _planted(20, 0.04, 0.02, seed=3)
    return number, value


def _bytes(one: NationalForecast, seed: int = 1) -> bytes:
    return b"".join(path.tobytes() for path in one.paths(4, 50, seed))


def test_a_planted_model_is_recovered() -> None:
    prior = NationalPrior(shock=0.06, shock_ln_sd=0.5, walk=0.02, walk_ln_sd=0.5, degrees=NORMAL)
    number, value = _planted(80, 0.09, 0.03, seed=5)
    found = national_forecast(number, value, 2077, prior, particles=2000)
    shock_number, shock_value, walk_number, walk_value, _ = found.weights @ found.spreads
    for shock, walk in ((shock_number, walk_number), (shock_value, walk_value)):
        assert shock == pytest.approx(0.09, rel=0.3)
        assert walk == pytest.approx(0.03, rel=0.6)


def test_given_spreads_it_is_the_filter_of_statsmodels() -> None:
    module = pytest.importorskip("statsmodels.tsa.statespace.structural")
    shock, walk = 0.05, 0.02
    held = NationalPrior(shock, 1e-9, walk, 1e-9, 1e-9, 0.1, 0.15, NORMAL)
    number, value = _series()
    for year in (2001, 2002, 2006):
        del number[year]
    found = national_forecast(number, value, 2017, held, particles=2)
    for place, series in ((0, number), (1, value)):
        logs = np.array([np.log(series.get(year, np.nan)) for year in range(1998, 2018)])
        model = module.UnobservedComponents(logs, "local linear trend")
        # There a year's level moves by the drift of the year before: the walk comes a year later.
        model.ssm["selection"] = np.array([[1.0, 1.0], [0.0, 1.0]])
        model.ssm.initialize_known(np.array([0.0, 0.1]), np.diag([100.0, 0.15**2]))
        model.ssm.loglikelihood_burn = 0
        result = model.smooth([1e-14, shock**2, walk**2])
        assert found.means[0, 2 + place] == pytest.approx(result.filtered_state[1, -1], abs=1e-4)
        spread = np.sqrt(found.covariances[0, 2 + place, 2 + place])
        assert spread == pytest.approx(np.sqrt(result.filtered_state_cov[1, 1, -1]), rel=2e-3)


def test_later_years_move_no_byte() -> None:
    number, value = _series()
    before = _bytes(national_forecast(number, value, 2013, particles=FEW))
    for series in (number, value):
        for year in range(2014, 2018):
            series[year] *= 7.0
        series[2018] = -1.0
    assert _bytes(national_forecast(number, value, 2013, particles=FEW)) == before


def test_a_future_is_the_same_however_many_and_however_far() -> None:
    found = national_forecast(*_series(), 2017, particles=FEW)
    few, many = found.paths(2, 10, 1), found.paths(4, 30, 1)
    for one, other in zip(few, many, strict=True):
        np.testing.assert_array_equal(one, other[:10, :2])
    assert _bytes(found, 1) != _bytes(found, 2)


def test_tails_are_heavy_and_number_and_value_share_them() -> None:
    held = NationalPrior(0.05, 1e-9, 1e-9, 1e-9, 1e-9, 0.1, 1e-9, 5.0)
    found = national_forecast(*_series(), 2017, held, particles=2)
    number, value = (np.log(path[:, 0]) for path in found.paths(1, 20_000, 1))
    for logs in (number, value):
        shock = (logs - np.median(logs)) / 0.05
        assert np.quantile(np.abs(shock), 0.95) == pytest.approx(2.57, rel=0.05)  # of t with 5, normal 1.96
    size = [np.abs(logs - np.median(logs)) for logs in (number, value)]
    assert np.corrcoef(size[0], size[1])[0, 1] > 0.1
    assert abs(np.corrcoef(number, value)[0, 1]) < 0.05


@pytest.mark.parametrize(
    ("figure", "problem"),
    [(0.0, "has no logarithm"), (float("nan"), "has no logarithm"), (None, "3 figures")],
)
def test_a_bad_series_is_named(figure: float | None, problem: str) -> None:
    number, value = _series()
    value = {year: value[year] for year in (1998, 1999, 2000)} if figure is None else {**value, 2005: figure}
    with pytest.raises(InputError, match=problem) as caught:
        national_forecast(number, value, 2017, particles=FEW)
    assert caught.value.key == "nation.value"


def test_no_year_or_no_draw_is_refused() -> None:
    found = national_forecast(*_series(), 2017, particles=FEW)
    for horizon, draws in ((0, 10), (2, 0)):
        with pytest.raises(InputError, match="one year or more"):
            found.paths(horizon, draws, 1)
