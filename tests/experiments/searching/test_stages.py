"""Searches of which the best package is known: costs and gains of few levers, and luck of futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from shaanxi_transfer.experiments.effects.packages import ALL, NONE
from shaanxi_transfer.experiments.searching.outcomes import Outcome, Wish, nondominated
from shaanxi_transfer.experiments.searching.search_space import STEPS, SearchSpace, axes_of
from shaanxi_transfer.experiments.searching.stages import (
    CHEAPEST,
    FEW,
    OUT_OF_REACH,
    WITHOUT,
    Found,
    find,
)
from shaanxi_transfer.scenarios import load

LEVERS = ("voucher_budget", "training_seats", "publicity", "pilot_grants", "northwest_centre")
LEVERS_IN_ORDER = ("pilot_grants", "northwest_centre", "training_seats", "voucher_budget", "publicity")
GAIN = (0.0, 3.0, 4.0, 6.0, 1.0)
COST = (1.0, 1.0, 2.0, 6.0, 4.0)
"""At a lever's upper bound; a step has its square of both. Pilot grants cost, and do nothing."""

RUNS = 30


class StandIn(SearchSpace):
    """The levers of the plan, without building their scenarios."""

    def allowed(self, steps: Sequence[int]) -> bool:
        """Refuse training beside publicity, as if they excluded each other."""
        moved = self.moved(steps)
        return not ("training_seats" in moved and "publicity" in moved)


class Analytic:
    """What packages come to, by a formula; counts what it is asked."""

    def __init__(self, space: SearchSpace, needed: float, spread: float = 1.0) -> None:
        self.space, self.needed, self.spread = space, needed, spread
        self.asked: list[tuple[str, int]] = []

    def shares(self, name: str) -> np.ndarray:
        steps = self.space.nothing if name in (NONE, ALL) else self.space.steps(name)
        return np.array([(step / STEPS) ** 2 if step > 0 else 0.0 for step in steps])

    def __call__(self, packages: Sequence[str], futures: Sequence[int]) -> dict[str, Outcome]:
        self.asked += [(name, future) for name in packages for future in futures]
        luck = np.array([np.random.default_rng(future).normal() for future in futures]) * self.spread
        found = {}
        for name in packages:
            share = self.shares(name)
            levels = (share @ GAIN[: len(share)] + luck) / self.needed
            net = float(share @ COST[: len(share)])
            found[name] = Outcome(name, levels[:, None], net, net)
        return found


@pytest.fixture(scope="module")
def space() -> SearchSpace:
    return StandIn(load("action_plan"), axes_of(LEVERS))


def _wish(chance: float = 0.9, budget: float | None = None, tried: int = 160) -> Wish:
    return Wish(chance, budget, RUNS, tried, seed=4)


def _cheapest(judge: Analytic, wish: Wish) -> float:
    """Try every package of the levers that are worth anything, in both lots of futures."""
    steps = range(STEPS + 1)
    share = (np.array(np.meshgrid(steps, steps, steps)).reshape(3, -1) / STEPS) ** 2
    gain, cost = (np.array(one)[1:4] @ share for one in (GAIN, COST))
    holds = np.ones(len(cost), dtype=bool)
    for futures in (range(RUNS), range(RUNS, 2 * RUNS)):
        luck = np.array([np.random.default_rng(future).normal() for future in futures])
        holds &= ((gain[:, None] + luck) >= judge.needed).mean(axis=1) >= wish.chance - 1e-9
    return float(cost[holds].min())


def _found(space: SearchSpace, needed: float, wish: Wish, spread: float = 1.0) -> tuple[Found, Analytic]:
    judge = Analytic(space, needed, spread)
    return find(space, judge, wish), judge


def test_axes_follow_the_plan_and_not_the_order_of_asking(space: SearchSpace) -> None:
    assert tuple(axis.lever for axis in space.axes) == LEVERS_IN_ORDER


@pytest.mark.parametrize("needed", [5.0, 9.0])
def test_the_planted_optimum_is_found_and_confirmed_in_fresh_futures(
    space: SearchSpace, needed: float
) -> None:
    found, judge = _found(space, needed, _wish())
    assert found.answer == CHEAPEST
    best = _cheapest(judge, _wish())
    assert 0.999 * best <= found.confirmed[found.package].net <= 1.1 * best, "the grid's own, but for a step"
    moved = space.moved(space.steps(found.package))
    assert "northwest_centre" in moved and not {"pilot_grants", "publicity"} & set(moved)
    assert found.touching == LEVERS_IN_ORDER[1:], "what does nothing is not searched"
    assert found.confirmed[found.package].chance >= 0.9
    fresh = {name for name, future in judge.asked if future >= RUNS}
    assert fresh == set(found.confirmed) and found.package in fresh
    assert max(future for _, future in judge.asked) == 2 * RUNS - 1


def test_few_futures_for_many_packages_and_all_for_the_promising(space: SearchSpace) -> None:
    found, judge = _found(space, 9.0, _wish())
    often = {name for name, future in judge.asked if FEW <= future < RUNS}
    assert len(often) <= 18 < found.tried
    excluded = [space.steps(name) for name, _ in judge.asked if name not in (NONE, ALL)]
    assert all(space.allowed(steps) for steps in excluded), "constraints are obeyed"


def test_out_of_reach_names_the_best_that_can_be_had(space: SearchSpace) -> None:
    found, _ = _found(space, 16.0, _wish())
    assert found.answer == OUT_OF_REACH
    best = found.confirmed[found.package]
    assert best.chance < 0.9
    assert max(found.searched.values(), key=lambda one: one.score).package == found.package
    moved = space.moved(space.steps(found.package))
    assert set(moved) == {"northwest_centre", "training_seats", "voucher_budget"}
    assert all(space.axes[place].high == moved[space.axes[place].lever] for place in (1, 2, 3))
    assert set(found.further.values()) == {found.package}, "all stand at their bounds"


def test_a_budget_may_put_it_out_of_reach(space: SearchSpace) -> None:
    found, _ = _found(space, 9.0, _wish(budget=3.0))
    assert found.answer == OUT_OF_REACH and found.confirmed[found.package].net <= 3.0


def test_met_without_any_lever_searches_nothing(space: SearchSpace) -> None:
    found, judge = _found(space, 0.1, _wish(chance=0.4))
    assert (found.answer, found.package, found.tried) == (WITHOUT, NONE, 2)
    assert {name for name, _ in judge.asked} == {NONE, ALL}


def test_goals_that_no_lever_touches_are_out_of_reach_at_once(space: SearchSpace) -> None:
    idle = StandIn(space.scenario, space.axes[:1])
    found, _ = _found(idle, 9.0, _wish())
    assert (found.answer, found.package, found.touching) == (OUT_OF_REACH, NONE, ())


def test_more_of_a_saturated_lever_brings_nothing_visible(space: SearchSpace) -> None:
    class Capped(Analytic):
        """Training is worth four times as much, and nothing beyond its fifth step."""

        def __call__(self, packages: Sequence[str], futures: Sequence[int]) -> dict[str, Outcome]:
            found = super().__call__(packages, futures)
            for name, outcome in found.items():
                share = self.shares(name)[2]
                more = GAIN[2] * (4.0 * min(share, 0.25) - share) / self.needed
                found[name] = Outcome(name, outcome.levels + more, outcome.net, outcome.gross)
            return found

    found = find(space, Capped(space, 4.5), _wish())
    assert found.answer == CHEAPEST and space.steps(found.package)[2] == 5
    assert found.saturated == ("training_seats",)
    assert found.further["training_seats"] != found.package


def test_the_same_seed_asks_the_same_and_another_one_other_packages(space: SearchSpace) -> None:
    def asked(seed: int) -> list[tuple[str, int]]:
        judge = Analytic(space, 9.0)
        find(space, judge, Wish(0.9, None, RUNS, 80, seed))
        return judge.asked

    assert asked(4) == asked(4) != asked(5)


def test_a_front_costs_more_for_more(space: SearchSpace) -> None:
    def outcome(name: str, met: int, net: float) -> Outcome:
        levels: Mapping[bool, float] = {True: 1.0, False: 0.5}
        return Outcome(name, np.array([[levels[future < met]] for future in range(10)]), net, net)

    all_ = [outcome("a", 0, 0.0), outcome("b", 5, 2.0), outcome("c", 5, 3.0), outcome("d", 9, 2.5)]
    assert [one.package for one in nondominated(all_)] == ["a", "b", "d"]
