"""Learning and backtesting across provinces, on a channel of two lines: what enters, is kept, is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shaanxi_transfer.engine.errors import InputError, RunError
from shaanxi_transfer.experiments.backtesting import rivals_half
from shaanxi_transfer.experiments.backtesting.model_half import world_of_origin
from shaanxi_transfer.experiments.backtesting.quantile_pool import COMBINED, POOL_FILE
from shaanxi_transfer.experiments.backtesting.rivals import RIVALS, SHARE_LAYER
from shaanxi_transfer.experiments.backtesting.stored_forecasts import LEVELS, read_draws, read_quantiles
from shaanxi_transfer.experiments.calibrating.observed_figures import Observation
from shaanxi_transfer.experiments.calibrating.posterior_files import DRAWS
from shaanxi_transfer.experiments.calibrating.smoother import FARTHEST
from shaanxi_transfer.experiments.fitting_provinces.drawn_runs import Drawn, DrawnScenarios, run_drawn
from shaanxi_transfer.experiments.fitting_provinces.fits_in_turn import can_be_fitted
from shaanxi_transfer.experiments.fitting_provinces.kept_bank import KeptBank
from shaanxi_transfer.experiments.fitting_provinces.linear_update import Bank, Normal
from shaanxi_transfer.experiments.fitting_provinces.province_beliefs import MOVED, REOPENED, shared_posterior
from shaanxi_transfer.experiments.fitting_provinces.province_fit import (
    Place,
    ProvinceFit,
    fit_together,
    place_of,
    run_bank,
    write_posterior_of,
)
from shaanxi_transfer.experiments.fitting_provinces.provinces_in_turn import BacktestAcrossProvinces
from shaanxi_transfer.experiments.fitting_provinces.settings import Settings
from shaanxi_transfer.experiments.forecasting.discrepancy import SERIES, discrepancy_of
from shaanxi_transfer.experiments.keeping.provenance import warning_of
from shaanxi_transfer.experiments.planning.definitions import LAST_YEAR
from shaanxi_transfer.experiments.running.runner import run_batch
from shaanxi_transfer.scenarios import load, load_pack
from shaanxi_transfer.studies.backtest_of_all_provinces import results
from shaanxi_transfer.studies.backtest_of_all_provinces.pool import ADDED, WEIGHTS
from shaanxi_transfer.studies.backtest_of_all_provinces.results import Across, across
from shaanxi_transfer.studies.backtest_of_all_provinces.run import summary
from shaanxi_transfer.studies.backtest_of_all_provinces.scores import JOINT

PROVINCES = ("hubei", "shaanxi", "sichuan")
QUICK = ("last_growth", "constant_national_share")
SETTINGS = Settings(origins=(2016,), members=12, last_members=12, banks=2, runs=10, seed=1)

BANK: dict[str, Any] = {"scale": 0.1, "seed": 1, "executor": run_batch, "workers": 0, "failures": []}


def bank_of(place: Place, belief: Normal, model: Any, folder: Path) -> Bank:
    """Run forty rows afresh."""
    file = folder / f"{place.world.name}.npz"
    file.unlink(missing_ok=True)
    kept = KeptBank(file, belief.draws(40, FARTHEST, 1), len(place.observations))
    return run_bank(place, kept, model, **BANK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("across")


def backtest(channel: Any, folder: Path, executor: Any, lines: list[str]) -> BacktestAcrossProvinces:
    found = BacktestAcrossProvinces(
        list(PROVINCES), folder / "runs", SETTINGS, channel.model(), executor, 0, lines.append
    )
    found.run()
    return found


@pytest.fixture(scope="module")
def done(folder: Path, channel: Any) -> Across:
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "RIVAL_DRAWS", 40)
        patch.setattr(rivals_half, "RIVALS", {name: RIVALS[name] for name in QUICK})
        found = across(
            PROVINCES,
            folder / "runs",
            folder / "tables",
            SETTINGS,
            model=channel.model(),
            executor=channel.Counted(),
            report=lines.append,
        )
    assert sum(": bank" in line for line in lines) == len(PROVINCES) * SETTINGS.banks * 2
    return found


def test_model_and_rivals_are_scored_on_the_same_figures(done: Across, folder: Path) -> None:
    scores = pd.read_csv(folder / "tables" / "backtest_provinces.csv")
    assert set(scores["forecaster"]) == {
        *("model", "model_fitted", "model_past_only", "model_reconciled"),
        *(*QUICK, SHARE_LAYER, COMBINED),
    }
    places = scores.groupby("forecaster")[["province", "origin", "indicator", "year"]]
    of_all = [set(map(tuple, table.to_numpy().tolist())) for _, table in places]
    assert all(one == of_all[0] for one in of_all)
    assert len(of_all[0]) == len(PROVINCES) * len(SERIES)
    pack = load_pack("sichuan")
    row = scores[(scores["province"] == "sichuan") & (scores["indicator"] == SERIES[0])].iloc[0]
    assert row["observed"] == pytest.approx(pack.series_of(SERIES[0])[row["year"]], rel=1e-5)


def test_summary_has_intervals_and_the_difference_to_each_rival(done: Across) -> None:
    overall = done.summary[done.summary["by"] == "all"].set_index("forecaster")
    for name in ("crps_log", "inside_50", "inside_80", "inside_95", "model_less"):
        assert (overall[f"{name}_low"] <= overall[name]).all()
        assert (overall[name] <= overall[f"{name}_high"]).all()
    assert overall.loc["model", "model_less"] == 0.0
    for rival in QUICK:
        expected = float(overall["crps_log"]["model"]) - float(overall["crps_log"][rival])
        assert overall.loc[rival, "model_less"] == pytest.approx(expected)
    assert set(done.summary["by"]) == {"all", "indicator", "horizon", "indicator and horizon"}
    assert list(done.provinces["model_less"]) == sorted(done.provinces["model_less"], reverse=True)
    assert any(line.startswith("worst") for line in summary(done))


def test_a_second_bank_lies_at_the_figures(channel: Any, tmp_path: Path) -> None:
    model = channel.model()
    place = place_of("hubei", 2017, None, model, tmp_path)
    known = (20_000.0, 20_000.0 * 2.5e6)
    figures = [
        Observation(series, year, known["value" in series] * 1.1 ** (year - 2017), 0.05, "equal")
        for series in SERIES
        for year in (2016, 2017)
    ]
    place = replace(place, observations=tuple(figures))
    banks: list[Bank] = []
    belief = place.beliefs.prior
    for _ in range(2):
        banks.append(bank_of(place, belief, model, tmp_path))
        fit = fit_together([place], {"hubei": banks}, 400)["hubei"]
        belief = fit.posterior
    assert fit.misfit(0) > 10.0
    assert fit.misfit(1) < 1.0
    values = fit.values(400, 1)
    assert np.median(values["enterprise_contracts_2017"]) == pytest.approx(20_000.0, rel=0.06)
    assert np.median(values["mean_contract_value_2017"]) == pytest.approx(2.5e6, rel=0.06)


def test_what_forecasts_read_is_written(done: Across, folder: Path) -> None:
    sizes = done.provinces.set_index("province")["effective_sample_size"]
    for province in PROVINCES:
        found = discrepancy_of(folder / "runs" / province)
        enough = sizes[province] >= 100.0 and province != "shaanxi"  # which has its own calibration
        assert (folder / "runs" / province / "posterior.csv").exists() == enough
        if not enough and province != "shaanxi":
            assert found is None, "from priors it misses otherwise: `from_priors` writes it"
            continue
        assert found is not None and set(found.series) == set(SERIES)
        assert found.points == len(PROVINCES) * len(SERIES)


def test_a_posterior_is_written_for_forecasts_if_it_is_worth_it(channel: Any, tmp_path: Path) -> None:
    shared = shared_posterior(None, 2017)
    place = place_of("hubei", 2017, shared, channel.model(), tmp_path)
    kinds: dict[str, Any] = {"draws": 400, "runs": 7, "scale": 0.04, "seed": 1, "together": 3}
    fit = ProvinceFit(place, (), place.beliefs.prior, 150.0)
    write_posterior_of(fit, tmp_path, **kinds)
    world = load("no_plan").set(province="hubei", belief=str(tmp_path))
    posterior = world.posterior()
    assert posterior is not None and len(posterior.values) == 400
    assert warning_of(world) is None
    assert {*MOVED, *place.beliefs.carried} == set(posterior.names)
    own = set(load_pack("hubei").parameters) - set(MOVED)
    assert own and not own & set(posterior.names), "the rest of the province's stays at its pack's priors"
    with pytest.raises(RunError, match="99 independent draws"):
        write_posterior_of(replace(fit, effective_sample_size=99.0), tmp_path, **kinds)
    assert not (tmp_path / "posterior.csv").exists()


def test_a_second_start_makes_no_run_and_finds_the_same(done: Across, folder: Path, channel: Any) -> None:
    counted = channel.Counted()
    lines: list[str] = []
    again = backtest(channel, folder, counted, lines)
    assert counted.runs == 0
    assert len(lines) == len(PROVINCES) * (2 * SETTINGS.banks + 2)  # a further bank, and the forecasts
    assert all(line.endswith("there already") for line in lines)
    points = next((folder / "runs" / "hubei").glob("points_*.parquet"))
    pd.testing.assert_frame_equal(again.points["hubei"], pd.read_parquet(points))
    points.unlink()  # what is missing is made again, alone and the same
    counted = channel.Counted()
    lines = []
    once_more = backtest(channel, folder, counted, lines)
    assert counted.runs == SETTINGS.runs
    pd.testing.assert_frame_equal(once_more.points["hubei"], again.points["hubei"])


def test_a_posterior_worth_too_few_draws_gets_a_further_bank(
    done: Across, folder: Path, channel: Any
) -> None:
    again = backtest(channel, folder, channel.Counted(), [])
    places = [mine[LAST_YEAR] for mine in again.places.values()]
    before = fit_together(
        places, {name: fit.banks[: SETTINGS.banks] for name, fit in again.fits[LAST_YEAR].items()}, DRAWS
    )
    for name, fit in again.fits[LAST_YEAR].items():
        worth = before[name].effective_sample_size
        assert worth < 100.0, "with twelve runs a bank"
        *_, further = fit.banks
        assert len(fit.banks) == SETTINGS.banks + 1
        assert len(further.positions) == SETTINGS.further_members(worth, DRAWS) > SETTINGS.last_members
        assert fit.effective_sample_size > worth
        assert len(again.fits[2016][name].banks) == SETTINGS.banks, "a forecast from an origin has no more"
    assert SETTINGS.further_members(100.0, DRAWS) == 0


def test_a_province_that_fails_is_told_and_left_out(channel: Any, tmp_path: Path) -> None:
    lines: list[str] = []
    found = backtest(channel, tmp_path, channel.Counted(failing="sichuan"), lines)
    assert set(found.left_out) == {"sichuan"}
    assert any(line.startswith("sichuan: left out") and "made to fail" in line for line in lines)
    assert set(found.points) == {"hubei", "shaanxi"}
    assert found.costs["sichuan"].failed == 2 * SETTINGS.members


def fitted_to(province: str, origin: int, folder: Path, model: Any) -> Normal:
    place = place_of(province, origin, None, model, folder)
    bank = bank_of(place, place.beliefs.prior, model, folder)
    return fit_together([place], {place.province: [bank]}, 400)["sichuan"].posterior


def test_figures_after_the_origin_move_no_draw(channel: Any, tmp_path: Path, spoilt: Any) -> None:
    other = spoilt("sichuan", tmp_path / "spoilt", 2014)
    one, two = (
        fitted_to(name, 2014, tmp_path / f"known_{number}", channel.model())
        for number, name in enumerate(("sichuan", str(other)))
    )
    np.testing.assert_array_equal(one.mean, two.mean)
    np.testing.assert_array_equal(one.covariance, two.covariance)
    knows_more = fitted_to(str(other), 2015, tmp_path / "known_3", channel.model())
    assert not np.array_equal(knows_more.mean, one.mean), "a figure up to the origin does move them"


def test_worlds_of_an_origin_know_nothing_later(channel: Any, tmp_path: Path) -> None:
    place = place_of("hubei", 2014, None, channel.model(), tmp_path / "known")
    assert place.world.end == "2014-Q4"
    assert max(seen.year for seen in place.observations) == 2014
    ahead = world_of_origin(place.world.province, 2014, "prior")
    assert ahead.end == "2017-Q4"
    assert ahead.pack().series["year"].max() == 2014


def test_a_posterior_that_knows_later_years_is_refused(tmp_path: Path) -> None:
    from shaanxi_transfer.scenarios.provinces.posterior import POSTERIORS

    shutil.copytree(POSTERIORS / "shaanxi", tmp_path / "origin_2014")
    with pytest.raises(InputError, match="knows 2017"):
        shared_posterior(tmp_path, 2014)
    with pytest.raises(InputError, match="does not exist"):
        shared_posterior(tmp_path, 2013)
    assert shared_posterior(None, 2014) is None


def test_behaviour_is_shared_and_the_province_s_own_is_open(channel: Any, tmp_path: Path) -> None:
    shared = shared_posterior(None, 2017)
    assert shared is not None
    beliefs = place_of("hubei", 2017, shared, channel.model(), tmp_path).beliefs
    spread = dict(zip(MOVED, np.sqrt(np.diag(beliefs.prior.covariance)), strict=True))
    for name in (*REOPENED, "enterprise_contracts_2017", "technology_firms_2017"):
        assert spread[name] == 1.0
    learnt = MOVED.index("entry_threshold")
    assert "entry_threshold" in shared.names
    assert beliefs.prior.covariance[learnt, learnt] != 1.0
    assert "loan_demand_hazard" in beliefs.carried
    assert not set(beliefs.carried) & set(load_pack("hubei").parameters)
    own = place_of("shaanxi", 2017, shared, channel.model(), tmp_path).beliefs
    np.testing.assert_array_equal(own.prior.covariance, np.eye(len(MOVED)))


def test_rows_are_scenarios(channel: Any) -> None:
    world = load("no_plan").set(belief="prior", name="a")
    table = DrawnScenarios([Drawn(world, {"local_share": np.array([0.2, 0.3])})])
    assert list(table) == ["a_row_0", "a_row_1"]
    assert table["a_row_1"].parameters == {"local_share": 0.3}
    with pytest.raises(KeyError):
        table["a_row_2"]


@pytest.mark.parametrize(
    ("provinces", "changes", "key"),
    [
        (("hubei",), {}, "provinces"),
        (("hubei", "hubei"), {}, "provinces"),
        (PROVINCES, {"members": 5}, "members"),
        (PROVINCES, {"runs": 1}, "runs"),
        (PROVINCES[:2], {"members": 10, "banks": 1}, "members"),
    ],
)
def test_what_cannot_be_run_is_refused(
    provinces: tuple[str, ...], changes: dict[str, int], key: str, tmp_path: Path, channel: Any
) -> None:
    settings = Settings(**{**{f: getattr(SETTINGS, f) for f in SETTINGS.__dataclass_fields__}, **changes})
    with pytest.raises(InputError) as refused:
        across(provinces, tmp_path, tmp_path, settings, model=channel.model())
    assert refused.value.key == key


def test_by_default_all_are_fitted_that_can_be() -> None:
    provinces = can_be_fitted()
    assert len(provinces) == 30 and "xizang" not in provinces


@pytest.mark.parametrize("origin", (2013, 2014, 2015, 2016, 2017))
def test_the_province_with_a_posterior_has_a_place_at_every_origin(
    origin: int, channel: Any, tmp_path: Path
) -> None:
    # Its posterior is of today's pack; values of it lie outside what the pack of 2013 allows.
    place = place_of("shaanxi", origin, None, channel.model(), tmp_path)
    assert place.origin == origin and place.world.belief == "prior"


def test_quantiles_and_joint_draws_of_every_point_are_kept(done: Across, folder: Path) -> None:
    kept = read_quantiles(folder / "tables", results.SCORES)
    names = ["province", "indicator", "origin", "year", "forecaster"]
    written = pd.read_csv(folder / "tables" / results.SCORES)
    twice = kept["forecaster"].isin(JOINT.values())
    assert set(kept["forecaster"][twice]) == set(JOINT.values()), "noise of all, and by place"
    kept = kept[~twice]
    assert kept[names].to_numpy().tolist() == written[names].to_numpy().tolist()
    middle = np.exp(np.stack(list(kept["quantiles"]))[:, len(LEVELS) // 2])
    np.testing.assert_allclose(middle, written["median"], rtol=1e-4)
    draws = read_draws(folder / "tables", results.SCORES)
    counted = np.isfinite(np.stack(list(draws["draws"]))).sum(axis=1)
    assert set(counted[draws["forecaster"] == "model"]) == {SETTINGS.runs}
    energy = pd.read_csv(folder / "tables" / results.ENERGY)
    assert set(energy["forecaster"]) == {*written["forecaster"], *JOINT.values()}
    assert (energy["provinces"] == len(PROVINCES)).all() and (energy["draws"] == SETTINGS.runs).all()


def test_a_future_has_one_luck_in_all_provinces(channel: Any) -> None:
    world = load("no_plan")
    values = {"firm_margin": np.full(3, 0.1)}
    tables = [
        Drawn(world.set(name="one_2016"), values, "one nation from 2016"),
        Drawn(world.set(name="other_2016"), values, "one nation from 2016"),
        Drawn(world.set(name="one_2015"), values, "one nation from 2015"),
        Drawn(world.set(name="alone"), values),
    ]
    seen: dict[str, list[int]] = {}

    def look(plan: Any, job: Any, **_: Any) -> Any:
        for run in plan:
            seen.setdefault(run.scenario.rpartition("_row_")[0], []).append(run.seed)
        return iter(())

    how: dict[str, Any] = {"indicators": SERIES, "scale": 0.1, "seed": 1, "workers": 0, "failures": []}
    list(run_drawn(tables, channel.model(), executor=look, **how))
    assert seen["one_2016"] == seen["other_2016"]
    assert len({*seen["one_2016"], *seen["one_2015"], *seen["alone"]}) == 9


def test_weights_are_equal_where_there_is_no_past_and_no_pool_of_too_few_points_is_written(
    done: Across, folder: Path
) -> None:
    weights = pd.read_csv(folder / "tables" / WEIGHTS)
    assert (weights["weight"] == 0.5).all() and (weights["points"] == 0).all()
    assert not (folder / "runs" / POOL_FILE).exists(), "three points a series are too few for forecasts"
    added = pd.read_csv(folder / "tables" / ADDED)
    whole = added[added["by"] == "all"].set_index("member")
    assert set(whole.index) == {"model", SHARE_LAYER}
    assert (whole["points"] == len(PROVINCES) * len(SERIES)).all()
    scores = pd.read_csv(folder / "tables" / results.SCORES)
    pooled = scores[scores["forecaster"] == COMBINED]["crps_log"].mean()
    assert whole["crps_pool"].tolist() == pytest.approx([pooled, pooled], rel=1e-4)
