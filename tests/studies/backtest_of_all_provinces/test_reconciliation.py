"""The stored shift of all provinces, on a channel of two lines, and the shift at origins of the past."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting.points import Point
from shaanxi_transfer.experiments.backtesting.pooled_discrepancy import PlacedPoint, Volatility
from shaanxi_transfer.experiments.backtesting.rivals_half import COLUMNS
from shaanxi_transfer.experiments.forecast import forecast
from shaanxi_transfer.experiments.forecasting import reconciliation as stored
from shaanxi_transfer.experiments.forecasting.reconciliation import RECONCILIATION_FILE, Reconciliation
from shaanxi_transfer.experiments.freezing import rivals_of_frozen
from shaanxi_transfer.experiments.freezing.read_frozen import read_frozen
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.scenarios import load_pack
from shaanxi_transfer.studies.backtest_of_all_provinces import reconciliation
from shaanxi_transfer.studies.backtest_of_all_provinces.reconciled_points import COHERENCE, reconciled_points
from shaanxi_transfer.studies.backtest_of_all_provinces.reconciliation import main
from shaanxi_transfer.studies.backtest_of_all_provinces.tables import MODEL, RECONCILED

PROVINCES = ("hubei", "shaanxi")
SETTINGS: dict[str, Any] = {"runs": 8, "scale": 0.1, "seed": 1, "workers": 0}
WORDS = ["--runs", "8", "--workers", "0"]
VALUE = "contract_value_output"


def scores(folder: Path, forecaster: str) -> Path:
    file = folder / "scores.csv"
    pd.DataFrame([dict.fromkeys(["province", *COLUMNS], 1) | {"forecaster": forecaster}]).to_csv(file)
    return file


@pytest.fixture
def quick(channel: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    known = channel.model()
    monkeypatch.setattr(door_to_model, "provinces", lambda: list(PROVINCES))
    monkeypatch.setattr(door_to_model, "model", lambda own=None: known)
    monkeypatch.setattr(door_to_model, "rehearse", lambda world, own=None: None)
    monkeypatch.setattr(rivals_of_frozen, "RIVALS", {})
    return known


def test_a_form_that_no_backtest_has_tried_is_refused(
    quick: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, "--out", str(tmp_path), "--scores", str(scores(tmp_path, MODEL))]
    assert main(words, quick) == 2
    assert "no backtest has tried model_reconciled" in capsys.readouterr().err
    assert not (tmp_path / RECONCILIATION_FILE).exists()


def test_a_frozen_province_has_the_stored_shift_of_all_and_tells_it(
    quick: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "DRAWS", 16)
    lines: list[str] = []
    words = [*WORDS, "--out", str(tmp_path), "--scores", str(scores(tmp_path, RECONCILED))]
    assert main(words, quick, lines.append) == 0
    found = Reconciliation.read(tmp_path / RECONCILIATION_FILE)
    assert (found.provinces, found.futures, found.origin) == (2, 8, 2017)
    assert sum("the sum is" in line for line in lines) == sum(len(one.shift) for one in found.series.values())
    files = [tmp_path / "before.zip", tmp_path / "after.zip"]
    for file, place in zip(files, (tmp_path / "nothing", tmp_path), strict=True):
        monkeypatch.setattr(stored, "POSTERIORS", place)
        forecast(province="hubei", out=tmp_path / file.stem, freeze=file, **SETTINGS)
    before, after = (read_frozen(file) for file in files)
    assert before.manifest["reconciliation"] is None
    assert after.manifest["reconciliation"] == found.model_dump(mode="json")
    assert before.manifest["identity_hash"] != after.manifest["identity_hash"]
    draws = [
        one.judged_draws.query("forecaster == 'model' and indicator == @VALUE").sort_values(["year", "draw"])
        for one in (before, after)
    ]
    moved = np.log(draws[1]["value"].to_numpy() / draws[0]["value"].to_numpy())
    years = draws[0]["year"].to_numpy() - 2018
    np.testing.assert_allclose(moved, found.shift(VALUE, int(years.max()) + 1)[years], atol=1e-6)


class Altered:
    """A pack whose figures after a year are others."""

    def __init__(self, name: str, after: int, factor: float) -> None:
        self._pack, self._after, self._factor = load_pack(name), after, factor

    def series_of(self, name: str, scope: str = "province") -> dict[int, float]:
        series = self._pack.series_of(name, scope)
        return {year: x * (self._factor if year > self._after else 1.0) for year, x in series.items()}


def test_at_an_origin_all_add_up_and_later_years_do_not_move_a_byte() -> None:
    luck = np.random.default_rng(2)
    placed = []
    for name in PROVINCES:
        known = load_pack(name).series_of(VALUE)[2015]
        for horizon in (1, 2):
            logs = np.log(known) + 0.3 * horizon + luck.normal(0.0, 0.1, 24)
            point = Point(VALUE, 2015, horizon, logs[:12], np.zeros(12), 0.0)
            placed.append((PlacedPoint(name, point, Volatility(0.04, 4), 0.04), logs))
    found = []
    for factor in (1.0, 7.0):
        packs: Any = {name: Altered(name, 2015, factor) for name in PROVINCES}
        found.append(reconciled_points(placed, packs, {2015: 9}, {2015: 12}))
    assert all(
        one.tobytes() == other.tobytes() for one, other in zip(*(mine.draws for mine in found), strict=True)
    )
    pd.testing.assert_frame_equal(found[0].coherence, found[1].coherence)
    coherence = found[0].coherence
    assert tuple(coherence) == COHERENCE and coherence["horizon"].tolist() == [1, 2]
    assert (coherence["gap_before"] > 0.0).all() and (coherence["gap_low"] < 0.0).all()
    for (_, before), after in zip(placed, found[0].draws, strict=True):
        assert np.ptp(after - before) < 1e-12, "one shift in all draws"
