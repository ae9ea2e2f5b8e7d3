"""Axes within declared bounds, packages by their names, and constraints that a search obeys."""

from __future__ import annotations

import pickle

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.effects.packages import ALL, NONE
from shaanxi_transfer.experiments.searching.search_space import STEPS, SearchSpace, axes_of
from shaanxi_transfer.scenarios import lever_catalogue, load


@pytest.fixture(scope="module")
def space() -> SearchSpace:
    return SearchSpace(load("action_plan"), axes_of(["task_22", "training_seats"]))


def test_axes_lie_within_the_declared_bounds_and_do_not_cut_what_is_paid() -> None:
    levers = lever_catalogue()
    for axis in axes_of(["all"]):
        lever = levers[axis.lever]
        assert min(lever.low, axis.without) <= axis.low <= axis.without <= axis.high == lever.high
        values = [axis.value(step) for step in range(min(axis.ends[0], 0), max(axis.ends[-1], 0) + 1)]
        assert values == sorted(values) and axis.value(0) == axis.without == lever.level_before
        assert all(axis.low <= value <= axis.high for value in values)
        if lever.in_money and lever.acts_with is None:
            assert axis.low == axis.without
    (listing,) = axes_of(["listing_of_idle_results"])
    assert listing.ends == (1,) and listing.value(1) == 1.0


def test_what_is_counted_is_whole() -> None:
    (seats,) = axes_of(["training_seats"])
    assert [seats.value(step) for step in (0, 1, 3, STEPS)] == [75.0, 89.0, 203.0, 1500.0]


def test_a_package_is_known_by_its_name_alone(space: SearchSpace) -> None:
    steps = [0] * len(space.axes)
    steps[0], steps[3], steps[-1] = 10, -4, 2
    name = space.name(steps)
    assert space.steps(name) == tuple(steps) and space.name(space.nothing) == NONE
    assert pickle.loads(pickle.dumps(space)) == space


def test_a_package_is_the_scenario_with_its_levers_and_no_other(space: SearchSpace) -> None:
    place = [axis.lever for axis in space.axes].index("voucher_budget")
    steps = tuple(4 if place == one else 0 for one in range(len(space.axes)))
    built, mine = space[space.name(steps)], load("no_plan").set(voucher_budget=8e7)
    assert built.quarterly_lever_paths()["voucher_budget"].tolist() == (
        mine.quarterly_lever_paths()["voucher_budget"].tolist()
    )
    assert space[ALL].levers == load("action_plan").levers and space[NONE].hash == load("no_plan").hash


def test_constraints_and_partners_are_obeyed(space: SearchSpace) -> None:
    names = [axis.lever for axis in space.axes]

    def package(**steps: int) -> tuple[int, ...]:
        return tuple(steps.get(name, 0) for name in names)

    assert space.allowed(package(voucher_budget=10, voucher_face_value=10))
    assert not space.allowed(package(voucher_face_value=10)), "without a budget it acts on nothing"
    dear = space.scenario.set(parameters={"broker_fee_share": 0.05})
    rights = SearchSpace(dear, axes_of(["inventor_share_university"]))
    assert not rights.allowed((STEPS,)) and rights.allowed((STEPS - 1,)), "a broker's fee is left"


def test_a_name_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="voucher_budget"):
        axes_of(["voucher_budgt"])
