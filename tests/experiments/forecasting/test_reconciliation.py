"""The stored shift: what a file may hold, and what a forecast does with it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.forecasting import predictive, reconciliation
from shaanxi_transfer.experiments.forecasting.discrepancy import Discrepancy, SeriesDiscrepancy
from shaanxi_transfer.experiments.forecasting.predictive import Prediction, predictive_of
from shaanxi_transfer.experiments.forecasting.reconciliation import (
    RECONCILIATION_FILE,
    Reconciliation,
    SeriesShift,
    stored_reconciliation,
)
from shaanxi_transfer.scenarios import load

VALUE, COUNT = "contract_value_output", "contract_count_output"


def made(origin: int = 2017, by_place: bool = predictive.BY_PLACE) -> Reconciliation:
    return Reconciliation(
        source="made up for a test",
        origin=origin,
        rules="0" * 16,
        provinces=31,
        futures=200,
        by_place=by_place,
        series={VALUE: SeriesShift(shift=[-0.1, -0.25], gap_low=[-0.1, -0.2], gap_high=[0.1, 0.2])},
    )


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reconciliation, "POSTERIORS", tmp_path)
    return tmp_path / RECONCILIATION_FILE


def test_a_file_comes_back_as_it_was(stored: Path) -> None:
    made().write(stored)
    assert Reconciliation.read(stored) == made()
    assert stored.read_text(encoding="utf-8").startswith("# Shift of the logarithm")


def test_behind_the_last_year_the_shift_stays_and_other_series_have_none() -> None:
    assert made().shift(VALUE, 4).tolist() == [-0.1, -0.25, -0.25, -0.25]
    assert made().shift(COUNT, 2).tolist() == [0.0, 0.0]


def test_a_wrong_file_is_named_with_the_nearest_spelling_and_the_place(stored: Path) -> None:
    made().write(stored)
    text = stored.read_text(encoding="utf-8")
    stored.write_text(text.replace(VALUE, "contract_value_outputs"), encoding="utf-8")
    with pytest.raises(InputError, match="unknown series 'contract_value_outputs'") as caught:
        Reconciliation.read(stored)
    assert VALUE in str(caught.value) and RECONCILIATION_FILE in str(caught.value)
    with pytest.raises(ValueError, match="1 years"):
        SeriesShift(shift=[0.1, 0.2], gap_low=[0.0], gap_high=[0.0, 0.0])


def test_only_a_shift_of_these_forecasts_is_used(stored: Path) -> None:
    assert stored_reconciliation(2017, by_place=False) is None
    made(by_place=False).write(stored)
    assert stored_reconciliation(2017, by_place=False) == made(by_place=False)
    assert stored_reconciliation(2016, by_place=False) is None
    assert stored_reconciliation(2017, by_place=True) is None


def test_every_draw_of_a_forecast_has_the_shift_and_its_identity_tells_it(stored: Path) -> None:
    worlds = {name: load(name) for name in ("action_plan", "no_plan")}
    before = predictive_of(worlds)
    made().write(stored)
    after = predictive_of(worlds)
    for name in worlds:
        one, other = before.of_scenario(name), after.of_scenario(name)
        assert one is not None and other is not None
        for seed in (3, 4):
            moved = other.ln_factors(VALUE, seed, 8e10, 3) - one.ln_factors(VALUE, seed, 8e10, 3)
            np.testing.assert_allclose(moved, [-0.1, -0.25, -0.25], rtol=1e-12)
            same = other.ln_factors(COUNT, seed, 3e4, 3) - one.ln_factors(COUNT, seed, 3e4, 3)
            assert (same == 0.0).all()
        assert "shift" not in before.as_dict()[name]
        assert after.as_dict()[name]["shift"]["series"][VALUE]["shift"] == [-0.1, -0.25]


def test_noise_by_place_differs_between_provinces_and_that_of_all_does_not() -> None:
    one = SeriesDiscrepancy(scale=0.2, carry=0.5, observation_error=0.05)
    whole = Discrepancy(
        source="made up for a test",
        points=9,
        rules="0" * 16,
        degrees_of_freedom=5.0,
        growth_power=0.5,
        series={VALUE: one},
    )
    factors = {
        place: np.array(
            [Prediction(whole, 2017, {}, place).ln_factors(VALUE, seed, 1.0, 2) for seed in range(200)]
        )
        for place in ("", "gansu", "hubei")
    }
    assert abs(np.corrcoef(factors["gansu"][:, 0], factors["hubei"][:, 0])[0, 1]) < 3.0 / math.sqrt(200.0)
    spreads = [float(np.quantile(np.abs(mine[:, 1]), 0.5)) for mine in factors.values()]
    assert max(spreads) < 1.4 * min(spreads)
