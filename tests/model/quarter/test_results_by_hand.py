"""Results in a step: created, in whose hands, and the firms that are founded on them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import new_result
from shaanxi_transfer.agents.goods import SOLD
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS
from shaanxi_transfer.model.quarter import results
from shaanxi_transfer.model.state.cohorts import Cohorts

FIRM, MILITARY, UNIVERSITY = SECTOR["enterprise"], SECTOR["military_unit"], SECTOR["university"]
KINDS = SECTORS[:3]


def test_results_are_created_by_kind_and_the_rest_only_counted(step: Any) -> None:
    step.cohorts, step.results_created = Cohorts(4, 44), 0
    rates = {"university": 30_000.0, "institute": 20_000.0, "military": 10_000.0}
    step.steered = {f"results_per_million_rd_{word}": rate for word, rate in rates.items()}
    step.values["results_per_million_rd_enterprise"] = 40_000.0
    step.set(
        "results",
        own_use_years=1e-9,
        own_use_success=1.0,
        disclosure_probability=0.0,
        disclosure_threshold_share=0.5,
        promotion_moves=0.0,
        result_visible_share=1.0,
        military_visible_share=1.0,
    )
    keys = [step.add(step.producers[kind], rd=2000).key for kind in KINDS]
    firm = step.firm(rd=8000)
    results.create(step)
    means = [60.0, 40.0, 20.0]
    found = [
        luck.poisson_quantile(step.draw(new_result.NUMBER_OF_RESULTS, key), mean)
        for key, mean in zip(keys, means, strict=True)
    ]
    own = luck.poisson_quantile(step.draw(new_result.NUMBER_OF_RESULTS, firm.key), 80.0)
    place = 24
    assert step.cohorts.undisclosed[:3, place].tolist() == found and step.cohorts.own[place] == own
    assert step.results_created == sum(found) + own and len(step.results) == 0
    assert step.cohorts.coming[place, place + 1] == own and step.cohorts.coming.sum() == own


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_inventors_disclose_at_the_share_in_force_and_buyers_of_successes_grow(
    step: Any, share: float
) -> None:
    step.cohorts, step.inventor_share = Cohorts(4, 44), np.zeros((3, 1))
    step.values.update(inventor_share_above_floor=0.0, pilot_equity_share=0.0, cross_field_share=1.0)
    step.set("producers", reputation_heed=1.0, outcome_memory=1.0)
    for word in ("university", "institute", "military"):
        setattr(step.levers, f"inventor_share_{word}", share)
    words = ("university", "institute", "military")
    step.steered = {f"transfer_probability_{word}": 1.0 * (word != "institute") for word in words}
    step.set(
        "results",
        pilot_probability=0.0,
        listing_clear_probability=1.0,
        listing_worth_share=1.0,
        result_life_years=9.0,
        disclosure_before=1e-9,
        pilot_success=1.0,
        no_pilot_success=0.0,
        base_pilots_capital=0.0,
        base_pilots_elsewhere=0.0,
        pilot_haste=0.0,
        ripe_share_before=1.0,
        worth_tail_index=1.0,
        success_growth=math.log(2.0),
    )
    for kind in KINDS:
        step.add(step.producers[kind], rd_share=1.0, reputation=1.0)
        step.add(step.results, owner_sector=SECTOR[kind], resistance=0.3, born=2012.0, offered=2015.0)
    buyer = step.firm(key=5)
    step.add(step.results, state=SOLD, outcome=2015.0, buyer_key=5)
    results.develop(step)
    assert step.inventor_share.tolist() == [[share]] * 3
    assert [float(step.producers[kind].rows["inventor_share"][0]) for kind in KINDS] == [share] * 3
    expected = [True, False, True] if share > 0.3 else [False] * 3
    assert step.results.rows["seeking"][:3].tolist() == expected and step.results_seeking == sum(expected)
    assert buyer.growth == pytest.approx(math.log(2.0))


@pytest.mark.parametrize(("quarter", "anew"), [(20, True), (21, False)])
def test_names_follow_what_became_of_sold_results(step: Any, quarter: int, anew: bool) -> None:
    step.values["cross_field_share"], step.step, step.producer_chances = 1.0, quarter, None
    step.set("producers", reputation_heed=1.0, outcome_memory=1.0)
    for kind in KINDS:
        for _ in range(2):
            step.add(step.producers[kind], rd_share=0.5, reputation=1.0)
    for row in (0, 1):
        step.add(step.results, owner_sector=SECTOR["university"], owner_row=row)
    learnt = 1.0 - math.exp(-1.0)
    results.learn_from_outcomes(step, np.array([0, 1]), np.array([True, False]))
    assert step.producers["university"].rows["reputation"] == pytest.approx([1.0 + learnt, 1.0 - learnt])
    assert step.producers["military_unit"].rows["reputation"].tolist() == [1.0, 1.0]
    assert (step.producer_chances is not None) == anew
