"""Points of a sweep: all combinations of a grid, one point in each stripe of a hypercube."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.sweeping.design import BASE, SweepPoints, design_of, point_name
from shaanxi_transfer.experiments.sweeping.options import SweepOptions
from shaanxi_transfer.scenarios import load

POINTS = 40


def test_a_grid_is_every_combination() -> None:
    levels = (("voucher_budget", (0.0, 2e7)), ("fund_size", (5e9, 1e10, 2e10)))
    design = design_of(levels, None, seed=1)
    assert len(design) == len(set(design)) == 6
    assert {point[0] for point in design} == {0.0, 2e7}


def test_each_stripe_of_a_hypercube_holds_one_point_of_each_lever() -> None:
    levels = (("voucher_budget", (0.0, 4e7)), ("fund_size", (5e9, 2e10)))
    design = np.array(design_of(levels, POINTS, seed=3))
    for column, (_, (low, high)) in zip(design.T, levels, strict=True):
        stripes = np.floor((column - low) / (high - low) * POINTS)
        # Four figures may carry a point that lies on the edge of its stripe into the next one.
        assert len(set(stripes)) >= POINTS - 2 and column.min() >= low and column.max() <= high
    assert design_of(levels, POINTS, seed=3) == design_of(levels, POINTS, seed=3)
    assert design_of(levels, POINTS, seed=3) != design_of(levels, POINTS, seed=4)


def test_a_point_is_the_scenario_with_its_levels_and_travels() -> None:
    plan = load("action_plan")
    points = SweepPoints(plan, ["voucher_budget", "fund_size"], [(0.0, 5e9), (4e7, 2e10)])
    assert list(points) == [BASE, point_name(1), point_name(2)] and len(points) == 3
    there = pickle.loads(pickle.dumps(points))
    assert there[point_name(2)].hash == plan.set(voucher_budget=4e7, fund_size=2e10).hash
    assert there[BASE].hash == plan.hash
    assert points.levels_of(BASE) == {"voucher_budget": 2e7, "fund_size": 1e10}
    for unknown in ("point_00003", "point_00000", "voucher"):
        with pytest.raises(KeyError):
            points[unknown]


def test_a_lever_alone_goes_between_its_bounds_in_a_hypercube() -> None:
    ((_, bounds),) = SweepOptions.from_words({"lever": ["创新券年度预算"], "points": 5}).levels
    assert bounds[0] < bounds[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "no lever is named"),
        ({"lever": "voucher_budjet=0,1"}, "voucher_budget"),
        ({"lever": "voucher_budget="}, "names no level"),
        ({"lever": "voucher_budget"}, "voucher_budget has no level"),
        ({"lever": "voucher_budget=0,much"}, "'much' is no level of voucher_budget"),
        ({"lever": "voucher_budget=0,nan"}, "'nan' is no level"),
        ({"lever": ["voucher_budget=0", "voucher_budget=1"]}, "'voucher_budget' is named twice"),
        ({"lever": "task_14=1"}, "'task_14' holds"),
        ({"lever": "voucher_budget=3,2,1", "points": 5}, "no two bounds"),
        ({"lever": "voucher_budget=2,1", "points": 5}, "no two bounds"),
        ({"lever": "voucher_budget=0,1", "points": 1}, "1 points cannot be spread"),
        ({"lever": "listing_of_idle_results", "points": 5}, "is a switch"),
        (
            {"lever": {"voucher_budget": list(range(101)), "fund_size": list(range(100))}},
            "10100 combinations",
        ),
    ],
)
def test_bad_input_is_one_line(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        _ = SweepOptions(**asked).levels
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_level_beyond_the_bounds_is_refused_with_the_lever() -> None:
    points = SweepPoints(load("action_plan"), ["voucher_budget"], [(0.0,), (6e8,)])
    with pytest.raises(InputError, match=r"voucher_budget=6e\+08: "):
        points.check()
