from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest
from scipy.stats import t as student

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.engine.quarters import Quarter
from shaanxi_transfer.experiments.forecast import Forecast, make_forecast
from shaanxi_transfer.experiments.forecasting import reconciliation
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES, Discrepancy, SeriesDiscrepancy
from shaanxi_transfer.experiments.forecasting.options import ForecastOptions
from shaanxi_transfer.experiments.forecasting.predictive import noise, series_behind
from shaanxi_transfer.experiments.keeping.parquet_parts import ORIGIN, metadata_of
from shaanxi_transfer.experiments.keeping.provenance import hash_of_mechanisms
from shaanxi_transfer.experiments.keeping.store import Store
from shaanxi_transfer.experiments.planning import door_to_model
from shaanxi_transfer.experiments.planning.definitions import Definitions
from shaanxi_transfer.experiments.planning.door_to_model import Model
from shaanxi_transfer.experiments.planning.plan_of_runs import Shard
from shaanxi_transfer.experiments.resume import resume
from shaanxi_transfer.experiments.running.shards import Unfinished
from shaanxi_transfer.model.indicators import INDICATORS

VALUE, COUNT = "contract_value_output", "contract_count_output"
NAMES = (VALUE, f"{VALUE}.xian", f"{VALUE}_university", COUNT, "registration_coverage", "platforms")
OBSERVED = 8.0e9


@pytest.fixture(autouse=True)
def nothing_is_shifted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the stored shift of all provinces stay out of these worlds; its own tests have it."""
    monkeypatch.setattr(reconciliation, "POSTERIORS", tmp_path / "nothing")


def known(scale: float = 0.1, carry: float = 0.5, error: float = 0.05, power: float = 0.6) -> Discrepancy:
    one = SeriesDiscrepancy(scale=scale, carry=carry, observation_error=error)
    return Discrepancy(
        source="a test that knows the truth",
        points=10,
        rules=hash_of_mechanisms(),
        degrees_of_freedom=4.0,
        growth_power=power,
        series={VALUE: one, COUNT: one},
    )


@dataclass(frozen=True)
class Record:
    indicators: tuple[str, ...]
    quarters: tuple[Quarter, ...]
    values: Any


def run(scenario: Any, *, seed: int, scale: float = 0.1) -> Record:
    """The years 2016 to 2020 of a small province whose plan adds to the contracts from 2018 on."""
    quarters = tuple(Quarter(2016, 1).later(step) for step in range(20))
    luck = np.random.default_rng(seed).lognormal(0.0, 0.2, 20)
    value = 1e9 * luck * np.where(np.arange(20) < 8, 1.0, 1.0 + scenario.growth)
    columns = [value, 0.7 * value, 0.2 * value, 100.0 * luck, np.full(20, 0.8), np.arange(20.0)]
    return Record(NAMES, quarters, np.stack(columns, axis=1))


@dataclass(frozen=True)
class Pack:
    name: str
    folder: Path
    observed: pd.DataFrame


def world_class(fake: Any, observed: pd.DataFrame) -> Any:
    class World(fake.World):  # type: ignore[misc]
        def pack(self) -> Pack:
            return Pack("nowhere", Path(self.pack_folder), observed)

    return World


TARGET_GOAL = 4.4e9


@pytest.fixture
def model(fake: Any) -> Model:
    kinds = {"registration_coverage": ("fraction", "ratio"), "platforms": ("count", "stock")}
    definitions = Definitions(
        {name: fake.Indicator(*kinds.get(name, ("yuan", "flow"))) for name in NAMES},
        {VALUE: fake.Target(VALUE, TARGET_GOAL, "yuan", 2020, "flow_of_year")},
    )
    return Model(run, definitions, fake.nothing_to_compile)


@pytest.fixture
def worlds(fake: Any, pack_folder: str) -> dict[str, Any]:
    observed = pd.DataFrame(
        {"indicator": [VALUE, "platforms"], "year": [2017, 2017], "value": [OBSERVED, 5.0]}
    )
    known().write(Path(pack_folder) / "discrepancy.yaml")
    world = world_class(fake, observed)
    return {
        "plan": world("plan", growth=0.2, pack_folder=pack_folder),
        "none": world("none", pack_folder=pack_folder),
    }


def make(worlds: Any, model: Model, out: Path, runs: int = 12, **options: Any) -> Forecast:
    return make_forecast(
        worlds, model, ForecastOptions(runs=runs, scale=0.1, seed=1, out=out, workers=0, **options)
    )


def factors(folder: Path) -> pd.Series[float]:
    store = Store(folder)
    keys = ["scenario", "future", "seed", "indicator", "year", "quarter"]
    both = [store.read(kind).set_index(keys)["value"] for kind in ("predictive", "runs")]
    ratio: pd.Series[float] = (both[0] / both[1]).dropna()
    return ratio


def test_the_factor_is_the_carried_residual_and_the_noise(
    worlds: dict[str, Any], model: Model, tmp_path: Path
) -> None:
    made = make(worlds, model, tmp_path / "out")
    ratio = factors(made.folder)
    runs = Store(made.folder).read("runs").set_index("indicator")
    seeds = ratio.reset_index()[["future", "seed"]].drop_duplicates()
    for future, seed in zip(seeds["future"].tolist(), seeds["seed"].tolist(), strict=True):
        rows = runs.loc[VALUE].query("future == @future and year == 2017 and scenario == 'plan'")
        residual = math.log(OBSERVED / rows["value"].sum())
        drawn = noise(known(), VALUE, seed, 2017, 3, "nowhere")
        for horizon in (1, 2, 3):
            expected = math.exp(0.5**horizon * residual + drawn[horizon - 1])
            found = ratio.xs((future, 2017 + horizon), level=("future", "year"))
            same = found[found.index.get_level_values("indicator").str.startswith(VALUE)]
            assert len(same) == 2 * 3 * 4  # scenarios, the total and its parts, quarters
            assert same.to_numpy() == pytest.approx(expected, rel=1e-12)
            # nothing was observed of the count: nothing is carried on
            count = noise(known(), COUNT, seed, 2017, 3, "nowhere")[horizon - 1]
            mine = found.xs(COUNT, level="indicator")
            assert mine.to_numpy() == pytest.approx(math.exp(count), rel=1e-12)


def test_the_past_and_what_has_no_series_stay_as_simulated(
    worlds: dict[str, Any], model: Model, tmp_path: Path
) -> None:
    ratio = factors(make(worlds, model, tmp_path / "out").folder)
    past = ratio[ratio.index.get_level_values("year") <= 2017]
    assert len(past) and (past == 1.0).all()
    for name in ("registration_coverage", "platforms"):
        assert (ratio.xs(name, level="indicator") == 1.0).all()


def test_tables_come_from_predictions(worlds: dict[str, Any], model: Model, tmp_path: Path) -> None:
    made = make(worlds, model, tmp_path / "out", runs=40)
    rows = Store(made.folder).read("predictive")
    in_2020 = rows[(rows["year"] == 2020) & (rows["indicator"] == VALUE)]
    sums = in_2020.groupby(["scenario", "future"])["value"].sum()
    chances = made.targets.set_index("scenario")["probability"]
    simulated = Store(made.folder).read("runs")
    same = simulated[(simulated["year"] == 2020) & (simulated["indicator"] == VALUE)]
    mechanistic = same.groupby(["scenario", "future"])["value"].sum()
    for scenario in worlds:
        assert chances[scenario] == (sums[scenario] >= TARGET_GOAL).mean()
    assert chances["none"] != (mechanistic["none"] >= TARGET_GOAL).mean()


def test_shares_and_resumed_batches_predict_the_same(
    worlds: dict[str, Any], model: Model, tmp_path: Path
) -> None:
    whole = make(worlds, model, tmp_path / "whole")
    with pytest.raises(Unfinished):
        make(worlds, model, tmp_path / "shares", shard=Shard.parse("2/2"))
    shares = make(worlds, model, tmp_path / "shares", shard=Shard.parse("1/2"))
    one, other = Store(whole.folder), Store(shares.folder)
    pd.testing.assert_frame_equal(one.read("predictive"), other.read("predictive"), check_exact=True)
    assert (whole.folder / "targets.csv").read_bytes() == (shares.folder / "targets.csv").read_bytes()
    before = {part: part.read_bytes() for part in other.parts("predictive")}
    assert {metadata_of(part)[ORIGIN].decode() for part in before} == {part.name for part in other.parts()}
    next(iter(before)).write_bytes(b"spoilt")
    make(worlds, model, tmp_path / "shares")
    assert {part: part.read_bytes() for part in other.parts("predictive")} == before


def test_a_forecast_is_taken_up_again_from_its_folder(
    worlds: dict[str, Any], model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(worlds, model, tmp_path / "out", without=("carry",))
    monkeypatch.setattr(door_to_model, "model", lambda own=None: model)
    monkeypatch.setattr(door_to_model, "scenario_of", lambda contents: worlds[contents["name"]])
    before = (made.folder / "targets.csv").read_bytes()
    for part in Store(made.folder).parts("predictive"):
        part.unlink()
    assert resume(made.folder, workers=0) == 0
    assert (made.folder / "targets.csv").read_bytes() == before
    known(scale=0.2).write(Path(worlds["plan"].pack_folder) / "discrepancy.yaml")
    with pytest.raises(InputError, match=r"rules or data have changed since .*discrepancy"):
        resume(made.folder, workers=0)


def test_a_wished_precision_is_judged_by_predictions(
    worlds: dict[str, Any], model: Model, tmp_path: Path
) -> None:
    made = make(worlds, model, tmp_path / "out", runs=300, precision=0.08)
    told = json.loads((made.folder / "manifest.json").read_text("utf-8"))["stopped"]
    widths = (made.targets["probability_high"] - made.targets["probability_low"]) / 2
    assert widths.max() == pytest.approx(told["half_width"], abs=1e-6)


def test_each_part_can_be_left_out(worlds: dict[str, Any], model: Model, tmp_path: Path) -> None:
    def ln_factors(*without: str) -> pd.Series[float]:
        folder = make(worlds, model, tmp_path / "_".join(("out", *without)), without=without).folder
        ratio = factors(folder).xs("plan").xs((VALUE, 2020, 1), level=("indicator", "year", "quarter"))
        return pd.Series(np.log(ratio.to_numpy()))

    everything = ln_factors("carry", "discrepancy", "observation")
    assert (everything == 0.0).all()
    no_carry, no_noise = ln_factors("carry"), ln_factors("discrepancy", "observation")
    only_error, only_walk = ln_factors("carry", "discrepancy"), ln_factors("carry", "observation")
    whole = ln_factors()
    pd.testing.assert_series_equal(no_carry + no_noise, whole)
    pd.testing.assert_series_equal(only_error + only_walk, no_carry)
    assert only_walk.std() > only_error.std() > 0.0
    told = json.loads((tmp_path / "out_carry" / "manifest.json").read_text("utf-8"))["identity"]
    assert told["without"] == ["carry"]
    assert told["discrepancy"]["plan"]["series"][VALUE]["carry"] == 0.0
    with pytest.raises(InputError, match=r"different: .*without"):
        make(worlds, model, tmp_path / "out_carry", without=("discrepancy", "observation", "carry"))


def test_without_a_file_predictions_are_the_runs_to_the_byte(
    worlds: dict[str, Any], model: Model, pack_folder: str, tmp_path: Path
) -> None:
    (Path(pack_folder) / "discrepancy.yaml").unlink()
    store = Store(make(worlds, model, tmp_path / "out").folder)
    runs, predictive = (
        {part.name: part.read_bytes() for part in store.parts(kind)} for kind in ("runs", "predictive")
    )
    assert runs == predictive
    assert "discrepancy" not in store.manifest()["identity"]


@pytest.mark.soak
def test_each_year_is_of_the_t_that_the_backtest_was_judged_by() -> None:
    for power in (0.0, 0.6):
        one = known(power=power)
        drawn = np.array([noise(one, VALUE, seed, 2017, 3) for seed in range(200)])
        for horizon in (1, 2, 3):
            width = math.hypot(0.1 * horizon**power, 0.05)
            assert kstest(drawn[:, horizon - 1] / width, student(4).cdf).pvalue > 0.001
    walk = np.array([noise(known(error=0.0, power=0.5), VALUE, seed, 2017, 2) for seed in range(300)])
    assert abs(np.corrcoef(walk[:, 0], walk[:, 1] - walk[:, 0])[0, 1]) < 0.2
    line = noise(known(error=0.0, power=1.0), VALUE, 7, 2017, 3)
    assert line / line[0] == pytest.approx([1.0, 2.0, 3.0], rel=1e-4)


def test_more_years_leave_the_first_ones_as_they_are() -> None:
    few, many = noise(known(), VALUE, 5, 2017, 3), noise(known(), VALUE, 5, 2017, 8)
    assert few == pytest.approx(many[:3], rel=1e-9)
    assert abs(noise(known(), COUNT, 5, 2017, 3)[0] - few[0]) > 1e-6


def test_value_and_number_of_contracts_are_changed_and_nothing_else() -> None:
    changed = {name for name in INDICATORS if series_behind(name) is not None}
    assert set(SERIES) <= changed
    # a new indicator of contracts has to be given to the series whose part it is
    assert {name for name in INDICATORS if "contract_value" in name or "contract_count" in name} == changed
    for name in changed:
        assert INDICATORS[name].kind == "flow"
