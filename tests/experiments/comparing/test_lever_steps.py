"""The way from one scenario to another: orders, worlds, and what is no way."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from shaanxi_transfer.engine.errors import InputError
from shaanxi_transfer.experiments.comparing.lever_steps import (
    END,
    PLAN,
    SAMPLED,
    START,
    LeverSteps,
    levers_between,
)
from shaanxi_transfer.scenarios import Scenario, load


def steps(base: str | Scenario, end: str | Scenario, runs: int = 4) -> LeverSteps:
    one, other = load(base), load(end)
    return LeverSteps(one, other, levers_between(one, other), 1, runs)


def test_a_way_moves_one_lever_at_a_time_and_arrives() -> None:
    way = steps("no_plan", "only_task_15")
    assert way.levers == ("training_seats", "transfer_posts", "practising_retention")
    for order in (PLAN, SAMPLED):
        for future in range(4):
            names = way.way(order, future)
            assert (names[0], names[-1], len(names)) == (START, END, 4)
            for before, after, lever in zip(names, names[1:], way.order(order, future), strict=False):
                moved = way[after].diff(way[before])
                assert set(moved["name"]) == {lever}
    assert way[END] is way.end and way[START] is way.base


def test_every_second_future_goes_backwards_and_pairs_go_their_own_ways() -> None:
    way = steps("no_plan", "action_plan")
    assert way.order(PLAN, 3) == way.levers
    for pair in (0, 1):
        assert way.order(SAMPLED, 2 * pair) == way.order(SAMPLED, 2 * pair + 1)[::-1]
    assert way.order(SAMPLED, 0) != way.order(SAMPLED, 2)
    assert sorted(way.order(SAMPLED, 0)) == sorted(way.levers)


@pytest.mark.parametrize(
    "changes", [{}, {"delay_quarters": 2, "scaled": {"money": 0.5}}, {"fund_size": {"2019-Q1": 8e9}}]
)
def test_all_levers_moved_are_the_end_also_if_the_plan_is_adjusted(changes: dict[str, Any]) -> None:
    end = load("action_plan").set(**changes, name="adjusted")
    for base in (load("no_plan"), load("action_plan+half_budget")):
        way = steps(base, end)
        assert way._after(way.levers, "all").hash == end.hash
        assert way._after((), "none").hash == base.hash


def test_the_plan_of_runs_names_each_world_of_a_future_once_and_survives_the_way_to_a_worker() -> None:
    way = steps("no_plan", "only_task_15")
    runs = way.plan()
    assert len(runs) == 4 * (2 + 2 * 2) == len({run.run_id for run in runs})
    assert {run.scenario for run in runs} == set(way) and len(way) == len(list(way))
    again = pickle.loads(pickle.dumps(way))
    assert again["plan-002"].hash == way["plan-002"].hash
    with pytest.raises(KeyError):
        way["plan-003"]
    assert "nowhere" not in way


@pytest.mark.parametrize(
    ("base", "end", "message"),
    [
        ("no_plan", "no_plan", r"^waterfall: 'no_plan' differs from 'no_plan' in no lever"),
        (
            "no_plan",
            load("action_plan").set(end="2021-Q4", name="longer"),
            r"^waterfall: 'longer' differs from 'no_plan' in more than levers: end",
        ),
        (
            "no_plan",
            load("action_plan").set(firm_margin=0.06, name="richer"),
            r"in more than levers: firm_margin",
        ),
        (load("no_plan").set(all="zero", name="zero"), "action_plan", r"'zero' takes all levers away"),
    ],
)
def test_what_is_no_way_is_refused(base: str | Scenario, end: str | Scenario, message: str) -> None:
    with pytest.raises(InputError, match=message):
        steps(base, end)
