"""What a frozen forecast holds, that it is the same file each time, and what cannot be frozen."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.backtesting.all_provinces import all_provinces
from shaanxi_transfer.experiments.backtesting.rivals import EVERY_RIVAL, RIVALS, rival_sample
from shaanxi_transfer.experiments.backtesting.scores import QUANTILES, score_sample
from shaanxi_transfer.experiments.backtesting.series_to_origin import past_of
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.freezing import rivals_of_frozen
from shaanxi_transfer.experiments.freezing.manifest_of_frozen import command_of, git_state
from shaanxi_transfer.experiments.freezing.read_frozen import Frozen, read_frozen
from shaanxi_transfer.experiments.freezing.rivals_of_frozen import rival_draws, shortened
from shaanxi_transfer.experiments.freezing.sealed_zip import read_archive
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.plan_of_runs import Shard, future_seed
from shaanxi_transfer.experiments.running.shards import Unfinished
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.scenarios import load, load_pack

VALUE = "contract_value_output"
FUTURES, SEED = 12, 5
Make = Callable[..., Forecast]


@pytest.fixture(scope="module")
def model(channel: Any) -> door_to_model.Model:
    """The channel of two lines, held against two targets, of which it knows one."""
    targets = {name: TARGETS[name] for name in (VALUE, "trained_people")}
    known: door_to_model.Model = channel.model()
    return replace(known, definitions=Definitions(known.definitions.indicators, targets))


@pytest.fixture(scope="module")
def worlds() -> dict[str, Any]:
    return {name: load(name) for name in ("action_plan", "no_plan")}


@pytest.fixture(scope="module")
def make(model: door_to_model.Model, worlds: dict[str, Any]) -> Make:
    def made(out: Path, file: Path | None = None, **changes: Any) -> Forecast:
        settings: dict[str, Any] = {"runs": FUTURES, "scale": 0.1, "seed": SEED, "workers": 0}
        settings |= {"freeze": file} | changes
        return make_forecast(
            settings.pop("worlds", worlds), settings.pop("model", model), ForecastOptions(out=out, **settings)
        )

    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("frozen")


@pytest.fixture(scope="module")
def done(make: Make, folder: Path) -> Forecast:
    return make(folder / "runs", folder / "first.zip")


@pytest.fixture(scope="module")
def frozen(done: Forecast, folder: Path) -> Frozen:
    return read_frozen(folder / "first.zip")


@pytest.fixture
def few_rivals(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Two rivals that are quick to fit, where all five tell nothing more."""
    few = {name: RIVALS[name] for name in ("last_growth", "constant_national_share")}
    monkeypatch.setattr(rivals_of_frozen, "RIVALS", few)
    return few


# ---- what it holds ---------------------------------------------------------------


def test_draws_are_the_predictive_years_not_the_runs(frozen: Frozen, done: Forecast) -> None:
    mine = frozen.draws[frozen.draws["forecaster"] == "model"].astype({"scenario": str, "indicator": str})
    keys = ["scenario", "indicator", "year", "draw"]
    found = mine.set_index(keys)["value"].sort_index()
    predicted, simulated = (
        Store(done.folder)
        .read(kind)
        .query("year > 2017")
        .rename(columns={"future": "draw"})
        .groupby(keys)["value"]
        .sum()
        .loc[found.index]
        for kind in ("predictive", "runs")
    )
    assert len(found) == 2 * 4 * 3 * FUTURES
    np.testing.assert_allclose(found, predicted, rtol=1e-12)
    assert (abs(found / simulated - 1.0) > 1e-6).all()


def test_each_draw_of_the_model_names_the_seed_of_its_future(frozen: Frozen) -> None:
    members, _ = read_archive(frozen.file)
    seeds = pd.read_csv(io.BytesIO(members["futures.csv"])).set_index("draw")["seed"].to_dict()
    assert seeds == {future: future_seed(SEED, future) for future in range(FUTURES)}


def test_rivals_are_those_of_the_backtest_from_the_same_year(frozen: Frozen) -> None:
    pack = load_pack("shaanxi")
    past = past_of(pack.series_of(VALUE), 2017, pack.series_of(VALUE, "china"))
    for name in RIVALS:
        about = f"shaanxi {VALUE}"
        expected = rival_sample(name, past, horizon=3, draws=1_000, seed=SEED, about=about)
        mine = frozen.draws.query("forecaster == @name and indicator == @VALUE")
        found = mine.pivot(index="draw", columns="year", values="value").to_numpy()
        np.testing.assert_allclose(found, expected, rtol=6e-8)
    names = set(frozen.draws["forecaster"]) - {"model"}
    assert names == set(EVERY_RIVAL) == set(frozen.manifest["rivals"]["names"])
    assert frozen.manifest["left_out"] == {"indicators": ["trained_people"], "rivals": []}


def test_the_share_layer_is_that_of_the_backtest_and_shares_the_nation(frozen: Frozen) -> None:
    layer = all_provinces().layer_at(2017)
    expected = layer.sample("shaanxi", VALUE, horizon=3, draws=1_000, seed=SEED)
    mine = frozen.draws.query("forecaster == 'share_layer' and indicator == @VALUE")
    found = mine.pivot(index="draw", columns="year", values="value").to_numpy()
    np.testing.assert_allclose(found, expected, rtol=6e-8)


def test_rivals_look_at_nothing_after_the_last_known_year(tmp_path: Path, few_rivals: dict[str, Any]) -> None:
    pack = load_pack("shaanxi")
    earlier, _ = rival_draws(pack, origin=2015, last_year=2017, seed=1, draws=50)
    altered = tmp_path / "pack"
    shutil.copytree(pack.folder, altered)
    series = pd.read_csv(altered / "series.csv")
    series.loc[series["indicator"].isin(SERIES) & (series["year"] > 2015), "value"] *= 3.0
    series.to_csv(altered / "series.csv", index=False)
    then, left_out = rival_draws(load_pack(altered), origin=2015, last_year=2017, seed=1, draws=50)
    pd.testing.assert_frame_equal(then, earlier)
    assert left_out == []


def test_a_rival_without_a_past_is_left_out_and_told(tmp_path: Path, few_rivals: dict[str, Any]) -> None:
    altered = tmp_path / "pack"
    shutil.copytree(load_pack("shaanxi").folder, altered)
    series = pd.read_csv(altered / "series.csv")
    short = (series["indicator"] == VALUE) & (series["scope"] == "province") & (series["year"] < 2016)
    series[~short].to_csv(altered / "series.csv", index=False)
    draws, left_out = rival_draws(load_pack(altered), origin=2017, last_year=2020, seed=1, draws=50)
    assert left_out == [f"{name}, {VALUE}: 2 figures up to 2017" for name in few_rivals]
    assert set(draws["indicator"]) == set(SERIES) - {VALUE}


def test_a_shortened_draw_keeps_its_size_whatever_that_is() -> None:
    values = np.array([1e-300, 0.1, 92.1e9, 1e304])
    found = shortened(values)
    np.testing.assert_allclose(found, values, rtol=2.0**-24)
    assert (shortened(found) == found).all()


def test_quantiles_are_those_by_which_it_will_be_judged(frozen: Frozen) -> None:
    rows = frozen.quantiles.query("indicator == @VALUE and year == 2020").to_dict("records")
    assert len(rows) == 2 + len(EVERY_RIVAL)
    for row in rows:
        key = "forecaster == @row['forecaster'] and scenario == @row['scenario']"
        mine = frozen.draws.query(f"{key} and indicator == @VALUE and year == 2020")["value"]
        expected = score_sample(mine.to_numpy(), 1.0)
        assert [row[name] for name in ("median", *QUANTILES)] == pytest.approx(
            [expected[name] for name in ("median", *QUANTILES)], rel=1e-11
        )
        assert (row["unit"], row["draws"]) == ("yuan", len(mine))


def test_a_chance_is_the_share_of_draws_that_reach_the_goal(frozen: Frozen, done: Forecast) -> None:
    chances = frozen.chances.set_index(["forecaster", "scenario"])
    assert set(frozen.chances["target"]) == {VALUE}
    first_ways = done.targets.drop_duplicates(["scenario", "target"])
    of_table = first_ways.set_index(["scenario", "target"])["probability"]
    for scenario in ("action_plan", "no_plan"):
        assert chances.loc[("model", scenario), "probability"] == of_table[scenario, VALUE]
    drifting = frozen.draws.query("forecaster == 'random_walk_with_drift' and indicator == @VALUE")
    share = float((drifting.query("year == 2020")["value"] >= 1e11).mean())
    assert chances.loc[("random_walk_with_drift", ""), "probability"] == share


def test_the_manifest_says_what_it_rests_on(frozen: Frozen, worlds: dict[str, Any]) -> None:
    told: Any = frozen.manifest
    assert told["information_until"] == 2017
    assert told["years"] == [2018, 2019, 2020]
    assert (told["futures"], told["scale"], told["seed"]) == (FUTURES, 0.1, SEED)
    assert told["command"] == (
        "shaanxi-transfer forecast action_plan --against no_plan --runs 12 --scale 0.1 --seed 5 --freeze FILE"
    )
    assert told["judged_scenario"] == "action_plan"
    assert told["hashes"]["rules"] == hash_of_mechanisms()
    assert told["hashes"]["pack"] == load_pack("shaanxi").hash
    for name, world in worlds.items():
        assert told["scenarios"][name]["hash"] == world.hash
        assert load(name).model_validate(told["scenarios"][name]["fields"]) == world
        assert told["parameters"][name]["hash"] == world.posterior().hash
        assert told["discrepancy"][name]["series"].keys() == set(SERIES)
    assert told["made_with"]["package"]
    assert told["targets"]["trained_people"]["frozen"] is False


def test_where_it_was_made_does_not_stand_in_it(
    make: Make, worlds: dict[str, Any], tmp_path: Path, few_rivals: object
) -> None:
    mine = tmp_path / "my_posterior"
    shutil.copytree(Path(door_to_model.__file__).parents[2] / "scenarios" / "posteriors" / "shaanxi", mine)
    own = {name: world.set(belief=str(mine), name=name) for name, world in worlds.items()}
    make(tmp_path / "runs", tmp_path / "own.zip", worlds=own, runs=2)
    contents = (tmp_path / "own.zip").read_bytes()
    assert str(tmp_path).encode() not in contents
    assert read_frozen(tmp_path / "own.zip").manifest["scenarios"]["no_plan"]["fields"]["belief"] == mine.name


# ---- the same each time ----------------------------------------------------------


def test_the_same_forecast_is_the_same_file_whatever_its_name_or_folder(
    make: Make, frozen: Frozen, tmp_path: Path
) -> None:
    make(tmp_path / "elsewhere", tmp_path / "second.zip")
    assert (tmp_path / "second.zip").read_bytes() == frozen.file.read_bytes()


def test_a_forecast_made_in_shares_is_the_same_file(make: Make, tmp_path: Path, few_rivals: object) -> None:
    make(tmp_path / "whole", tmp_path / "whole.zip")
    with pytest.raises(Unfinished):
        make(tmp_path / "runs", shard=Shard.parse("2/2"))
    make(tmp_path / "runs", shard=Shard.parse("1/2"))
    make(tmp_path / "runs", tmp_path / "shares.zip")
    assert (tmp_path / "shares.zip").read_bytes() == (tmp_path / "whole.zip").read_bytes()


def test_another_seed_is_another_file(make: Make, frozen: Frozen, tmp_path: Path, few_rivals: object) -> None:
    make(tmp_path / "runs", tmp_path / "other.zip", seed=SEED + 1)
    other = read_frozen(tmp_path / "other.zip")
    assert other.checksum != frozen.checksum
    assert other.manifest["identity_hash"] != frozen.manifest["identity_hash"]


# ---- what cannot be frozen -------------------------------------------------------


def nothing_made(folder: Path) -> bool:
    return not folder.exists()


def test_a_file_that_is_there_is_refused_before_any_run(make: Make, frozen: Frozen, tmp_path: Path) -> None:
    before = frozen.file.read_bytes()
    with pytest.raises(InputError, match="never overwritten"):
        make(tmp_path / "runs", frozen.file)
    assert nothing_made(tmp_path / "runs")
    assert frozen.file.read_bytes() == before


def test_a_share_is_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="share of a forecast"):
        make(tmp_path / "runs", tmp_path / "a.zip", shard=Shard.parse("1/2"))
    assert nothing_made(tmp_path / "runs")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"province": "hubei"}, "more than one province: hubei, shaanxi"),
        ({"outside": {"observed_until": 2016}}, "more than one last observed year: 2016, 2017"),
    ],
)
def test_scenarios_that_do_not_go_together_are_refused(
    make: Make, worlds: dict[str, Any], tmp_path: Path, changes: dict[str, Any], problem: str
) -> None:
    mixed = {**worlds, "no_plan": worlds["no_plan"].set(**changes, name="no_plan")}
    with pytest.raises(InputError, match=problem):
        make(tmp_path / "runs", tmp_path / "a.zip", worlds=mixed)
    assert nothing_made(tmp_path / "runs")


def test_a_scenario_that_ends_with_what_is_known_is_refused(
    make: Make, worlds: dict[str, Any], tmp_path: Path
) -> None:
    past = {"no_plan": worlds["no_plan"].set(end="2018-Q3", name="no_plan")}
    with pytest.raises(InputError, match="no whole year"):
        make(tmp_path / "runs", tmp_path / "a.zip", worlds=past)


def test_without_the_rivals_library_nothing_is_run(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rivals_of_frozen, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"shaanxi-transfer\[calibrate\]"):
        make(tmp_path / "runs", tmp_path / "a.zip")
    assert nothing_made(tmp_path / "runs")


def test_a_forecast_with_failed_runs_is_not_frozen(
    make: Make, model: door_to_model.Model, tmp_path: Path
) -> None:
    def run(scenario: Any, *, seed: int, scale: float = 0.1) -> Any:
        if seed == future_seed(SEED, 3):
            raise ValueError("no money left")
        return model.run_one(scenario, seed=seed, scale=scale)

    with pytest.raises(RunError, match="2 runs failed, and a forecast with holes is not frozen"):
        make(tmp_path / "runs", tmp_path / "a.zip", model=replace(model, run_one=run))
    assert not (tmp_path / "a.zip").exists()


# ---- how it is told --------------------------------------------------------------


def test_the_scenario_to_be_judged_is_chosen_by_whom_the_plan_was_written_for(
    make: Make, worlds: dict[str, Any], tmp_path: Path, few_rivals: object
) -> None:
    hubei = {name: world.set(province="hubei", name=name) for name, world in worlds.items()}
    make(tmp_path / "runs", tmp_path / "hubei.zip", worlds=hubei, runs=2)
    found = read_frozen(tmp_path / "hubei.zip")
    assert (found.judged, found.for_another) == ("no_plan", True)
    assert found.manifest["judged_because"]["key"] == "not_decided"
    drawn_from = "prior" if hubei["no_plan"].posterior() is None else "posterior"
    assert found.manifest["parameters"]["no_plan"]["drawn_from"] == drawn_from
    alone = {"no_plan": worlds["no_plan"]}
    make(tmp_path / "alone", tmp_path / "alone.zip", worlds=alone, runs=2)
    assert read_frozen(tmp_path / "alone.zip").manifest["judged_because"]["key"] == "only"


def test_the_command_names_what_was_chosen_and_nothing_else() -> None:
    settings: dict[str, Any] = {"runs": 7, "scale": 0.1, "seed": 1, "precision": None, "without": ""}
    mine = ForecastOptions(scenario=Path("my plan.yaml"), belief="results/mine", **settings)
    assert command_of(mine) == (
        "shaanxi-transfer forecast 'my plan.yaml' --against no_plan --runs 7 --scale 0.1 --seed 1 "
        "--belief results/mine --freeze FILE"
    )
    beside = ForecastOptions(also=("action_plan_managed", Path("my plan.yaml")), **settings)
    assert "--against no_plan --also action_plan_managed --also 'my plan.yaml' --runs" in command_of(beside)
    alone = ForecastOptions(scenario=load("no_plan"), against=None, province="hubei", **settings)
    python = command_of(alone)
    assert python == (
        "shaanxi_transfer.forecast('no_plan', against=None, province='hubei', runs=7, scale=0.1, seed=1)"
    )


def test_a_commit_is_told_of_a_checkout_alone(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    assert git_state(tmp_path) == {"git_commit": None, "git_changed": None}
    for room in ("engine", "agents", "model", "scenarios", "experiments", "docs"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "a.py").write_text("1\n", encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "one")
    first = git_state(tmp_path)
    assert len(str(first["git_commit"])) == 40
    assert first["git_changed"] is False
    (tmp_path / "docs" / "a.py").write_text("2\n", encoding="utf-8")
    assert git_state(tmp_path) == first
    (tmp_path / "model" / "a.py").write_text("2\n", encoding="utf-8")
    assert git_state(tmp_path) == {**first, "git_changed": True}
    inside = tmp_path / "docs"
    assert git_state(inside) == {"git_commit": None, "git_changed": None}
