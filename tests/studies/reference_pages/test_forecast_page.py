"""The tables of the reference forecast are whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.studies.reference_pages.forecast_page import VARIANTS

REFERENCE = Path(__file__).resolve().parents[3] / "results" / "reference"


@pytest.fixture
def targets() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "forecast_targets_shaanxi.csv")


@pytest.mark.house
def test_the_committed_tables_hold_three_worlds_and_three_forecasts(targets: pd.DataFrame) -> None:
    assert set(targets["forecast"]) == {one.name for one in VARIANTS}
    assert set(targets["scenario"]) == {"action_plan", "action_plan_managed", "no_plan"}
    assert len(targets) == 3 * 3 * sum(len(target.countings) for target in TARGETS.values())
    years = pd.read_csv(REFERENCE / "forecast_years_shaanxi.csv")
    assert set(years["indicator"]) == set(SERIES)
    assert set(years["year"]) == set(range(2016, 2021))
    assert (years["q05"] < years["q95"]).all()
    assert (years["runs"] >= 400).all()
