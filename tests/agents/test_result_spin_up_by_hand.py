"""Results before the start: who was sold, licensed or used, and how often."""

from __future__ import annotations

import math
from typing import Any

import pytest

from shaanxi_transfer.agents import licensing
from shaanxi_transfer.agents import result_spin_up as spin_up
from shaanxi_transfer.agents.goods import EXPIRED, FAILED, IDLE, SOLD
from shaanxi_transfer.engine.books import SECTOR

UNIVERSITY, MILITARY = SECTOR["university"], SECTOR["military_unit"]


@pytest.mark.parametrize(
    ("side", "columns", "sold"),
    [(1, {}, True), (-1, {}, False), (1, {"seeking": False}, False), (1, {"state": EXPIRED}, False)],
)
def test_before_the_start_whoever_seeks_finds_at_the_usual_pace(
    small: Any, side: int, columns: dict[str, Any], sold: bool
) -> None:
    one = small.add(small.results, **{"seeking": True, **columns})
    hazard = small.hazard(small.draw(spin_up.PAST_SALE, one.key)) * (1 + side * 1e-6)
    parameters = small.set("results", transfer_outside_hazard=hazard, outcome_years=3.0)
    spin_up.sell_in_the_past(small.results.rows, parameters, small.now, small.seed)
    assert (one.state == SOLD) == sold and one.outcome == (2018.0 if sold else 0.0)


@pytest.mark.parametrize("side", [-1, 1])
def test_before_the_start_owners_license_as_later(small: Any, side: int) -> None:
    one = small.add(small.results, seeking=True)
    share = small.draw(licensing.NON_EXCLUSIVE, one.key, step=0) * (1 + side * 1e-9)
    parameters = small.set(
        "results", transfer_outside_hazard=1e9, outcome_years=3.0, nonexclusive_share=share
    )
    spin_up.sell_in_the_past(small.results.rows, parameters, small.now, small.seed)
    assert (one.state, one.licences) == ((IDLE, 1) if side > 0 else (SOLD, 0)) and one.outcome == 2018.0
    assert bool(one.seeking) == (side < 0) and (one.offered >= 2018.0) == (side > 0)


def test_commissions_before_the_start_took_as_many_a_year_as_in_the_last_one(small: Any) -> None:
    """Ten used in 2014 of those left: six that were there for four years before it, and six new ones."""
    for born in (2010.0, 2014.5):
        for _ in range(600):
            small.add(small.results, owner_sector=UNIVERSITY, born=born)
    for columns in ({"classified": True}, {"licences": 1}, {"state": EXPIRED}, {"owner_sector": MILITARY}):
        small.add(small.results, **{"owner_sector": UNIVERSITY, "born": 2010.0, **columns})
    for _ in range(10):
        small.add(small.results, owner_sector=UNIVERSITY, state=SOLD, commissioned=True)
    hazard = spin_up.past_hazard_of_use(small.results.rows, UNIVERSITY, small.now)
    assert hazard * 600 * (math.exp(-4.0 * hazard) + 1.0) == pytest.approx(10.0)
    assert spin_up.past_hazard_of_use(small.results.rows, MILITARY, small.now) == 0.0


@pytest.mark.parametrize(
    ("side", "columns", "state"),
    [
        (1, {}, FAILED),
        (-1, {}, IDLE),
        (1, {"born": 2013.9}, IDLE),
        (1, {"classified": True}, IDLE),
        (1, {"licences": 1}, IDLE),
    ],
)
def test_a_result_was_used_in_a_commission_by_a_hazard_while_it_could_be(
    small: Any, side: int, columns: dict[str, Any], state: int
) -> None:
    one = small.add(small.results, **{"owner_sector": UNIVERSITY, "born": 2010.0, **columns})
    hazard = -math.log(small.draw(spin_up.PAST_USE, one.key, step=0)) / 4.0 * (1 + side * 1e-9)
    parameters = small.set("results", outcome_years=1.0, no_pilot_success=0.0, pilot_success=0.0)
    rows = small.results.rows
    spin_up.use_in_past_commissions(rows, UNIVERSITY, hazard, parameters, small.now, small.seed)
    assert one.state == state and bool(one.commissioned) == (state == FAILED) and one.outcome == 0.0
