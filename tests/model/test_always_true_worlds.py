"""Worlds with one seed: the same history, the same luck, and no difference but the policy's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from shaanxi_transfer.model import run
from shaanxi_transfer.model.indicators import INDICATORS
from shaanxi_transfer.model.record import Record
from shaanxi_transfer.model.rules_by_name import rule_called
from shaanxi_transfer.scenarios import load
from shaanxi_transfer.scenarios.choosing.catalogue import lever_catalogue

Same = Callable[[Record, Record], None]
UpTo = Callable[[Record, str], Record]
OfYear = Callable[[Record, str, int], float]

SEEDS = range(100, 120)
SCALE = 0.03

Pairs = dict[int, dict[str, Record]]


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """The two worlds of some futures."""
    worlds = {name: load(name) for name in ("no_plan", "action_plan")}
    return {
        seed: {name: run(scenario, seed=seed, scale=SCALE) for name, scenario in worlds.items()}
        for seed in SEEDS
    }


@pytest.mark.slow
def test_history_is_one_and_the_same_up_to_the_plan(pairs: Pairs, same_record: Same, up_to: UpTo) -> None:
    for worlds in pairs.values():
        one, two = worlds["no_plan"], worlds["action_plan"]
        same_record(up_to(one, "2018-Q1"), up_to(two, "2018-Q1"))
        assert one.values.tobytes() != two.values.tobytes(), "the plan must change something"


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


@pytest.mark.parametrize("name", lever_catalogue())
def test_a_lever_that_has_not_started_changes_no_digit(name: str, same_record: Same, up_to: UpTo) -> None:
    base = load("no_plan").set(plan_start="2010-Q2", end="2011-Q1")
    lever = lever_catalogue()[name]
    other = lever.high if lever.high != lever.no_plan else lever.low
    late = base.set(**{name: {"2011-Q1": other}})
    one, two = (run(scenario, seed=6, scale=0.01) for scenario in (base, late))
    same_record(up_to(one, "2010-Q4"), up_to(two, "2010-Q4"))


@pytest.mark.parametrize("name", lever_catalogue())
def test_a_lever_moves_its_own_indicator(name: str) -> None:
    """Moved by itself, or taken out of the whole plan, because some levers need another one to act."""
    lever = lever_catalogue()[name]
    indicator = str(lever.indicator)
    if (
        rule_called(str(lever.rule)) is None
        or indicator not in INDICATORS
        or not INDICATORS[indicator].modelled
    ):
        pytest.skip(f"not modelled yet: {lever.rule} or {indicator}")
    changed = set()
    for world in ("no_plan", "action_plan"):
        base = load(world).set(plan_start="2016-Q2", end="2019-Q4")
        moved = base.set(**{name: "plan" if world == "no_plan" else "no_plan"})
        if (moved.lever_paths()[name] == base.lever_paths()[name]).all():  # no change asked by the plan
            moved = base.set(**{name: lever.high if lever.high != lever.plan else lever.low})
        for seed in (1, 2, 3):
            one, two = (run(scenario, seed=seed, scale=0.02) for scenario in (base, moved))
            changed |= {i for i in one.indicators if (one.series(i) != two.series(i)).any()}
            if indicator in changed:
                return
    pytest.fail(f"{name} never changed {indicator}; what changed: {sorted(changed)}")


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
