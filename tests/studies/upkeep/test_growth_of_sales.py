"""Slopes of growth that were planted are found, and those that were not are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.scenarios.provinces.sources_read import Sources
from shaanxi_transfer.studies.upkeep.growth_of_sales import (
    alike,
    growth_of,
    main,
    near,
    placebo_share,
    slope,
    weighted_growth,
)

NAMES = tuple(f"p{i:02d}" for i in range(30))
YEARS = range(2013, 2018)


@pytest.fixture
def luck() -> Iterator[np.random.Generator]:
    yield np.random.default_rng(5)


def table(luck: np.random.Generator, spread: float) -> pd.DataFrame:
    return pd.DataFrame(luck.normal(0.1, spread, (5, 30)), index=list(YEARS), columns=list(NAMES))


def test_a_planted_slope_is_found_beyond_what_all_share(luck: np.random.Generator) -> None:
    of, held = table(luck, 0.2), table(luck, 0.2)
    nation = luck.normal(0.0, 1.0, (5, 1))
    sold = 0.7 * of + 0.3 * held + nation + table(luck, 0.05)
    found = slope(sold, of, held)
    assert found.low < 0.7 < found.high and found.high - found.low < 0.2
    assert found.rows == 150
    # Without the years the nation would be in it; without a cell the row falls out.
    sold.iloc[0, 0] = np.nan
    assert slope(sold, of, held).rows == 149


def test_a_placebo_is_rarely_as_far_away_as_a_true_slope(luck: np.random.Generator) -> None:
    places = luck.uniform(size=(30, 2))
    weights = np.exp(-10.0 * np.hypot(*(places[:, np.newaxis] - places[np.newaxis]).transpose(2, 0, 1)))
    np.fill_diagonal(weights, 0.0)
    bought, size = table(luck, 0.3), luck.uniform(1.0, 2.0, 30)
    of = weighted_growth(bought, size, weights).set_axis(list(NAMES), axis=1)
    for planted, low, high in ((1.0, 0.0, 0.1), (0.0, 0.1, 1.0)):
        sold = planted * of + table(luck, 0.1)
        share = placebo_share(slope(sold, of, bought), sold, bought, size, weights, 20)
        assert low <= share <= high


def test_growth_of_others_is_weighted_by_what_they_buy() -> None:
    bought = pd.DataFrame([[0.1, 0.2, 0.4]], index=[2013], columns=["a", "b", "c"])
    weights = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])
    found = weighted_growth(bought, np.array([1.0, 3.0, 1.0]), weights)
    assert found.to_numpy() == pytest.approx(np.array([[0.25, 0.1, 0.175]]))


def test_places_and_research_are_those_of_the_sources() -> None:
    sources, provinces = Sources(), ["beijing", "tianjin", "xinjiang", "shaanxi"]
    kilometres = -300.0 * np.log(near(sources, provinces, 300.0) + np.eye(4))
    assert kilometres[0, 1] == pytest.approx(110.0, abs=15.0)  # Beijing to Tianjin
    assert kilometres[0, 3] == pytest.approx(910.0, abs=30.0)  # Beijing to Xi'an
    likeness = alike(sources, provinces)
    assert (likeness == likeness.T).all() and (np.diag(likeness) == 0.0).all()
    growth = growth_of(sources, "contract_value_output", ["shaanxi", "xizang"])
    assert growth.loc[2013, "shaanxi"] == pytest.approx(np.log(53.33 / 33.48), abs=0.01)
    assert growth["xizang"].isna().all()


def test_a_missing_file_of_funds_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--funds", str(tmp_path / "none.csv"), "--draws", "1"]) == 2
    assert "is no file" in capsys.readouterr().err
