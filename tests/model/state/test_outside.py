from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.engine import luck
from shaanxi_transfer.model.state.outside import FIRST_YEAR, LAST_OBSERVED, OutsideWorld, outside_world
from shaanxi_transfer.scenarios import Scenario, load

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
    scenario = load("no_plan").set(draw_parameters=False)
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
