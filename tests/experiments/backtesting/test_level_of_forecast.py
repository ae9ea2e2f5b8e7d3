"""Where the level of a forecast comes from, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.backtesting import level_of_forecast
from shaanxi_transfer.experiments.backtesting.level_of_forecast import level_of, mapped_world, told_of_level
from shaanxi_transfer.experiments.backtesting.quantile_pool import POOL_FILE, QuantilePool
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms
from shaanxi_transfer.scenarios import load


@pytest.fixture(scope="module")
def worlds() -> dict[str, Any]:
    return {name: load(name) for name in ("action_plan", "no_plan")}


def commit(folder: Path, origin: int = 2017, members: tuple[str, str] = ("model", "share_layer")) -> None:
    weights = {name: dict(zip(members, (0.4, 0.6), strict=True)) for name in SERIES}
    points = dict.fromkeys(SERIES, 300)
    QuantilePool(
        source="made by hand", origin=origin, rules=hash_of_mechanisms(), points=points, weights=weights
    ).write(folder / POOL_FILE)


def test_the_plan_is_the_base_where_it_was_decided(worlds: dict[str, Any]) -> None:
    assert mapped_world(worlds) == "action_plan"
    tried = {"mine": worlds["action_plan"], "no_plan": worlds["no_plan"]}
    assert mapped_world(tried) == "no_plan", "what is tried out gets no level of its own"
    hubei = {name: world.set(province="hubei", name=name) for name, world in worlds.items()}
    assert mapped_world(hubei) == "no_plan"


def test_without_committed_weights_there_is_no_pool(
    worlds: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(level_of_forecast, "POSTERIORS", tmp_path)
    with pytest.raises(InputError, match="no weights of the pool are committed"):
        level_of(worlds, "combined", 1)
    assert level_of(worlds, "model", 1) is None and told_of_level(worlds, "model") == {}
    commit(tmp_path, origin=2018)
    with pytest.raises(InputError, match="know figures up to 2018, the scenarios up to 2017"):
        level_of(worlds, "combined", 1)
    commit(tmp_path, members=("model", "last_growth"))
    with pytest.raises(InputError, match="the pool is of model, last_growth"):
        level_of(worlds, "combined", 1)


def test_the_level_has_the_committed_weights_and_the_layer_of_the_backtest(
    worlds: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(level_of_forecast, "POSTERIORS", tmp_path)
    commit(tmp_path)
    level = level_of(worlds, "combined", 3)
    assert level is not None and (level.base, level.until) == ("action_plan", 2017)
    assert level.weights == dict.fromkeys(SERIES, 0.4)
    assert {one.shape for one in level.layer.values()} == {(level_of_forecast.DRAWS, 3)}
    told = told_of_level(worlds, "combined")
    assert (told["name"], told["base"], told["weights"]) == ("combined", "action_plan", level.weights)
    assert told_of_level(worlds, "share")["weights"] == dict.fromkeys(SERIES, 0.0)
