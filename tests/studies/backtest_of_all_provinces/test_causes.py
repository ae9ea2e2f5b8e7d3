"""What may be behind a miss, on provinces made so that the answer is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting.rivals import RIVALS
from shaanxi_transfer.experiments.backtesting.scores import BANDS
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.studies.backtest_of_all_provinces import correlations as across_correlations
from shaanxi_transfer.studies.backtest_of_all_provinces.causes import COLUMNS, causes, growth_about
from shaanxi_transfer.studies.backtest_of_all_provinces.correlations import (
    FEWEST,
    correlations,
    smallest_seen,
)
from shaanxi_transfer.studies.backtest_of_all_provinces.tables import MODEL, by_province

ORIGINS = (2013, 2014)
YEARS = (2000, 2005, 2010, 2012, 2013, 2014, 2015, 2016, 2017)


def scores_of(misses: Mapping[str, tuple[float, ...]]) -> pd.DataFrame:
    """Score a model that misses the four series by what is given: ln observed less ln median."""
    rows = [
        {
            "province": province,
            "origin": origin,
            "indicator": series,
            "year": 2017,
            "forecaster": forecaster,
            "observed": 100.0,
            "median": 100.0 * math.exp(-miss),
            "crps_log": abs(miss) if forecaster == MODEL else 0.1,
            "abs_log_error": abs(miss),
            **dict.fromkeys(BANDS, True),
        }
        for province, of_series in misses.items()
        for series, miss in zip(SERIES, of_series, strict=True)
        for origin in ORIGINS
        for forecaster in (MODEL, *RIVALS)
    ]
    return pd.DataFrame(rows)


def table_of(
    misses: Mapping[str, tuple[float, ...]], series: Mapping[str, Mapping[int, float]], **fits: float
) -> dict[str, Any]:
    """Give the causes of provinces whose four series are all alike, by province."""
    scores = scores_of(misses)
    fit = {"misfit_fitted": 1.0, "effective_sample_size": 200.0} | fits
    facts = pd.DataFrame({"province": list(misses), "luck_of_a_year": 0.1, "bought_over_sold": 1.0})
    told = by_province(scores, pd.DataFrame(fit, index=pd.Index(list(misses), name="province")))
    every = {name: dict.fromkeys(SERIES, series[name]) for name in misses}
    table = causes(scores, told, facts, every)
    assert list(table) == list(COLUMNS)
    return by_name(table, "province")


def by_name(table: pd.DataFrame, name: str) -> dict[str, Any]:
    return {str(row[name]): row for row in table.to_dict("records")}


def steady(growth: float = 0.1) -> dict[int, float]:
    return {year: math.exp(growth * (year - 2000)) for year in YEARS}


def test_a_model_that_is_biased_by_design_is_found_and_named() -> None:
    misses = {
        "high": (-0.5, -0.3, -0.3, -0.3),
        "low": (0.2, 0.2, 0.2, 0.6),
        "both": (0.4, -0.4, 0.4, -0.4),
    }
    table = table_of(misses, dict.fromkeys(misses, steady()))
    for name, bias, one_sided in (("high", -0.35, 1.0), ("low", 0.3, 1.0), ("both", 0.0, 0.0)):
        assert table[name]["bias"] == pytest.approx(bias, abs=1e-12)
        assert table[name]["one_sided"] == pytest.approx(one_sided, abs=1e-12)
    assert {name: row["stands_out"] for name, row in table.items()} == {
        "both": "",
        "high": "too high",
        "low": "too low",
    }
    assert table["high"]["worst_series"] == SERIES[0] and table["low"]["worst_series"] == SERIES[3]
    assert table["low"]["worst_bias"] == pytest.approx(0.6)
    assert list(table) == ["both", "high", "low"]  # the worst beside the rival first


def test_growth_before_and_after_an_origin() -> None:
    turned = {2010: 1.0, 2013: math.exp(0.6), 2014: math.exp(0.5), 2017: math.exp(0.2)}
    np.testing.assert_allclose(growth_about(turned, [2013]), [[0.2, -0.1]])
    # From 2014 the earliest figure within three years is 2013; of 2012 nothing is known.
    np.testing.assert_allclose(growth_about(turned, [2014, 2012]), [[-0.1, -0.1]])
    assert growth_about({2000: 1.0, 2013: 2.0, 2017: 3.0}, [2013]).shape == (0, 2)
    later = {**turned, 2018: 1e6, 2016: 0.0}
    np.testing.assert_allclose(growth_about(later, [2013]), growth_about(turned, [2013]))


def test_a_series_that_turns_at_the_origins_stands_out() -> None:
    rising = steady(0.3)
    after = {year: rising[2014] * math.exp(-0.3 * (year - 2014)) for year in YEARS if year > 2014}
    fits = (0.1, -0.1, 0.1, -0.1)
    table = table_of({"turns": fits, "goes_on": fits}, {"turns": rising | after, "goes_on": rising})
    assert table["turns"]["worst_turned"] == 1.0 and table["goes_on"]["worst_turned"] == 0.0
    assert table["turns"]["stands_out"] == "unsteady; slowed; turned"
    assert table["goes_on"]["turn"] == pytest.approx(0.0, abs=1e-12)
    # From 2013 one year of rise and three of fall, from 2014 three of fall: -0.15 and -0.3 after 0.3.
    assert table["turns"]["turn"] == pytest.approx((0.45 + 0.6) / 2)


def test_fits_that_missed_the_past_are_named() -> None:
    fine = (0.1, -0.1, 0.1, -0.1)
    table = table_of({"one": fine}, {"one": steady()}, misfit_fitted=4.5, effective_sample_size=20.0)
    assert table["one"]["stands_out"] == "fit missed the past; few draws"


def test_volatility_before_the_first_origin_knows_nothing_later() -> None:
    base = {year: math.exp(0.1 * year + (0.2 if year % 2 else 0.0)) / 1e87 for year in range(2005, 2018)}
    jump = {**base, 2016: base[2016] * 50.0}
    fine = (0.1, -0.1, 0.1, -0.1)
    table = table_of({"base": fine, "jump": fine}, {"base": base, "jump": jump})
    assert table["base"]["volatility_before"] == table["jump"]["volatility_before"]
    assert table["jump"]["volatility"] > 3.0 * table["base"]["volatility"]
    # Eight growths of 0.1 - 0.2 and 0.1 + 0.2 in turn, from an odd year to an odd one: mean 0.1.
    assert table["base"]["volatility_before"] == pytest.approx(0.2 * math.sqrt(8 / 7))


# ---- what goes with it ------------------------------------------------------------


def made_up(provinces: int = 21) -> pd.DataFrame:
    """Make an outcome with a cause that explains it, one that says nothing, and others."""
    place = np.arange(provinces, dtype=np.float64)
    luck = np.random.default_rng(5).standard_normal(provinces)
    return pd.DataFrame(
        {
            "crps_log": np.exp(place / 10.0),
            "model_less": (place * 8.0) % provinces,
            "explains": place**3,
            "against": -place + 8.0 * luck,
            "nothing": np.abs(place - place.mean()),
            "constant": 1.0,
        }
    )


CAUSES = ("nothing", "explains", "against", "constant")


def test_a_cause_that_explains_all_is_first_and_one_that_explains_nothing_is_not_seen() -> None:
    found = correlations(made_up(), CAUSES)
    of_crps = by_name(found[found["outcome"] == "crps_log"], "cause")
    assert next(iter(of_crps)) == "explains"
    assert [of_crps["explains"][name] for name in ("rho", "low", "high")] == pytest.approx([1.0, 1.0, 1.0])
    assert of_crps["nothing"]["rho"] == pytest.approx(0.0, abs=1e-12)
    assert of_crps["nothing"]["low"] < 0.0 < of_crps["nothing"]["high"]
    assert {name: row["seen"] for name, row in of_crps.items()} == {
        "explains": True,
        "against": True,
        "nothing": False,
        "constant": False,
    }
    assert of_crps["against"]["rho"] < 0.0
    assert np.isnan(of_crps["constant"]["rho"])
    assert not found.loc[found["outcome"] == "model_less", "seen"].any()


def test_p_is_adjusted_for_the_number_of_causes() -> None:
    table = made_up()
    alone = correlations(table, ("against",))
    among = correlations(table, (*CAUSES, "model_less"))
    p_alone, p_among = (
        by_name(one[one["outcome"] == "crps_log"], "cause")["against"] for one in (alone, among)
    )
    assert p_alone["p"] == p_alone["p_adjusted"] == p_among["p"] < p_among["p_adjusted"]


def test_what_only_goes_along_with_the_strongest_is_nothing_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(across_correlations, "AGAIN", 100)
    rng = np.random.default_rng(2)
    cause = rng.standard_normal(200)
    table = pd.DataFrame(
        {
            "cause": cause,
            "goes_along": cause + 0.7 * rng.standard_normal(200),
            "own": rng.standard_normal(200),
        }
    )
    table["crps_log"] = cause + 0.4 * table["own"] + 0.1 * rng.standard_normal(200)
    table["model_less"] = rng.standard_normal(200)
    found = correlations(table, ("goes_along", "own", "cause"))
    of_crps = by_name(found[found["outcome"] == "crps_log"], "cause")
    assert next(iter(of_crps)) == "cause" and np.isnan(of_crps["cause"]["rho_beside"])
    assert of_crps["goes_along"]["rho"] > 0.6 and abs(of_crps["goes_along"]["rho_beside"]) < 0.2
    assert of_crps["own"]["rho_beside"] > 0.8 and of_crps["own"]["p_beside"] < 1e-6


def test_provinces_that_are_not_known_are_left_out_and_few_give_nothing() -> None:
    table = made_up()
    table.loc[:3, "explains"] = np.nan
    found = correlations(table, CAUSES)
    row = found[(found["outcome"] == "crps_log") & (found["cause"] == "explains")].iloc[0]
    assert row["provinces"] == 17 and row["rho"] == pytest.approx(1.0)
    few = correlations(made_up(FEWEST - 1), CAUSES)
    assert few[["rho", "p", "p_adjusted", "rho_beside"]].isna().all().all() and not few["seen"].any()


def test_the_smallest_correlation_that_is_seen_is_at_the_level() -> None:
    from scipy.stats import t

    rho = smallest_seen(30)
    assert 2.0 * t.sf(rho * math.sqrt(28 / (1.0 - rho**2)), 28) == pytest.approx(0.05)
