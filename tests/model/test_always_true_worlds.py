"""Worlds with one seed: the same history, the same luck, and no difference but the policy's."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.rules_by_name import rule_called
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.scenarios import Scenario, load
from shaanxi_transfer.scenarios.choosing.catalogue import lever_catalogue

Same = Callable[[Record, Record], None]
UpTo = Callable[[Record, str], Record]
OfYear = Callable[[Record, str, int], float]

SEEDS = range(100, 116)
SCALE = 0.03
TRIED = [*lever_catalogue()][:: 1 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 2]
"""Levers; `make soak` tries every one."""

Pairs = dict[int, dict[str, Record]]


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """The two worlds of some futures; what they share is lived without the plan."""
    worlds = [load("no_plan"), load("action_plan")]
    records = {seed: run_together(worlds, seed=seed, scale=SCALE) for seed in SEEDS}
    return {seed: {"no_plan": one, "action_plan": two} for seed, (one, two) in records.items()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_history_is_one_and_the_same_up_to_the_plan(
    seed: int, pairs: Pairs, same_record: Same, up_to: UpTo
) -> None:
    with_the_plan = run(load("action_plan"), seed=seed, scale=SCALE)  # by itself, its history too
    nothing = pairs[seed]["no_plan"]
    same_record(up_to(nothing, "2018-Q1"), up_to(with_the_plan, "2018-Q1"))
    assert nothing.values.tobytes() != with_the_plan.values.tobytes(), "the plan must change something"


def test_moving_the_plan_moves_the_parting_of_the_worlds(same_record: Same, up_to: UpTo) -> None:
    early = {"plan_start": "2012-Q3", "end": "2013-Q4"}
    one, two = (run(load(name).set(**early), seed=9, scale=SCALE) for name in ("no_plan", "action_plan"))
    same_record(up_to(one, "2012-Q2"), up_to(two, "2012-Q2"))
    assert one.values.tobytes() != two.values.tobytes()


def test_a_run_that_ends_earlier_is_the_beginning_of_a_longer_one(same_record: Same, up_to: UpTo) -> None:
    short = run(load("action_plan").set(end="2011-Q3"), seed=4, scale=0.02)
    longer = run(load("action_plan").set(end="2012-Q4"), seed=4, scale=0.02)
    same_record(short, up_to(longer, "2011-Q3"))


@pytest.mark.slow
def test_all_levers_at_no_plan_are_no_plan(pairs: Pairs, same_record: Same) -> None:
    same_record(pairs[100]["no_plan"], run(load("action_plan").set(all="no_plan"), seed=100, scale=SCALE))


@pytest.mark.slow
def test_every_lever_by_itself_at_its_no_plan_value_changes_no_digit(pairs: Pairs, same_record: Same) -> None:
    choices = {name: "no_plan" for name in lever_catalogue()}
    same_record(pairs[101]["no_plan"], run(load("action_plan").set(**choices), seed=101, scale=SCALE))


def test_all_levers_at_zero_are_nothing(same_record: Same) -> None:
    nothing = run(load("nothing"), seed=100, scale=0.02)
    same_record(nothing, run(load("action_plan").set(all="zero"), seed=100, scale=0.02))


# These two worlds are run apart: run together, they would share by construction what is claimed to be equal.
NOT_STARTED = load("no_plan").set(plan_start="2010-Q2", end="2011-Q1")


@pytest.fixture(scope="module")
def before_any_lever() -> Record:
    return run(NOT_STARTED, seed=6, scale=0.01)


@pytest.mark.parametrize("name", TRIED)
def test_a_lever_that_has_not_started_changes_no_digit(
    name: str, before_any_lever: Record, same_record: Same, up_to: UpTo
) -> None:
    lever = lever_catalogue()[name]
    other = lever.high if lever.high != lever.no_plan else lever.low
    late = run(NOT_STARTED.set(**{name: {"2011-Q1": other}}), seed=6, scale=0.01)
    same_record(up_to(before_any_lever, "2010-Q4"), up_to(late, "2010-Q4"))


def moved_alone(base: Scenario, name: str, choice: str) -> Scenario:
    """The scenario with one lever elsewhere: as chosen, or at an end if that asks for no change."""
    lever = lever_catalogue()[name]
    moved = base.set(**{name: choice})
    if (moved.lever_paths()[name] == base.lever_paths()[name]).all():
        moved = base.set(**{name: lever.high if lever.high != lever.plan else lever.low})
    return moved


@pytest.fixture(scope="module")
def changed() -> dict[str, set[str]]:
    """By lever, the indicators that it changes; a lever is tried until its own is among them.

    Moved by itself, or taken out of the whole plan, because some levers need another one to act.
    """
    levers = {name: lever_catalogue()[name] for name in TRIED}
    found: dict[str, set[str]] = {name: set() for name in levers}
    for world, choice in (("no_plan", "plan"), ("action_plan", "no_plan")):
        base = load(world).set(plan_start="2016-Q2", end="2018-Q4")
        for seed in (1, 2, 3):
            left = [name for name in levers if levers[name].indicator not in found[name]]
            others = [moved_alone(base, name, choice) for name in left]
            one, *records = run_together([base, *others], seed=seed, scale=0.02)
            for name, two in zip(left, records, strict=True):
                differs = (one.values != two.values).any(axis=0)
                found[name] |= {i for i, does in zip(one.indicators, differs, strict=True) if does}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", TRIED)
def test_a_lever_moves_its_own_indicator(name: str, changed: dict[str, set[str]]) -> None:
    lever = lever_catalogue()[name]
    indicator = str(lever.indicator)
    if (
        rule_called(str(lever.rule)) is None
        or indicator not in INDICATORS
        or not INDICATORS[indicator].modelled
    ):
        pytest.skip(f"not modelled yet: {lever.rule} or {indicator}")
    assert indicator in changed[name]


@pytest.mark.slow
def test_paired_differences_vary_less_than_a_tenth_of_unpaired_ones(
    pairs: Pairs, headline: tuple[str, ...], of_year: OfYear
) -> None:
    ratios = {}
    for name in headline:
        one, two = (
            np.array([of_year(worlds[world], name, 2020) for worlds in pairs.values()])
            for world in ("no_plan", "action_plan")
        )
        unpaired = float(one.var(ddof=1) + two.var(ddof=1))
        if two.mean() > 1.5 * one.mean():
            continue  # the plan makes so much of it anew that the other world has no such luck
        if unpaired > 0.0:
            ratios[name] = float((two - one).var(ddof=1)) / unpaired
    assert len(ratios) >= 5
    too_much = {name: round(ratio, 3) for name, ratio in ratios.items() if ratio >= 0.1}
    assert not too_much, f"of {ratios}"
