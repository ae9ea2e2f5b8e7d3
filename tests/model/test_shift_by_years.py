"""No rule knows a year: a pack whose dates are all three years later gives the same run three years later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shaanxi_transfer.model.running import run
from shaanxi_transfer.scenarios import Scenario, load

from .shifted_pack import later, shifted_pack

YEARS = 3


def both(name: str, province: str, folder: Path) -> tuple[Scenario, Scenario]:
    """Give a scenario in a province of the package, and in the pack that is later by `YEARS`."""
    here = load(name).set(province=province, belief="prior", name=name)
    moved = shifted_pack(province, YEARS, folder)
    return here, load(name).set(province=str(moved), belief="prior", name=name)


def check_runs(here: Scenario, there: Scenario, seed: int, scale: float) -> None:
    one, other = (run(world, seed=seed, scale=scale) for world in (here, there))
    assert [later(str(quarter), YEARS) for quarter in one.quarters] == [str(each) for each in other.quarters]
    assert one.indicators == other.indicators
    unlike = [
        name
        for column, name in enumerate(one.indicators)
        if not np.array_equal(one.values[:, column], other.values[:, column], equal_nan=True)
    ]
    assert unlike == []


def test_a_pack_takes_the_time_of_a_scenario_with_it(tmp_path: Path) -> None:
    here, there = both("action_plan", "shaanxi", tmp_path)
    for field in ("start", "plan_start", "end"):
        assert getattr(there, field) == later(getattr(here, field), YEARS)
    assert there.outside.observed_until == here.outside.observed_until + YEARS
    for name, path in here.quarterly_lever_paths().items():
        assert path.tobytes() == there.quarterly_lever_paths()[name].tobytes(), name


def test_a_pack_three_years_later_gives_the_same_run_three_years_later(tmp_path: Path) -> None:
    check_runs(*both("action_plan_managed", "shaanxi", tmp_path), seed=1, scale=0.02)


@pytest.mark.soak
@pytest.mark.parametrize("province", ["shaanxi", "xizang"])
@pytest.mark.parametrize("name", ["no_plan", "action_plan", "action_plan_managed", "nothing"])
def test_the_same_in_larger_runs(name: str, province: str, tmp_path: Path) -> None:
    here, there = both(name, province, tmp_path)
    for seed in (1, 2, 3):
        check_runs(here, there, seed, scale=0.2)
    monthly = [world.set(steps_per_year=12) for world in (here, there)]
    check_runs(monthly[0], monthly[1], 4, scale=0.05)
