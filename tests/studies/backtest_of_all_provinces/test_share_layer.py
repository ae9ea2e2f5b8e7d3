"""The table of the share layer beside the rulers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.experiments.backtesting.scores import BANDS
from shaanxi_transfer.experiments.backtesting.share_layer import NAME
from shaanxi_transfer.studies.backtest_of_all_provinces.halves import half_for_choosing
from shaanxi_transfer.studies.backtest_of_all_provinces.share_layer import TABLE, main, summary_by_half

REFERENCE = Path(__file__).resolve().parents[3] / "results" / "reference"


def _scores() -> pd.DataFrame:
    rows = [
        {
            "province": f"p{place}",
            "indicator": "contract_value_output",
            "origin": 2016,
            "year": 2017,
            "forecaster": forecaster,
            "crps_log": 0.1 * place + worse,
            **dict.fromkeys(BANDS, place % 2 == 0),
        }
        for place in range(6)
        for forecaster, worse in ((NAME, 0.0), ("ruler", 0.02))
    ]
    return pd.DataFrame(rows)


def test_halves_are_drawn_once_and_together_are_all() -> None:
    names = [f"p{place}" for place in range(30)]
    chosen = half_for_choosing(names)
    assert (len(chosen), len(set(chosen))) == (15, 15)
    assert half_for_choosing(reversed(names)) == chosen


def test_a_constant_difference_has_no_spread() -> None:
    scores = _scores()
    table = summary_by_half(scores)
    ruler = table[table["forecaster"] == "ruler"]
    columns = [f"share_layer_less{end}" for end in ("", "_low", "_high")]
    np.testing.assert_allclose(ruler[columns], -0.02)
    counts = ruler[ruler["indicator"] == "all"].set_index("half")["points"]
    assert counts.to_dict() == {"chosen": 3, "other": 3, "all": 6}


def test_without_rulers_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scores", str(tmp_path / "none.csv"), "--out", str(tmp_path)]) == 2
    assert "no table of the rulers" in capsys.readouterr().err


@pytest.mark.house
def test_the_committed_table_has_all_points_of_all_forecasters() -> None:
    table = pd.read_csv(REFERENCE / TABLE)
    everything = table[(table["half"] == "all") & (table["indicator"] == "all")]
    assert set(everything["points"]) == {1200}
    assert NAME in set(everything["forecaster"])
    mine = table[table["forecaster"] == NAME]
    assert (mine["share_layer_less"] == 0.0).all()
