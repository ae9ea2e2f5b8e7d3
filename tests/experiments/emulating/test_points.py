"""Designs of levers: inside the bounds, in each plan, and never against what levers' files declare."""

from __future__ import annotations

import numpy as np
import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.effects.packages import NONE
from shaanxi_transfer.experiments.emulating.carry_out import columns_of
from shaanxi_transfer.experiments.emulating.options import EmulationOptions
from shaanxi_transfer.experiments.emulating.points import (
    EmulatedPoints,
    axis_of,
    design_of,
    level_of,
    share_of,
)
from shaanxi_transfer.scenarios import load

PLAN = load("action_plan")
PLANS = (PLAN, PLAN.set(all="no_plan", name=NONE))


def test_points_lie_inside_the_bounds_and_in_both_plans() -> None:
    axes = [axis_of(name, PLANS) for name in ("fund_size", "training_seats")]
    design = design_of(axes, PLANS, 40, 20, 1)
    assert (len(design.fitted), len(design.held_back)) == (40, 20)
    assert {point.plan for point in design.fitted} == {0, 1}
    where = columns_of(axes, 2, design.fitted)
    assert np.abs(where).max() <= 1.0 and where[:, :2].min(axis=0).max() < -0.9
    assert all(level % 1 == 0 for point in design.fitted for level in point.levels[1:]), "seats are whole"
    assert not set(design.fitted) & set(design.held_back)
    world = EmulatedPoints(PLANS, axes, design)["test_00003"]
    assert world.quarterly_lever_paths()["fund_size"][-1] == design.held_back[2].levels[0]


@pytest.mark.parametrize("share", [-1.0, -0.3, 0.0, 0.25, 1.0])
def test_a_share_of_the_way_and_its_level_are_one_another(share: float) -> None:
    axis = axis_of("inventor_share_university", PLANS)
    assert share_of(axis, level_of(axis, share)) == pytest.approx(share, abs=2e-3)


def test_levers_that_contradict_each_other_are_not_drawn_together() -> None:
    axes = [axis_of(name, PLANS) for name in ("voucher_budget", "voucher_face_value")]
    for point in design_of(axes, PLANS, 60, 20, 1).fitted:
        budget, face = point.levels
        assert face <= budget or budget == 0.0


def test_what_has_no_way_to_go_gets_no_slider() -> None:
    with pytest.raises(InputError, match="lever: listing_of_idle_results is a switch"):
        axis_of("listing_of_idle_results", PLANS)
    with pytest.raises(InputError, match="voucher_budget"):
        EmulationOptions(lever="voucher_budjet")
    with pytest.raises(InputError, match="'voucher_budget' is named twice"):
        EmulationOptions(lever="voucher_budget,voucher_budget")
    with pytest.raises(InputError, match="9 futures have no deciles; allowed 10 or more"):
        EmulationOptions(runs=9)
    with pytest.raises(InputError, match="tests: 3 points are no design"):
        EmulationOptions(tests=3)
