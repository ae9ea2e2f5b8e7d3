"""Quantile files beside the table of the backtest: on the rival's points alone, and without a run."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from shaanxi_transfer.experiments.backtesting.scores import score_sample
from shaanxi_transfer.studies.backtest_of_all_provinces.rivals_of_others import AGAINST, main

VALUE = "contract_value_output"
LUCK = norm.ppf((np.arange(400) + 0.5) / 400)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """Two provinces, two years from one origin: a model that is right and a rival that is too high."""
    rows = [
        {
            "province": province,
            "origin": 2015,
            "indicator": VALUE,
            "year": 2015 + horizon,
            "horizon": horizon,
            "forecaster": forecaster,
            **score_sample(np.exp(20.0 + high + 0.3 * LUCK), math.exp(20.0 + off)),
        }
        for province, off in (("shaanxi", 0.1), ("hubei", -0.2))
        for horizon in (1, 2)
        for forecaster, high in (("model", 0.0), ("last_growth", 1.0))
    ]
    file = tmp_path / "backtest_provinces.csv"
    pd.DataFrame(rows).to_csv(file, index=False)
    return file


def rival(rival_by_hand: Any, folder: Path, origin: int = 2015) -> Path:
    rows = [
        row.replace("2017-12-31", f"{origin}-12-31")
        for place in ("shaanxi", "hubei", "gansu")
        for row in rival_by_hand.lognormal(20.0, 0.3, location=place)
    ]
    file: Path = rival_by_hand.write(folder, rows, f"{origin}-12-31-a_team-a_model.csv")
    return file


def test_a_rival_with_the_models_distribution_is_as_good_as_the_model(
    rival_by_hand: Any, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = rival(rival_by_hand, tmp_path / "hub"), tmp_path / "out"
    assert main([str(file), "--scores", str(stored), "--out", str(out)]) == 0
    table = pd.read_csv(out / AGAINST)
    whole = table[table["by"] == "all"].set_index("forecaster")
    assert whole["points"].to_dict() == {"model": 2, "last_growth": 2, "a_team-a_model": 2}
    assert whole.loc["a_team-a_model", "model_less_wis"] == pytest.approx(0.0, abs=1e-3)
    assert whole["model_less_wis"]["last_growth"] < -0.3
    assert "a_team-a_model, 2 points: model: WIS of the log" in capsys.readouterr().out


def test_files_that_fit_no_point_or_stand_twice_are_refused(
    rival_by_hand: Any, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = rival(rival_by_hand, tmp_path / "late", 2016)
    assert main([str(late), "--scores", str(stored), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "not one of 3 forecasts is a point of the backtest" in told and "2015-12-31" in told
    files = [rival(rival_by_hand, tmp_path / name) for name in ("one", "two")]
    assert main([*map(str, files), "--scores", str(stored), "--out", str(tmp_path / "out")]) == 2
    assert "a second file of a_team-a_model from 2015" in capsys.readouterr().err
