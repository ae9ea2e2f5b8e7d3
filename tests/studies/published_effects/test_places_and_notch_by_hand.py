"""The designs on cities and on the certificate, on tables in which the effect was put in by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.studies.published_effects.certificate import over_what_is_asked, research_at_the_notch
from shaanxi_transfer.studies.published_effects.zones import ZONES, revenue_of_cities

FIVE = ["baoji", "xianyang", "weinan", "yulin", "ankang"]
OTHERS = ["tongchuan", "yanan", "hanzhong", "shangluo", "yangling"]


def _cities(seed: int, treated: list[str], effect: float) -> dict[str, pd.DataFrame]:
    """Give eleven cities; revenue of the treated rises by ``effect`` in 2013, a year of its own apart."""
    luck = np.random.default_rng(seed)
    rows = []
    for city in [*FIVE, *OTHERS, "xian"]:
        level, gain = luck.normal(20.0, 1.0), effect * (city in treated)
        for year in range(2010, 2018):
            now = level + 0.05 * (year - 2010) + gain * (year >= 2013) + luck.normal(0.0, 0.01)
            revenue = round(math.exp(now + 5.0 * (year == 2013)))
            rows += [(year, quarter, city, revenue) for quarter in range(1, 5)]
    table = pd.DataFrame(rows, columns=["year", "quarter", "city", "revenue"])
    return {"city": table.astype({"city": "category"})}


def test_bases_are_found_by_city_and_the_year_of_the_change_is_left_out() -> None:
    worlds = {
        "ordinary": _cities(1, FIVE, 0.2),
        "capital": _cities(1, ["xian"], 0.1),
        "without": _cities(1, [], 0.0),
    }
    found = {name: measure() for name, measure in ZONES.measure(worlds, 1).items()}
    ordinary, capital = found["zones_ordinary"], found["zones_capital"]
    assert ordinary.true == pytest.approx(0.2, abs=1e-6)
    assert capital.true == pytest.approx(0.1, abs=1e-6)
    assert ordinary.estimate.effect == pytest.approx(0.2, abs=0.02)
    assert capital.estimate.effect == pytest.approx(0.1, abs=0.03)
    assert (ordinary.estimate.treated, ordinary.estimate.controls) == (5, 5), "the capital is no control"
    assert (capital.estimate.treated, capital.estimate.controls) == (1, 10)


def test_revenue_of_a_city_is_the_mean_of_a_year() -> None:
    table = pd.DataFrame(
        {"year": [2012, 2012, 2013], "city": ["xian"] * 3, "revenue": [100, 300, 9], "quarter": [1, 2, 1]}
    )
    found = revenue_of_cities(table, ["xian"], 2013)
    assert found["ln_revenue"].tolist() == [pytest.approx(math.log(200.0))]
    assert found["treated"].tolist() == [1.0]


def _firms(seed: int, number: int = 8000) -> pd.DataFrame:
    """Give firms in 2013 and 2015: half of those from six tenths of what is asked on move up by 2015.

    Half of what they lack is R&D, the other half carries another name.
    """
    luck = np.random.default_rng(seed)
    revenue = np.exp(luck.normal(18.0, 1.0, number)).astype(np.int64)
    asked = np.where(revenue < 5e7, 0.06, np.where(revenue < 2e8, 0.04, 0.03))
    own = asked * np.exp(luck.normal(0.0, 0.8, number))
    moves = (own < asked) & (own > 0.6 * asked) & (luck.random(number) < 0.5)
    parts = []
    for year in (2013, 2015):
        lift = np.where(moves & (year == 2015), asked - own, 0.0)
        parts.append(
            pd.DataFrame(
                {
                    "year": year,
                    "quarter": 1,
                    "key": np.arange(1, number + 1).astype(np.uint64),
                    "revenue": revenue,
                    "intensity": own,
                    "rd": np.maximum(1, (own + 0.5 * lift) * revenue).astype(np.int64),
                    "relabelled": np.ceil(0.5 * lift * revenue).astype(np.int64),
                    "certified": moves & (year == 2015),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def test_who_moves_to_the_notch_is_found_and_the_threshold_of_those_who_have_not_moved_is_none() -> None:
    for seed in (1, 2):
        found = research_at_the_notch({"firm": _firms(seed)})
        reported, real = found["certificate_reported"](), found["certificate_threshold"]()
        assert reported.true == pytest.approx(0.25, abs=0.02)
        assert reported.estimate.effect == pytest.approx(reported.true, abs=0.06)
        assert reported.estimate.low > 0.15
        assert real.true == 0.0
        assert abs(real.estimate.effect) < 0.05


def test_what_is_asked_falls_with_sales() -> None:
    firms = pd.DataFrame({"revenue": [4e7, 1e8, 3e8], "rd": [2e6, 4e6, 9e6], "relabelled": [4e5, 0, 0]})
    assert over_what_is_asked(firms).tolist() == [1.0, 1.0, 1.0]
