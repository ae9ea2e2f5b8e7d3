"""The page of the reference forecast says what its tables say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.studies.reference_pages.forecast_page import VARIANTS, changes

REFERENCE = Path(__file__).resolve().parents[3] / "results" / "reference"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "model" / "forecast.md"


def test_changes_are_told_from_the_figures() -> None:
    rows = [
        {"target": "contract_value_output", "scenario": world, "forecast": one.name, "q05": 8e10 + place,
         "q50": 1.2e11, "q95": 1.6e11 + place * 1e10}
        for place, one in enumerate(VARIANTS)
        for world in ("action_plan", "no_plan")
    ]  # fmt: skip
    told = list(changes(pd.DataFrame(rows)))
    assert any("priors: median 120 billion" in line and "2.25 times" in line for line in told)
    assert any("forecast: median 120 billion" in line and "2.00 times" in line for line in told)


@pytest.fixture
def targets() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "forecast_targets_shaanxi.csv")


@pytest.mark.house
def test_the_committed_tables_hold_two_worlds_and_three_forecasts(targets: pd.DataFrame) -> None:
    assert set(targets["forecast"]) == {one.name for one in VARIANTS}
    assert set(targets["scenario"]) == {"action_plan", "no_plan"}
    assert len(targets) == 3 * 2 * 5
    years = pd.read_csv(REFERENCE / "forecast_years_shaanxi.csv")
    assert set(years["indicator"]) == set(SERIES)
    assert set(years["year"]) == set(range(2016, 2021))
    assert (years["q05"] < years["q95"]).all()
    assert (years["runs"] >= 400).all()


@pytest.mark.house
def test_the_page_is_of_the_committed_tables(targets: pd.DataFrame) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for line in changes(targets):
        assert line in text
    for row in targets.to_dict("records"):
        chance = f"{row['probability']:.2f} ({row['probability_low']:.2f}-{row['probability_high']:.2f})"
        assert chance in text
