"""What is varied, and what each point of a design becomes as a scenario."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.planning.factors import choose_factors
from shaanxi_transfer.experiments.running.design_points import (
    DESIGN,
    Design,
    DesignScenarios,
    point_name,
    point_number,
    read_design,
)
from shaanxi_transfer.scenarios import Scenario, lever_catalogue, load, quantile


def scenarios_of(base: Scenario, over: str, shares: Any, only: list[str] | None = None) -> DesignScenarios:
    factors = choose_factors(base, over, only)
    table = np.broadcast_to(np.asarray(shares, dtype=float), (np.shape(shares)[0], len(factors)))
    return DesignScenarios(base, factors, Design(tuple(factor.name for factor in factors), table.copy()))


def test_only_what_is_not_fixed_is_a_factor() -> None:
    plan = load("action_plan")
    factors = choose_factors(plan, "both")
    levers = {factor.name for factor in factors if factor.kind == "lever"}
    assert levers == {name for name, lever in lever_catalogue().items() if lever.changes}
    uncertain = {name for name, one in plan.parameter_table().items() if one.distribution != "fixed"}
    assert {factor.name for factor in factors if factor.kind == "uncertainty"} == uncertain
    assert len({factor.name for factor in factors}) == len(factors)
    held = plan.set(firm_size_ln_sd=1.5)
    assert "firm_size_ln_sd" not in {factor.name for factor in choose_factors(held, "uncertainties")}
    assert [factor.task for factor in choose_factors(load("only_task_21"), "levers")] == ["task_21"] * 4


def test_the_ends_of_every_lever_are_the_world_without_the_plan_and_the_scenario() -> None:
    for name in ("action_plan", "action_plan+half_budget", "action_plan+delayed_two_years"):
        base = load(name)
        points = scenarios_of(base, "levers", [[0.0], [1.0], [0.5]])
        without = load("no_plan").quarterly_lever_paths()
        none, whole, half = (points[point_name(point)].quarterly_lever_paths() for point in range(3))
        for lever, path in base.quarterly_lever_paths().items():
            assert np.array_equal(none[lever], without[lever]), lever
            assert np.array_equal(whole[lever], path), lever
            if lever_catalogue()[lever].unit != "switch":
                assert half[lever] == pytest.approx((none[lever] + whole[lever]) / 2), lever


def test_numbers_and_dated_paths_are_moved_as_far() -> None:
    base = load("action_plan").set(
        fund_size=7e9, training_seats=252, voucher_budget={"2019-Q1": 2e7, "2020-Q1": 4e7}
    )
    points = scenarios_of(base, "levers", [[0.5], [1.0], [0.001]])
    half = points[point_name(0)]
    assert half.levers["fund_size"] == 6e9
    assert half.levers["training_seats"] == 164.0  # people are whole: 75 + 88.5, rounded
    assert half.levers["voucher_budget"] == {"2019-Q1": 1e7, "2020-Q1": 2e7}
    assert points[point_name(1)].levers["voucher_budget"] == base.levers["voucher_budget"]
    assert points[point_name(2)].levers["voucher_budget"] == {"2019-Q1": 0.0, "2020-Q1": 0.0}


def test_a_switch_is_on_from_a_half() -> None:
    points = scenarios_of(load("action_plan"), "levers", [[0.49], [0.5]])
    choices = [points[name].quarterly_lever_paths()["listing_of_idle_results"][-1] for name in points]
    assert choices == [0.0, 1.0]


def test_parameters_keep_the_distribution_that_they_declare() -> None:
    base = load("action_plan")
    points = scenarios_of(base, "uncertainties", [[0.0], [0.05], [0.5], [0.95], [1.0]])
    table = base.parameter_table()
    for point, share in enumerate((0.05, 0.5, 0.95), start=1):
        scenario = points[point_name(point)]
        assert scenario.parameters == {
            name: quantile(table[name], share) for name in points[point_name(0)].parameters
        }
        assert scenario.levers == base.levers
    assert points[point_name(0)].name == "point-000000"
    assert points[point_name(4)].parameters["firm_size_ln_sd"] == pytest.approx(1.9, abs=1e-5)


def test_points_are_built_one_by_one_and_travel_as_numbers() -> None:
    random = np.random.default_rng(1)
    base = load("action_plan")
    factors = choose_factors(base, "both")
    design = Design(tuple(factor.name for factor in factors), random.random((2_000, len(factors))))
    points = DesignScenarios(base, factors, design)
    sent = pickle.dumps(points)
    assert len(sent) < 1.05 * design.shares.nbytes + 100_000
    again = pickle.loads(sent)
    assert again["point-001999"] == points["point-001999"]
    assert len(points) == 2_000 and next(iter(points)) == "point-000000"
    for name in ("point-002000", "point-1", "action_plan", "point-0000000"):
        with pytest.raises(KeyError):
            points[name]


def test_a_design_comes_back_from_its_file_in_order(tmp_path: Path) -> None:
    design = Design(("a", "b"), np.random.default_rng(2).random((7, 2)))
    file = design.write(tmp_path)
    assert read_design(tmp_path).checksum == design.checksum
    import pandas as pd

    frame = pd.read_parquet(file)
    frame.sample(frac=1.0, random_state=1).to_parquet(file)
    assert read_design(tmp_path).checksum == design.checksum
    for spoilt in (frame.drop(index=3), pd.concat([frame, frame.head(1)])):
        spoilt.to_parquet(file)
        with pytest.raises(InputError, match="missing or stand there twice"):
            read_design(tmp_path)
    (tmp_path / DESIGN).write_bytes(b"no table")
    with pytest.raises(InputError, match="no design can be read"):
        read_design(tmp_path)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, 1.1])
def test_a_design_holds_shares_alone(wrong: float) -> None:
    shares = np.full((3, 2), 0.5)
    shares[1, 1] = wrong
    with pytest.raises(InputError, match=r"b is .* at point 1; allowed numbers from 0 to 1"):
        Design(("a", "b"), shares)


@pytest.mark.parametrize(("name", "number"), [("point-000012", 12), ("point-1234567", 1234567)])
def test_points_are_known_by_their_names(name: str, number: int) -> None:
    assert point_number(name) == number
    assert point_name(number) == name
