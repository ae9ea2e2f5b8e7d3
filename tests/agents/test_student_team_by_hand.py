"""Teams with a plan: who founds anyway, never, or because of a micro seed, and whom the jury chooses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import student_team
from shaanxi_transfer.engine import luck

USUAL = float(luck.normal_quantile(0.97))
"""Prospect above which three in a hundred found."""


@pytest.fixture
def campus(small: Any) -> Any:
    small.set("finance", jury_foresight=0.6, student_founding_share=0.03, student_founding_cost=2e5)
    small.now.output_index = 1.0
    return small


@pytest.mark.parametrize(
    ("grant", "output", "left"),
    [(0.0, 1.0, 1.0), (5e4, 1.0, 0.75), (5e4, 2.0, 0.875), (9e9, 1.0, 0.01)],
)
def test_a_team_founds_if_a_firm_is_worth_what_it_costs_less_the_seed(
    campus: Any, grant: float, output: float, left: float
) -> None:
    campus.now.output_index = output
    edge = USUAL + math.log(left) / 2.5
    founds = [
        student_team.team_founds(edge + side, grant, 2.5, campus.terms.finance, campus.now)
        for side in (-1e-9, 1e-9)
    ]
    assert founds == [False, True]


def test_only_those_between_the_two_thresholds_found_because_of_it(campus: Any) -> None:
    with_seed = USUAL + math.log(0.75) / 2.5
    prospects = np.array([9.0, USUAL - 1e-9, with_seed + 1e-9, USUAL + 1e-9, with_seed - 1e-9, -9.0])
    winners, found = np.arange(1, 6), np.empty(5, dtype=np.bool_)
    anyway = student_team.settle_seeds(winners, 5e4, 2.5, prospects, campus.terms.finance, campus.now, found)
    assert anyway == 1 and found.tolist() == [True, True, False, False, False]


def test_the_jury_sees_a_part_of_the_prospect_and_the_others_get_nothing(campus: Any) -> None:
    keys, (prospects, scores) = np.empty(400, dtype=np.uint64), np.empty((2, 400))
    parameters, now, seed = campus.terms.finance, campus.now, campus.seed
    student_team.apply_for_seeds(campus.key, parameters, now, seed, keys, prospects, scores)
    for k in (0, 7):
        assert keys[k] == luck.child_key(campus.key, student_team.STUDENT_FIRM, campus.step, k)
        own = [
            luck.normal_quantile(campus.draw(student_team.STUDENT_FIRM, keys[k], n, step=0)) for n in (0, 2)
        ]
        assert prospects[k] == pytest.approx(own[0])
        assert scores[k] == pytest.approx(0.6 * own[0] + 0.8 * own[1])
    parameters.student_founding_share = 0.1
    seeded = student_team.give_seeds(campus.key, 400, 50, 5e4, 2.5, parameters, now, seed)
    best = np.argsort(-scores)[:50]
    usual = luck.normal_quantile(0.9)
    alone = prospects[best] >= usual
    because = ~alone & (prospects[best] >= usual + math.log(0.75) / 2.5)
    assert seeded.anyway == alone.sum() > 5.0, "the jury finds more of those who need no seed"
    assert seeded.refused == 350
    assert set(seeded.keys.tolist()) == set(keys[best[because]].tolist()) and because.any()
    assert seeded.places.tolist() == [
        campus.draw(student_team.STUDENT_FIRM, key, 1, step=0) for key in seeded.keys
    ]
