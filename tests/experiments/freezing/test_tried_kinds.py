"""What may be frozen, and what becomes of it: a pool with its members, scored end to end beside a rival."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting import level_of_forecast
from shaanxi_transfer.experiments.backtesting.quantile_pool import POOL_FILE, QuantilePool
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS, SHARE_LAYER
from shaanxi_transfer.experiments.backtesting.scores import score_sample
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.freezing import rivals_of_frozen
from shaanxi_transfer.experiments.freezing.read_frozen import read_frozen
from shaanxi_transfer.experiments.hubverse.write_frozen import write_hub_files
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.score import score
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.scenarios import load

VALUE = "contract_value_output"
FEW = ("last_growth", "constant_national_share")
NAMES = (*FEW, SHARE_LAYER)
KEYS = ["forecaster", "scenario", "year", "draw"]
Make = Callable[..., Forecast]


@pytest.fixture(scope="module")
def worlds() -> dict[str, Any]:
    return {name: load(name) for name in ("action_plan", "no_plan")}


@pytest.fixture
def make(channel: Any, worlds: dict[str, Any]) -> Make:
    known: door_to_model.Model = channel.model()
    model = replace(known, definitions=Definitions(known.definitions.indicators, {VALUE: TARGETS[VALUE]}))

    def made(out: Path, file: Path, **changes: Any) -> Forecast:
        settings: dict[str, Any] = {"scale": 0.1, "seed": 5, "workers": 0, "freeze": file} | changes
        return make_forecast(settings.pop("worlds", worlds), model, ForecastOptions(out=out, **settings))

    return made


@pytest.fixture
def few_rivals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rivals that are quick to fit, where all of them tell nothing more."""
    monkeypatch.setattr(rivals_of_frozen, "RIVALS", {name: RIVALS[name] for name in FEW})


def test_a_pool_is_frozen_with_its_members_once_it_was_tried(
    make: Make, worlds: dict[str, Any], few_rivals: object, by_hand: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(level_of_forecast, "POSTERIORS", tmp_path)
    with pytest.raises(InputError, match="no weights of the pool are committed"):
        make(tmp_path / "runs", tmp_path / "share.zip", forecaster="share", runs=4)
    assert not (tmp_path / "runs").exists()
    QuantilePool(
        source="made by hand",
        origin=2017,
        rules=hash_of_mechanisms(),
        points=dict.fromkeys(SERIES, 300),
        weights={name: {"model": 0.4, "share_layer": 0.6} for name in SERIES},
    ).write(tmp_path / POOL_FILE)
    make(tmp_path / "runs", tmp_path / "pool.zip", forecaster="combined", runs=4)
    found = read_frozen(tmp_path / "pool.zip")
    assert found.manifest["command"].endswith("--forecaster combined --freeze FILE")
    assert found.manifest["level"]["weights"] == dict.fromkeys(SERIES, 0.4)
    draws = found.draws.astype({"forecaster": str, "scenario": str, "indicator": str})
    years = (
        draws[draws["indicator"] == VALUE]
        .set_index(["forecaster", "scenario", "year", "draw"])["value"]
        .sort_index()
    )
    simulated = Store(tmp_path / "runs").read("runs").query("indicator == @VALUE and year > 2017")
    runs = simulated.groupby(["scenario", "year", "future"], observed=True)["value"].sum()
    added = (years["combined", "action_plan"] - years["combined", "no_plan"]).to_numpy()
    np.testing.assert_allclose(added, (runs["action_plan"] - runs["no_plan"]).to_numpy(), rtol=1e-6)
    assert (abs(years["combined"] / years["model"] - 1.0) > 1e-4).all(), "the level is the pool's"
    make(tmp_path / "alone", tmp_path / "alone.zip", runs=4)
    alone = read_frozen(tmp_path / "alone.zip").draws.astype(
        draws.dtypes[["forecaster", "scenario"]].to_dict()
    )
    of_model = alone[(alone["forecaster"] == "model") & (alone["indicator"] == VALUE)]["value"].to_numpy()
    np.testing.assert_allclose(years["model"].to_numpy(), of_model, rtol=1e-12)
    came = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,9e10,yuan")
    judged = score(found.file, came).scores.query("judged")["forecaster"].tolist()
    assert {"combined", "model", "share_layer"} <= set(judged) and len(judged) == len(set(judged))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"belief": "prior"}, "like 'action_plan', of shaanxi drawn from the prior"),
        ({"without": "luck"}, "without luck"),
    ],
)
def test_a_kind_that_no_backtest_has_tried_is_not_frozen(
    make: Make, worlds: dict[str, Any], tmp_path: Path, changes: dict[str, str], problem: str
) -> None:
    of_kind = {
        name: world.set(belief=changes["belief"], name=name) if "belief" in changes else world
        for name, world in worlds.items()
    }
    with pytest.raises(InputError, match=f"no backtest has tried a forecast {problem}"):
        make(tmp_path / "runs", tmp_path / "a.zip", worlds=of_kind, runs=2, **changes)
    assert not (tmp_path / "runs").exists()


def test_a_frozen_file_is_scored_beside_a_rival_and_beside_its_own_quantile_files(
    make: Make, few_rivals: object, by_hand: Any, rival_by_hand: Any, tmp_path: Path
) -> None:
    make(tmp_path / "runs", tmp_path / "frozen.zip", runs=6)
    frozen = read_frozen(tmp_path / "frozen.zip")
    came = by_hand.observed(tmp_path / "came.csv", f"{VALUE},2018,9e10,yuan", f"{VALUE},2019,1.1e11,yuan")
    rows = rival_by_hand.lognormal(np.log(1e11), 0.2, horizon=1)
    rival = rival_by_hand.write(tmp_path / "hub", rows)
    write_hub_files([frozen], tmp_path / "hub")
    scored = score(frozen.file, came, rivals=tmp_path / "hub")
    against: Any = scored.rivals.against.set_index(["rival", "forecaster"])
    assert set(against.loc["a_team-a_model"].index) == {"model", *NAMES}
    assert set(against.loc["a_team-a_model", "figures"]) == {1}
    for name in ("model", *NAMES):
        mine = against.loc[f"shaanxi_transfer-{name}", :].loc[name]
        assert mine["figures"] == 2
        assert mine["wis_log"] == pytest.approx(mine["wis_log_rival"])
    draws = frozen.draws.query("forecaster == 'share_layer' and indicator == @VALUE and year == 2018")
    expected = score_sample(draws["value"].to_numpy(), 9e10)
    found = scored.scores.query("forecaster == 'share_layer' and year == 2018").iloc[0]
    assert found["crps_log"] == expected["crps_log"]
    assert scored.rivals.files.set_index("file").loc[rival.name, "scored"] == 1
