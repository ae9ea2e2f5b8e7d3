"""Ventures: what makes an inventor found, when, and what keeps him from it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from shaanxi_transfer.agents import venture
from shaanxi_transfer.agents.goods import IDLE, SOLD, SPUN_OFF
from shaanxi_transfer.agents.result import NO_DATE
from shaanxi_transfer.engine import luck
from shaanxi_transfer.engine.books import SECTOR, SECTORS

UNIVERSITY, MILITARY = SECTOR["university"], SECTOR["military_unit"]

TERMS = {
    "founder_career_cost": 2e6,
    "founder_capital": 1e6,
    "founder_usual_cost": 3e6,
    "founder_financed_share": 0.0,
    "founder_subsidy_offered": 0.0,
    "founding_approval_years": 0.75,
    "founding_approved_share": 1.0,
    "founding_share": 0.02,
    "no_pilot_success": 0.3,
    "pilot_success": 0.9,
    "transfer_ln_sd": 2.0,
    "technical_career": 1.0,
    "venture_worth_ln_sd": 2.0,
    "founder_reluctance_ln_sd": 0.0,
    "spin_off_stays": 1.0 - 1e-12,
}


@pytest.fixture
def lab(small: Any) -> Any:
    """A university whose inventors own half of a firm and decide themselves, and a piloted result of it."""
    small.set("results", **TERMS)
    small.now.output_index = 1.0
    small.add(small.producers["university"], equity_share=0.5, own_decision=1.0)
    small.add(
        small.results, owner_sector=UNIVERSITY, founding=2014.9, born=2013.0, piloted=True, needs_pilot=True
    )
    return small


def found(lab: Any, sale_chance: float = 0.0, price: float = 0.0) -> int:
    rows = venture.found_on_results(
        lab.results.rows,
        lab.producers["university"].rows,
        lab.producers["research_institute"].rows,
        lab.producers["military_unit"].rows,
        np.full(len(SECTORS), sale_chance),
        price,
        lab.terms.results,
        lab.now,
        lab.seed,
    )
    assert lab.results.rows["state"][rows].tolist() == [SPUN_OFF] * len(rows)
    return len(rows)


def marginal_quality(lab: Any, equity: float, cost: float, success: float = 1.5) -> float:
    """Quality at which a firm is just worth its cost: worked out on paper from the terms."""
    z0 = luck.normal_quantile(0.98)
    z = z0 + math.log(cost / (equity * 3e6 * 3.0 * success)) / 2.0
    one = lab.results.rows[0]
    draw = luck.pick(lab.stream(venture.FOUNDING, one.key, 0), 0)
    return float(z * math.sqrt(2.0) - luck.normal_quantile(draw))


def decide(lab: Any, quality: float) -> bool:
    one = lab.results.rows[0]
    one.state, one.founding, one.quality = IDLE, 2014.9, quality
    number = found(lab)
    assert number == (one.state == SPUN_OFF)
    return bool(number)


@pytest.mark.parametrize("equity", [0.2, 0.5, 0.8])
def test_an_inventor_founds_if_his_part_of_the_firm_is_worth_the_cost(lab: Any, equity: float) -> None:
    lab.producers["university"].rows["equity_share"] = equity
    edge = marginal_quality(lab, equity, 3e6)
    assert [decide(lab, edge - 1e-6), decide(lab, edge + 1e-6)] == [False, True]


def test_the_share_of_results_worth_founding_on_is_that_of_the_usual_terms(lab: Any) -> None:
    edge = marginal_quality(lab, venture.USUAL_EQUITY, 3e6, success=1.0)
    draw = luck.pick(lab.stream(venture.FOUNDING, lab.results.rows[0].key, 0), 0)
    z = math.sqrt(0.5) * (edge + luck.normal_quantile(draw))
    assert 0.5 * math.erfc(z / math.sqrt(2.0)) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("terms", "cost"),
    [
        ({"founder_subsidy_offered": 7.5e5}, 2.25e6),
        ({"founder_career_cost": 1.5e6}, 2.5e6),
        ({"founder_financed_share": 1.0}, 2e6),
        ({"founder_subsidy_offered": 9e9}, 3e4),
    ],
)
def test_subsidy_leave_and_funds_lower_what_founding_costs(
    lab: Any, terms: dict[str, float], cost: float
) -> None:
    lab.set("results", **terms)
    edge = marginal_quality(lab, 0.5, cost)
    assert [decide(lab, edge - 1e-6), decide(lab, edge + 1e-6)] == [False, True]


@pytest.mark.parametrize(("sector", "cost"), [(UNIVERSITY, 3e6), (MILITARY, 3.6e6)])
def test_a_technical_career_is_one_of_institutes_and_military_units(
    lab: Any, sector: int, cost: float
) -> None:
    lab.set("results", technical_career=1.3)
    lab.results.rows["owner_sector"] = sector
    lab.add(lab.producers["military_unit"], equity_share=0.5, own_decision=1.0)
    edge = marginal_quality(lab, 0.5, cost)
    for side in (-1e-6, 1e-6):
        one = lab.results.rows[0]
        one.state, one.founding, one.quality = IDLE, 2014.9, edge + side
        assert found(lab) == (side > 0.0)


def test_the_reluctant_ask_for_more_and_the_average_for_as_much_as_before(lab: Any) -> None:
    lab.set("results", founder_reluctance_ln_sd=1.5)
    reluctance = luck.normal_quantile(luck.pick(lab.stream(venture.FOUNDING, lab.results.rows[0].key, 0), 4))
    # 2.5 is the spread of 2 and 1.5 together.
    asked = 3e6 * math.exp(1.5 * reluctance + (2.5 - 2.0) * luck.normal_quantile(0.98))
    edge = marginal_quality(lab, 0.5, asked)
    assert [decide(lab, edge - 1e-6), decide(lab, edge + 1e-6)] == [False, True]


def test_without_a_pilot_success_and_so_the_worth_is_smaller(lab: Any) -> None:
    lab.results.rows["piloted"] = False
    edge = marginal_quality(lab, 0.5, 3e6, success=0.5)
    assert [decide(lab, edge - 1e-6), decide(lab, edge + 1e-6)] == [False, True]


def test_costs_and_worth_follow_output_and_a_subsidy_does_not(lab: Any) -> None:
    lab.now.output_index = 2.0
    edge = marginal_quality(lab, 0.5, 3e6)
    assert [decide(lab, edge - 1e-6), decide(lab, edge + 1e-6)] == [False, True]
    lab.set("results", founder_subsidy_offered=1e6)
    edge = marginal_quality(lab, 0.5, 2.5e6)
    assert [decide(lab, edge - 1e-6), decide(lab, edge + 1e-6)] == [False, True]


def test_a_better_licence_keeps_from_founding(lab: Any) -> None:
    owner, one = lab.producers["university"].rows[0], lab.results.rows[0]
    edge = marginal_quality(lab, 0.5, 3e6)
    one.quality = edge + 0.01
    z = (
        math.sqrt(0.5) * (one.quality - edge)
        + math.log(3e6 / (0.5 * 3e6 * 4.5)) / 2
        + luck.normal_quantile(0.98)
    )
    firm = 0.5 * 3e6 * 4.5 * math.exp(2.0 * (z - luck.normal_quantile(0.98)))
    price = (firm - 3e6) / (0.2 * 0.1 * math.exp(2.0 * z - 2.0))
    for royalty, founded in ((0.2 * (1 + 1e-6), 0), (0.2 * (1 - 1e-6), 1)):
        one.state, one.founding, owner.inventor_share = IDLE, 2014.9, royalty
        assert found(lab, 0.1, price) == founded


def test_nothing_of_a_firm_is_no_reason_to_found(lab: Any) -> None:
    lab.producers["university"].rows["equity_share"] = 0.0
    lab.set("results", founder_subsidy_offered=9e9, founder_financed_share=1.0)
    assert not decide(lab, 50.0)


def test_the_time_for_founding_comes_once(lab: Any) -> None:
    one = lab.results.rows[0]
    one.quality, one.founding = 50.0, 2015.01
    assert found(lab) == 0 and one.founding == 2015.01, "later"
    one.founding = 2015.0
    assert found(lab) == 1 and one.disclosed and one.founding == NO_DATE
    one.state, one.quality, one.founding = IDLE, -50.0, 2015.0
    assert found(lab) == 0 and one.founding == NO_DATE, "he does not think of it again"


def test_secret_results_wait_and_sold_ones_are_gone(lab: Any) -> None:
    one = lab.results.rows[0]
    one.quality, one.classified = 50.0, True
    assert found(lab) == 0 and one.founding == 2014.9
    one.state = SOLD
    assert found(lab) == 0 and one.founding == NO_DATE
    one.state, one.founding, one.classified = IDLE, 2014.9, False
    assert found(lab) == 1


def test_who_needs_no_approval_founds_at_once_and_others_wait_or_are_refused(lab: Any) -> None:
    one, owner = lab.results.rows[0], lab.producers["university"].rows[0]
    one.quality = 50.0
    begin = lab.stream(venture.FOUNDING, one.key, 0)
    own, refused = float(luck.pick(begin, 2)), float(luck.pick(begin, 3))
    owner.own_decision = own * (1 + 1e-9)
    assert found(lab) == 1
    one.state, one.founding, owner.own_decision = IDLE, 2014.9, own * (1 - 1e-9)
    assert found(lab) == 0 and one.founding == 2014.9, "waits for approval"
    one.founding = 2014.24
    assert found(lab) == 1, "three quarters of a year are over"
    one.state, one.founding = IDLE, 2014.26
    assert found(lab) == 0 and one.founding == 2014.26
    lab.set("results", founding_approved_share=refused * (1 - 1e-9))
    assert found(lab) == 0 and one.founding == NO_DATE, "refused"
    one.founding = 2014.24
    lab.set("results", founding_approved_share=refused * (1 + 1e-9))
    assert found(lab) == 1


@pytest.mark.parametrize(("subsidy", "cost_here"), [(0.0, 3e6), (7.5e5, 2.25e6)])
def test_who_stays_weighs_what_founding_costs_here_and_elsewhere(
    lab: Any, subsidy: float, cost_here: float
) -> None:
    """At equal cost the usual share stays; a subsidy moves those near indifference."""
    parameters = lab.set("results", founder_reluctance_ln_sd=1.5, founder_subsidy_offered=subsidy)
    one = lab.results.rows[0]
    key = np.uint64(luck.child_key(one.key, venture.VENTURE, 0, 0))
    place = lab.draw(venture.HOME, key, step=0)
    assert venture.rank_of_place(key, lab.seed) == place
    edge = luck.normal_quantile(place) - math.log(3e6 / cost_here) / 1.5
    usual = 0.5 * math.erfc(-edge / math.sqrt(2.0))
    for side in (-1, 1):
        parameters.spin_off_stays = usual * (1 + side * 1e-6)
        assert venture.founds_here(one, parameters, lab.now, lab.seed) == (side > 0)
        chance = venture.chance_to_stay(UNIVERSITY, False, parameters, lab.now)
        assert (chance > place) == (side > 0)


def test_who_founds_elsewhere_gets_no_subsidy(lab: Any) -> None:
    lab.set("results", founder_reluctance_ln_sd=1e-9, founder_subsidy_offered=7.5e5, spin_off_stays=1e-12)
    parameters = lab.terms.results
    assert venture.founding_cost(UNIVERSITY, False, True, parameters, lab.now) == 2.25e6
    assert venture.founding_cost(UNIVERSITY, False, False, parameters, lab.now) == 3e6
    parameters.founder_reluctance_ln_sd = 99.0
    assert not venture.founds_here(lab.results.rows[0], parameters, lab.now, lab.seed)
    parameters.founder_reluctance_ln_sd = 1e-9
    assert venture.founds_here(lab.results.rows[0], parameters, lab.now, lab.seed)
