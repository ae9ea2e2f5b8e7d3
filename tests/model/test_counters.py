"""Levers that raise a count and nothing else say so, and no other lever is like them."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from shaanxi_transfer import load
from shaanxi_transfer.model.running import run_together
from shaanxi_transfer.model.targets import TARGETS
from shaanxi_transfer.scenarios import Lever, lever_catalogue

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SEEDS = (1, 2)
TRIED = {name: lever_catalogue()[name] for name in [*lever_catalogue()][:: 1 if SOAK else 2]}
"""`make soak` tries every lever."""
SELDOM = {"result_registration", "chain_allocation", "base_coverage"}
"""They reach the little research that the province pays, or the few results that were sold into a zone and
still need a pilot: more than their own count moves in one future of many."""


@pytest.fixture(scope="module")
def moved() -> Mapping[str, set[str]]:
    """By lever, what it moves when it alone is far from where it was, public costs apart.

    A lever that has moved more than its own count in one future is not tried in the next.
    """
    nothing = load("no_plan").set(end="2020-Q4")
    levers = TRIED
    found: dict[str, set[str]] = {name: set() for name in levers}
    for seed in SEEDS:
        left = [name for name, lever in levers.items() if not found[name] - _own_counts(lever)]
        worlds = [nothing.set(**{name: _far(levers[name])}) for name in left]
        base, *others = run_together([nothing, *worlds], seed=seed, scale=0.05)
        for name, record in zip(left, others, strict=True):
            differs = (record.values != base.values).any(axis=0)
            found[name] |= {
                indicator.partition(".")[0]
                for indicator, does in zip(base.indicators, differs, strict=True)
                if does and not indicator.startswith("public_cost")
            }
    return found


def _own_counts(lever: Lever) -> set[str]:
    """Its indicator; counted in another way it is the same count."""
    ways = TARGETS[lever.indicator].countings.values() if lever.indicator in TARGETS else ()
    return {lever.indicator, *ways}


def _far(lever: Lever) -> float:
    return lever.high if lever.high != lever.level_before else lever.low


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, lever in TRIED.items() if lever.counts_only])
def test_a_counter_moves_its_own_count_and_nothing_else(name: str, moved: Mapping[str, set[str]]) -> None:
    assert moved[name] == _own_counts(lever_catalogue()[name])


@pytest.mark.slow
def test_every_other_lever_moves_more_than_its_own_count(moved: Mapping[str, set[str]]) -> None:
    others = {name: lever for name, lever in TRIED.items() if not lever.counts_only}
    alone = {name for name, lever in others.items() if not moved[name] - {lever.indicator}}
    assert alone - SELDOM == {name for name, lever in others.items() if lever.acts_with}
