"""The dot plot of the backtest across provinces: one row a province, every word in the bundled font."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS
from shaanxi_transfer.experiments.backtesting.scores import BANDS
from shaanxi_transfer.reports.words.phrases import LANGUAGES, Language
from shaanxi_transfer.studies.backtest_of_all_provinces.figures import draw_provinces, names_of, write_figures
from shaanxi_transfer.studies.backtest_of_all_provinces.results import BY_PROVINCE, SCORES
from shaanxi_transfer.studies.backtest_of_all_provinces.tables import MODEL, by_province

PROVINCES = ("hubei", "shaanxi", "sichuan")


@pytest.fixture
def scores() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [
        {
            "province": province,
            "origin": origin,
            "indicator": "contract_value_output",
            "year": 2017,
            "forecaster": forecaster,
            "observed": 2.0,
            "median": 1.0,
            "crps_log": rng.uniform(0.1, 0.4),
            **dict.fromkeys(BANDS, True),
        }
        for province in PROVINCES
        for origin in (2013, 2016)
        for forecaster in (MODEL, *RIVALS)
    ]
    return pd.DataFrame(rows)


def told(scores: pd.DataFrame) -> pd.DataFrame:
    return by_province(scores, pd.DataFrame({"scale": 0.1}, index=pd.Index(PROVINCES, name="province")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_province_has_its_dots(scores: pd.DataFrame, language: Language) -> None:
    table = told(scores)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a character that the font lacks is only a warning
        figure = draw_provinces(table, scores, names_of(PROVINCES, language), language)
    axes = figure.axes[0]
    shown = [label.get_text() for label in axes.get_yticklabels()]
    worst = str(table["province"].iloc[0])
    assert shown[0] == names_of(PROVINCES, language)[worst]
    assert len(shown) == len(PROVINCES)
    rival, model = axes.lines
    np.testing.assert_allclose(np.asarray(model.get_xdata()), table["crps_log"])
    np.testing.assert_allclose(np.asarray(rival.get_xdata()), table["crps_rival"])


def test_figures_come_from_the_tables(scores: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        write_figures(tmp_path, tmp_path)
    scores.to_csv(tmp_path / SCORES, index=False)
    told(scores).to_csv(tmp_path / BY_PROVINCE, index=False)
    written = write_figures(tmp_path, tmp_path / "figures")
    assert [file.name for file in written] == ["backtest_provinces_zh.png", "backtest_provinces_en.png"]


def test_bias_says_where_the_model_was_too_low(scores: pd.DataFrame) -> None:
    assert told(scores)["bias"].to_numpy() == pytest.approx(np.log(2.0))
