"""Rivals beside frozen forecasts: pairs on common figures, frozen tables as without them, joint draws."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.freezing.read_frozen import read_frozen
from shaanxi_transfer.experiments.hubverse.write_frozen import LEVELS, write_hub_files
from shaanxi_transfer.experiments.score import score

VALUE, COUNT = "contract_value_output", "contract_count_output"
LUCK = norm.ppf((np.arange(400) + 0.5) / 400)


@pytest.fixture
def frozen(by_hand: Any, tmp_path: Path) -> list[Path]:
    """Two provinces; the model's draws rise together, the rival's in opposite order."""
    files = []
    for place, mean, order in (("shaanxi", 20.0, 1), ("hubei", 21.0, -1)):
        draws = {
            ("model", "action_plan", VALUE, 2018): np.exp(mean + 0.3 * LUCK).tolist(),
            ("last_growth", "", VALUE, 2018): np.exp(mean + 0.3 * LUCK[::order]).tolist(),
            ("model", "action_plan", COUNT, 2018): np.exp(9.0 + 0.2 * LUCK).tolist(),
        }
        files.append(by_hand.freeze(tmp_path / f"{place}.zip", draws, province=place, seed=1, scale=0.1))
    return files


@pytest.fixture
def came(by_hand: Any, tmp_path: Path) -> Path:
    rows = [
        f"shaanxi,{VALUE},2018,{math.exp(20.4)!r},yuan",
        f"hubei,{VALUE},2018,{math.exp(21.4)!r},yuan",
        f"shaanxi,{COUNT},2018,{math.exp(9.1)!r},contracts",
    ]
    file: Path = by_hand.observed(tmp_path / "came.csv", *rows, head="province,indicator,year,value,unit")
    return file


def test_a_rival_with_the_models_distribution_has_the_models_scores(
    rival_by_hand: Any, frozen: list[Path], came: Path, tmp_path: Path
) -> None:
    rows = rival_by_hand.lognormal(20.0, 0.3, levels=LEVELS)
    rows += rival_by_hand.lognormal(9.0, 0.2, levels=LEVELS, target=COUNT, unit="contracts")
    rows += rival_by_hand.lognormal(20.0, 0.3, horizon=2) + rival_by_hand.lognormal(20.0, 0.3, horizon=9)
    rows += rival_by_hand.lognormal(20.0, 0.3, location="gansu")
    scored = score(frozen, came, rivals=rival_by_hand.write(tmp_path / "hub", rows))
    files = scored.rivals.files.iloc[0]
    assert (files["forecasts"], files["scored"], files["without_outcome"], files["not_frozen"]) == (
        5,
        2,
        1,
        2,
    )
    pair = scored.rivals.against.set_index("forecaster")
    assert pair["figures"].to_dict() == {"model": 2, "last_growth": 1}
    assert pair.loc["model", "crps_log_rival"] == pytest.approx(pair.loc["model", "crps_log"], rel=0.02)
    assert pair.loc["model", "wis_log_rival"] == pytest.approx(pair.loc["model", "wis_log"], rel=0.02)
    assert pair["inside_80_rival"]["model"] == pair["inside_80"]["model"]
    alone = score(frozen, came)
    pd.testing.assert_frame_equal(scored.scores, alone.scores)
    pd.testing.assert_frame_equal(scored.summary, alone.summary)
    assert alone.rivals.against.empty and alone.rivals.files.empty


def test_the_energy_score_sees_whether_provinces_rise_together(frozen: list[Path], came: Path) -> None:
    energy = score(frozen, came).energy.set_index("forecaster")
    assert energy["provinces"].tolist() == [2, 2] and energy["draws"].tolist() == [400, 400]
    assert set(energy["indicator"]) == {VALUE}  # of the count one province has an outcome
    assert energy["energy_log"]["model"] < energy["energy_log"]["last_growth"]
    together = np.stack([20.0 + 0.3 * LUCK, 21.0 + 0.3 * LUCK], axis=1)
    outcome = np.array([20.4, 21.4])
    near = np.linalg.norm(together - outcome, axis=1).mean()
    apart = np.linalg.norm(together[:, None] - together[None], axis=2).sum() / (400 * 399)
    assert energy.loc["model", "energy_log"] == pytest.approx(near - apart / 2)


def test_draws_of_different_seeds_have_no_energy_score(by_hand: Any, came: Path, tmp_path: Path) -> None:
    draws = {("model", "action_plan", VALUE, 2018): np.exp(20.0 + 0.3 * LUCK).tolist()}
    files = [
        by_hand.freeze(tmp_path / f"{place}.zip", draws, province=place, seed=seed)
        for place, seed in (("shaanxi", 1), ("hubei", 2))
    ]
    assert score(files, came).energy.empty


def test_what_is_written_of_a_frozen_forecast_is_read_and_scored_as_it(
    frozen: list[Path], came: Path, tmp_path: Path
) -> None:
    before = [file.read_bytes() for file in frozen]
    hub = tmp_path / "model-output"
    files = write_hub_files([read_frozen(file) for file in frozen], hub)
    assert [file.relative_to(hub).as_posix() for file in files] == [
        f"shaanxi_transfer-{name}/2017-12-31-shaanxi_transfer-{name}.csv" for name in ("model", "last_growth")
    ]
    assert [file.read_bytes() for file in frozen] == before
    table = pd.read_csv(files[0])
    assert len(table) == 4 * len(LEVELS)
    assert set(table["output_type"]) == {"quantile"} and set(table["origin_date"]) == {"2017-12-31"}
    pair = score(frozen, came, rivals=hub).rivals.against
    same = pair[pair["rival"].str.removeprefix("shaanxi_transfer-") == pair["forecaster"]]
    assert len(same) == 2
    for name in ("wis_log", "abs_log_error", "inside_50", "inside_80", "inside_95"):
        np.testing.assert_allclose(same[name].astype(float), same[f"{name}_rival"].astype(float), rtol=1e-9)
    np.testing.assert_allclose(same["crps_log"], same["crps_log_rival"], rtol=0.02)


def test_a_second_file_and_another_origin_are_refused(
    rival_by_hand: Any, frozen: list[Path], came: Path, tmp_path: Path
) -> None:
    rows = rival_by_hand.lognormal(20.0, 0.3)
    one = rival_by_hand.write(tmp_path / "one", rows)
    two = rival_by_hand.write(tmp_path / "two", rows)
    with pytest.raises(InputError, match="a second file of a_team-a_model"):
        score(frozen, came, rivals=[one, two])
    earlier = [row.replace("2017-12-31", "2016-12-31").replace(",1,shaanxi", ",2,shaanxi") for row in rows]
    file = rival_by_hand.write(tmp_path / "old", earlier, "2016-12-31-a_team-a_model.csv")
    with pytest.raises(InputError, match="knew figures up to 2016") as caught:
        score(frozen, came, rivals=file)
    assert caught.value.allowed == "forecasts from 2017-12-31"


def test_the_library_scores_pinball_losses_by_their_definition() -> None:
    """Held here because it is the one sum that all scores from quantiles rest on."""
    import scoringrules  # it compiles for five seconds when it is imported

    losses = scoringrules.quantile_score(0.3, np.array([0.1, 0.5]), np.array([0.2, 0.8]), backend="numpy")
    np.testing.assert_allclose(losses, [0.2 * 0.2, 0.2 * 0.2])
