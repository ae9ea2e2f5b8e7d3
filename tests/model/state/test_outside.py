from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.markets.demand import asked_at
from shaanxi_transfer.model.province import Province
from shaanxi_transfer.model.state.outside import OutsideWorld, outside_world
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.choosing.pack_years import shipped_years

FIRST_YEAR, LAST_OBSERVED = shipped_years().first_read, shipped_years().last
SEEDS = range(400)


def world(scenario: Scenario, seed: int) -> OutsideWorld:
    return outside_world(scenario, scenario.pack(), scenario.parameter_draws(seed), seed)


def test_observed_years_are_those_of_the_pack_in_every_future() -> None:
    scenario = load("no_plan")
    research = scenario.pack().series_of("rd_expenditure", "province")
    nation, own = (
        scenario.pack().series_of("contract_count_output", scope) for scope in ("china", "province")
    )
    for seed in (1, 2):
        outside = world(scenario, seed)
        for year in range(2010, LAST_OBSERVED + 1):
            assert outside.level("rd", year) == pytest.approx(research[year], rel=1e-12)
            if year in nation and year in own:
                elsewhere = nation[year] - own[year]
                assert outside.level("national_count", year) == pytest.approx(elsewhere, rel=1e-12)


def test_both_worlds_of_a_future_have_one_outside() -> None:
    one, two = (world(load(name), 9) for name in ("no_plan", "action_plan"))
    assert one.paths.keys() == two.paths.keys()
    for name, path in one.paths.items():
        assert path.tobytes() == two.paths[name].tobytes()


def test_later_parameters_do_not_move_history_and_no_draw_follows_the_centre() -> None:
    centre = load("no_plan").set(draw_outside=False, draw_parameters=False)
    one, two = world(centre, 1), world(centre, 2)
    for name, path in one.paths.items():
        assert path.tobytes() == two.paths[name].tobytes(), name
        assert (path > 0.0).all() and np.isfinite(path).all()


def test_uncertainty_after_2017_is_what_the_parameters_say() -> None:
    scenario = load("no_plan").set(draw_parameters=False, national_forecast=0.0)
    values = scenario.parameter_centrals()
    logs = np.array([np.log(world(scenario, seed).paths["national_count"]) for seed in SEEDS])
    growth = np.diff(logs, axis=1)
    after = LAST_OBSERVED + 1 - FIRST_YEAR
    assert logs[:, after - 1].std() < 1e-12
    drift, shock = values["drift_sd_national_count"], values["shock_sd_national_count"]
    error = 4.0 / np.sqrt(2 * len(SEEDS))
    assert growth[:, after - 1].std() == pytest.approx(np.hypot(drift, shock), rel=error)
    # Three years on: the drift is one draw for all years, the shocks are new each year.
    three = logs[:, after + 2] - logs[:, after - 1]
    assert three.std() == pytest.approx(np.sqrt((3 * drift) ** 2 + 3 * shock**2), rel=error)


def test_values_between_years_lie_on_the_log_line() -> None:
    outside = world(load("no_plan"), 1)
    assert outside.between("rd", 2015.5) == pytest.approx(outside.level("rd", 2015))
    middle = np.sqrt(outside.level("rd", 2015) * outside.level("rd", 2016))
    assert outside.between("rd", 2016.0) == pytest.approx(middle)
    dates = np.linspace(2010.0, 2020.9, 200)
    path = [outside.between("national_count", float(date)) for date in dates]
    assert np.abs(np.diff(np.log(path))).max() < 0.05, "no jump between quarters"


def test_paths_of_different_names_are_drawn_apart() -> None:
    scenario = load("no_plan").set(draw_parameters=False)
    ends = np.array([[np.log(world(scenario, seed).level(name, 2020)) for name in ("rd", "national_mean")]
                     for seed in SEEDS])  # fmt: skip
    assert abs(np.corrcoef(ends.T)[0, 1]) < 4.0 / np.sqrt(len(SEEDS))
    assert luck.key_of("outside path", "rd") != luck.key_of("outside path", "national_mean")


def test_what_is_drawn_after_2017_leaves_2017_alone() -> None:
    pack = load("no_plan").pack()
    values = load("no_plan").parameter_centrals()
    one, two = (outside_world(load("no_plan"), pack, values, seed) for seed in (1, 2))
    assert one.level("rd", 2019) != two.level("rd", 2019)
    for name in ("national_count", "national_mean", "rd", "output"):
        for date in (2017.1, 2017.6, 2017.99):
            assert one.between(name, date) == two.between(name, date)
        assert one.between(name, 2018.1) != two.between(name, 2018.1)


# ---- purchases that follow the market ----------------------------------------------


def registered_imports_over_the_nations(follow: float) -> list[float]:
    """What is bought elsewhere and entered, over what all others sell, at four dates; without R&D in it."""
    world = load("no_plan").set(
        draw_outside=False,
        draw_parameters=False,
        belief="prior",
        national_forecast=0.0,
        imports_follow_market=follow,
        need_count_elasticity=0.0,
    )
    province = Province(world, seed=1, scale=0.01)
    found = []
    for step in (0, 12, 24, 40):
        now = province.at(step)
        policy = {"laboratory_shift": 0.0, "outside_demand_gain": 0.0}
        asked = asked_at(now.date, province.outside, {**province.values, **policy})
        entered = asked.local * asked.destination_cumulative[0] * now.coverage_of_imports
        found.append(entered / province.outside.between("national_count", now.date))
    return found


def test_what_is_bought_and_registered_follows_what_is_registered_elsewhere() -> None:
    first, *later = registered_imports_over_the_nations(1.0)
    assert later == pytest.approx([first] * 3, rel=1e-12)
    first, *later = registered_imports_over_the_nations(0.0)
    assert abs(later[-1] / first - 1.0) > 0.1


def test_no_year_of_a_regime_is_left_in_the_coverage_of_imports() -> None:
    still = load("no_plan").set(draw_parameters=False)
    values = still.parameter_centrals()
    for until in (2013, 2017):
        path = world(still.set(outside={"observed_until": until}), 1).paths["coverage_elsewhere"]
        assert path == pytest.approx(values["registration_elsewhere_2017"], rel=1e-12)


def test_the_nations_research_has_what_the_luck_of_provinces_has_in_common() -> None:
    scenarios = [
        load("no_plan").set(province=name, draw_parameters=False, belief="prior", name="no_plan")
        for name in ("shaanxi", "gansu", "hubei")
    ]
    values = scenarios[0].parameter_centrals()
    steps = np.array(
        [[np.diff(np.log([outside.level(name, year) for year in (2017, 2018)]))[0]
          for one in scenarios for outside in [outside_world(one, one.pack(), values, seed)]
          for name in ("national_rd", "rd")] for seed in SEEDS]
    )  # fmt: skip
    nation, own = steps[:, ::2], steps[:, 1::2]
    assert nation == pytest.approx(np.repeat(nation[:, :1], 3, axis=1), rel=1e-9), "one nation for all"
    common = values["common_luck_rd"]
    error = 4.0 / np.sqrt(2 * len(SEEDS))
    assert nation[:, 0].std() / own[:, 0].std() == pytest.approx(np.sqrt(common), rel=error)
    # A province's own share of research moves by what is its own: the nation's part drops out.
    share = own[:, 0] - nation[:, 0]
    assert share.std() / own[:, 0].std() == pytest.approx(np.sqrt(1.0 - common), rel=error)


def test_a_stated_nation_is_divided_as_in_the_last_known_year(tmp_path: Path) -> None:
    head = "province,province_zh,year,indicator,value,unit,source"
    file = tmp_path / "nation.csv"
    row = "china,全国,2018,contract_count_output,400000,contracts,made up"
    file.write_text(f"{head}\n{row}\n", encoding="utf-8")
    scenario = load("no_plan").set(draw_parameters=False, outside={"file": str(file)})
    pack = scenario.pack()
    nation, own = (pack.series_of("contract_count_output", scope) for scope in ("china", "province"))
    for until in (2013, 2017):
        found = world(scenario.set(outside={"observed_until": until}), 1).level("national_count", 2018)
        assert found == pytest.approx(400_000 * (1.0 - own[until] / nation[until]), rel=1e-12)
